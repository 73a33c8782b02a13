"""Who the caller is, by what API Gateway writes into the request context."""

from typing import Any

import pytest

from openid_token.request import Backend, User, caller_of, read
from tests.builders import ARN, Json, iam, jwt

CLAIMS = {"sub": "user-4711"}
OF_POOL: tuple[str, ...] = ("cognitoIdentityId", "cognitoIdentityPoolId")
OF_POOL += ("cognitoAuthenticationType", "cognitoAuthenticationProvider")
LONG = "arn:" + "a" * 2044
CALLER = {"userArn": ARN}


def caller(version: str, context: Json) -> Backend | User | None:
    two = {"version": "2.0", "rawPath": "/", "requestContext": {"http": {"method": "POST"}}}
    one: Json = {"httpMethod": "POST", "path": "/", "requestContext": {}}
    event: Json = {"2.0": two, "1.0": one}[version]
    return caller_of(read(event | {"requestContext": event["requestContext"] | context}))


@pytest.mark.parametrize(
    ("version", "context", "expected"),
    [
        ("2.0", {"authorizer": iam()}, Backend(ARN)),
        ("2.0", {"authorizer": iam(userArn=LONG)}, Backend(LONG)),
        ("2.0", {"authorizer": {"jwt": {"claims": CLAIMS}}}, User(CLAIMS)),
        ("2.0", {"authorizer": {"lambda": CLAIMS}}, User({}, CLAIMS)),
        ("1.0", {"identity": CALLER}, Backend(ARN)),
        ("1.0", {"identity": CALLER, "authorizer": {}}, Backend(ARN)),
        ("1.0", {"authorizer": {"claims": CLAIMS}}, User(CLAIMS, {"claims": CLAIMS})),
        (
            "1.0",
            {"authorizer": {"principalId": "x"} | CLAIMS},
            User({}, {"principalId": "x"} | CLAIMS),
        ),
        # The keys are those of the deployer's own Lambda authorizer: they prove neither a backend
        # nor a JWT.
        ("1.0", {"authorizer": {"iam": CALLER}}, User({}, {"iam": CALLER})),
        ("1.0", {"authorizer": {"claims": CLAIMS, "a": 1}}, User({}, {"claims": CLAIMS, "a": 1})),
    ],
)
def test_knows_the_caller(version: str, context: Json, expected: Backend | User) -> None:
    assert caller(version, context) == expected


@pytest.mark.parametrize("version", ["2.0", "1.0"])
@pytest.mark.parametrize(
    "authorizer",
    [
        *(iam() | jwt(sub="a"), iam() | {"lambda": None}, iam() | {"claims": {"sub": "a"}}),
        *({"jwt": {"claims": None}}, {"sub": "a", "iam": "text"}),
    ],
)
def test_whoever_has_a_users_authorizer_is_a_user(version: str, authorizer: Json) -> None:
    found = caller(version, {"authorizer": authorizer, "identity": CALLER})

    assert isinstance(found, User)
    assert "iss" not in repr(found)


@pytest.mark.parametrize(
    ("version", "context"),
    [
        ("2.0", {"authorizer": iam(cognitoIdentity={"identityId": "eu-central-1:0"})}),
        ("2.0", {"authorizer": iam(cognitoIdentity={"amr": ["x"]})}),
        *(("1.0", {"identity": {name: "x"} | CALLER}) for name in OF_POOL),
        *(("2.0", {"identity": {name: "x"}, "authorizer": iam()}) for name in OF_POOL),
    ],
)
def test_credentials_of_an_identity_pool_are_a_users(version: str, context: Json) -> None:
    assert caller(version, context) == User()


NOBODYS_IAM: tuple[Any, ...] = (iam(userArn=LONG + "a"), iam(userArn=""), iam(userArn=1))
NOBODYS_IAM += ({"iam": "x"}, {"iam": {"accountId": "1"}}, None, {})


@pytest.mark.parametrize(
    ("version", "context"),
    [
        *(("2.0", {"authorizer": authorizer}) for authorizer in NOBODYS_IAM),
        *(("1.0", {"identity": identity}) for identity in (None, {}, {"userArn": None})),
        ("1.0", {"elb": {"targetGroupArn": ARN}}),
    ],
)
def test_nobody_is_verified(version: str, context: Json) -> None:
    assert caller(version, context) is None
