"""The commands that the page gives to copy."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.panel import be_the_users, issue, result


def _copied(page: Page) -> str:
    page.locator("[data-copies=commands]").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize("user", [False, True])
def test_the_curl_does_the_same(page: Page, user: bool) -> None:
    if user:
        be_the_users(page, "app")
    command = _copied(page)
    assert ("authorization: Bearer $JWT" in command) is user
    run = subprocess.run(["sh", "-ec", command], capture_output=True, check=True)
    issue(page)
    shown = result(page, "issued")
    answer = json.loads(run.stdout)
    # The same user is the same identity.
    expect(shown).to_contain_text(answer["identity_id"])
    assert answer["logins"] == {"login.example.com": "user-4711"}


def test_the_variables_make_any_sdk_the_user(page: Page, tmp_path: Path) -> None:
    be_the_users(page, "AWS SDK")
    commands = _copied(page).splitlines()
    assert commands.pop() == "aws sts get-caller-identity"
    ask = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
    script = "\n".join([*commands, shlex.join([sys.executable, "-c", ask])])
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    run = subprocess.run(
        ["sh", "-ec", script], cwd=tmp_path, env=environ, stdout=subprocess.PIPE, check=True
    )
    assert run.stdout.decode().strip().endswith("role/local-user/CognitoIdentityCredentials")


def test_curl_quotes_what_a_shell_would_read(page: Page) -> None:
    name = """it's `$(x)` "\\" """
    page.get_by_label("provider, user identifier").fill(name)
    words = shlex.split(page.locator("#commands").inner_text().replace("\\\n", ""))
    assert json.loads(words[-1])["logins"] == {"login.example.com": name}
