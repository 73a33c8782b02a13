"""The login that a backend's users already have, in five shapes: each of them gets AWS credentials
through the users' doors, and nothing but the check of the login is the owner's own."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import boto3
import jwt
import pytest
import urllib3
from werkzeug import Request, Response

import app
from openid_token.client import create_client
from openid_token.doors import create
from tests.builders import credentials_http_event, lambda_context, settings
from tools.local.cognito.embedded import PROVIDER, Cognito, embedded_cognito
from tools.local.gateway import server
from tools.local.gateway.authorizers import UnauthorizedError
from tools.local.gateway.jwt_authorizer import by_jwt
from tools.local.jwt_issuer.signing import create as create_issuer
from tools.local.jwt_issuer.signing import registered, sign

KEY: Final = "a key of thirty-two bytes or more"
REGION: Final = "eu-central-1"
BY_LAMBDA: Final = {
    "user_authorizer_arn": "arn:aws:lambda:eu-central-1:123456789012:function:authorizer",
    "jwt_issuer": "",
}
AN_HOUR: Final = 3600
COOKIE: Final = "__Host-session="
type Event = Mapping[str, Any]
type Authorize = Callable[[Event], dict[str, Any] | None]
"""The owner's own check: whom the request names, or nobody."""


@pytest.fixture(scope="module")
def cognito() -> Iterator[Cognito]:
    with embedded_cognito() as running:
        yield running


def by_password(event: Event) -> dict[str, Any] | None:
    """A login form's user and password, as HTTP's Basic."""
    scheme, _, encoded = event["headers"].get("authorization", "").partition(" ")
    if scheme != "Basic":
        return None
    user, _, password = base64.b64decode(encoded).decode().partition(":")
    kept = {"jane": hashlib.scrypt(b"right", salt=b"jane's salt", n=2**14, r=8, p=1)}
    given = hashlib.scrypt(password.encode(), salt=b"jane's salt", n=2**14, r=8, p=1)
    return {"sub": user} if hmac.compare_digest(given, kept.get(user, b"")) else None


def by_session_cookie(event: Event) -> dict[str, Any] | None:
    """A JWT in a cookie, signed with HS256: the example as it is."""
    return app.user_of(event)


def by_opaque_token(event: Event) -> dict[str, Any] | None:
    """An OAuth token that only its issuer can read: RFC 7662."""
    token = event["headers"].get("authorization", "").removeprefix("Bearer ")
    with server.serving(_introspection) as url:
        headers = urllib3.make_headers(basic_auth="authorizer:its secret")
        told = urllib3.request("POST", url, fields={"token": token}, headers=headers, timeout=2)
    answer = told.json()
    return {"sub": answer["sub"]} if told.status == 200 and answer["active"] is True else None


@Request.application
def _introspection(request: Request) -> Response:
    good = request.form["token"] == "opaque" and request.authorization is not None
    text = '{"active": true, "sub": "jane"}' if good else '{"active": false}'
    return Response(text, content_type="application/json")


def by_licence_key(event: Event) -> dict[str, Any] | None:
    """A key that a customer has bought; its hash is the key of a table, the number the customer."""
    digest = hashlib.sha256(event["headers"].get("x-licence-key", "").encode()).hexdigest()
    customers = {hashlib.sha256(b"AAAA-BBBB").hexdigest(): 4711}
    return {"sub": customers[digest]} if digest in customers else None


def by_jwt_of_an_app(event: Event) -> dict[str, Any] | None:
    """A mobile app's RS256 JWT: API Gateway verifies it, and there is nothing to write."""
    try:
        return by_jwt(ISSUER)(event)
    except UnauthorizedError:
        return None


ISSUER: Final = create_issuer("http://127.0.0.1:1")
APP_JWT: Final = sign(ISSUER, registered(ISSUER, "jane", AN_HOUR))
SESSION: Final = jwt.encode({"sub": "jane", "exp": int(time.time()) + AN_HOUR}, KEY, "HS256")


def _sent(*cookies: str, **headers: str) -> Event:
    return {"headers": {n.replace("_", "-"): v for n, v in headers.items()}, "cookies": cookies}


def _basic(pair: bytes) -> Event:
    return _sent(authorization=f"Basic {base64.b64encode(pair).decode()}")


def _bearer(token: str) -> Event:
    return _sent(authorization=f"Bearer {token}")


# The check, a request that passes it and one that does not, and whose the first is.
SHAPES: Final[list[tuple[Authorize, Event, Event, str]]] = [
    (by_password, _basic(b"jane:right"), _basic(b"jane:wrong"), "jane"),
    (by_session_cookie, _sent(COOKIE + SESSION), _sent(COOKIE + SESSION[:-2]), "jane"),
    (by_opaque_token, _bearer("opaque"), _bearer("x"), "jane"),
    (by_licence_key, _sent(x_licence_key="AAAA-BBBB"), _sent(x_licence_key=""), "4711"),
    (by_jwt_of_an_app, _bearer(APP_JWT), _bearer(APP_JWT[:-2]), "jane"),
]


@pytest.mark.parametrize(("authorize", "good", "bad", "login"), SHAPES)
def test_who_logs_in_gets_credentials_for_their_own_identity(
    authorize: Authorize,
    good: Event,
    bad: Event,
    login: str,
    cognito: Cognito,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SESSION_KEY", KEY)
    assert authorize(bad) is None
    context = authorize(good)
    assert context is not None

    endpoint = str(cognito.endpoint_url)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    of_app = authorize is by_jwt_of_an_app
    vouches = {"jwt_issuer": ISSUER.url} if of_app else BY_LAMBDA
    deployment = settings(identity_pool_id=cognito.identity_pool_id, **vouches)
    event = credentials_http_event(authorizer=context if of_app else {"lambda": context})
    answer = create(deployment, create_client(REGION))(event, lambda_context())
    assert answer["statusCode"] == 200, answer["body"]
    given = json.loads(answer["body"])
    user = boto3.Session(given["AccessKeyId"], given["SecretAccessKey"], given["Token"], REGION)
    arn = user.client("sts", endpoint_url=endpoint).get_caller_identity()["Arn"]
    assert "assumed-role/local-user/" in arn
    backend = boto3.client("cognito-identity", REGION, endpoint_url=endpoint)
    issued = backend.get_open_id_token_for_developer_identity(
        IdentityPoolId=cognito.identity_pool_id, Logins={PROVIDER: login}
    )
    assert given["IdentityId"] == issued["IdentityId"]
