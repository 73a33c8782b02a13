"""`docs/openapi.yaml`, and whether an answer is as it says."""

from typing import Any, Final

import yaml
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tests.kit.builders import Json
from tests.kit.doors import Outcome
from tests.kit.pages import ROOT

DOCUMENT: Final[Json] = yaml.safe_load((ROOT / "docs" / "openapi.yaml").read_text("utf-8"))


def resolved(part: Json) -> Json:
    """What a reference in the document is to."""
    if "$ref" not in part:
        return part
    found: Any = DOCUMENT
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return resolved(found)


def conforms(instance: object, schema: Json) -> bool:
    """Whether `instance` is as a schema of the document says, formats included."""
    within = {**schema, "components": DOCUMENT["components"]}
    checker = Draft202012Validator.FORMAT_CHECKER
    return bool(Draft202012Validator(within, format_checker=checker).is_valid(instance))


def operation(path: str) -> Json:
    """The one operation at a path."""
    [described] = DOCUMENT["paths"][path].values()
    found: Json = described
    return found


def assert_described(path: str, outcome: Outcome) -> None:
    """The answer is one that the document describes."""
    described = resolved(operation(path)["responses"][str(outcome.status)])
    schema = described["content"][outcome.headers["Content-Type"]]["schema"]
    assert conforms(outcome.body, schema)
    whole = schema.get("allOf", [schema])[0]
    assert outcome.body.keys() <= resolved(whole)["properties"].keys()
    for name, header in described.get("headers", {}).items():
        assert conforms(outcome.headers[name], resolved(header)["schema"]), name
