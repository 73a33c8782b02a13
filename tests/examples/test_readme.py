"""The README's commands, with the machine's own shell, curl and AWS CLI."""

import json
import re
import shutil

import pytest
from botocore.credentials import ContainerProvider

from tests.examples.stand import SESSION, Stand, assert_signed
from tests.kit.pages import README, blocks

SHELLS = [shell for shell in ("bash", "dash", "zsh") if shutil.which(shell)]


def _command(word: str) -> str:
    [command] = [block for block in blocks(README, "sh") if word in block]
    return command


def _run(stand: Stand, shell: str, word: str, **changes: str | None) -> str:
    """What it printed."""
    # Version 1 of the AWS CLI reads the region by the second name.
    region = dict.fromkeys(["AWS_REGION", "AWS_DEFAULT_REGION"], "eu-central-1")
    done = stand.run([shell, "-ec", _command(word)], region | changes, shows=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("session", [SESSION, "", None], ids=["temporary", "empty", "long-term"])
@pytest.mark.parametrize("shell", SHELLS)
def test_a_backend_gets_a_token_over_http(stand: Stand, shell: str, session: str | None) -> None:
    answer = json.loads(_run(stand, shell, "--aws-sigv4", AWS_SESSION_TOKEN=session))
    assert answer["logins"] == {"login.example.com": "user-4711"}
    [event] = stand.over_http
    assert_signed(event, session or None)


@pytest.mark.parametrize("word", ["$USER_TOKEN_ENDPOINT", "aws lambda invoke"])
def test_an_app_and_a_direct_caller_get_a_token(stand: Stand, word: str) -> None:
    answer, _ = json.JSONDecoder().raw_decode(_run(stand, "sh", word))
    assert answer["logins"] == {stand.environment["PROVIDER"]: "user-4711"}


def test_an_sdk_reads_the_variables_that_are_shown() -> None:
    shown = re.findall(r"^export (\w+)=", _command("AWS_CONTAINER"), re.MULTILINE)
    assert shown == [ContainerProvider.ENV_VAR_FULL, ContainerProvider.ENV_VAR_AUTH_TOKEN_FILE]
