"""A function's answer as API Gateway's HTTP API turns it into an HTTP response.

Cookies, repeated headers and binary bodies are left out: the function has none of them.
"""

import json
from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Request, Response

from tools.environment import Answer, EmulationError

type Page = Callable[[Request], Response]


def message(status: int, text: str) -> Response:
    """API Gateway's own answers: `{"message": …}`."""
    return json_response({"message": text}, status)


def json_response(content: Any, status: int = 200) -> Response:
    """A response whose body is `content` as JSON."""
    text = json.dumps(content, separators=(",", ":"))
    return Response(text, status, content_type="application/json")


def response_of(answer: Answer) -> Response:
    """The response for what the function answered.

    An answer without a `statusCode` is the body itself, with status 200.

    Raises:
        EmulationError: the function failed, or its answer has not the form of a response; API
            Gateway answers 500 then.
    """
    if answer.error_type is not None:
        raise EmulationError(f"the function failed with {answer.error_type}")
    if not isinstance(answer.payload, dict) or "statusCode" not in answer.payload:
        return json_response(answer.payload)
    match answer.payload:
        case {"statusCode": int(status), "headers": dict(headers), "body": str(body), **rest}:
            if not 100 <= status <= 599:
                raise EmulationError("statusCode is not an HTTP status")
            if rest.get("isBase64Encoded") or not all(isinstance(v, str) for v in headers.values()):
                raise EmulationError("the body or a header is not text")
            return Response(body, status, headers)
    raise EmulationError("statusCode, headers or body have the wrong form")
