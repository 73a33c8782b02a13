"""The page's files, as `make serve` hands them out."""

import html
import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
import yaml
from werkzeug.test import Client

from tests.kit.serving import serving
from tests.local.conftest import URL
from tools.local import samples
from tools.local.cognito import embedded
from tools.local.cognito.embedded import Cognito
from tools.local.gateway.http_api import http_api
from tools.local.page.pages import DESCRIPTION, description, pages

POOL = "us-east-1:99999999-8888-7777-6666-555555555555"
PROVIDER = """it's </textarea> "mine" `$(x)`"""
ROUTES = pages(Cognito(None, POOL, PROVIDER), "A notice & more.")


@pytest.fixture
def client() -> Client:
    """No page invokes the function, or asks for a JWT."""
    return Client(http_api(Mock(side_effect=AssertionError), Mock(), ROUTES))


@pytest.mark.parametrize("path", [route.removeprefix("GET ") for route in ROUTES])
def test_every_page_keeps_the_browser_on_this_machine(client: Client, path: str) -> None:
    answer = client.get(path, base_url=URL)
    assert answer.status_code == 200
    assert answer.data
    policy = answer.headers["content-security-policy"].split("; ")
    assert "default-src 'self'" in policy
    assert not any("unsafe" in part or "http" in part or "*" in part for part in policy)
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/page/", "/page/index.html", "/page/../pages.py", "/page/%2e%2e/pages.py", "/x"]
)
def test_nothing_else_is_handed_out(client: Client, path: str) -> None:
    assert client.get(path, base_url=URL).status_code == 404


def test_the_page_knows_its_stack(client: Client) -> None:
    text = client.get("/", base_url=URL).text
    assert "A notice &amp; more." in text
    shown = html.unescape(text)
    # Neither HTML nor a shell takes a part of a value for its own.
    assert text.count("</textarea>") == text.count("<textarea")
    command = shown.partition('id="token"')[2].partition(">")[2].partition("</textarea>\n")[0]
    *_, body = shlex.split(command.replace("\\\n", ""))
    assert json.loads(body) == {"identity_pool_id": POOL, "logins": {PROVIDER: "user-4711"}}


def test_the_description_is_the_one_in_docs_for_this_machine(client: Client) -> None:
    written = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    del written["servers"]
    assert description(Cognito(None, samples.POOL, embedded.PROVIDER)) == written
    served = client.get("/openapi.json", base_url=URL).get_json()
    body = served["paths"]["/token"]["post"]["requestBody"]["content"]["application/json"]
    assert body["example"]["identity_pool_id"] == POOL
    assert list(body["example"]["logins"]) == [PROVIDER]


def test_each_command_does_what_it_says(tmp_path: Path) -> None:
    """And no other process can read a JWT in its arguments."""
    with serving() as served:
        fields = r'<textarea id="([a-z-]+)"[^>]*>(.*?)</textarea>'
        commands = dict(re.findall(fields, served.get("/"), re.DOTALL))
        noting = tmp_path / "curl"
        noting.write_text(f'#!/bin/sh\necho "$*" >> arguments\nexec {shutil.which("curl")} "$@"')
        noting.chmod(0o700)
        path = [str(tmp_path), str(Path(sys.executable).parent), os.environ["PATH"]]
        environ = {"PATH": os.pathsep.join(path), "HOME": str(tmp_path)}

        def run(name: str) -> Any:
            command = ["sh", "-ec", html.unescape(commands[name])]
            return json.loads(subprocess.check_output(command, cwd=tmp_path, env=environ) or "{}")

        run("jwt")
        backends, users, caller = run("token"), run("me-token"), run("variables")
    jwt, arguments = tmp_path / "user.jwt", (tmp_path / "arguments").read_text()
    assert stat.S_IMODE(jwt.stat().st_mode) == 0o600
    # The same user is the same identity.
    assert backends["identity_id"] == users["identity_id"]
    assert backends["logins"] == users["logins"] == {"login.example.com": "user-4711"}
    assert caller["Arn"].endswith("role/local-user/CognitoIdentityCredentials")
    assert (arguments.count("\n"), jwt.read_text() in arguments) == (3, False)
