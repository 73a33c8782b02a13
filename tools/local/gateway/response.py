"""A function's answer as API Gateway's HTTP API turns it into an HTTP response.

Cookies, repeated headers and binary bodies are left out: the function has none of them.
"""

from werkzeug.wrappers import Response

from tools.environment import Answer, EmulationError
from tools.local.web.response import json_response


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
