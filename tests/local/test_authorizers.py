"""The users' doors take whom their authorizer takes, and the function sees what it says of them."""

import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from werkzeug.test import Client

from tests.local.conftest import URL, Ask
from tools.environment import Answer
from tools.local.commands.authorizer import authorizing
from tools.local.commands.serve import tell
from tools.local.commands.stack import CannotRunError
from tools.local.gateway.http_api import http_api
from tools.local.gateway.lambda_authorizer import by_lambda
from tools.local.jwt_issuer import JwtIssuer, create, registered, sign
from tools.local.sharing import shared


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


AUDIENCE = "the token does not have a valid audience"
SIGNATURE = "the token does not have a valid signature"
FORM = "token contains an invalid number of segments"
EXPIRED, ISSUER = "the token has expired", "issuer does not match"
EXPIRY, EARLY = (f"the token does not have a valid claim {name}" for name in ("exp", "nbf"))
REFUSED: Mapping[str, tuple[str, Callable[[JwtIssuer], str]]] = {
    "not a JWT": (FORM, lambda _: "Bearer x.y"),
    "not JSON": (SIGNATURE, lambda _: "Bearer x.y.z"),
    "another scheme": (FORM, lambda it: f"Basic {_jwt(it)}"),
    "wrong signature": (SIGNATURE, lambda it: f"{_jwt(it)[:-8]}AAAAAAAA"),
    "another key": (SIGNATURE, lambda it: _jwt(create(URL))),
    "wrong issuer": (ISSUER, lambda it: _jwt(it, iss="https://evil.example", aud="other", exp=1)),
    "wrong audience": (AUDIENCE, lambda it: _jwt(it, aud="other", exp=1)),
    "wrong aud": (AUDIENCE, lambda it: _jwt(it, aud="other", client_id=it.audience)),
    "expired": (EXPIRED, lambda it: _jwt(it, exp=int(time.time()) - 60)),
    "no expiry": (EXPIRY, lambda it: _jwt(it, without="exp")),
    "not yet valid": (EARLY, lambda it: _jwt(it, nbf=int(time.time()) + 600)),
}


@pytest.mark.parametrize("case", [None, *REFUSED])
def test_others_are_unauthorized_and_told_why_and_so_is_the_log(
    ask: Ask,
    function: Mock,
    jwt_issuer: JwtIssuer,
    caplog: pytest.LogCaptureFixture,
    case: str | None,
) -> None:
    caplog.set_level(logging.INFO, "tools.local")
    why, token = REFUSED[case] if case else ("there is no token", lambda _: "")
    response = ask("POST", "/me/token", headers={"Authorization": token(jwt_issuer)})

    assert (response.status_code, response.data) == (401, b'{"message":"Unauthorized"}')
    said = f'Bearer scope="" error="invalid_token" error_description="{why}"' if case else "Bearer"
    assert response.headers["www-authenticate"] == said
    assert caplog.messages[-1].endswith(f": {why}")
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


def test_the_author_of_one_sees_what_it_prints_and_where_it_fails(
    function: Mock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    caplog.set_level(logging.INFO, "tools.local")
    own = tmp_path / "own-login.py"
    own.write_text("def lambda_handler(event, context):\n    print('asked')\n    event['cookies']")
    with authorizing(str(own), "") as worker, shared([worker], tell) as invoke:
        Client(http_api(function, by_lambda(invoke))).post("/me/token", base_url=URL)
    assert "asked" in caplog.messages
    failed = caplog.messages[-1].splitlines()
    assert failed[0].startswith("POST /me/token: 500 in ")
    assert f'  File "{own}", line 3, in lambda_handler' in failed
    assert failed[-1] == "KeyError: 'cookies'"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("own.py", "print('so far')\nimport no_such_module", "No module named 'no_such_module'"),
        ("own.py", "def handler(event, context)\n", "SyntaxError: expected ':'"),
        ("own.py", "handler = None", ""),
        ("README.md", "# Not Python", ""),
    ],
)
def test_what_is_no_authorizer_is_said_at_the_start(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text)
    expected = (
        r"^AUTHORIZER must be a Python file .* has a handler\(event, context\) or lambda_handler"
    )
    with pytest.raises(CannotRunError, match=expected), authorizing(str(tmp_path / name), ""):
        raise AssertionError
    shown = capfd.readouterr()
    assert said in shown.err
    assert ("so far" in shown.out) is ("so far" in text)
    assert (f'File "{tmp_path / name}", line ' in shown.err) is bool(said)
