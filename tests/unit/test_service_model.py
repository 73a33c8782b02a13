"""The arguments, answers and errors are those of the service model that botocore ships."""

from typing import Final

import msgspec
from botocore.loaders import Loader
from botocore.model import MapShape, ServiceModel, Shape, StructureShape

from openid_token import arguments, cognito
from tests.kit.builders import Json
from tests.kit.doors import ERRORS

MODEL: Final = ServiceModel(Loader().load_service_model("cognito-identity", "service-2"))
OPERATION: Final = MODEL.operation_model("GetOpenIdTokenForDeveloperIdentity")
EXCHANGE: Final = MODEL.operation_model("GetCredentialsForIdentity")
NAME: Final = {"min": 1, "max": arguments.MAX_NAME}
# The service's `\w` is ASCII, and its patterns are for the whole string.
IDENTITY: Final = {"min": 1, "max": arguments.MAX_IDENTITY_ID, "pattern": r"[\w-]+:[0-9a-f-]+"}
# `test_arguments.py` tries each rule at both ends.
LIMITS: Final[dict[str, Json]] = {
    "IdentityPoolId": IDENTITY,
    "IdentityId": IDENTITY,
    "Logins": {
        "max": arguments.MAX_LOGINS,
        "key": NAME,
        "value": {"min": 1, "max": arguments.MAX_LOGIN_VALUE},
    },
    "PrincipalTags": {
        "max": arguments.MAX_TAGS,
        "key": NAME,
        "value": {"min": 1, "max": arguments.MAX_TAG_VALUE},
    },
    "TokenDuration": {"min": 1, "max": arguments.MAX_DURATION_SECONDS},
}


def limits(shape: Shape) -> Json:
    """All that the model demands of a value."""
    own = {word: its for word, its in shape.metadata.items() if word != "sensitive"}
    if isinstance(shape, MapShape):
        return own | {"key": limits(shape.key), "value": limits(shape.value)}
    return own


def structure(shape: Shape | None) -> StructureShape:
    assert isinstance(shape, StructureShape)
    return shape


def read_by(struct: type[msgspec.Struct]) -> set[str]:
    """The names that are read of an answer."""
    return {field.encode_name for field in msgspec.structs.fields(struct)}


def test_the_arguments_and_their_limits_are_the_models() -> None:
    asked = structure(OPERATION.input_shape)
    camel = {"".join(map(str.title, name.split("_"))) for name in arguments.RULES}

    assert {name: limits(shape) for name, shape in asked.members.items()} == LIMITS
    assert asked.members.keys() == camel
    # `logins` is documented as optional: left out, an empty map goes to Cognito.
    assert set(asked.required_members) == {"IdentityPoolId", "Logins"}


def test_the_result_is_what_the_issuer_reads() -> None:
    assert structure(OPERATION.output_shape).members.keys() == read_by(cognito._TokenReply)


def test_the_exchange_is_asked_and_read_as_the_model_says() -> None:
    asked, answer = structure(EXCHANGE.input_shape), structure(EXCHANGE.output_shape)
    given = structure(answer.members["Credentials"])

    assert {"IdentityId", "Logins"} <= asked.members.keys()
    assert set(asked.required_members) == {"IdentityId"}
    assert read_by(cognito._CredentialsReply) == answer.members.keys()
    assert read_by(cognito._KeyPair) == given.members.keys()
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
