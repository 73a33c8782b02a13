"""Who gets what through the API Gateway doors: backends, users, and nobody."""

from collections.abc import Callable

import pytest

from tests import builders
from tests.builders import OTHER_POOL, POOL, Json, http_event, iam, jwt, rest_event, settings
from tests.doors import CREDENTIALS_DOORS, USER_DOORS, handler, invoke, problem
from tests.fakes import FakeCognito

both_users = pytest.mark.parametrize("event", USER_DOORS.values(), ids=USER_DOORS)
type Make = Callable[..., Json]


@pytest.mark.parametrize(
    "event",
    [
        http_event(authorizer=None),
        http_event(authorizer=iam() | jwt()),
        # The stage completes the path.
        http_event(route="$default", stage="me", path="/me/token", authorizer=jwt()),
        rest_event(user_arn=None),
        rest_event(authorizer={"claims": {"sub": "user-4711"}}),
    ],
    ids=["nobody", "a user with an ARN", "a user at a stage", "1.0, nobody", "1.0, a user"],
)
def test_the_backends_door_is_for_backends(event: Json) -> None:
    cognito = FakeCognito()
    outcome = invoke(handler(cognito), event)

    assert problem(outcome) == (403, "AccessDeniedException")
    assert outcome.detail.startswith("this route is for backends")
    assert not cognito.requests


@pytest.mark.parametrize("event", [*USER_DOORS.values(), *CREDENTIALS_DOORS.values()])
@pytest.mark.parametrize("authorizer", [None, iam()], ids=["nobody", "a backend"])
def test_the_users_doors_are_for_users(event: Make, authorizer: object) -> None:
    cognito = FakeCognito()
    outcome = invoke(handler(cognito), event(authorizer=authorizer))

    assert problem(outcome) == (403, "AccessDeniedException")
    assert not cognito.requests


@both_users
def test_a_user_gets_a_token_for_the_verified_login_and_tags(event: Make) -> None:
    cognito = FakeCognito()
    limits = settings(
        principal_tag_claims="department=custom:department,x=y", user_max_token_duration="60"
    )
    outcome = invoke(handler(cognito, limits), event(claims={"custom:department": "legal"}))

    assert outcome.status == 200
    assert cognito.requests == [
        {
            "IdentityPoolId": POOL,
            "Logins": {builders.PROVIDER: builders.LOGIN},
            "PrincipalTags": {"department": "legal"},
            "TokenDuration": 60,
        }
    ]


@both_users
@pytest.mark.parametrize(
    ("named", "value"),
    [
        ("logins", {builders.PROVIDER: "another"}),
        ("principal_tags", {"a": "b"}),
        ("identity_id", POOL),
        ("identity_pool_id", OTHER_POOL),
        ("token_duration", 901),
    ],
)
def test_a_user_gets_nothing_else(event: Make, named: str, value: object) -> None:
    cognito = FakeCognito()
    outcome = invoke(handler(cognito), event({"identity_pool_id": POOL} | {named: value}))

    assert problem(outcome) == (403, "AccessDeniedException")
    assert outcome.detail.startswith(f"{named}: ")
    assert not cognito.requests


@both_users
@pytest.mark.parametrize("value", ["x" * 257, "\ud800"], ids=["too long", "half a character"])
def test_a_claim_that_can_be_no_tag_is_an_error(event: Make, value: str) -> None:
    limits = settings(principal_tag_claims="department=department")
    outcome = invoke(handler(settings=limits), event(claims={"department": value}))

    assert problem(outcome) == (400, "InvalidParameterException")
    assert outcome.invalid == ("principal_tags",)
