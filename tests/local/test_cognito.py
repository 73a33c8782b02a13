"""The embedded Cognito answers as the service is documented to, and serves nothing else of AWS."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import boto3
import pytest
import urllib3
from botocore.config import Config
from botocore.exceptions import ClientError
from joserfc import jwt
from joserfc.jwk import KeySet

from tools.local.cognito import tokens
from tools.local.cognito.embedded import PROVIDER, embedded_cognito
from tools.local.cognito.identity_pools import IdentityPools, Pool
from tools.local.cognito.server import application
from tools.local.gateway import server

KEY = "cognito-identity.amazonaws.com"
GOOGLE = "accounts.google.com"
REGION = "eu-central-1"
GUEST = f"{REGION}:66666666-7777-8888-9999-000000000000"
ROLE = "arn:aws:iam::123456789012:role/local-user"


@pytest.fixture(scope="module")
def pools() -> IdentityPools:
    return IdentityPools()


@pytest.fixture(scope="module")
def url(pools: IdentityPools) -> Iterator[str]:
    with server.serving(application(pools)) as url:
        yield url


@pytest.fixture
def pool(pools: IdentityPools) -> str:
    return pools.create(REGION, Pool(PROVIDER, ROLE, frozenset({GOOGLE})))


@pytest.fixture(scope="module")
def aws(url: str) -> Any:
    """A client of any service, which checks nothing itself."""
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    options: dict[str, Any] = {"region_name": REGION, "endpoint_url": url, "config": config}
    keys = {"aws_access_key_id": "any", "aws_secret_access_key": "any"}
    return lambda service, **more: boto3.client(service, **options, **(keys | more))


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


def test_the_token_has_the_shape_of_a_published_one(backend: Any, pool: str, url: str) -> None:
    asked: dict[str, Any] = {"PrincipalTags": {"department": "legal"}, "TokenDuration": 60}
    identity, issued = _issued(backend, pool, "user-1", **asked)
    with urlopen(f"{url}/.well-known/jwks_uri") as keys:
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


def test_an_identity_stays_with_its_login(backend: Any, pool: str) -> None:
    one, other, again = [_issued(backend, pool, user)[0] for user in ("a", "b", "a")]
    assert one == again != other
    assert _issued(backend, pool, "a", IdentityId=one)[0] == one


def test_a_guest_is_linked_and_so_are_further_logins(backend: Any, pool: str) -> None:
    assert _issued(backend, pool, "a", IdentityId=GUEST)[0] == GUEST
    both = {PROVIDER: "a", GOOGLE: "g"}
    assert _issued(backend, pool, "a", Logins=both)[0] == GUEST
    # Now the one login vouches for a further one of the other provider.
    beside = {PROVIDER: "b", GOOGLE: "g"}
    assert _issued(backend, pool, "b", Logins=beside, IdentityId=GUEST)[0] == GUEST
    assert _issued(backend, pool, "b")[0] == GUEST


def test_a_new_login_needs_one_that_the_identity_has(backend: Any, pool: str) -> None:
    identity, _ = _issued(backend, pool, "a")
    code, message = _refused(backend, pool, "new", IdentityId=identity)
    assert (code, message.partition(".")[0]) == ("NotAuthorizedException", "Logins don't match")
    assert _issued(backend, pool, "new")[0] != identity


def test_a_login_of_another_identity_is_refused(backend: Any, pool: str) -> None:
    identities = [_issued(backend, pool, user)[0] for user in ("a", "b")]
    code, _ = _refused(backend, pool, "a", IdentityId=identities[1])
    assert code == "DeveloperUserAlreadyRegisteredException"
    _issued(backend, pool, "a", Logins={PROVIDER: "a", GOOGLE: "g"})
    code, _ = _refused(backend, pool, Logins={PROVIDER: "b", GOOGLE: "g"}, IdentityId=identities[1])
    assert code == "ResourceConflictException"


@pytest.mark.parametrize("logins", [{"login.other.com": "a"}, {}, {GOOGLE: "g"}])
def test_only_the_pools_own_developer_provider_gets_a_token(
    backend: Any, pool: str, logins: dict[str, str]
) -> None:
    assert _refused(backend, pool, Logins=logins)[0] == "InvalidParameterException"


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("Logins", None),
        ("Logins", {PROVIDER: "s" * 50_001}),
        ("Logins", {PROVIDER: ""}),
        ("Logins", {f"{PROVIDER}{number}": "secret" for number in range(11)}),
        ("IdentityId", "secret"),
        ("TokenDuration", 86_401),
        ("PrincipalTags", {"secret": "\N{GRINNING FACE}" * 129}),
        ("PrincipalTags", {"s" * 129: "secret"}),
    ],
)
def test_a_broken_constraint_is_a_validation_exception(
    backend: Any, pool: str, argument: str, value: Any
) -> None:
    code, message = _refused(backend, pool, **{argument: value})
    assert code == "ValidationException"
    assert "1 validation error detected: Value at '" in message
    assert argument.lower() in message.lower()
    assert "secret" not in message


def test_another_type_is_refused(backend: Any, pool: str) -> None:
    assert _refused(backend, pool, TokenDuration="900")[0] == "SerializationException"


def test_a_pool_that_it_has_not_is_not_found(backend: Any) -> None:
    assert _refused(backend, "eu-central-1:0")[0] == "ResourceNotFoundException"


@pytest.mark.parametrize("case", ["none", "another key", "not a token", "changed", "another's"])
def test_another_login_is_refused(backend: Any, pool: str, case: str) -> None:
    identity, token = _issued(backend, pool, "user-1")
    logins: dict[str, dict[str, str]] = {
        "none": {},
        "another key": {PROVIDER: token},
        "not a token": {KEY: "x"},
        "changed": {KEY: f"{token[:-8]}AAAAAAAA"},
        "another's": {KEY: _issued(backend, pool, "user-2")[1]},
    }
    with pytest.raises(ClientError, match="NotAuthorizedException"):
        backend.get_credentials_for_identity(IdentityId=identity, Logins=logins[case])


def test_an_expired_token_is_exchanged_nowhere(backend: Any, aws: Any, pool: str) -> None:
    token = tokens.issued(f"arn:aws:x:identitypool/{pool}", GUEST, {}, None, -1)
    with pytest.raises(ClientError, match="Invalid login token"):
        backend.get_credentials_for_identity(IdentityId=GUEST, Logins={KEY: token})
    asked = {"RoleArn": ROLE, "RoleSessionName": "name", "WebIdentityToken": token}
    with pytest.raises(ClientError, match="ExpiredTokenException"):
        aws("sts").assume_role_with_web_identity(**asked)


def test_a_pool_has_the_role_that_it_is_given(backend: Any, pools: IdentityPools) -> None:
    pool = pools.create(REGION, Pool(PROVIDER))
    identity, token = _issued(backend, pool, "user-1")
    exchange = {"IdentityId": identity, "Logins": {KEY: token}}
    with pytest.raises(ClientError, match="InvalidIdentityPoolConfigurationException"):
        backend.get_credentials_for_identity(**exchange)
    backend.set_identity_pool_roles(IdentityPoolId=pool, Roles={"authenticated": ROLE})
    assert backend.get_credentials_for_identity(**exchange)["IdentityId"] == identity


def test_sts_takes_its_tokens_and_knows_its_credentials(backend: Any, aws: Any, pool: str) -> None:
    _, token = _issued(backend, pool, "user-1")
    asked = {"RoleArn": ROLE, "RoleSessionName": "name", "WebIdentityToken": token}
    given = aws("sts").assume_role_with_web_identity(**asked)["Credentials"]
    keys = {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
    arn = "arn:aws:sts::123456789012:assumed-role/local-user/name"
    assert aws("sts", **keys).get_caller_identity()["Arn"] == arn
    with pytest.raises(ClientError, match="InvalidClientTokenId"):
        aws("sts").get_caller_identity()
    for change in ({"WebIdentityToken": "x"}, {"RoleSessionName": "eu-central-1:name"}):
        with pytest.raises(ClientError, match=r"InvalidIdentityToken|ValidationError"):
            aws("sts").assume_role_with_web_identity(**asked | change)


def test_who_is_deleted_gets_a_new_identity(backend: Any, pool: str) -> None:
    first, kept = (_issued(backend, pool, user)[0] for user in ("user-8", "user-9"))
    backend.delete_identities(IdentityIdsToDelete=[first])
    assert _issued(backend, pool, "user-8")[0] != first
    assert _issued(backend, pool, "user-9")[0] == kept


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("cognito-identity", "create_identity_pool"),
        ("sts", "get_session_token"),
        ("sns", "list_topics"),
        ("s3", "list_buckets"),
    ],
)
def test_nothing_else_of_aws_is_served(aws: Any, service: str, call: str) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(aws(service), call)()
    assert 400 <= refused.value.response["ResponseMetadata"]["HTTPStatusCode"] < 500


def test_there_is_no_other_path(url: str) -> None:
    for path in ("/moto-api/reset", "/.well-known/jwks_uri/x", "/other"):
        for method in ("GET", "POST", "OPTIONS"):
            assert urllib3.request(method, f"{url}{path}").status == 404


def test_it_runs_as_a_process_of_its_own_and_for_no_web_page() -> None:
    with embedded_cognito("login.other.com") as cognito:
        backend = boto3.client("cognito-identity", REGION, endpoint_url=cognito.endpoint_url)
        issued = _issued(backend, cognito.identity_pool_id, "a", Logins={"login.other.com": "a"})
        keys = f"{cognito.endpoint_url}/.well-known/jwks_uri"
        answer = urllib3.request("GET", keys, headers={"Origin": "https://example.com"})
    assert all(issued)
    assert answer.status == 403
    assert "Access-Control" not in str(answer.headers)
