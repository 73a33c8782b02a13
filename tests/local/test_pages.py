"""The page's files, as `make serve` hands them out."""

import html
import json
import shlex
from typing import Any
from unittest.mock import Mock

import pytest
import yaml
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.test import Client

from tests.local.conftest import URL
from tools.local.cognito.embedded import Cognito
from tools.local.gateway.http_api import http_api
from tools.local.page.pages import DESCRIPTION, pages

POOL = "us-east-1:99999999-8888-7777-6666-555555555555"
PROVIDER = """it's </textarea> "mine" `$(x)`"""
ENDPOINT = "http://127.0.0.1:1"
ROUTES = pages(Cognito(ENDPOINT, POOL, PROVIDER), "A notice & more.")


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
    assert f"export AWS_CONTAINER_CREDENTIALS_FULL_URI={URL}/me/credentials\n" in shown
    assert 'export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE="$PWD/user.jwt"\n' in shown
    assert f"export AWS_ENDPOINT_URL={ENDPOINT}\n" in shown
    # Neither HTML nor a shell takes a part of a value for its own.
    assert text.count("</textarea>") == text.count("<textarea")
    command = shown.partition('id="token"')[2].partition(">")[2].partition("</textarea>\n")[0]
    *_, body = shlex.split(command.replace("\\\n", ""))
    assert json.loads(body) == {"identity_pool_id": POOL, "logins": {PROVIDER: "user-4711"}}


def test_the_description_is_the_one_in_docs_for_this_machine(client: Client) -> None:
    served = client.get("/openapi.json", base_url=URL).get_json()
    OpenAPIV31SpecValidator(served).validate()
    written = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    assert "servers" not in served
    del written["servers"]
    assert _shape(served) == _shape(written)
    body = served["paths"]["/token"]["post"]["requestBody"]["content"]["application/json"]
    assert body["example"]["identity_pool_id"] == POOL
    assert list(body["example"]["logins"]) == [PROVIDER]


def _shape(document: Any) -> Any:
    """The document without its examples, which are for this pool."""
    if isinstance(document, dict):
        return {key: _shape(value) for key, value in document.items() if key != "example"}
    return document
