"""JSON Schemas of what goes in and out, from the types that check it and write it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Final, get_type_hints

import msgspec
from msgspec import Meta

from openid_token import claims
from openid_token.arguments import DEFAULT_DURATION_SECONDS, RULES
from openid_token.cognito import Credentials
from openid_token.cognito import Token as Result
from openid_token.errors import Violation
from openid_token.secret import Secret

type Schema = dict[str, Any]

MEANINGS: Final = {
    "identity_pool_id": "The identity pool that the token is for.",
    "identity_id": "The identity that the token is for; left out, the one of the logins.",
    "logins": "Who the user is. For a developer provider: its name, and the user's identifier.",
    "principal_tags": "Tags of the session that the token is exchanged for.",
    "token_duration": (
        "How many seconds the token is valid; left out, as long as the deployment allows, but"
        f" not longer than {DEFAULT_DURATION_SECONDS}. Written without a fraction: not 900.0."
    ),
    "token": "The OpenID token. It goes to you and is kept nowhere.",
    "expires_at": "RFC 3339, in UTC; never later than the token's own expiry.",
    "AccessKeyId": "The id of the access key, which is no secret.",
    "SecretAccessKey": "The secret access key. It goes to you and is kept nowhere.",
    "Token": "The session token. It goes to you and is kept nowhere.",
    "Expiration": "RFC 3339, in UTC.",
}
USER_ARGUMENTS: Final = tuple(name for name in RULES if name not in claims.BACKENDS_ONLY)


type _ForSdks = (
    Annotated[str, Meta(description="At `GET /me/credentials` alone, where AWS SDKs look for it.")]
    | msgspec.UnsetType
)


class Message(msgspec.Struct):
    """A response of API Gateway itself, before or in place of the function's."""

    message: str


class Problem(msgspec.Struct):
    """RFC 9457: why there is no token."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    Code: _ForSdks = msgspec.UNSET
    Message: _ForSdks = msgspec.UNSET


def components() -> dict[str, Schema]:
    """The schemas by name, for `#/components/schemas`."""
    violation = msgspec.defstruct("Violation", list(get_type_hints(Violation).items()))
    violation.__doc__ = Violation.__doc__
    types = [violation, Message, Problem]
    _, schemas = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    return {
        "Arguments": _arguments("The arguments of one token.", tuple(RULES)),
        "UserArguments": _arguments("What a signed-in user may choose.", USER_ARGUMENTS),
        "Result": _result(),
        "Credentials": _credentials(),
        **{name: schemas[name] for name in ("Problem", "Violation", "Message")},
    }


def reference(name: str) -> Schema:
    """A `$ref` to one of the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def problem(status: HTTPStatus, codes: list[str]) -> Schema:
    """The problem that goes out with one status."""
    properties: Schema = {
        "status": {"const": int(status)},
        "title": {"const": status.phrase},
        "code": {"enum": codes},
    }
    if status is HTTPStatus.BAD_REQUEST:
        properties["errors"] = {
            "description": "One for each argument that breaks a rule.",
            "type": "array",
            "items": reference("Violation"),
            "minItems": 1,
        }
    return {"allOf": [reference("Problem")], "properties": properties}


def _arguments(description: str, names: tuple[str, ...]) -> Schema:
    # The required one has no `null`: that counts as left out.
    required, *optional = names
    fields = [(required, RULES[required][-1].type)]
    fields += [(name, RULES[name][-1].type | None, None) for name in optional]  # type: ignore[misc]
    schema = _described(msgspec.defstruct("Arguments", fields, forbid_unknown_fields=True))
    for name in names:
        schema["properties"][name]["description"] += f" It {_rules(name)}."
    return {"description": description, **schema}


def _rules(name: str) -> str:
    return "; ".join(rule.message for rule in RULES[name])


def _result() -> Schema:
    hints = get_type_hints(Result)
    fields = []
    for field in msgspec.structs.fields(Result):
        kind = RULES[field.name][-1].type if field.name in RULES else hints[field.name]
        # What is None is left out, so no result has a null.
        optional = not field.required
        fields.append((field.name, kind, None) if optional else (field.name, kind))
    schema = _described(msgspec.defstruct("Result", fields, kw_only=True))
    schema["properties"]["expires_at"]["format"] = "date-time"
    return {"description": (Result.__doc__ or "").partition("\n")[0], **schema}


def _credentials() -> Schema:
    schema = _described(Credentials)
    schema["properties"]["Expiration"]["format"] = "date-time"
    return schema


def _described(struct: type[msgspec.Struct]) -> Schema:
    whole = msgspec.json.schema(struct, schema_hook=_text)
    schema: Schema = whole["$defs"][struct.__name__]
    del schema["title"]
    for name, rule in schema["properties"].items():
        # A default of null says no more than that the argument may be left out.
        rule.pop("default", None)
        schema["properties"][name] = {"description": MEANINGS[name], **rule}
    return schema


def _text(kind: type) -> Schema:
    if kind is not Secret:
        raise NotImplementedError(kind.__name__)
    return {"type": "string"}
