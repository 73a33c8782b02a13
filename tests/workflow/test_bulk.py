"""`issue_tokens_in_bulk.asl.yaml`: identities for a list of users, and no token."""

import json
from collections import Counter
from typing import Any

from tests.builders import POOL, PROVIDER
from tests.cognito import error, identity_of, token_of
from tests.workflow.execution import ISSUE_TOKENS_IN_BULK, Outcome, as_deployed, run
from tests.workflow.lambda_api import LambdaApi
from tests.workflow.scripted_cognito import ScriptedCognito, crash, throttles

WORKFLOW = as_deployed(ISSUE_TOKENS_IN_BULK)
USERS = [{PROVIDER: f"user-{number}"} for number in range(25)]


def provision(users: list[dict[str, Any]]) -> Outcome:
    """Run the bulk workflow for `users`."""
    return run(WORKFLOW, {"identity_pool_id": POOL, "users": users}, "STANDARD")


def test_one_user_who_fails_is_an_outcome_and_the_others_get_identities(
    lambda_api: LambdaApi, cognito: ScriptedCognito
) -> None:
    cognito.for_user["user-7"] = error("ResourceConflictException")

    outcome = provision(USERS)

    expected = [{"user": user, "identity_id": identity_of(user)} for user in USERS]
    expected[7] = {"user": USERS[7], "error": "ResourceConflictException"}
    assert outcome.status == "SUCCEEDED", outcome.error
    assert outcome.output == expected
    assert len(lambda_api.events) == len(USERS)


def test_no_token_passes_through_it(lambda_api: LambdaApi) -> None:
    outcome = provision(USERS[:1])

    assert lambda_api.events == [
        {
            "identity_pool_id": POOL,
            "logins": USERS[0],
            "identity_only": True,
            "execution_id": outcome.arn,
        }
    ]
    assert token_of(USERS[0]) not in outcome.history + json.dumps(
        [lambda_api.answers, outcome.output]
    )


def test_a_throttled_user_is_tried_again_and_the_others_are_not(
    lambda_api: LambdaApi, cognito: ScriptedCognito, waits: list[float]
) -> None:
    cognito.for_user["user-1"] = throttles

    outcome = provision(USERS[:3])

    assert outcome.output[1] == {"user": USERS[1], "error": "TooManyRequestsException"}
    assert Counter(event["logins"][PROVIDER] for event in lambda_api.events) == {
        "user-0": 1,
        "user-1": 7,
        "user-2": 1,
    }
    assert all(wait < most for wait, most in zip(waits, [2, 4, 8, 16, 30, 30], strict=True))


def test_a_users_wrong_logins_are_that_users_outcome(lambda_api: LambdaApi) -> None:
    wrong: list[Any] = [{PROVIDER: ""}, "user-0", None, {PROVIDER: 'a "quoted" {user}'}]

    outcome = provision([USERS[0], *wrong])

    assert [(entry["user"], entry.get("error")) for entry in outcome.output] == [
        (USERS[0], None),
        ({PROVIDER: ""}, "InvalidParameterException"),
        ("user-0", "InvalidParameterException"),
        # No logins is Cognito's to judge, and the scripted one gives an identity to everybody.
        (None, None),
        ({PROVIDER: 'a "quoted" {user}'}, None),
    ]


def test_a_crash_fails_the_users_child(lambda_api: LambdaApi, cognito: ScriptedCognito) -> None:
    cognito.for_user["user-1"] = crash(lambda_api.function)

    outcome = provision(USERS[:3])

    # That a run fails with its first failed child is AWS's rule, and the interpreter has it not.
    assert outcome.children == {"failed": 1, "succeeded": 2}
