"""The embedded Cognito's tokens look like the real one's, and it gives credentials for no other."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import boto3
import pytest
from botocore.exceptions import ClientError
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tools.local.cognito import tokens
from tools.local.cognito.embedded import PROVIDER, Cognito, embedded_cognito

KEY = "cognito-identity.amazonaws.com"


@pytest.fixture(scope="module")
def cognito() -> Iterator[Cognito]:
    with embedded_cognito() as running:
        yield running


@pytest.fixture(scope="module")
def backend(cognito: Cognito) -> Any:
    return boto3.client("cognito-identity", "eu-central-1", endpoint_url=cognito.endpoint_url)


def _issued(backend: Any, pool: str, user: str, **arguments: Any) -> tuple[str, str]:
    issued = backend.get_open_id_token_for_developer_identity(
        IdentityPoolId=pool, Logins={PROVIDER: user}, **arguments
    )
    return issued["IdentityId"], issued["Token"]


def test_the_token_says_what_the_real_one_says_and_where_it_is_from(
    backend: Any, cognito: Cognito
) -> None:
    pool = cognito.identity_pool_id
    asked: dict[str, Any] = {"PrincipalTags": {"department": "legal"}, "TokenDuration": 60}
    identity, issued = _issued(backend, pool, "user-1", **asked)
    with urlopen(f"{cognito.endpoint_url}/.well-known/jwks_uri") as keys:
        token = jwt.decode(issued, KeySet.import_key_set(json.load(keys)), ["RS512"])

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


def test_an_identity_stays_with_its_login(backend: Any, cognito: Cognito) -> None:
    one, other, again = [
        _issued(backend, cognito.identity_pool_id, user)[0] for user in ("a", "b", "a")
    ]
    assert one == again != other


def test_a_pool_that_it_has_not_is_not_found(backend: Any) -> None:
    with pytest.raises(backend.exceptions.ResourceNotFoundException):
        _issued(backend, "eu-central-1:0", "user-1")


@pytest.mark.parametrize("case", ["none", "another key", "not a token", "changed", "another's"])
def test_another_login_is_refused(backend: Any, cognito: Cognito, case: str) -> None:
    identity, token = _issued(backend, cognito.identity_pool_id, "user-1")
    logins: dict[str, dict[str, str]] = {
        "none": {},
        "another key": {PROVIDER: token},
        "not a token": {KEY: "x"},
        "changed": {KEY: f"{token[:-8]}AAAAAAAA"},
        "another's": {KEY: _issued(backend, cognito.identity_pool_id, "user-2")[1]},
    }
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        backend.get_credentials_for_identity(IdentityId=identity, Logins=logins[case])


def test_a_pool_without_a_role_is_called_misconfigured(backend: Any) -> None:
    pool = backend.create_identity_pool(
        IdentityPoolName="roleless", AllowUnauthenticatedIdentities=False
    )
    identity, token = _issued(backend, pool["IdentityPoolId"], "user-1")
    with pytest.raises(ClientError, match="InvalidIdentityPoolConfigurationException"):
        backend.get_credentials_for_identity(IdentityId=identity, Logins={KEY: token})


def test_an_expired_token_is_not_verified() -> None:
    valid, expired = [
        tokens.issued("arn:aws:x:identitypool/pool", "identity", {}, None, seconds)
        for seconds in (None, -1)
    ]
    assert tokens.verified(valid, "identity") == "pool"
    with pytest.raises(JoseError, match="expired"):
        tokens.verified(expired, "identity")


def test_who_is_deleted_gets_a_new_identity(backend: Any, cognito: Cognito) -> None:
    pool = cognito.identity_pool_id
    first, kept = (_issued(backend, pool, user)[0] for user in ("user-8", "user-9"))
    backend.delete_identities(IdentityIdsToDelete=[first])
    assert _issued(backend, pool, "user-8")[0] != first
    assert _issued(backend, pool, "user-9")[0] == kept
