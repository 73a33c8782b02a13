"""The argument rules are those of the service model that botocore ships."""

from typing import Any, Final

import msgspec
import pytest
from botocore.loaders import Loader
from botocore.model import MapShape, ServiceModel, Shape, StringShape, StructureShape

from openid_token import credentials, issuer
from openid_token.arguments import RULES
from tests.builders import Json
from tests.doors import ERRORS

ARGUMENTS: Final = {
    "IdentityPoolId": "identity_pool_id",
    "IdentityId": "identity_id",
    "Logins": "logins",
    "PrincipalTags": "principal_tags",
    "TokenDuration": "token_duration",
}
MODEL: Final = ServiceModel(Loader().load_service_model("cognito-identity", "service-2"))
OPERATION: Final = MODEL.operation_model("GetOpenIdTokenForDeveloperIdentity")
EXCHANGE: Final = MODEL.operation_model("GetCredentialsForIdentity")


def limits_of_shape(shape: Shape) -> Json:
    """The limits in the service model, in the words of JSON Schema."""
    limits = dict(shape.metadata)
    for word in ("required", "sensitive"):
        limits.pop(word, None)
    small, big = limits.pop("min", None), limits.pop("max", None)
    pattern = limits.pop("pattern", None)
    assert not limits, "the model says more of a shape than this test compares"
    if isinstance(shape, StringShape):
        # The service's `\w` is ASCII, and its patterns are for the whole string.
        ours = pattern and f"^{pattern.replace(r'[\w-]', '[A-Za-z0-9_-]')}(?![\\s\\S])"
        said = {"type": "string", "minLength": small, "maxLength": big, "pattern": ours}
    elif isinstance(shape, MapShape):
        said = {
            "type": "object",
            "minProperties": small,
            "maxProperties": big,
            "propertyNames": {n: v for n, v in limits_of_shape(shape.key).items() if n != "type"},
            "additionalProperties": limits_of_shape(shape.value),
        }
    else:
        assert shape.type_name in {"long", "integer"}
        said = {"type": "integer", "minimum": small, "maximum": big}
    return {word: value for word, value in said.items() if value is not None}


def limits_of_rule(argument: str) -> Json:
    """The limits of the rule that decides, which is the last one."""
    schema, parts = msgspec.json.schema_components([RULES[argument][-1].type])
    limits: Json = _resolved(schema[0], parts)
    return limits


def _resolved(schema: Any, parts: dict[str, Any]) -> Any:
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _resolved(parts[schema["$ref"].rpartition("/")[2]], parts)
    return {word: _resolved(value, parts) for word, value in schema.items()}


def structure(shape: Shape | None) -> StructureShape:
    assert isinstance(shape, StructureShape)
    return shape


ASKED: Final = structure(OPERATION.input_shape)


def read_by(struct: type[msgspec.Struct]) -> set[str]:
    """The names that are read of an answer."""
    return {field.encode_name for field in msgspec.structs.fields(struct)}


def test_the_model_has_exactly_the_arguments() -> None:
    assert ASKED.members.keys() == ARGUMENTS.keys()
    assert set(ARGUMENTS.values()) == RULES.keys()
    # `logins` is documented as optional: left out, an empty map goes to Cognito.
    assert set(ASKED.required_members) == {"IdentityPoolId", "Logins"}


@pytest.mark.parametrize(("member", "argument"), ARGUMENTS.items(), ids=ARGUMENTS.values())
def test_the_limits_are_the_models(member: str, argument: str) -> None:
    assert limits_of_rule(argument) == limits_of_shape(ASKED.members[member])


def test_the_result_is_what_the_issuer_reads() -> None:
    assert structure(OPERATION.output_shape).members.keys() == read_by(issuer._Response)


def test_the_exchange_is_asked_and_read_as_the_model_says() -> None:
    asked, answer = structure(EXCHANGE.input_shape), structure(EXCHANGE.output_shape)
    given = structure(answer.members["Credentials"])

    assert {"IdentityId", "Logins"} <= asked.members.keys()
    assert set(asked.required_members) == {"IdentityId"}
    assert read_by(credentials._Response) < answer.members.keys()
    assert read_by(credentials._Credentials) == given.members.keys()
    assert given.members["Expiration"].type_name == "timestamp"
    # No permission guards it, so the role needs none.
    assert EXCHANGE.auth_type == "none"


def test_each_error_has_a_class_of_its_name() -> None:
    ours = {error.__name__ for error in ERRORS}
    its = {shape.name for shape in OPERATION.error_shapes}

    assert ours - its == {"AccessDeniedException", "InternalFailure", "ServiceUnavailable"}
    assert its < ours
    # One is the deployment's fault, the other that of a login provider beside Cognito.
    assert {shape.name for shape in EXCHANGE.error_shapes} - its == {
        *("InvalidIdentityPoolConfigurationException", "ExternalServiceException"),
    }
