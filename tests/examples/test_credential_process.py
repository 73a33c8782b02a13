"""A profile of AWS whose credentials come from examples/python/credential_process.py."""

import json
import shlex
from pathlib import Path

import pytest

from tests.examples.aws_api import CLASSIC
from tests.examples.commands import PROCESS, USER, WHO_AM_I
from tests.examples.stand import KEY, SECRET, SESSION, Stand

WHO = WHO_AM_I["AWS CLI"]
NO_KEYS = dict.fromkeys(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"])
BACKEND = f"""
[profile backend]
aws_access_key_id = {KEY}
aws_secret_access_key = {SECRET}
aws_session_token = {SESSION}
"""


def _config(directory: Path, profile: str, *arguments: str) -> dict[str, str | None]:
    """The variable by which the AWS CLI finds the profile, and no keys that would go first."""
    process = shlex.join([*PROCESS, *arguments])
    text = f"[{profile}]\nregion = eu-central-1\ncredential_process = {process}\n{BACKEND}"
    (directory / "config").write_text(text)
    return {"AWS_CONFIG_FILE": str(directory / "config"), **NO_KEYS}


def test_the_aws_cli_acts_as_the_user_by_options_alone(stand: Stand, tmp_path: Path) -> None:
    settings = {name: stand.environment[name] for name in ("POOL", "PROVIDER", "TOKEN_ENDPOINT")}
    settings |= {"ROLE_ARN": "arn:aws:iam::123456789012:role/support", "CALLER_PROFILE": "backend"}
    options = [f"--{name.lower().replace('_', '-')}={settings[name]}" for name in settings]
    changes = _config(tmp_path, "profile user", *options, USER) | dict.fromkeys(settings)
    done = stand.run(WHO, {**changes, "AWS_PROFILE": "user"})
    assert "assumed-role/support/" in done.stdout, done.stderr
    assert (stand.api.users(), stand.api.calls[1].operation) == ([USER], CLASSIC)
    [event] = stand.over_http
    assert f"Credential={KEY}/" in event["headers"]["authorization"]


def test_the_profile_that_the_program_is_run_for_does_not_sign(
    stand: Stand, tmp_path: Path
) -> None:
    done = stand.run(WHO, _config(tmp_path, "default", USER))
    assert done.returncode != 0
    assert "Error when retrieving credentials from custom-process: " in done.stderr
    assert "set CALLER_PROFILE to one that has credentials of its own" in done.stderr
    assert not stand.over_http


def test_a_signed_in_user_needs_a_jwt_only(stand: Stand, tmp_path: Path) -> None:
    (tmp_path / "jwt").write_text(f"{stand.jwt(USER)}\n")
    done = stand.run([*PROCESS, "--user-jwt-file", str(tmp_path / "jwt")], NO_KEYS)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["AccessKeyId"] in stand.api.calls[-1].answer
    assert stand.api.users() == [USER]


def test_it_goes_through_the_proxy_that_the_environment_names(stand: Stand, tmp_path: Path) -> None:
    (tmp_path / "jwt").write_text(stand.jwt(USER))
    proxy = "http://127.0.0.1:9"
    done = stand.run(PROCESS, {"USER_JWT_FILE": str(tmp_path / "jwt"), "HTTP_PROXY": proxy})
    assert f'Failed to connect to proxy URL: "{proxy}"' in done.stderr
    assert not stand.over_http


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
    done = stand.run(PROCESS, {"USER_JWT_FILE": str(file)})
    assert (done.returncode, done.stderr.count("\n")) == (status, 1)
    assert done.stderr.startswith(told.format(file=file))
