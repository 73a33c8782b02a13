"""A handler that leaks on demand, to see that the search for canaries finds it."""

import sys
from collections.abc import Callable
from typing import Any, Final

from aws_lambda_powertools.metrics import MetricUnit

from openid_token.telemetry import logger, metrics

WAYS: Final[dict[str, Callable[[str], object]]] = {
    "standard output": print,
    "standard error": lambda text: print(text, file=sys.stderr),
    "log": lambda text: logger.info("got it", extra={"event": [text]}),
    "metric": lambda text: metrics.add_metadata("text", text),
    "traceback": int,
}


@metrics.log_metrics
def handler(event: dict[str, str], _: Any) -> None:
    """Leak `text` by the way that `by` names."""
    metrics.add_metric("Leaks", MetricUnit.Count, 1)
    WAYS[event["by"]](event["text"])
