"""The page's files, as `make serve` hands them out."""

import json
from typing import Any
from unittest.mock import Mock

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from tools.local.gateway.bridge import bridge
from werkzeug.test import Client

from tests.local.conftest import URL
from tools.local.cognito.embedded import Cognito
from tools.local.page.pages import DESCRIPTION, Page, description, pages

POOL = "us-east-1:99999999-8888-7777-6666-555555555555"
COGNITO = Cognito("http://127.0.0.1:1", POOL, 'my "provider"')
ROUTES = pages(COGNITO, "A notice.")


@pytest.fixture
def client() -> Client:
    return _client(ROUTES)


def _client(routes: dict[str, Page]) -> Client:
    """No page invokes the function, or asks for a JWT."""
    return Client(bridge(Mock(side_effect=AssertionError), Mock(), routes))


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


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:1", None])
def test_the_page_knows_its_stack(endpoint: str | None) -> None:
    routes = pages(Cognito(endpoint, POOL, 'my "provider"'), "A notice.")
    stack = _client(routes).get("/page/stack.json", base_url=URL).get_json()
    assert stack["identity_pool_id"] == POOL
    assert stack["developer_provider_name"] == 'my "provider"'
    which = "embedded" if endpoint else "the real one"
    assert stack["notice"] == f"A notice. Cognito is {which}."
    assert stack["variables"].get("AWS_ENDPOINT_URL") == endpoint


def test_the_description_is_the_one_in_docs_for_this_machine(client: Client) -> None:
    served = client.get("/openapi.json", base_url=URL).json
    assert served == description(COGNITO)
    OpenAPIV31SpecValidator(served).validate()
    written = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    assert [server["url"] for server in served.pop("servers")] == ["/"]
    del written["servers"]
    assert _shape(served) == _shape(written)
    body = served["paths"]["/token"]["post"]["requestBody"]["content"]["application/json"]
    example = next(iter(body["examples"].values()))["value"]
    assert example["identity_pool_id"] == POOL
    assert list(example["logins"]) == ['my "provider"']


def _shape(document: Any) -> Any:
    """The document without its examples, which are for this pool."""
    if isinstance(document, dict):
        return {key: _shape(value) for key, value in document.items() if key != "examples"}
    return document
