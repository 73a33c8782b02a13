"""`docs/openapi.json` is what the code says, is valid, and describes what the function does."""

import json
from http import HTTPStatus
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import OpenAPIV31SpecValidator

from openid_token.audit import Door
from openid_token.errors import TokenIssuerError
from openid_token.http_api import ROUTES
from tests.doors import ERRORS
from tools.apidocs import examples
from tools.apidocs.document import DESCRIPTION, OPERATIONS, text

DOCUMENT: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
ANSWERS = [(door, answer) for door in OPERATIONS for answer in examples.successes(door)]
ANSWERS += [
    (door, answer)
    for door, its in OPERATIONS.items()
    for answer in examples.refusals()
    if answer.status not in its.never
]


def conforms(instance: object, schema: dict[str, Any]) -> bool:
    """Whether `instance` is as a schema of the document says, formats included."""
    within = {**schema, "components": DOCUMENT["components"]}
    validator = Draft202012Validator(within, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return bool(validator.is_valid(instance))


def operation(door: Door) -> dict[str, Any]:
    path, route = next((path, its) for path, its in ROUTES.items() if its.door is door)
    its: dict[str, Any] = DOCUMENT["paths"][path][route.method.lower()]
    return its


def response(door: Door, status: int) -> dict[str, Any]:
    found: dict[str, Any] = operation(door)["responses"][str(status)]
    name = found.get("$ref", "").rpartition("/")[2]
    return DOCUMENT["components"]["responses"][name] if name else found


def test_is_not_stale() -> None:
    assert DESCRIPTION.read_text(encoding="utf-8") == text(), "run `make docs`"


def test_is_openapi_3_1() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_describes_every_route_by_one_operation() -> None:
    methods = {path: list(its) for path, its in DOCUMENT["paths"].items()}
    assert methods == {path: [route.method.lower()] for path, route in ROUTES.items()}


@pytest.mark.parametrize("kind", ERRORS)
def test_every_error_class_is_a_code_of_its_status(kind: type[TokenIssuerError]) -> None:
    for door in OPERATIONS:
        problem = response(door, kind().status)["content"]["application/problem+json"]
        assert kind.__name__ in problem["schema"]["properties"]["code"]["enum"]


@pytest.mark.parametrize("door", [door for door, its in OPERATIONS.items() if its.arguments])
def test_every_sample_is_a_body_that_the_schema_takes(door: Door) -> None:
    content = operation(door)["requestBody"]["content"]["application/json"]
    for name, example in content["examples"].items():
        assert conforms(example["value"], content["schema"]), name


@pytest.mark.parametrize(
    ("door", "answer"), ANSWERS, ids=[f"{door}-{answer.name}" for door, answer in ANSWERS]
)
def test_the_function_answers_as_described(door: Door, answer: examples.Example) -> None:
    described = response(door, answer.status)
    assert conforms(answer.body, described["content"][answer.headers["Content-Type"]]["schema"])
    for name, header in described["headers"].items():
        assert conforms(answer.headers[name], header["schema"]), name


def test_every_example_of_an_answer_is_one_that_its_schema_takes() -> None:
    named = DOCUMENT["components"]["responses"]
    own = [response(door, HTTPStatus.OK) for door in OPERATIONS]
    for described in [*named.values(), *own]:
        for content in described["content"].values():
            shown = [example["value"] for example in content.get("examples", {}).values()]
            shown += [content["example"]] if "example" in content else []
            assert shown
            assert all(conforms(example, content["schema"]) for example in shown)


def test_a_schema_takes_what_the_rules_take() -> None:
    """The schema is of the rules' own types; this is for what is built around them."""
    schema = {"$ref": "#/components/schemas/Arguments"}
    pool = examples.body_of("http-api")["identity_pool_id"]
    assert conforms({"identity_pool_id": pool, "logins": None, "token_duration": None}, schema)
    for wrong in (
        {},
        {"identity_pool_id": None},
        {"identity_pool_id": f"{pool}\n"},
        {"identity_pool_id": pool, "unknown": None},
        {"identity_pool_id": pool, "token_duration": "900"},
        {"identity_pool_id": pool, "principal_tags": {"tag": ""}},
    ):
        assert not conforms(wrong, schema), wrong
