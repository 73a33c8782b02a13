"""An API Gateway event, payload 2.0 or 1.0, reduced to what may decide something.

Source: "Create AWS Lambda proxy integrations for HTTP APIs" in the API Gateway guide.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any, Literal

import msgspec

from openid_token.errors import InvalidParameterException


class _Http(msgspec.Struct):
    method: str


class _Context(msgspec.Struct, rename="camel"):
    request_id: str = ""
    stage: str = "$default"


class _Context2(_Context, kw_only=True):
    http: _Http


class _Payload(msgspec.Struct, kw_only=True, rename="camel"):
    request_context: dict[str, Any]
    headers: dict[str, str | None] | None = None
    body: str | None = None
    is_base64_encoded: bool = False


class _Payload2(_Payload, kw_only=True, rename="camel"):
    version: Literal["2.0"]
    raw_path: str
    route_key: str = "$default"


class _Payload1(_Payload, kw_only=True, rename="camel"):
    http_method: str
    path: str
    resource: str = ""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP request as API Gateway hands it over; header names are in lower case."""

    version: Literal["1.0", "2.0"]
    method: str
    path: str
    stage: str
    request_id: str
    context: Mapping[str, Any]
    headers: Mapping[str, str]
    body: str
    is_base64_encoded: bool

    def event(self) -> dict[str, Any]:
        """What Powertools' resolver needs to route it, and no more."""
        origin = self.headers.get("origin")
        headers = {"origin": origin} if origin else {}
        if self.version == "2.0":
            context: dict[str, Any] = {"http": {"method": self.method}, "stage": self.stage}
            return {"rawPath": self.path, "headers": headers, "requestContext": context}
        return {"httpMethod": self.method, "path": self.path, "headers": headers}

    def json(self) -> Mapping[str, object]:
        """The body's JSON object.

        Raises:
            InvalidParameterException: it is of another type (415), no JSON, or no object.
        """
        media_type = self.headers.get("content-type", "application/json").partition(";")[0]
        if media_type.strip().lower() != "application/json":
            raise InvalidParameterException(
                "the content type must be application/json",
                status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            )
        try:
            encoded = self.is_base64_encoded
            text = base64.b64decode(self.body, validate=True) if encoded else self.body
            body = msgspec.json.decode(text)
        except (ValueError, RecursionError) as exc:
            raise InvalidParameterException("the body must be JSON") from exc
        if not isinstance(body, dict):
            raise InvalidParameterException("the body must be a JSON object")
        return body


def read(event: Mapping[str, Any], routes: Collection[str]) -> Request:
    """Read an event of API Gateway.

    The path is the one of the route that API Gateway chose, if it is one of `routes`; a
    catch-all route leaves the choice to the path that the client sent.

    Raises:
        InvalidParameterException: the event is of another kind.
    """
    try:
        if "httpMethod" in event:
            return _read1(msgspec.convert(event, _Payload1), routes)
        return _read2(msgspec.convert(event, _Payload2), routes)
    except ValueError as exc:
        raise InvalidParameterException("the event is of no API Gateway route") from exc


def _read2(payload: _Payload2, routes: Collection[str]) -> Request:
    context = msgspec.convert(payload.request_context, _Context2)
    route = payload.route_key.partition(" ")[2]
    routed = route in routes
    return Request(
        version="2.0",
        method=context.http.method,
        path=route if routed else payload.raw_path,
        stage="$default" if routed else context.stage,
        **_common(payload, context),
    )


def _read1(payload: _Payload1, routes: Collection[str]) -> Request:
    context = msgspec.convert(payload.request_context, _Context)
    return Request(
        version="1.0",
        method=payload.http_method,
        path=payload.resource if payload.resource in routes else payload.path,
        stage=context.stage,
        **_common(payload, context),
    )


def _common(payload: _Payload, context: _Context) -> dict[str, Any]:
    headers = payload.headers or {}
    return {
        "request_id": context.request_id,
        "context": payload.request_context,
        "headers": {name.lower(): text for name, text in headers.items() if text is not None},
        "body": payload.body or "",
        "is_base64_encoded": payload.is_base64_encoded,
    }
