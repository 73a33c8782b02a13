"""A function's answer as API Gateway's HTTP API turns it into an HTTP response."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from tools.local.runtime.environment import Answer


class MalformedAnswerError(Exception):
    """The answer can't be a response; API Gateway answers 500 then."""


def message(status: int, text: str) -> Response:
    """API Gateway's own answers: `{"message": …}`."""
    return json_response({"message": text}, status)


def json_response(content: Any, status: int = 200) -> Response:
    """A response whose body is `content` as JSON."""
    body = json.dumps(content, separators=(",", ":"))
    return _response(body, status, {"content-type": "application/json"})


def response_of(answer: Answer) -> Response:
    """The response for what the function answered.

    An answer without a `statusCode` is the body itself, with status 200.

    Raises:
        MalformedAnswerError: the function failed, or its answer has not the form of a response.
    """
    if answer.error_type is not None:
        raise MalformedAnswerError(f"the function failed with {answer.error_type}")
    payload = answer.payload
    if not isinstance(payload, dict) or "statusCode" not in payload:
        if isinstance(payload, str):
            return _response(payload, 200, {"content-type": "application/json"})
        return json_response(payload)
    return _response(_body(payload), _status(payload["statusCode"]), _headers(payload))


def _response(body: str | bytes, status: int, headers: Mapping[str, str] | Headers) -> Response:
    return Response(body, status, Headers(headers), content_type=headers.get("content-type"))


def _status(value: object) -> int:
    try:
        status = int(str(value))
    except ValueError:
        raise MalformedAnswerError("statusCode is not a number") from None
    if not 100 <= status <= 599:
        raise MalformedAnswerError("statusCode is not an HTTP status")
    return status


def _body(payload: Mapping[str, Any]) -> str | bytes:
    body = payload.get("body")
    if body is None:
        return ""
    if not isinstance(body, str):
        raise MalformedAnswerError("body is not a string")
    if not payload.get("isBase64Encoded"):
        return body
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        raise MalformedAnswerError("body is not base64") from None


def _headers(payload: Mapping[str, Any]) -> Headers:
    headers = Headers()
    for name, value in _pairs(payload):
        if isinstance(value, dict | list):
            raise MalformedAnswerError("a header's value is not a string")
        headers.add(name, str(value))
    headers.setdefault("content-type", "text/plain; charset=utf-8")
    return headers


def _pairs(payload: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    single, multiple = payload.get("headers") or {}, payload.get("multiValueHeaders") or {}
    cookies = payload.get("cookies") or []
    if not (isinstance(single, dict) and isinstance(multiple, dict) and isinstance(cookies, list)):
        raise MalformedAnswerError("headers or cookies have the wrong form")
    multiple_names = {name.lower() for name in multiple}
    yield from (
        (name, value) for name, value in single.items() if name.lower() not in multiple_names
    )
    for name, values in multiple.items():
        if not isinstance(values, list):
            raise MalformedAnswerError("multiValueHeaders has a value that is not a list")
        yield from ((name, value) for value in values)
    yield from (("set-cookie", cookie) for cookie in cookies)
