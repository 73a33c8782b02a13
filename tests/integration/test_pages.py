"""The page's files, as `make serve` hands them out."""

import json
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.test import Client

from tools.local.cognito.embedded import Cognito
from tools.local.gateway.bridge import bridge
from tools.local.page.pages import DESCRIPTION, description, pages
from tools.local.runtime.environment import Answer

POOL = "us-east-1:99999999-8888-7777-6666-555555555555"
COGNITO = Cognito("http://127.0.0.1:1", POOL, 'my "provider"')
HOST = "http://127.0.0.1:3000"
ROUTES = pages(COGNITO, "A notice.")
PATHS = [route.removeprefix("GET ") for route in ROUTES]


def _not_invoked(event: Any, trace_id: str, limit_seconds: float) -> Answer:
    raise AssertionError("no page invokes the function")


@pytest.fixture
def client() -> Client:
    return Client(bridge(_not_invoked, more_pages=ROUTES))


@pytest.mark.parametrize("path", PATHS)
def test_every_page_keeps_the_browser_on_this_machine(client: Client, path: str) -> None:
    answer = client.get(path, base_url=HOST)
    assert answer.status_code == 200
    assert answer.data
    policy = answer.headers["content-security-policy"].split("; ")
    assert "default-src 'self'" in policy
    assert not any("unsafe" in part or "http" in part or "*" in part for part in policy)
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_for_a_name_of_elsewhere(client: Client, path: str) -> None:
    assert client.get(path, base_url="http://page.example.com").status_code == 403


@pytest.mark.parametrize(
    "path", ["/page/", "/page/index.html", "/page/../pages.py", "/page/%2e%2e/pages.py", "/x"]
)
def test_nothing_else_is_handed_out(client: Client, path: str) -> None:
    assert client.get(path, base_url=HOST).status_code == 404


def test_the_page_knows_its_stack(client: Client) -> None:
    assert client.get("/page/stack.json", base_url=HOST).json == {
        "identity_pool_id": POOL,
        "developer_provider_name": 'my "provider"',
        "notice": "A notice. Cognito is embedded.",
    }


def test_a_real_pool_is_called_one() -> None:
    client = Client(bridge(_not_invoked, more_pages=pages(Cognito(None, POOL, "p"), "A notice.")))
    assert "Cognito is the real one." in client.get("/page/stack.json", base_url=HOST).text


def test_the_description_is_the_one_in_docs_for_this_machine(client: Client) -> None:
    served = client.get("/openapi.json", base_url=HOST).json
    assert served == description(COGNITO)
    OpenAPIV31SpecValidator(served).validate()
    written = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    assert [server["url"] for server in served.pop("servers")] == ["/"]
    del written["servers"]
    assert _shape(served) == _shape(written)
    (example, *_) = _samples(served)
    assert example["identity_pool_id"] == POOL
    assert list(example["logins"]) == ['my "provider"']


def _samples(document: dict[str, Any]) -> list[dict[str, Any]]:
    body = document["paths"]["/token"]["post"]["requestBody"]
    return [each["value"] for each in body["content"]["application/json"]["examples"].values()]


def _shape(document: Any) -> Any:
    """The document without its examples, which are for this pool."""
    if isinstance(document, dict):
        return {key: _shape(value) for key, value in document.items() if key != "examples"}
    return document
