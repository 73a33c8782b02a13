"""Events, arguments and settings with one thing changed, made from the samples in `events/`."""

import base64
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from aws_lambda_powertools.utilities.typing import LambdaContext

from openid_token.settings import Settings

type Json = dict[str, Any]

EVENTS: Final = Path(__file__).parents[2] / "events"
POOL: Final = "eu-central-1:11111111-2222-3333-4444-555555555555"
OTHER_POOL: Final = "eu-central-1:99999999-2222-3333-4444-555555555555"
IDENTITY: Final = "eu-central-1:66666666-7777-8888-9999-000000000000"
PROVIDER: Final = "login.example.com"
LOGIN: Final = "user-4711"
ISSUER: Final = "https://login.example.com"
ARN: Final = "arn:aws:sts::123456789012:assumed-role/shop-backend/i-0a1b2c3d4e5f60718"
EXECUTION: Final = "arn:aws:states:eu-central-1:123456789012:express:issue-token:order-1:9b1deb4d"
# Settings: users whom a Lambda authorizer vouches for, and limits for backends.
BY_LAMBDA: Final = {"jwt_issuer": "", "user_authorizer_arn": "arn:aws:lambda:x"}
LIMITS: Final = {
    "allowed_principal_tags": "tenant,department",
    "allowed_login_providers": PROVIDER,
    "max_token_duration": "600",
}
_KEEP: Final = object()


def token(**claims: object) -> str:
    """A token in the form of Cognito's own, as far as this function reads it."""
    given = {
        "iss": "https://cognito-identity.amazonaws.com",
        "sub": IDENTITY,
        "aud": POOL,
        **claims,
    }
    payload = base64.urlsafe_b64encode(json.dumps(given).encode()).decode()
    return f"eyJhbGciOiJub25lIn0.{payload.rstrip('=')}.c2ln"


TOKEN: Final = token()


def sample(name: str) -> Json:
    """The sample event of a door, for the test to change as it likes."""
    event: Json = json.loads(_text(name))
    return event


@cache
def _text(name: str) -> str:
    return (EVENTS / f"{name}.json").read_text()


def arguments(**changes: Any) -> Json:
    """The documented arguments, good ones; `...` leaves one out."""
    given: Json = {"identity_pool_id": POOL, "logins": {PROVIDER: LOGIN}, **changes}
    return {name: value for name, value in given.items() if value is not ...}


def iam(**changes: Any) -> Json:
    """The authorizer of payload 2.0 for a caller whom API Gateway authorized with IAM."""
    return {"iam": {"userArn": ARN, "accountId": "123456789012", "cognitoIdentity": None} | changes}


def jwt(**claims: Any) -> Json:
    """The authorizer of payload 2.0 for a user with these verified claims."""
    return {"jwt": {"claims": {"sub": LOGIN, "iss": ISSUER} | claims}}


def http_event(
    body: object = _KEEP,
    *,
    method: str = "POST",
    route: str = "POST /token",
    path: str | None = None,
    stage: str = "$default",
    headers: Mapping[str, str | None] | None = None,
    authorizer: object = _KEEP,
    encoded: bool = False,
) -> Json:
    """An event of an HTTP API, payload 2.0. A body that is no `str` is sent as JSON."""
    event = sample("http-api")
    context = event["requestContext"]
    event["routeKey"] = context["routeKey"] = route
    event["rawPath"] = context["http"]["path"] = path or route.partition(" ")[2] or "/token"
    context["http"]["method"] = method
    context["stage"] = stage
    context["authorizer"] = iam() if authorizer is _KEEP else authorizer
    event["headers"] |= headers or {}
    return event | _body(body, encoded=encoded)


def rest_event(
    body: object = _KEEP,
    *,
    method: str = "POST",
    resource: str = "/token",
    path: str | None = None,
    stage: str = "prod",
    headers: Mapping[str, str | None] | None = None,
    authorizer: object = None,
    user_arn: str | None = ARN,
    encoded: bool = False,
) -> Json:
    """An event of a REST API, payload 1.0. A body that is no `str` is sent as JSON."""
    event = sample("rest-api")
    context = event["requestContext"]
    event["resource"] = context["resourcePath"] = resource
    event["path"] = path or resource
    event["httpMethod"] = context["httpMethod"] = method
    context["stage"] = stage
    context["authorizer"] = authorizer
    context["identity"]["userArn"] = user_arn
    event["headers"] |= headers or {}
    return event | _body(body, encoded=encoded)


def user_http_event(body: object = _KEEP, *, claims: Json | None = None, **changes: Any) -> Json:
    """An event of the user's door, payload 2.0."""
    given = {"identity_pool_id": POOL} if body is _KEEP else body
    usual = {"route": "POST /me/token", "authorizer": jwt(**claims or {})}
    return http_event(given, **usual | changes)


def user_rest_event(body: object = _KEEP, *, claims: Json | None = None, **changes: Any) -> Json:
    """An event of the user's door, payload 1.0, as an authorizer of user pools leaves it."""
    given = {"identity_pool_id": POOL} if body is _KEEP else body
    authorizer = {"claims": {"sub": LOGIN, "iss": ISSUER, **(claims or {})}}
    usual = {"resource": "/me/token", "user_arn": None, "authorizer": authorizer}
    return rest_event(given, **usual | changes)


def credentials_http_event(body: object = None, **changes: Any) -> Json:
    """An event of the credentials' door, payload 2.0."""
    return user_http_event(body, **{"route": "GET /me/credentials", "method": "GET"} | changes)


def _body(body: object, *, encoded: bool) -> Json:
    if body is None:
        return {"body": None}
    given = arguments() if body is _KEEP else body
    text = given if isinstance(given, str) else json.dumps(given)
    if encoded:
        return {"body": base64.b64encode(text.encode()).decode(), "isBase64Encoded": True}
    return {"body": text, "isBase64Encoded": False}


def settings(**variables: str) -> Settings:
    """The settings of these environment variables, given in any case."""
    given = {"IDENTITY_POOL_ID": POOL, "DEVELOPER_PROVIDER_NAME": PROVIDER, "JWT_ISSUER": ISSUER}
    return Settings.from_environment(given | {n.upper(): v for n, v in variables.items()})


@dataclass(frozen=True)
class _Context:
    function_name: str = "openid-token"
    memory_limit_in_mb: str = "512"  # as the runtime has it
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:123456789012:function:openid-token"
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))


def lambda_context(**changes: Any) -> LambdaContext:
    """Lambda's context object."""
    return cast("LambdaContext", _Context(**changes))
