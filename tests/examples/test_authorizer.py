"""The example authorizer takes the session tokens of its key, and nothing else."""

import time
from collections.abc import Iterator
from typing import Any, Final

import boto3
import jwt
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

import app
from tests.examples.commands import EXAMPLES

KEY: Final = 2 * "a key of thirty-two bytes or more"
TEMPLATE: Final = EXAMPLES / "authorizer" / "template.yaml"
COOKIE: Final = "__Host-login"
NOBODY: Final = {"isAuthorized": False, "context": {}}
type Event = dict[str, Any]


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The client of the secret, whose ARN the function has."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        client = boto3.client("secretsmanager")
        arn = client.create_secret(Name="session-key", SecretString=KEY)["ARN"]
        monkeypatch.setenv("SESSION_KEY_ARN", arn)
        monkeypatch.setenv("COOKIE_NAME", COOKIE)
        app._read_key.cache_clear()
        yield client


def _token(key: str = KEY, alg: str = "HS256", **changes: Any) -> str:
    claims = {"sub": "user-4711", "exp": int(time.time()) + 3600, **changes}
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(given, "" if alg == "none" else key, alg)


def _bearer(token: str) -> Event:
    return {"headers": {"authorization": f"Bearer {token}"}}


def _cookies(*cookies: str) -> Event:
    return {"headers": {}, "cookies": ["theme=dark", *cookies]}


def _answer(event: Event) -> Any:
    return app.handler({"version": "2.0", "type": "REQUEST", **event}, None)


def test_a_session_token_is_taken_in_a_cookie_as_bearer_and_bare() -> None:
    token = _token()
    bare = {"headers": {"authorization": token}}
    for event in (_cookies(f"{COOKIE}={token}"), _bearer(token), bare):
        assert _answer(event) == {"isAuthorized": True, "context": {"sub": "user-4711"}}


@pytest.mark.parametrize(
    "token",
    [
        _token(key=f"another {KEY}"),
        _token(alg="none"),
        _token(alg="HS512"),
        _token(exp=int(time.time()) - 1),
        _token(exp=None),
        _token(sub=None),
        _token(sub=""),
        _token(nbf=int(time.time()) + 3600),
        _token(aud="another service"),
        _token()[:-1],
        "no.such.token",
        "\N{SNOWMAN}.a.b",
    ],
    ids=lambda _: "token",
)
def test_any_other_token_is_nobody(token: str) -> None:
    assert _answer(_bearer(token)) == _answer(_cookies(f"{COOKIE}={token}")) == NOBODY


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"headers": {}},
        _bearer(""),
        {"headers": {"authorization": f"Basic {_token()}"}},
        _cookies(),
        _cookies(COOKIE),
        _cookies(f"session={_token()}"),
        _cookies(f"{COOKIE}={_token()}", f"{COOKIE}={_token()}"),
    ],
)
def test_without_one_token_it_is_nobody(event: Event) -> None:
    assert _answer(event) == NOBODY


def test_the_key_is_read_once_in_five_minutes_and_may_change(
    secret: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _answer(_bearer(_token()))["isAuthorized"]
    arn = secret.list_secrets()["SecretList"][0]["ARN"]
    secret.put_secret_value(SecretId=arn, SecretString=f"new {KEY}")
    assert _answer(_bearer(_token()))["isAuthorized"]
    now = time.time()
    monkeypatch.setattr("app.time.time", lambda: now + app.KEY_SECONDS)
    assert _answer(_bearer(_token())) == NOBODY
    assert _answer(_bearer(_token(f"new {KEY}")))["isAuthorized"]


def test_without_a_good_key_it_fails_and_authorizes_nobody(
    secret: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = secret.create_secret(Name="short", SecretString="short")["ARN"]
    for arn, error in ((short, ValueError), (f"{short}x", ClientError)):
        monkeypatch.setenv("SESSION_KEY_ARN", arn)
        with pytest.raises(error):
            _answer(_bearer(_token()))


def test_its_template_may_read_the_one_secret() -> None:
    function = yaml_parse(TEMPLATE.read_text())["Resources"]["Authorizer"]["Properties"]
    assert function["Handler"] == f"app.{app.handler.__name__}"
    [policy] = function["Policies"]
    [statement] = policy["Statement"]
    assert statement["Action"] == "secretsmanager:GetSecretValue"
    assert statement["Resource"] == {"Ref": "SessionKeyArn"}
