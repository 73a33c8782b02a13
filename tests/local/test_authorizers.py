"""The users' doors take whom their authorizer takes, and the function sees what it says of them."""

import time
from collections.abc import Callable, Mapping
from typing import Any
from unittest.mock import Mock

import pytest
from werkzeug.test import Client

from tests.local.conftest import URL, Ask
from tools.environment import Answer
from tools.local.gateway.http_api import http_api
from tools.local.gateway.lambda_authorizer import by_lambda
from tools.local.jwt_issuer.signing import JwtIssuer, create, registered, sign


@pytest.mark.parametrize("route", ["POST /me/token", "GET /me/credentials"])
def test_claims_are_in_the_event_as_text(
    ask: Ask, function: Mock, jwt_issuer: JwtIssuer, route: str
) -> None:
    audience = jwt_issuer.audience
    claims: dict[str, tuple[Any, str]] = {
        "aud": (["other", audience], f"[other {audience}]"),
        "groups": (["a", ["b", None]], "[a [b <nil>]]"),
        "admin": (True, "true"),
        "nested": ({"k": 1, "j": False}, "map[j:false k:1]"),
        "numbers": ([1.5, 2.0], "[1.5 2]"),
        "email": (None, "<nil>"),
    }
    given = {name: value for name, (value, _) in claims.items()}
    token = _jwt(jwt_issuer, without="iat", exp=2_000_000_000, **given)

    response = ask(*route.split(" "), headers={"Authorization": f"Bearer {token}"})

    assert response.status_code == 200
    event = function.call_args.args[0]
    assert event["routeKey"] == route
    expected = {name: text for name, (_, text) in claims.items()}
    expected |= {"iss": jwt_issuer.url, "sub": "user-123", "exp": "2000000000"}
    authorized = {"jwt": {"claims": expected, "scopes": None}}
    assert event["requestContext"]["authorizer"] == authorized


def _jwt(jwt_issuer: JwtIssuer, without: str = "", **changes: Any) -> str:
    claims = registered(jwt_issuer, "user-123") | changes
    claims.pop(without, None)
    return sign(jwt_issuer, claims)


REFUSED: Mapping[str, Callable[[JwtIssuer], str]] = {
    "nothing": lambda _: "",
    "not a JWT": lambda _: "Bearer x.y.z",
    "another scheme": lambda it: f"Basic {_jwt(it)}",
    "wrong signature": lambda it: f"{_jwt(it)[:-8]}AAAAAAAA",
    "another key": lambda it: _jwt(create(URL)),
    "wrong issuer": lambda it: _jwt(it, iss="https://evil.example"),
    "no issuer": lambda it: _jwt(it, without="iss"),
    "wrong audience": lambda it: _jwt(it, aud="other"),
    "no audience": lambda it: _jwt(it, without="aud"),
    "client_id beside a wrong aud": lambda it: _jwt(it, aud="other", client_id=it.audience),
    "expired": lambda it: _jwt(it, exp=int(time.time()) - 60),
    "no expiry": lambda it: _jwt(it, without="exp"),
    "expiry is text": lambda it: _jwt(it, exp="soon"),
    "not yet valid": lambda it: _jwt(it, nbf=int(time.time()) + 600),
}


@pytest.mark.parametrize("case", REFUSED)
def test_others_are_unauthorized(
    ask: Ask, function: Mock, jwt_issuer: JwtIssuer, case: str
) -> None:
    response = ask("POST", "/me/token", headers={"Authorization": REFUSED[case](jwt_issuer)})

    assert (response.status_code, response.data) == (401, b'{"message":"Unauthorized"}')
    assert response.headers["www-authenticate"] == "Bearer"
    function.assert_not_called()


def test_needs_no_scheme_and_client_id_stands_in_for_aud(ask: Ask, jwt_issuer: JwtIssuer) -> None:
    token = _jwt(jwt_issuer, without="aud", client_id=jwt_issuer.audience)

    assert ask("POST", "/me/token", headers={"Authorization": token}).status_code == 200


def test_the_issuer_publishes_its_key_and_signs_for_the_asking(
    ask: Ask, function: Mock, jwt_issuer: JwtIssuer
) -> None:
    discovery = ask("GET", "/issuer/.well-known/openid-configuration").get_json()
    [key] = ask("GET", discovery["jwks_uri"].removeprefix(URL)).get_json()["keys"]
    asked = ask("GET", "/issuer/token?sub=user-123&custom:department=legal&iss=evil&exp=1")
    ask("POST", "/me/token", headers={"Authorization": asked.text})

    assert (discovery["issuer"], key["kid"]) == (jwt_issuer.url, jwt_issuer.key.kid)
    assert not {"d", "p", "q"} & key.keys()
    assert asked.headers["cache-control"] == "no-store"
    # An SDK sends the file that this is stored in as it is, and refuses a line break.
    assert asked.text == asked.text.strip()
    claims = function.call_args.args[0]["requestContext"]["authorizer"]["jwt"]["claims"]
    assert (claims["sub"], claims["custom:department"]) == ("user-123", "legal")
    assert claims["iss"] == jwt_issuer.url


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Answer({"isAuthorized": True, "context": {"sub": "user-123"}}), 200),
        (Answer({"isAuthorized": False}), 403),
        (Answer({"isAuthorized": "true"}), 500),
        (Answer(None), 500),
        (Answer({}, "Exception", "Unauthorized"), 401),
        (Answer({}, "KeyError", "'cookies'"), 500),
    ],
)
def test_a_lambda_authorizer_is_asked(function: Mock, answer: Answer, status: int) -> None:
    authorizer = Mock(return_value=answer)
    client = Client(http_api(function, by_lambda(authorizer)))
    response = client.post("/me/token?a=1", base_url=URL, data="{}", headers={"X-Key": "k"})

    assert response.status_code == status
    event, trace_id = authorizer.call_args.args
    assert trace_id == event["headers"]["x-amzn-trace-id"]
    arn = "arn:aws:execute-api:eu-central-1:123456789012:local/$default/POST/me/token"
    assert (event["version"], event["type"], event["routeArn"]) == ("2.0", "REQUEST", arn)
    assert (event["headers"]["x-key"], event["rawQueryString"]) == ("k", "a=1")
    assert event["identitySource"] is None
    assert "body" not in event
    asked = [call.args[0]["requestContext"]["authorizer"] for call in function.call_args_list]
    assert asked == ([{"lambda": {"sub": "user-123"}}] if status == 200 else [])
