"""`docs/openapi.json` describes the routes and authorizers that the template deploys."""

from __future__ import annotations

import json
from typing import Any

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


def test_every_route_is_described_with_its_authorizer() -> None:
    routes = Stack(**USER_DOOR).of_type("AWS::ApiGatewayV2::Route").values()
    deployed = {route["RouteKey"]: route["AuthorizationType"] for route in routes}
    assert deployed == described()


def test_the_outputs_are_the_servers_routes() -> None:
    server = DOCUMENT["servers"][0]["url"].format(api="${TokenApi}", region="eu-west-1")
    outputs = Stack(**USER_DOOR).outputs
    urls = {outputs[name]["Value"] for name in outputs if name.endswith("Endpoint")}
    assert urls == {f"{server}{path}" for path in DOCUMENT["paths"]}
