"""`issue_tokens_in_bulk.asl.yaml`: identities for a list of users, and no token."""

import json
from collections import Counter
from typing import Any

from tests.kit.acts import Act, Call, Reply, garbage, identity_of, issues, refuses, token_of
from tests.kit.builders import POOL, PROVIDER
from tests.kit.cognito import Cognito
from tests.kit.lambda_api import LambdaApi
from tests.workflow.execution import (
    ISSUE_TOKENS_IN_BULK,
    Outcome,
    as_deployed,
    children,
    crash,
    run,
)

WORKFLOW = as_deployed(ISSUE_TOKENS_IN_BULK)
USERS: list[Any] = [{PROVIDER: f"user-{number}"} for number in range(4)]


def provision(users: list[Any]) -> Outcome:
    """Run the bulk workflow for `users`."""
    return run(WORKFLOW, {"identity_pool_id": POOL, "users": users}, "STANDARD")


def by_user(acts: dict[str, Act]) -> Act:
    """What Cognito does for some users."""

    def act(call: Call) -> Reply:
        own = [acts[user] for user in call.given["Logins"].values() if user in acts]
        return (own or [issues])[0](call)

    return act


def test_who_fails_is_an_outcome_the_others_get_identities_and_nobody_a_token(
    lambda_api: LambdaApi, cognito: Cognito, waits: list[float]
) -> None:
    conflict = refuses("ResourceConflictException")
    cognito.act = by_user({"user-1": conflict, "user-2": garbage})

    outcome = provision(USERS)

    assert outcome.status == "SUCCEEDED", outcome.error
    expected = [{"user": user, "identity_id": identity_of(user)} for user in USERS]
    expected[1] = {"user": USERS[1], "error": "ResourceConflictException"}
    expected[2] = {"user": USERS[2], "error": "ServiceUnavailable"}
    assert outcome.output == expected
    # Only what may pass by itself is tried again.
    tried = Counter(event["logins"][PROVIDER] for event in lambda_api.events)
    assert tried == {"user-0": 1, "user-1": 1, "user-2": 7, "user-3": 1}
    assert all(wait < most for wait, most in zip(waits, [2, 4, 8, 16, 30, 30], strict=True))
    asked = {"identity_pool_id": POOL, "identity_only": True, "execution_id": outcome.arn}
    assert all(event == {**asked, "logins": event["logins"]} for event in lambda_api.events)
    shown = outcome.history + json.dumps([lambda_api.answers, outcome.output])
    assert not [user for user in USERS if token_of(user) in shown]


def test_a_users_wrong_logins_are_that_users_outcome(lambda_api: LambdaApi) -> None:
    users = [{PROVIDER: ""}, "user-0", None, {PROVIDER: 'a "quoted" {user}'}]

    outcome = provision(users)

    assert [(entry["user"], entry.get("error")) for entry in outcome.output] == [
        ({PROVIDER: ""}, "InvalidParameterException"),
        ("user-0", "InvalidParameterException"),
        # No logins is Cognito's to judge, and the scripted one gives an identity to everybody.
        (None, None),
        ({PROVIDER: 'a "quoted" {user}'}, None),
    ]


def test_a_crash_fails_the_users_child(lambda_api: LambdaApi, cognito: Cognito) -> None:
    cognito.act = by_user({"user-1": crash(lambda_api.function)})

    outcome = provision(USERS[:3])

    # That a run fails with its first failed child is AWS's rule, and the interpreter has it not.
    assert children(outcome) == {"failed": 1, "succeeded": 2}
