"""The whole description."""

from __future__ import annotations

import json
import tomllib
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from openid_token.audit import Door
from openid_token.http_api import ROUTES
from tools import ROOT
from tools.apidocs import examples, responses, schemas

DESCRIPTION: Final = ROOT / "docs" / "openapi.json"

SECURITY_SCHEMES: Final = {
    "sigv4": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "A signature of AWS Signature Version 4, for the service `execute-api`.",
        "x-amazon-apigateway-authtype": "awsSigv4",
    },
    "jwt": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token of the issuer and for the audience that the stack was given.",
    },
}


class Operation(NamedTuple):
    """What the code does not say of a door."""

    id: str
    summary: str
    description: str
    arguments: str | None
    result: str
    security: str
    never: set[HTTPStatus]


OPERATIONS: Final = {
    Door.API: Operation(
        "issueToken",
        "A token for a user of yours",
        "For backends, which say who the user is. IAM decides who may call it.",
        "Arguments",
        "Result",
        "sigv4",
        # IAM refuses a caller with 403.
        never={HTTPStatus.UNAUTHORIZED},
    ),
    Door.USER_API: Operation(
        "issueMyToken",
        "A token for the signed-in user",
        "For a user's app. The login and the tags come from the verified token, never from the"
        " body. It is there only where the stack was given an issuer.",
        "UserArguments",
        "Result",
        "jwt",
        never=set(),
    ),
    Door.USER_CREDENTIALS: Operation(
        "getMyCredentials",
        "AWS credentials for the signed-in user",
        "For AWS SDKs, as their container credentials provider asks. It takes no body and no query."
        " It is there only where the stack was given an issuer.",
        None,
        "Credentials",
        "jwt",
        # It has no body.
        never={HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE},
    ),
}


def text() -> str:
    """The description as JSON, the same for the same code."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def document() -> dict[str, Any]:
    """The description of the API as it is deployed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": project["name"],
            "version": project["version"],
            "summary": project["description"],
        },
        "servers": [_server()],
        "tags": [{"name": "Tokens"}],
        "paths": {
            path: {route.method.lower(): _operation(route.door)} for path, route in ROUTES.items()
        },
        "components": {
            "schemas": schemas.components(),
            "responses": responses.components(examples.refusals()),
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def _server() -> dict[str, Any]:
    return {
        "url": "https://{api}.execute-api.{region}.amazonaws.com",
        "description": "The stack's output has this address.",
        "variables": {
            "api": {"default": "a1b2c3d4e5", "description": "The id of the HTTP API."},
            "region": {"default": "eu-central-1", "description": "The region of the stack."},
        },
    }


def _operation(door: Door) -> dict[str, Any]:
    operation = OPERATIONS[door]
    described: dict[str, Any] = {
        "operationId": operation.id,
        "tags": ["Tokens"],
        "summary": operation.summary,
        "description": operation.description,
        "security": [{operation.security: []}],
    }
    if operation.arguments:
        bodies = {name: {"value": examples.body_of(name)} for name in examples.SAMPLES[door]}
        content = {"schema": schemas.reference(operation.arguments), "examples": bodies}
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    successes = examples.successes(door)
    described["responses"] = responses.of_operation(operation.result, successes, operation.never)
    return described
