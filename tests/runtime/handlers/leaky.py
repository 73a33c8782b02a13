"""A handler that leaks on demand, to see that the search for canaries finds it."""

import base64
import sys
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit

from openid_token.telemetry import logger, metrics


@metrics.log_metrics
def handler(event: dict[str, str], _: Any) -> str:
    """Leak `text` by the way that `by` names."""
    text = event["text"]
    match event["by"]:
        case "standard output":
            print(f"got {text}")
        case "standard error":
            print(f"got {text}", file=sys.stderr)
        case "a fragment":
            print(text[-14:].upper())
        case "base64":
            print(base64.b64encode(f"a body with {text} in it".encode()).decode())
        case "log":
            logger.info("got it", extra={"event": event})
        case "metric":
            metrics.add_metric("Leaks", MetricUnit.Count, 1)
            metrics.add_metadata("text", text)
        case "traceback":
            raise ValueError(text)
    return "leaked"
