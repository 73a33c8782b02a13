"""The example authorizers take the session tokens of their key, or passwords, and nothing else."""

import time
from base64 import b64encode
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
COOKIE: Final = "__Host-login"


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key is in the environment, where no test puts it into a secret."""
    monkeypatch.setenv("SESSION_KEY", KEY)
    monkeypatch.setenv("COOKIE_NAME", COOKIE)


def _token(key: str = KEY, alg: str = "HS256", **changes: Any) -> str:
    claims = {"sub": "user-4711", "exp": int(time.time()) + 3600, **changes}
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(given, "" if alg == "none" else key, alg)


def _user(header: str | None = None, *cookies: str) -> str | None:
    """Whom a request with this header and these cookies is let through for."""
    headers = {"authorization": header} if header else {}
    sent = {"headers": headers, "cookies": ["theme=dark", *cookies]}
    answer = app.handler({"version": "2.0", "type": "REQUEST", **sent}, None)
    assert answer["isAuthorized"] == bool(answer["context"])
    user: str | None = answer["context"].get("sub")
    return user


GOOD: Final = _token()
FORGED: Final = [
    _token(key=f"another {KEY}"),
    *(_token(alg=alg) for alg in ("none", "HS512")),
    *(_token(exp=exp) for exp in (int(time.time()) - 1, None)),
    *(_token(sub=sub) for sub in (None, "")),
    _token(nbf=int(time.time()) + 3600),
    _token(aud="another service"),
    *(GOOD[:-1], "no.such.token", "\N{SNOWMAN}.a.b"),
]


@pytest.mark.parametrize(
    ("sent", "user"),
    [
        *((sent, "user-4711") for sent in ([None, f"{COOKIE}={GOOD}"], [f"Bearer {GOOD}"], [GOOD])),
        *(([f"Bearer {token}", f"{COOKIE}={token}"], None) for token in FORGED),
        *(([None, f"{COOKIE}={token}"], None) for token in FORGED),
        *(([header], None) for header in (None, "Bearer ", f"Basic {GOOD}")),
        *(([None, *cookies], None) for cookies in ([COOKIE], [f"session={GOOD}"])),
        ([None, f"{COOKIE}={GOOD}", f"{COOKIE}={GOOD}"], None),
    ],
    ids=lambda _: "sent",
)
def test_one_token_of_the_key_names_its_user(sent: list[Any], user: str | None) -> None:
    assert _user(*sent) == user


@mock_aws
def test_the_secret_is_read_once_in_five_minutes_may_change_and_is_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secrets = boto3.client("secretsmanager")
    arn = secrets.create_secret(Name="session-key", SecretString=KEY)["ARN"]
    monkeypatch.setenv("SECRET_ARN", arn)
    assert _user(GOOD)
    secrets.put_secret_value(SecretId=arn, SecretString=f"new {KEY}")
    assert _user(GOOD)
    now = time.time()
    monkeypatch.setattr("app.time.time", lambda: now + app.KEY_SECONDS)
    assert (_user(GOOD), _user(_token(f"new {KEY}"))) == (None, "user-4711")
    short = secrets.create_secret(Name="short", SecretString="short")["ARN"]
    for wrong, error in ((short, ValueError), (f"{short}x", ClientError)):
        monkeypatch.setenv("SECRET_ARN", wrong)
        with pytest.raises(error):
            _user(GOOD)


def test_its_template_may_read_the_one_secret() -> None:
    template = yaml_parse((EXAMPLES / "authorizer" / "template.yaml").read_text())
    [policy] = template["Resources"]["Authorizer"]["Properties"]["Policies"]
    [statement] = policy["Statement"]
    reads = ("secretsmanager:GetSecretValue", {"Ref": "SessionKeyArn"})
    assert (statement["Action"], statement["Resource"]) == reads


def _basic(login: bytes, scheme: str = "Basic") -> str:
    return f"{scheme} {b64encode(login).decode()}"


# As `basic.py` prints it for this password.
HASHES: Final = (
    '{"user-4711": "c310434d7a72b15c5ebd5e07283dbc8b58264bd0a5a397f17f3f782df9d76c1de6e4d26ead4'
    'c380726332fb25822c9cbbd06aba48e34e85ac030eb3bf45ed96398f31da8e80426d12932e857f52106ae"}'
)
GOOD_LOGIN: Final = b"user-4711:hunter:2"
WRONG: Final = (b"user-4711:hunter", b"user-4711", b"user-1:hunter:2", b":", b"\xff:")


@pytest.mark.parametrize(
    ("sent", "user"),
    [
        *((_basic(GOOD_LOGIN, scheme), "user-4711") for scheme in ("Basic", "basic")),
        *((_basic(login), None) for login in WRONG),
        *((login, None) for login in ("", "Basic ", "Basic ?", _basic(GOOD_LOGIN, "Bearer"))),
    ],
    ids=lambda _: "sent",
)
def test_the_users_own_password_names_them(
    monkeypatch: pytest.MonkeyPatch, sent: str, user: str | None
) -> None:
    monkeypatch.setenv("PASSWORD_HASHES", HASHES)
    import basic

    expected = {"isAuthorized": user is not None, "context": {"sub": user} if user else {}}
    assert basic.handler({"headers": {"authorization": sent}}, None) == expected


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SESSION_KEY")
    with pytest.raises(RuntimeError, match=r"^set SESSION_KEY, or SECRET_ARN; "):
        _user(GOOD)
