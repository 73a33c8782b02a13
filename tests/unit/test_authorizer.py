"""Who the caller is, by what API Gateway writes into the request context."""

from typing import Any

import pytest

from openid_token.authorizer import Backend, Caller, User, caller_of
from tests.builders import ARN, iam, jwt, sample

CLAIMS = {"sub": "user-4711"}
IDENTITY = {"cognitoIdentityId": "eu-central-1:0", "userArn": ARN}


@pytest.mark.parametrize(
    ("context", "caller"),
    [
        pytest.param({"authorizer": iam()}, Backend(ARN), id="2.0, IAM"),
        pytest.param(
            {"authorizer": {"jwt": {"claims": CLAIMS, "scopes": None}}}, User(CLAIMS), id="2.0, JWT"
        ),
        pytest.param({"authorizer": {"lambda": CLAIMS}}, User(CLAIMS), id="2.0, Lambda"),
        pytest.param({"identity": {"userArn": ARN}}, Backend(ARN), id="1.0, IAM"),
        pytest.param(
            {"identity": {"userArn": ARN}, "authorizer": {}}, Backend(ARN), id="1.0, IAM, empty"
        ),
        pytest.param({"authorizer": {"claims": CLAIMS}}, User(CLAIMS), id="1.0, user pool"),
        pytest.param(
            {"authorizer": {"principalId": "x", **CLAIMS}},
            User({"principalId": "x", **CLAIMS}),
            id="1.0, Lambda",
        ),
    ],
)
def test_knows_the_caller(context: dict[str, Any], caller: Caller) -> None:
    assert caller_of(context) == caller


@pytest.mark.parametrize(
    ("context", "claims"),
    [
        pytest.param({"authorizer": iam() | jwt(sub="a")}, "a", id="2.0, JWT and IAM"),
        pytest.param(
            {"authorizer": jwt(sub="a"), "identity": {"userArn": ARN}}, "a", id="JWT and an ARN"
        ),
        pytest.param({"authorizer": iam() | {"lambda": {"sub": "a"}}}, "a", id="Lambda and IAM"),
        pytest.param(
            {"authorizer": {"claims": {"sub": "a"}}, "identity": {"userArn": ARN}},
            "a",
            id="1.0, user pool and an ARN",
        ),
        pytest.param({"authorizer": iam() | {"claims": {"sub": "a"}}}, "a", id="user pool and IAM"),
        pytest.param(
            {"authorizer": {"sub": "a", "iam": "text"}, "identity": {"userArn": ARN}},
            "a",
            id="1.0, Lambda that says iam",
        ),
        pytest.param({"authorizer": {"jwt": None}}, None, id="JWT without claims"),
        pytest.param({"authorizer": {"jwt": {"claims": None}}}, None, id="JWT, null claims"),
        pytest.param({"authorizer": iam() | {"lambda": None}}, None, id="Lambda without context"),
        pytest.param({"identity": IDENTITY}, None, id="1.0, credentials of an identity pool"),
        pytest.param(
            {"authorizer": iam(cognitoIdentity={"identityId": "eu-central-1:0"})},
            None,
            id="2.0, credentials of an identity pool",
        ),
    ],
)
def test_whoever_has_a_users_authorizer_is_a_user(
    context: dict[str, Any], claims: str | None
) -> None:
    caller = caller_of(context)

    assert isinstance(caller, User)
    assert caller.claims.get("sub") == claims


@pytest.mark.parametrize(
    "context",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"authorizer": None, "identity": None}, id="null"),
        pytest.param({"authorizer": {}, "identity": {"userArn": None}}, id="no ARN"),
        pytest.param({"authorizer": "x", "identity": []}, id="other types"),
        pytest.param({"authorizer": {"iam": {"userArn": 1}}}, id="an ARN that is no text"),
        pytest.param({"authorizer": {"iam": {"accountId": "1"}}}, id="IAM without an ARN"),
        pytest.param({"elb": {"targetGroupArn": ARN}}, id="a load balancer"),
    ],
)
def test_nobody_is_verified(context: dict[str, Any]) -> None:
    assert caller_of(context) is None


@pytest.mark.parametrize(
    ("name", "kind"), [("http-api", Backend), ("rest-api", Backend), ("user-http-api", User)]
)
def test_the_samples(name: str, kind: type) -> None:
    assert isinstance(caller_of(sample(name)["requestContext"]), kind)


def test_claims_are_not_shown() -> None:
    assert "4711" not in repr(User(CLAIMS))
