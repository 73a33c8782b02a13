"""Logger and Metrics, set up so that they show nothing secret."""

import json
import logging
import traceback
from typing import Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.logging import formatter

from openid_token.errors import TokenIssuerError

NAMESPACE: Final = "OpenIdTokenIssuer"

# These print requests at DEBUG, and parts of an answer at WARNING: they say nothing at all.
for _library in ("botocore", "urllib3", "aws_lambda_powertools"):
    logging.getLogger(_library).setLevel(logging.CRITICAL + 1)

# Powertools looks each key of a record up in a tuple, which takes a fortieth of a warm call.
_KEYS: Final = "RESERVED_LOG_ATTRS"
setattr(formatter, _KEYS, dict.fromkeys(getattr(formatter, _KEYS, ())))


def trace(error: BaseException) -> dict[str, str]:
    """The fields of a record that say where `error` comes from, as text: an exception that is
    logged itself hands the locals of its frames to whatever tracks errors beside us.

    Messages are those of our own errors only: any other exception's may repeat a value.
    """
    lines: list[str] = []
    exc: BaseException | None = error
    while exc is not None:
        shown = f": {exc}" if isinstance(exc, TokenIssuerError) else ""
        frames = "".join(traceback.format_tb(exc.__traceback__))
        lines.append(f"{type(exc).__qualname__}{shown}\n{frames}")
        exc = exc.__cause__ or (None if exc.__suppress_context__ else exc.__context__)
    return {"exception_name": type(error).__name__, "exception": "caused by ".join(lines)}


# Escaped to ASCII: a lone surrogate in an event must not cost the record.
_json: Final = json.JSONEncoder(default=str, separators=(",", ":")).encode

logger = Logger(
    logger_formatter=formatter.LambdaPowertoolsFormatter(
        json_serializer=_json,
        # A message is a sentence: Powertools would try to read it as JSON.
        json_deserializer=str,
        serialize_stacktrace=False,
        utc=True,
        use_rfc3339=True,
        location=None,
    ),
)
metrics = Metrics(namespace=NAMESPACE)
