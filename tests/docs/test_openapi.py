"""`docs/openapi.yaml` says what the code does: its rules, its errors, its routes. That every answer
is as it says, `tests/kit/contract.py` has.
"""

import json
import re
from collections.abc import Iterator
from typing import Final

import msgspec
import pytest

from openid_token.arguments import RULES
from openid_token.claims import USERS_OWN
from openid_token.errors import InvalidParameterException
from openid_token.http_api import ROUTES
from tests.kit.builders import Json, arguments
from tests.kit.doors import ERRORS
from tests.kit.openapi import DOCUMENT, conforms, operation, resolved
from tests.kit.template import Stack

SCHEMAS: Final[Json] = DOCUMENT["components"]["schemas"]
JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"


def contents(part: object) -> Iterator[tuple[str, Json]]:
    """Each media type with its content, wherever there is one."""
    if isinstance(part, dict):
        yield from part.get("content", {}).items()
        for inner in part.values():
            yield from contents(inner)


def test_describes_each_route_and_its_authorizer_as_the_template_deploys_it() -> None:
    stack = Stack(JwtIssuer="https://issuer.example.com", JwtAudience="app")
    # A route's authorization, as the document says it.
    words = {"AWS_IAM": "awsSigv4", "JWT": "JWT"}
    deployed = {
        route["RouteKey"]: words[route["AuthorizationType"]]
        for route in stack.of_type("AWS::ApiGatewayV2::Route").values()
    }
    assert deployed.keys() == {f"{route.method} {path}" for path, route in ROUTES.items()}
    for path, operations in DOCUMENT["paths"].items():
        [(method, described)] = operations.items()
        [[scheme]] = described["security"]
        word = deployed.pop(f"{method.upper()} {path}")
        assert word in DOCUMENT["components"]["securitySchemes"][scheme].values()
    assert not deployed
    server = DOCUMENT["servers"][0]["url"].format(api="${TokenApi}", region="eu-west-1")
    urls = {its["Value"] for name, its in stack.outputs.items() if name.endswith("Endpoint")}
    assert urls == {f"{server}{path}" for path in ROUTES}


@pytest.mark.parametrize("name", RULES)
def test_the_limits_are_the_rules_and_each_rule_stands_there(name: str) -> None:
    given = SCHEMAS["Arguments"]["properties"][name]
    described = dict(resolved(given.get("anyOf", [given])[0]))
    description = described.pop("description")
    assert described == msgspec.json.schema(RULES[name][-1].type)
    assert all(rule.message in description for rule in RULES[name])
    assert ("is required" in description) is (name in SCHEMAS["Arguments"]["required"])


def test_each_door_takes_its_arguments_and_no_others() -> None:
    pool = arguments()["identity_pool_id"]
    assert list(SCHEMAS["Arguments"]["properties"]) == list(RULES)
    assert list(SCHEMAS["UserArguments"]["properties"]) == list(USERS_OWN)
    assert conforms({"identity_pool_id": pool, "logins": None}, SCHEMAS["Arguments"])
    assert conforms({"identity_pool_id": None}, SCHEMAS["UserArguments"])
    for wrong in ({}, {"identity_pool_id": None}, {"identity_pool_id": pool, "unknown": None}):
        assert not conforms(wrong, SCHEMAS["Arguments"]), wrong
    assert operation("/token")["requestBody"]["required"]
    assert not operation("/me/token")["requestBody"]["required"]
    assert "requestBody" not in operation("/me/credentials")


def test_each_status_has_its_codes() -> None:
    codes = {status: {InvalidParameterException.__name__} for status in (405, 413, 415)}
    for kind in ERRORS:
        codes.setdefault(kind().status, set()).add(kind.__name__)
    described = {}
    for its in DOCUMENT["components"]["responses"].values():
        if PROBLEM in its["content"]:
            said = its["content"][PROBLEM]["schema"]["properties"]
            names = said["code"].get("enum") or [said["code"]["const"]]
            described[said["status"]["const"]] = set(names)
            assert all(f"`{name}`" in its["description"] for name in names)
    assert described == codes


def test_what_an_operation_answers_is_said_of_that_operation() -> None:
    for path, operations in DOCUMENT["paths"].items():
        [(method, described)] = operations.items()
        said = json.dumps([resolved(its) for its in described["responses"].values()])
        assert set(re.findall(r"the method must be (\w+)", said)) == {method.upper()}
        assert set(re.findall(r"(?:GET|POST) (/[\w/]+)", said)) <= {path}
        assert "requestBody" in described or "token_duration" not in said
        assert ('"Code"' in said) is (path == "/me/credentials")
        limits = re.findall(r"16 KB|must have at most 16384", said)
        assert bool(limits) is (path == "/me/token")


def test_every_example_is_one_that_its_schema_takes() -> None:
    shown = list(contents(DOCUMENT))
    assert {JSON, PROBLEM} == {media_type for media_type, _ in shown}
    for _, content in shown:
        assert conforms(content["example"], content["schema"]), content["example"]
