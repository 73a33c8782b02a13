"""A profile of AWS whose credentials come from examples/python/credential_process.py."""

import shlex
from pathlib import Path

import pytest

from tests.examples.aws_api import CLASSIC, ENHANCED, ISSUE
from tests.examples.commands import PROCESS, USER, WHO_AM_I
from tests.examples.stand import KEY, SECRET, SESSION, Stand

WHO = WHO_AM_I["AWS CLI"]
AS_USER = [*WHO, "--profile", "user"]
NO_KEYS = dict.fromkeys(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
BACKEND = f"""
[profile backend]
aws_access_key_id = {KEY}
aws_secret_access_key = {SECRET}
aws_session_token = {SESSION}
"""


def _config(directory: Path, *arguments: str, name: str = "profile user") -> dict[str, str | None]:
    """The variable by which the AWS CLI finds the profile."""
    process = shlex.join([*PROCESS, *arguments])
    text = f"[{name}]\nregion = eu-central-1\ncredential_process = {process}\n{BACKEND}"
    (directory / "config").write_text(text)
    return {"AWS_CONFIG_FILE": str(directory / "config")}


@pytest.mark.parametrize("role", [None, "arn:aws:iam::123456789012:role/support"])
def test_the_aws_cli_acts_as_the_user(stand: Stand, tmp_path: Path, role: str | None) -> None:
    settings = {name: stand.environment[name] for name in ("POOL", "PROVIDER", "TOKEN_ENDPOINT")}
    settings |= {"ROLE_ARN": role} if role else {}
    options = [f"--{name.lower().replace('_', '-')}={settings[name]}" for name in settings]
    changes = _config(tmp_path, *options, USER) | dict.fromkeys([*settings, "ROLE_ARN"])
    done = stand.execute(AS_USER, **changes)
    assert f"assumed-role/{'support' if role else 'local-user'}/" in done.stdout, done.stderr
    issue, exchange, _ = stand.api.calls
    assert issue.asked["Logins"] == {stand.environment["PROVIDER"]: USER}
    assert exchange.operation == (CLASSIC if role else ENHANCED)


def test_the_aws_cli_shows_why_not(stand: Stand, tmp_path: Path) -> None:
    stand.api.refusals[ISSUE] = "NotAuthorizedException"
    done = stand.execute(AS_USER, **_config(tmp_path, USER))
    assert done.returncode != 0
    line = "Error when retrieving credentials from custom-process: The token issuer answered 403. "
    assert f"{line}NotAuthorizedException: " in done.stderr


def test_the_profile_that_the_program_is_run_for_does_not_sign(
    stand: Stand, tmp_path: Path
) -> None:
    done = stand.execute(WHO, **_config(tmp_path, USER, name="default") | NO_KEYS)
    assert done.returncode != 0
    assert "set CALLER_PROFILE to one that has credentials of its own" in done.stderr
    assert not stand.sent
    config = _config(tmp_path, USER, "--caller-profile", "backend")
    done = stand.execute(WHO, **config | NO_KEYS | {"AWS_PROFILE": "user"})
    assert done.returncode == 0, done.stderr
    [sent] = stand.sent
    assert f"Credential={KEY}/" in sent.headers["Authorization"]


def test_a_signed_in_user_needs_a_jwt_only(stand: Stand, tmp_path: Path) -> None:
    (tmp_path / "jwt").write_text(f"{stand.jwt(USER)}\n")
    config = _config(tmp_path, "--user-jwt-file", str(tmp_path / "jwt"))
    done = stand.execute(AS_USER, **config | NO_KEYS)
    assert "assumed-role/local-user/" in done.stdout, done.stderr
    assert stand.api.calls[0].asked["Logins"] == {stand.environment["PROVIDER"]: USER}


def test_it_goes_through_the_proxy_that_the_environment_names(stand: Stand, tmp_path: Path) -> None:
    (tmp_path / "jwt").write_text(stand.jwt(USER))
    proxy = "http://127.0.0.1:9"
    done = stand.execute(PROCESS, USER_JWT_FILE=str(tmp_path / "jwt"), HTTP_PROXY=proxy)
    assert f'Failed to connect to proxy URL: "{proxy}"' in done.stderr
    assert not stand.sent


@pytest.mark.parametrize(
    ("content", "status", "told"),
    [
        (None, 2, "USER_JWT_FILE: {file}: No such file or directory."),
        (b"", 2, "USER_JWT_FILE: {file} must hold a JWT and nothing else."),
        (b"\xff.b.c d", 2, "USER_JWT_FILE: {file} must hold a JWT and nothing else."),
        (b"no.such.jwt", 1, 'The token issuer answered 401. {{"message":"Unauthorized"}} The JWT'),
    ],
)
def test_a_jwt_that_is_none_is_one_line(
    stand: Stand, tmp_path: Path, content: bytes | None, status: int, told: str
) -> None:
    file = tmp_path / "jwt"
    if content is not None:
        file.write_bytes(content)
    done = stand.execute(PROCESS, USER_JWT_FILE=str(file))
    assert (done.returncode, done.stderr.count("\n")) == (status, 1)
    assert done.stderr.startswith(told.format(file=file))
