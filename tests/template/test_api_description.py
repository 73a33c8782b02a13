"""`docs/openapi.json` describes the routes and authorizers that the template deploys."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.template.cloudformation import Stack
from tools.apidocs.document import DESCRIPTION

USER_DOOR = {"JwtIssuer": "https://issuer.example.com", "JwtAudience": "app"}
DOCUMENT: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))


def described() -> dict[str, str]:
    """The authorization type of each route key, as the document has it."""
    return {
        f"{method.upper()} {path}": authorization(operation)
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
    }


def authorization(operation: dict[str, Any]) -> str:
    """The security scheme of an operation in the words of `AWS::ApiGatewayV2::Route`."""
    ((name,),) = operation["security"]
    scheme = DOCUMENT["components"]["securitySchemes"][name]
    if scheme.get("x-amazon-apigateway-authtype") == "awsSigv4":
        return "AWS_IAM"
    return str(scheme["bearerFormat"]) if scheme["scheme"] == "bearer" else "NONE"


def deployed(**parameters: str) -> dict[str, str]:
    """The authorization type of each route key, as the stack has it."""
    routes = Stack(**parameters).of_type("AWS::ApiGatewayV2::Route").values()
    return {route["RouteKey"]: route["AuthorizationType"] for route in routes}


def test_every_route_is_described_with_its_authorizer() -> None:
    assert deployed(**USER_DOOR) == described()


def test_without_an_issuer_the_users_route_is_the_one_that_is_missing() -> None:
    assert described().items() - deployed().items() == {("POST /me/token", "JWT")}


def test_the_jwt_is_read_where_the_document_says() -> None:
    authorizer = Stack(**USER_DOOR).only("AWS::ApiGatewayV2::Authorizer")
    assert DOCUMENT["components"]["securitySchemes"]["jwt"]["scheme"] == "bearer"
    assert authorizer["IdentitySource"] == ["$request.header.Authorization"]


@pytest.mark.parametrize("output", ["TokenEndpoint", "UserTokenEndpoint"])
def test_the_outputs_are_the_servers_routes(output: str) -> None:
    server = DOCUMENT["servers"][0]["url"].format(api="${TokenApi}", region="eu-west-1")
    assert Stack(**USER_DOOR).outputs[output]["Value"] in {
        f"{server}{path}" for path in DOCUMENT["paths"]
    }
