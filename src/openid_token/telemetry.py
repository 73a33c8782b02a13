"""Logger and Metrics, set up so that they show nothing secret."""

import json
import logging
import traceback
from types import TracebackType
from typing import Final

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.logging import formatter

from openid_token.errors import TokenIssuerError

NAMESPACE: Final = "OpenIdTokenIssuer"

# At DEBUG these print requests and answers, so they follow no log level of ours.
for _library in ("botocore", "urllib3", "aws_lambda_powertools"):
    logging.getLogger(_library).setLevel(logging.WARNING)

# Powertools looks each key of a record up in a tuple, which takes a fortieth of a warm call.
_KEYS: Final = "RESERVED_LOG_ATTRS"
setattr(formatter, _KEYS, dict.fromkeys(getattr(formatter, _KEYS, ())))


class _Formatter(formatter.LambdaPowertoolsFormatter):
    """Prints a traceback with the messages of our own errors only: any other exception's
    message may repeat a value."""

    def formatException(  # noqa: N802
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        lines: list[str] = []
        exc = ei[1]
        while exc is not None:
            shown = f": {exc}" if isinstance(exc, TokenIssuerError) else ""
            frames = "".join(traceback.format_tb(exc.__traceback__))
            lines.append(f"{type(exc).__qualname__}{shown}\n{frames}")
            exc = exc.__cause__ or (None if exc.__suppress_context__ else exc.__context__)
        return "caused by ".join(lines)


# Escaped to ASCII: a lone surrogate in an event must not cost the record.
_json: Final = json.JSONEncoder(default=str, separators=(",", ":")).encode

logger = Logger(
    logger_formatter=_Formatter(
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
