"""`issue_tokens_in_bulk.asl.yaml`: identities for a list of users, and no token."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.builders import OTHER_POOL, POOL, PROVIDER
from tests.workflow.execution import ISSUE_TOKENS_IN_BULK, Outcome, as_deployed, run
from tests.workflow.lambda_api import LambdaApi
from tests.workflow.scripted_cognito import (
    TOKEN_MARK,
    ScriptedCognito,
    crash,
    error,
    front_door,
    identity_of,
)
from tests.workflow.test_failures import BY_COGNITO

WORKFLOW = as_deployed(ISSUE_TOKENS_IN_BULK)
USERS = [{PROVIDER: f"user-{number}"} for number in range(25)]


def provision(users: list[dict[str, Any]], pool: str = POOL) -> Outcome:
    """Run the bulk workflow for `users`."""
    return run(WORKFLOW, {"identity_pool_id": pool, "users": users}, "STANDARD")


def provisioned(user: dict[str, str]) -> dict[str, Any]:
    """The outcome of a user who got an identity."""
    return {"user": user, "identity_id": identity_of(user)}


def test_one_user_who_fails_is_an_outcome_and_the_others_get_identities(
    lambda_api: LambdaApi, cognito: ScriptedCognito
) -> None:
    cognito.for_user["user-7"] = error("ResourceConflictException")

    outcome = provision(USERS)

    expected = [provisioned(user) for user in USERS]
    expected[7] = {"user": USERS[7], "error": "ResourceConflictException"}
    assert outcome.status == "SUCCEEDED", outcome.error
    assert outcome.output == expected
    assert len(lambda_api.events) == len(USERS)


def test_neither_the_output_nor_the_run_s_history_has_a_token(lambda_api: LambdaApi) -> None:
    outcome = provision(USERS[:3])

    assert outcome.output == [provisioned(user) for user in USERS[:3]]
    assert TOKEN_MARK not in json.dumps(outcome.output)
    assert TOKEN_MARK not in outcome.history


def test_each_user_is_asked_for_with_the_shortest_token(
    lambda_api: LambdaApi, cognito: ScriptedCognito
) -> None:
    outcome = provision(USERS[:1])

    assert lambda_api.events == [
        {
            "identity_pool_id": POOL,
            "logins": USERS[0],
            "token_duration": 1,
            "execution_id": outcome.arn,
        }
    ]
    assert cognito.requests[0]["TokenDuration"] == 1


def test_a_throttled_user_is_tried_again_and_the_others_are_not(
    lambda_api: LambdaApi, cognito: ScriptedCognito, waits: list[float]
) -> None:
    cognito.for_user["user-1"] = front_door(429)

    outcome = provision(USERS[:3])

    assert outcome.output[1] == {"user": USERS[1], "error": "TooManyRequestsException"}
    assert Counter(event["logins"][PROVIDER] for event in lambda_api.events) == {
        "user-0": 1,
        "user-1": 7,
        "user-2": 1,
    }
    assert all(wait < most for wait, most in zip(waits, [2, 4, 8, 16, 30, 30], strict=True))


@pytest.mark.parametrize("name", BY_COGNITO)
def test_each_of_cognitos_errors_is_that_users_outcome(
    lambda_api: LambdaApi, cognito: ScriptedCognito, name: str
) -> None:
    cognito.for_user["user-0"] = BY_COGNITO[name]

    outcome = provision(USERS[:2])

    assert outcome.output == [{"user": USERS[0], "error": name}, provisioned(USERS[1])]


def test_a_users_wrong_logins_are_that_users_outcome(lambda_api: LambdaApi) -> None:
    wrong: list[Any] = [{PROVIDER: ""}, "user-0", None, {PROVIDER: 'a "quoted" {user}'}]

    outcome = provision([USERS[0], *wrong])

    assert [(entry["user"], entry.get("error")) for entry in outcome.output] == [
        (USERS[0], None),
        ({PROVIDER: ""}, "InvalidParameterException"),
        ("user-0", "InvalidParameterException"),
        # No logins is Cognito's to judge, and the scripted one gives an identity to everybody.
        ({}, None),
        ({PROVIDER: 'a "quoted" {user}'}, None),
    ]


def test_another_pool_is_refused_for_every_user(lambda_api: LambdaApi) -> None:
    outcome = provision(USERS[:3], pool=OTHER_POOL)

    assert [entry["error"] for entry in outcome.output] == ["AccessDeniedException"] * 3


def test_a_crash_fails_the_users_child(lambda_api: LambdaApi, cognito: ScriptedCognito) -> None:
    cognito.for_user["user-1"] = crash(lambda_api.function)

    outcome = provision(USERS[:3])

    # That a run fails with its first failed child is AWS's rule, and the interpreter has it not.
    assert outcome.children == {"failed": 1, "succeeded": 2}


def test_no_users_no_outcomes(lambda_api: LambdaApi) -> None:
    outcome = provision([])

    assert (outcome.status, outcome.output, lambda_api.events) == ("SUCCEEDED", [], [])
