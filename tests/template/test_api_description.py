"""`docs/openapi.json` describes the routes and authorizers that the template deploys."""

import json
from typing import Any

from tests.template.cloudformation import Stack
from tools.apidocs.document import DESCRIPTION

USER_DOOR = {"JwtIssuer": "https://issuer.example.com", "JwtAudience": "app"}
DOCUMENT: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))


def test_every_route_is_described_with_its_authorizer() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]
    described = {
        f"{method.upper()} {path}": [schemes[name] for (name,) in operation["security"]]
        for path, methods in DOCUMENT["paths"].items()
        for method, operation in methods.items()
    }
    # A route's authorization, as the document says it.
    words = {"AWS_IAM": "awsSigv4", "JWT": "JWT"}
    for route in Stack(**USER_DOOR).of_type("AWS::ApiGatewayV2::Route").values():
        (scheme,) = described.pop(route["RouteKey"])
        assert words[route["AuthorizationType"]] in scheme.values()
    assert not described


def test_the_outputs_are_the_servers_routes() -> None:
    server = DOCUMENT["servers"][0]["url"].format(api="${TokenApi}", region="eu-west-1")
    outputs = Stack(**USER_DOOR).outputs
    urls = {outputs[name]["Value"] for name in outputs if name.endswith("Endpoint")}
    assert urls == {f"{server}{path}" for path in DOCUMENT["paths"]}
