"""An API Gateway event, payload 2.0 or 1.0, reduced to what may decide something.

Source: "Create AWS Lambda proxy integrations for HTTP APIs" in the API Gateway guide.
"""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from openid_token.errors import InvalidParameterException

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class Context(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What API Gateway itself says of a request."""

    request_id: Annotated[str, Meta(max_length=2048)] = ""
    stage: str = "$default"
    authorizer: dict[str, Any] | None = None
    identity: dict[str, Any] | None = None


class Request(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One HTTP request as API Gateway hands it over; of the headers only the body's type counts."""

    request_context: Context
    headers: dict[str, str | None] | None = None
    query_string_parameters: dict[str, str | None] | None = None
    body: str | None = None
    is_base64_encoded: bool = False

    def json(self) -> Mapping[str, object]:
        """The body's JSON object.

        Raises:
            InvalidParameterException: it is of another type (415), no JSON, or no object.
        """
        headers = {name.lower(): text for name, text in (self.headers or {}).items() if text}
        media_type = headers.get("content-type", "application/json").partition(";")[0]
        if media_type.strip().lower() != "application/json":
            raise InvalidParameterException(
                "the content type must be application/json",
                status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            )
        try:
            text = self.body or ""
            body = msgspec.json.decode(
                base64.b64decode(text, validate=True) if self.is_base64_encoded else text
            )
        except (ValueError, RecursionError) as exc:
            raise InvalidParameterException("the body must be JSON") from exc
        if not isinstance(body, dict):
            raise InvalidParameterException("the body must be a JSON object")
        return body


class _Http(msgspec.Struct, frozen=True):
    method: str


class _Context2(Context, frozen=True, kw_only=True):
    http: _Http


class Request2(Request, frozen=True, kw_only=True, rename="camel"):
    """Payload 2.0, of an HTTP API."""

    version: Literal["2.0"]
    request_context: _Context2
    raw_path: str
    route_key: str = "$default"

    def route(self, paths: Collection[str]) -> tuple[str, str]:
        """The method, and the path of the route that API Gateway chose, if it is one of `paths`;
        a catch-all route leaves the choice to the path that the client sent."""
        chosen = self.route_key.partition(" ")[2]
        # A stage with a name of its own stands in the path that the client sent.
        sent = self.raw_path.removeprefix(f"/{self.request_context.stage}")
        return self.request_context.http.method, chosen if chosen in paths else sent


class Request1(Request, frozen=True, kw_only=True, rename="camel"):
    """Payload 1.0, of a REST API."""

    http_method: str
    path: str
    resource: str = ""

    def route(self, paths: Collection[str]) -> tuple[str, str]:
        """As for payload 2.0."""
        return self.http_method, self.resource if self.resource in paths else self.path


def read(event: Mapping[str, Any]) -> Request1 | Request2:
    """Read an event of API Gateway.

    Raises:
        InvalidParameterException: the event is of another kind.
    """
    try:
        if "httpMethod" in event:
            return msgspec.convert(event, Request1)
        return msgspec.convert(event, Request2)
    except ValueError as exc:
        raise InvalidParameterException("the event is not from a route of this API") from exc
