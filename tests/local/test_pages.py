"""The page's files, as `make serve` hands them out."""

import json
from typing import Any
from unittest.mock import Mock

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.test import Client

from tests.local.conftest import URL
from tools.local.cognito.embedded import Cognito
from tools.local.gateway.bridge import bridge
from tools.local.page.pages import DESCRIPTION, description, pages

POOL = "us-east-1:99999999-8888-7777-6666-555555555555"
COGNITO = Cognito("http://127.0.0.1:1", POOL, 'my "provider"')
ROUTES = pages(COGNITO, "A notice.")


@pytest.fixture
def client() -> Client:
    """No page invokes the function."""
    return Client(bridge(Mock(side_effect=AssertionError), more_pages=ROUTES))


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
    assert client.get("/page/stack.json", base_url=URL).json == {
        "identity_pool_id": POOL,
        "developer_provider_name": 'my "provider"',
        "notice": "A notice. Cognito is embedded.",
        "variables": {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{URL}/me/credentials",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": '"$PWD/user.jwt"',
            "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
        },
    }


def test_with_a_real_pool_aws_is_the_real_one() -> None:
    real = pages(Cognito(None, POOL, "p"), "A notice.")
    client = Client(bridge(Mock(), more_pages=real))
    stack = client.get("/page/stack.json", base_url=URL).get_json()
    assert stack["notice"] == "A notice. Cognito is the real one."
    assert "AWS_ENDPOINT_URL" not in stack["variables"]


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
