"""The commands on the page do what they say, and no other process can read a JWT in them."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import watching
from tests.serving import Served


@pytest.fixture(scope="module")
def commands(browser: Browser, served: Served) -> dict[str, str]:
    """What stands in each field, by its id."""
    with watching(browser, served, 390) as watched:
        fields = watched.page.locator("main > textarea").all()
        return {str(field.get_attribute("id")): field.input_value() for field in fields}


def test_each_does_what_it_says(commands: dict[str, str], tmp_path: Path) -> None:
    # It notes its arguments, which every process of the machine can read.
    noting = tmp_path / "curl"
    noting.write_text(f'#!/bin/sh\necho "$*" >> arguments\nexec {shutil.which("curl")} "$@"')
    noting.chmod(0o700)
    path = os.pathsep.join([str(tmp_path), str(Path(sys.executable).parent), os.environ["PATH"]])

    def run(name: str) -> dict[str, Any]:
        done = subprocess.run(
            ["sh", "-ec", commands[name]],
            cwd=tmp_path,
            env={"PATH": path, "HOME": str(tmp_path)},
            capture_output=True,
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout or "{}")
        return answer

    run("jwt")
    jwt = tmp_path / "user.jwt"
    assert stat.S_IMODE(jwt.stat().st_mode) == 0o600
    backends, users = run("token"), run("me-token")
    # The same user is the same identity.
    assert backends["identity_id"] == users["identity_id"]
    assert backends["logins"] == users["logins"] == {"login.example.com": "user-4711"}
    assert run("variables")["Arn"].endswith("role/local-user/CognitoIdentityCredentials")
    arguments = (tmp_path / "arguments").read_text()
    assert arguments.count("\n") == 3
    assert (jwt.read_text() in arguments) is False
