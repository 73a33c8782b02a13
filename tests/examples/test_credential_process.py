"""A profile of AWS whose credentials come from examples/python/credential_process.py."""

import json
import shlex
from pathlib import Path

import pytest

from tests.examples.aws_api import CLASSIC
from tests.examples.commands import MEMBERS, NO_KEYS, PROCESS, USER, WHO_AM_I
from tests.examples.stand import KEY, SECRET, SESSION, Stand
from tests.kit.acts import Reply, answers
from tests.kit.cognito import Cognito, served

WHO = WHO_AM_I["AWS CLI"]
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


@pytest.mark.parametrize(
    ("encoding", "end"), [("ascii", "\n"), ("utf-8-sig", "\r\n"), ("utf-16", "\r\n")]
)
def test_a_signed_in_user_needs_a_jwt_only(
    stand: Stand, tmp_path: Path, encoding: str, end: str
) -> None:
    (tmp_path / "jwt").write_bytes(f"{stand.jwt(USER)}{end}".encode(encoding))
    done = stand.run([*PROCESS, "--user-jwt-file", str(tmp_path / "jwt")], NO_KEYS)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["AccessKeyId"] in stand.api.calls[-1].answer
    assert stand.api.users() == [USER]


@pytest.mark.parametrize("login", ["LICENCE-4711!", "Basic dXNlcjpwYXNz"])
def test_a_login_that_is_no_jwt_is_sent_as_an_sdk_would(
    stand: Stand, tmp_path: Path, login: str
) -> None:
    (tmp_path / "login").write_text(login)
    given = dict.fromkeys(["AccessKeyId", "SecretAccessKey", "Token", "Expiration"], "x")
    with served(other := Cognito(answers(Reply.json(given)))) as url:
        file = {"USER_JWT_FILE": str(tmp_path / "login"), "USER_CREDENTIALS_ENDPOINT": url}
        done = stand.run(PROCESS, file)
    assert json.loads(done.stdout) == dict.fromkeys(MEMBERS, "x") | {"Version": 1}
    assert [call.headers["authorization"] for call in other.calls] == [login]


def test_it_goes_through_the_proxy_that_the_environment_names(stand: Stand) -> None:
    proxy = "http://127.0.0.1:9"
    done = stand.run(PROCESS, {"HTTP_PROXY": proxy})
    assert f'Failed to connect to proxy URL: "{proxy}"' in done.stderr
    assert not stand.over_http
