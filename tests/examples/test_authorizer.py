"""The example authorizer takes the session tokens of its key, and nothing else."""

import re
import time
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError

import boto3
import jwt
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

import app
from tests.examples.commands import EXAMPLES
from tests.kit.serving import serving

KEY: Final = 2 * "a key of thirty-two bytes or more"
COOKIE: Final = "__Host-login"
NOBODY: Final = {"isAuthorized": False, "context": {}}
type Event = dict[str, Any]


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key is in the environment, where no test puts it into a secret."""
    monkeypatch.setenv("SESSION_KEY", KEY)
    monkeypatch.setenv("COOKIE_NAME", COOKIE)


def _token(key: str = KEY, alg: str = "HS256", **changes: Any) -> str:
    claims = {"sub": "user-4711", "exp": int(time.time()) + 3600, **changes}
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(given, "" if alg == "none" else key, alg)


def _header(value: str) -> Event:
    return {"headers": {"authorization": value}}


def _cookies(*cookies: str) -> Event:
    return {"headers": {}, "cookies": ["theme=dark", *cookies]}


def _answer(event: Event) -> Any:
    return app.handler({"version": "2.0", "type": "REQUEST", **event}, None)


def test_a_session_token_is_taken_in_a_cookie_as_bearer_and_bare() -> None:
    token = _token()
    for event in (_cookies(f"{COOKIE}={token}"), _header(f"Bearer {token}"), _header(token)):
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
    assert _answer(_header(f"Bearer {token}")) == _answer(_cookies(f"{COOKIE}={token}")) == NOBODY


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"headers": {}},
        _header("Bearer "),
        _header(f"Basic {_token()}"),
        _cookies(),
        _cookies(COOKIE),
        _cookies(f"session={_token()}"),
        _cookies(f"{COOKIE}={_token()}", f"{COOKIE}={_token()}"),
    ],
)
def test_without_one_token_it_is_nobody(event: Event) -> None:
    assert _answer(event) == NOBODY


@mock_aws
def test_the_secret_is_read_once_in_five_minutes_and_may_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secrets = boto3.client("secretsmanager")
    arn = secrets.create_secret(Name="session-key", SecretString=KEY)["ARN"]
    monkeypatch.setenv("SESSION_KEY_ARN", arn)
    assert _answer(_header(_token()))["isAuthorized"]
    secrets.put_secret_value(SecretId=arn, SecretString=f"new {KEY}")
    assert _answer(_header(_token()))["isAuthorized"]
    now = time.time()
    monkeypatch.setattr("app.time.time", lambda: now + app.KEY_SECONDS)
    assert _answer(_header(_token())) == NOBODY
    assert _answer(_header(_token(f"new {KEY}")))["isAuthorized"]


@mock_aws
def test_without_a_good_key_it_fails_and_authorizes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = boto3.client("secretsmanager")
    short = secrets.create_secret(Name="short", SecretString="short")["ARN"]
    for arn, error in ((short, ValueError), (f"{short}x", ClientError)):
        monkeypatch.setenv("SESSION_KEY_ARN", arn)
        with pytest.raises(error):
            _answer(_header(_token()))


def test_its_template_may_read_the_one_secret() -> None:
    template = yaml_parse((EXAMPLES / "authorizer" / "template.yaml").read_text())
    function = template["Resources"]["Authorizer"]["Properties"]
    assert function["Handler"] == f"app.{app.handler.__name__}"
    [policy] = function["Policies"]
    [statement] = policy["Statement"]
    assert statement["Action"] == "secretsmanager:GetSecretValue"
    assert statement["Resource"] == {"Ref": "SessionKeyArn"}


def test_make_serve_gives_an_sdk_credentials_by_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTHORIZER", str(EXAMPLES / "authorizer" / "app.py"))
    with serving() as served:
        for name, value in re.findall(r"export (\w+)=(\S+)\n", served.get("/")):
            monkeypatch.setenv(name, value)
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", str(tmp_path / "jwt"))
        (tmp_path / "jwt").write_text(_token())
        user = boto3.Session().client("sts")
        assert ":assumed-role/local-user/" in user.get_caller_identity()["Arn"]
        with pytest.raises(HTTPError, match="403"):
            served.get("/me/credentials")
