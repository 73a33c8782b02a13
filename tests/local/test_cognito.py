"""The embedded Cognito answers as the service is documented to, and serves nothing else of AWS."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
import urllib3
from botocore.config import Config
from botocore.exceptions import ClientError
from joserfc import jwt
from joserfc.jwk import KeySet

from tools.local.cognito import tokens
from tools.local.cognito.embedded import PROVIDER, ROLE, Cognito, embedded_cognito

KEY = "cognito-identity.amazonaws.com"
REGION = "eu-central-1"
GUEST = f"{REGION}:66666666-7777-8888-9999-000000000000"


@pytest.fixture(scope="module")
def cognito() -> Iterator[Cognito]:
    with embedded_cognito() as running:
        yield running


@pytest.fixture
def pool(cognito: Cognito) -> str:
    return cognito.identity_pool_id


@pytest.fixture(scope="module")
def aws(cognito: Cognito) -> Any:
    """A client of any service, which checks nothing itself."""
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    return lambda service: boto3.client(
        service, REGION, endpoint_url=cognito.endpoint_url, config=config
    )


@pytest.fixture(scope="module")
def backend(aws: Any) -> Any:
    return aws("cognito-identity")


def _issued(backend: Any, pool: str, user: str, **arguments: Any) -> tuple[str, str]:
    given = {"IdentityPoolId": pool, "Logins": {PROVIDER: user}, **arguments}
    asked = {name: value for name, value in given.items() if value is not None}
    issued = backend.get_open_id_token_for_developer_identity(**asked)
    return issued["IdentityId"], issued["Token"]


def _refused(backend: Any, pool: str, user: str = "user-1", **arguments: Any) -> tuple[str, str]:
    """The code of the error, and its message."""
    with pytest.raises(ClientError) as refused:
        _issued(backend, pool, user, **arguments)
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


def test_the_token_has_the_shape_of_a_published_one(backend: Any, cognito: Cognito) -> None:
    asked: dict[str, Any] = {"PrincipalTags": {"department": "legal"}, "TokenDuration": 60}
    pool = cognito.identity_pool_id
    identity, issued = _issued(backend, pool, "user-1", **asked)
    keys = urllib3.request("GET", f"{cognito.endpoint_url}/.well-known/jwks_uri").json()
    token = jwt.decode(issued, KeySet.import_key_set(keys), ["RS512"])

    kid = "embedded-cognito-on-this-machine"
    assert token.header == {"alg": "RS512", "typ": "JWS", "kid": kid}
    assert token.claims.pop("exp") - token.claims.pop("iat") == 60
    assert token.claims == {
        "sub": identity,
        "aud": pool,
        "amr": ["authenticated", PROVIDER, f"{PROVIDER}:{pool}:user-1"],
        "https://aws.amazon.com/tags": {"principal_tags": {"department": ["legal"]}},
        "iss": "https://cognito-identity.amazonaws.com",
        "https://cognito-identity.amazonaws.com/identity-pool-arn": (
            f"arn:aws:cognito-identity:eu-central-1:123456789012:identitypool/{pool}"
        ),
    }


def test_an_identity_stays_with_its_login(backend: Any, pool: str) -> None:
    one, other, again = [_issued(backend, pool, user)[0] for user in ("a", "b", "a")]
    assert one == again != other
    assert _issued(backend, pool, "a", IdentityId=one)[0] == one
    code, _ = _refused(backend, pool, "a", IdentityId=other)
    assert code == "DeveloperUserAlreadyRegisteredException"
    code, message = _refused(backend, pool, "new", IdentityId=one)
    assert (code, message.partition(".")[0]) == ("NotAuthorizedException", "Logins don't match")
    assert _issued(backend, pool, "new")[0] not in {one, other}


def test_a_guests_identity_is_linked(backend: Any, pool: str) -> None:
    assert _issued(backend, pool, "guest", IdentityId=GUEST)[0] == GUEST
    assert _issued(backend, pool, "guest")[0] == GUEST


@pytest.mark.parametrize(
    ("code", "argument", "value"),
    [
        ("InvalidParameterException", "Logins", {}),
        ("InvalidParameterException", "Logins", {"login.other.com": "secret"}),
        ("ResourceNotFoundException", "IdentityPoolId", f"{REGION}:0"),
        ("ValidationException", "TokenDuration", "900"),
        ("ValidationException", "Logins", None),
        ("ValidationException", "Logins", {PROVIDER: ""}),
    ],
)
def test_what_the_service_would_refuse_is_refused(
    backend: Any, pool: str, code: str, argument: str, value: Any
) -> None:
    found, message = _refused(backend, pool, **{argument: value})
    assert found == code
    assert "secret" not in message


def test_credentials_are_for_a_token_of_the_identity(backend: Any, pool: str) -> None:
    identity, token = _issued(backend, pool, "user-1")
    refused: dict[str, dict[str, str]] = {
        "none": {},
        "another key": {PROVIDER: token},
        "not a token": {KEY: "x"},
        "changed": {KEY: f"{token[:-8]}AAAAAAAA"},
        "another's": {KEY: _issued(backend, pool, "user-2")[1]},
        "expired": {KEY: tokens.issued(pool, identity, {}, seconds=-1)},
    }
    for logins in refused.values():
        with pytest.raises(ClientError, match="NotAuthorizedException"):
            backend.get_credentials_for_identity(IdentityId=identity, Logins=logins)


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("InvalidIdentityToken", {"WebIdentityToken": "x"}),
        ("ValidationError", {"RoleSessionName": "eu-central-1:name"}),
        ("ExpiredTokenException", {}),
    ],
)
def test_sts_takes_its_tokens_alone(aws: Any, pool: str, code: str, change: dict[str, str]) -> None:
    expired = tokens.issued(pool, GUEST, {}, seconds=-1)
    asked = {"RoleArn": ROLE, "RoleSessionName": "name", "WebIdentityToken": expired}
    with pytest.raises(ClientError, match=code):
        aws("sts").assume_role_with_web_identity(**asked | change)


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("cognito-identity", "create_identity_pool"),
        ("sts", "get_caller_identity"),  # by keys that it has not given
        ("sns", "list_topics"),
    ],
)
def test_nothing_else_is_served(aws: Any, cognito: Cognito, service: str, call: str) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(aws(service), call)()
    assert 400 <= refused.value.response["ResponseMetadata"]["HTTPStatusCode"] < 500
    for path in ("/.well-known/jwks_uri/x", "/other"):
        assert urllib3.request("GET", f"{cognito.endpoint_url}{path}").status == 404
