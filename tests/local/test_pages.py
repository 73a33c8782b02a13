"""The page's files, as `make serve` hands them out."""

import html
import json
import re
import shlex
from unittest.mock import Mock

import pytest
import yaml
from werkzeug.test import Client

from tests.local.conftest import URL
from tools.local import samples
from tools.local.cognito import embedded
from tools.local.cognito.embedded import Cognito
from tools.local.gateway.http_api import http_api
from tools.local.page.commands import BY_JWT, commands
from tools.local.page.pages import DESCRIPTION, description, pages

POOL = "us-east-1:99999999-8888-7777-6666-555555555555"
PROVIDER = """it's </textarea> "mine" `$(x)`"""
COGNITO = Cognito(None, POOL, PROVIDER)
ROUTES = pages(COGNITO, "A notice & more.")


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
    # Neither HTML nor a shell takes a part of a value for its own.
    shown = [*map(html.unescape, re.findall("<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL))]
    assert shown == [*commands(URL, COGNITO, BY_JWT).values()]
    *_, body = shlex.split(shown[0].replace("\\\n", ""))
    assert json.loads(body) == {"identity_pool_id": POOL, "logins": {PROVIDER: "user-4711"}}


def test_the_description_is_the_one_in_docs_for_this_machine(client: Client) -> None:
    written = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    del written["servers"]
    assert description(Cognito(None, samples.POOL, embedded.PROVIDER)) == written
    served = client.get("/openapi.json", base_url=URL).get_json()
    body = served["paths"]["/token"]["post"]["requestBody"]["content"]["application/json"]
    assert body["example"]["identity_pool_id"] == POOL
    assert list(body["example"]["logins"]) == [PROVIDER]
