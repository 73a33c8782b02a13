"""Who gets what through the API Gateway doors: backends, users, and nobody."""

from collections.abc import Callable

import pytest

from tests.builders import (
    LOGIN,
    OTHER_POOL,
    POOL,
    PROVIDER,
    Json,
    arguments,
    http_event,
    iam,
    jwt,
    rest_event,
    sample,
    settings,
)
from tests.doors import USER_DOORS, handler, invoke, problem
from tests.fakes import FakeCognito

both_users = pytest.mark.parametrize("event", USER_DOORS.values(), ids=USER_DOORS)
type Make = Callable[..., Json]


@pytest.mark.parametrize(
    "event",
    [
        http_event(authorizer=None),
        http_event(authorizer=jwt()),
        http_event(authorizer=iam() | jwt()),
        # The stage completes the path.
        http_event(route="$default", stage="me", path="/me/token", authorizer=jwt()),
        rest_event(user_arn=None),
        rest_event(user_arn=""),
        rest_event(authorizer={"claims": {"sub": LOGIN}}),
        rest_event(authorizer=iam(), user_arn=None),
    ],
)
def test_the_backends_door_is_for_backends(event: Json) -> None:
    cognito = FakeCognito()
    outcome = invoke(handler(cognito), event)

    assert problem(outcome) == (403, "AccessDeniedException")
    assert outcome.detail.startswith("this route is for backends")
    assert not cognito.requests


@both_users
@pytest.mark.parametrize("authorizer", [None, iam()], ids=["nobody", "a backend"])
def test_the_users_door_is_for_users(event: Make, authorizer: object) -> None:
    cognito = FakeCognito()
    outcome = invoke(handler(cognito), event(authorizer=authorizer))

    assert problem(outcome) == (403, "AccessDeniedException")
    assert not cognito.requests


def test_the_users_sample_gets_a_token_for_the_verified_login() -> None:
    cognito = FakeCognito()
    limits = settings(principal_tag_claims="department=custom:department,tenant=tenant_id,x=y")
    outcome = invoke(handler(cognito, limits), sample("user-http-api"))

    assert outcome.status == 200
    assert cognito.requests == [
        {
            "IdentityPoolId": POOL,
            "Logins": {PROVIDER: LOGIN},
            "PrincipalTags": {"department": "legal", "tenant": "tenant-17"},
            "TokenDuration": 300,
        }
    ]


@both_users
def test_a_user_of_either_payload_gets_a_token(event: Make) -> None:
    cognito = FakeCognito()

    assert invoke(handler(cognito, settings(user_max_token_duration="60")), event()).status == 200
    assert cognito.requests == [
        {"IdentityPoolId": POOL, "Logins": {PROVIDER: LOGIN}, "TokenDuration": 60}
    ]


@both_users
@pytest.mark.parametrize(
    ("body", "named"),
    [
        (arguments(), "logins"),
        ({"identity_pool_id": POOL, "principal_tags": {"a": "b"}}, "principal_tags"),
        ({"identity_pool_id": POOL, "identity_id": POOL}, "identity_id"),
        ({"identity_pool_id": OTHER_POOL}, "identity_pool_id"),
        ({"identity_pool_id": POOL, "token_duration": 901}, "token_duration"),
    ],
    ids=["logins", "tags", "identity", "another pool", "too long"],
)
def test_a_user_gets_nothing_else(event: Make, body: Json, named: str) -> None:
    cognito = FakeCognito()
    outcome = invoke(handler(cognito), event(body))

    assert problem(outcome) == (403, "AccessDeniedException")
    assert outcome.detail.startswith(f"{named}: ")
    assert not cognito.requests


@both_users
@pytest.mark.parametrize("value", ["x" * 257, "\ud800"], ids=["too long", "half a character"])
def test_a_claim_that_can_be_no_tag_is_an_error(event: Make, value: object) -> None:
    limits = settings(principal_tag_claims="department=department")
    outcome = invoke(handler(settings=limits), event(claims={"department": value}))

    assert problem(outcome) == (400, "InvalidParameterException")
    assert outcome.invalid == ("principal_tags",)
