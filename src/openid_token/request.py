"""An API Gateway event, payload 2.0 or 1.0, reduced to what may decide something, and who it says
the caller is.

Source: "Create AWS Lambda proxy integrations for HTTP APIs" in the API Gateway guide.
"""

import base64
import re
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from openid_token.errors import InvalidParameterException

# A principal of an account. Longer is a forgery, and would fill the record.
_PRINCIPAL: Final = re.compile(r"arn:aws[a-z-]*:(iam|sts)::[0-9]{12}:[!-~]{1,2000}(?![\s\S])")


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


class _Payload2Context(Context, frozen=True, kw_only=True):
    http: _Http


class Payload2(Request, frozen=True, kw_only=True, rename="camel"):
    """A request in payload 2.0, of an HTTP API."""

    version: Literal["2.0"]
    request_context: _Payload2Context
    raw_path: str
    route_key: str = "$default"

    def route(self, paths: Collection[str]) -> tuple[str, str]:
        """The method, and the path of the route that API Gateway chose, if it is one of `paths`;
        a catch-all route leaves the choice to the path that the client sent."""
        chosen = self.route_key.partition(" ")[2]
        # A stage with a name of its own stands in the path that the client sent.
        sent = self.raw_path.removeprefix(f"/{self.request_context.stage}")
        return self.request_context.http.method, chosen if chosen in paths else sent


class Payload1(Request, frozen=True, kw_only=True, rename="camel"):
    """A request in payload 1.0, of a REST API."""

    http_method: str
    path: str
    resource: str = ""

    def route(self, paths: Collection[str]) -> tuple[str, str]:
        """As for payload 2.0."""
        return self.http_method, self.resource if self.resource in paths else self.path


def read(event: Mapping[str, Any]) -> Payload1 | Payload2:
    """Read an event of API Gateway.

    Raises:
        InvalidParameterException: the event is of another kind.
    """
    try:
        payload: type[Payload1 | Payload2] = Payload1 if "httpMethod" in event else Payload2
        return msgspec.convert(event, payload)
    except ValueError as exc:
        raise InvalidParameterException("the event is not from a route of this API") from exc


class Backend(msgspec.Struct, frozen=True):
    """A caller that API Gateway has authorized with IAM."""

    arn: str


class User(msgspec.Struct, frozen=True):
    """A signed-in user: the claims of a JWT that API Gateway verified, or what a Lambda authorizer
    says of one. Either is empty where no such authorizer was asked."""

    claims: Mapping[str, Any] = {}
    context: Mapping[str, Any] = {}

    def __repr__(self) -> str:
        return "User()"


def caller_of(request: Request) -> Backend | User | None:
    """The caller whom API Gateway itself names; `None` if nobody is verified.

    Whoever carries a user's authorizer is a user, whatever else the context holds. Credentials
    of an identity pool are a user's too: they must not name other users' logins.
    """
    if request.request_context.stage == "test-invoke-stage":
        return None  # A REST API's console: it asks no authorizer.
    authorizer = dict(request.request_context.authorizer or {})
    identity = request.request_context.identity or {}
    # In payload 1.0 the authorizer's keys are those that the deployer's own Lambda chose.
    iam = _map(authorizer.pop("iam", None)) if isinstance(request, Payload2) else identity
    if authorizer:
        return _user(authorizer, isinstance(request, Payload2))
    if _of_identity_pool(iam) or _of_identity_pool(identity):
        return User()
    arn = iam.get("userArn")
    return Backend(arn) if isinstance(arn, str) and _PRINCIPAL.match(arn) else None


def _user(authorizer: Mapping[str, Any], payload_2: bool) -> User:
    if payload_2:
        claims = _map(_map(authorizer.get("jwt")).get("claims"))
        return User(claims, _map(authorizer.get("lambda")))
    # Payload 1.0 has no key that tells a Lambda authorizer's own keys from a JWT's claims.
    of_jwt = authorizer.keys() <= {"claims", "scopes"}
    return User(_map(authorizer.get("claims")) if of_jwt else {}, authorizer)


def _of_identity_pool(identity: Mapping[str, Any]) -> bool:
    """Whether a field of an identity pool says anything, alone or within `cognitoIdentity`."""
    fields = [value for name, value in identity.items() if name.startswith("cognito")]
    return any(any(value.values()) if isinstance(value, Mapping) else value for value in fields)


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
