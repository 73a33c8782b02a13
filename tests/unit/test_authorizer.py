"""Who the caller is, by what API Gateway writes into the request context."""

from typing import Any

import pytest

from openid_token.authorizer import Backend, User, caller_of
from openid_token.request import read
from tests.builders import ARN, Json, iam, jwt, sample

CLAIMS = {"sub": "user-4711"}
LONG = "arn:" + "a" * 2044
OF_POOL = (
    *("cognitoIdentityId", "cognitoIdentityPoolId"),
    *("cognitoAuthenticationType", "cognitoAuthenticationProvider"),
)


def caller(version: str, context: Json) -> Backend | User | None:
    two = {"version": "2.0", "rawPath": "/", "requestContext": {"http": {"method": "POST"}}}
    one: Json = {"httpMethod": "POST", "path": "/", "requestContext": {}}
    event: Json = {"2.0": two, "1.0": one}[version]
    return caller_of(read(event | {"requestContext": event["requestContext"] | context}))


@pytest.mark.parametrize(
    ("version", "context", "expected"),
    [
        pytest.param("2.0", {"authorizer": iam()}, Backend(ARN), id="2.0, IAM"),
        pytest.param("2.0", {"authorizer": iam(userArn=LONG)}, Backend(LONG), id="longest ARN"),
        pytest.param("2.0", {"authorizer": {"jwt": {"claims": CLAIMS}}}, User(CLAIMS), id="JWT"),
        pytest.param("2.0", {"authorizer": {"lambda": CLAIMS}}, User(CLAIMS), id="2.0, Lambda"),
        pytest.param("1.0", {"identity": {"userArn": ARN}}, Backend(ARN), id="1.0, IAM"),
        pytest.param(
            "1.0", {"identity": {"userArn": ARN}, "authorizer": {}}, Backend(ARN), id="1.0, empty"
        ),
        pytest.param("1.0", {"authorizer": {"claims": CLAIMS}}, User(CLAIMS), id="user pool"),
        pytest.param(
            "1.0",
            {"authorizer": {"principalId": "x", **CLAIMS}},
            User({"principalId": "x", **CLAIMS}),
            id="1.0, Lambda",
        ),
    ],
)
def test_knows_the_caller(version: str, context: Json, expected: Backend | User) -> None:
    assert caller(version, context) == expected


@pytest.mark.parametrize("version", ["2.0", "1.0"])
@pytest.mark.parametrize(
    ("context", "sub"),
    [
        pytest.param({"authorizer": iam() | jwt(sub="a")}, "a", id="JWT and IAM"),
        pytest.param(
            {"authorizer": jwt(sub="a"), "identity": {"userArn": ARN}}, "a", id="JWT and an ARN"
        ),
        pytest.param({"authorizer": iam() | {"lambda": {"sub": "a"}}}, "a", id="Lambda and IAM"),
        pytest.param(
            {"authorizer": {"claims": {"sub": "a"}}, "identity": {"userArn": ARN}},
            "a",
            id="user pool and an ARN",
        ),
        pytest.param({"authorizer": iam() | {"claims": {"sub": "a"}}}, "a", id="user pool and IAM"),
        pytest.param(
            {"authorizer": {"sub": "a", "iam": "text"}, "identity": {"userArn": ARN}},
            "a",
            id="Lambda that says iam",
        ),
        pytest.param({"authorizer": {"jwt": None}}, None, id="JWT without claims"),
        pytest.param({"authorizer": {"jwt": {"claims": None}}}, None, id="JWT, null claims"),
        pytest.param({"authorizer": iam() | {"lambda": None}}, None, id="Lambda without context"),
    ],
)
def test_whoever_has_a_users_authorizer_is_a_user(
    version: str, context: Json, sub: str | None
) -> None:
    found = caller(version, context)

    assert isinstance(found, User)
    assert found.claims.get("sub") == sub


@pytest.mark.parametrize(
    ("version", "context"),
    [
        ("2.0", {"authorizer": iam(cognitoIdentity={"identityId": "eu-central-1:0"})}),
        ("2.0", {"authorizer": iam(cognitoIdentity={"amr": ["x"]})}),
        *(("1.0", {"identity": {name: "x", "userArn": ARN}}) for name in OF_POOL),
        *(("2.0", {"identity": {name: "x"}, "authorizer": iam()}) for name in OF_POOL),
    ],
)
def test_credentials_of_an_identity_pool_are_a_users(version: str, context: Json) -> None:
    assert caller(version, context) == User({})


@pytest.mark.parametrize(
    ("version", "context"),
    [
        pytest.param("2.0", {}, id="nothing"),
        pytest.param("1.0", {"authorizer": None, "identity": None}, id="null"),
        pytest.param("1.0", {"identity": {"userArn": None}}, id="no ARN"),
        pytest.param("2.0", {"authorizer": {"iam": "x"}}, id="IAM is text"),
        pytest.param("2.0", {"authorizer": iam(userArn=1)}, id="an ARN that is no text"),
        pytest.param("2.0", {"authorizer": iam(userArn="")}, id="an empty ARN"),
        pytest.param("2.0", {"authorizer": iam(userArn=LONG + "a")}, id="an ARN too long"),
        pytest.param("2.0", {"authorizer": {"iam": {"accountId": "1"}}}, id="IAM without an ARN"),
        pytest.param("1.0", {"elb": {"targetGroupArn": ARN}}, id="a load balancer"),
    ],
)
def test_nobody_is_verified(version: str, context: Json) -> None:
    assert caller(version, context) is None


@pytest.mark.parametrize(
    ("name", "kind"), [("http-api", Backend), ("rest-api", Backend), ("user-http-api", User)]
)
def test_the_samples(name: str, kind: type[Any]) -> None:
    assert isinstance(caller_of(read(sample(name))), kind)


def test_a_lambda_authorizer_that_says_iam_proves_no_backend() -> None:
    assert isinstance(caller("1.0", {"authorizer": iam()}), User)


def test_claims_are_not_shown() -> None:
    assert "4711" not in repr(User(CLAIMS))
