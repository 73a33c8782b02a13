"""The workflows: which errors they try again after, how often and how late.

An attempt is one invocation of the function, which itself asks Cognito up to three times.
"""

import json
from pathlib import Path

import pytest

from openid_token.client import ATTEMPTS
from tests.kit.acts import Act, garbage, in_turn, throttles
from tests.kit.builders import LOGIN, POOL, PROVIDER, Json, arguments
from tests.kit.cognito import Cognito
from tests.kit.lambda_api import LambdaApi
from tests.workflow.execution import ISSUE_TOKEN, ISSUE_TOKENS_IN_BULK, as_deployed, run
from tests.workflow.test_definitions import INVOKES, TASKS

WORKFLOW = as_deployed(ISSUE_TOKEN)
TROUBLED, NOT_READY = (retrier["ErrorEquals"] for retrier in TASKS[ISSUE_TOKEN]["Retry"][:2])
LIST = {"identity_pool_id": POOL, "users": [{PROVIDER: LOGIN}]}


def refuse(lambda_api: LambdaApi, name: str, times: int = 1) -> None:
    """Lambda answers the next invocations with this error of its own."""
    lambda_api.refusals.extend([(INVOKES.get(name, 500), name.removeprefix("Lambda."))] * times)


@pytest.mark.parametrize(
    ("acts", "ended", "most"),
    [
        ([*[throttles] * ATTEMPTS, garbage], ("SUCCEEDED", None), [2, 4]),
        ([garbage] * 4, ("FAILED", "ServiceUnavailable"), [2, 4, 8]),
    ],
    ids=["until Cognito does", "three times"],
)
def test_it_tries_again(
    lambda_api: LambdaApi,
    cognito: Cognito,
    waits: list[float],
    acts: list[Act],
    ended: tuple[str, str | None],
    most: list[float],
) -> None:
    cognito.act = in_turn(*acts)

    outcome = run(WORKFLOW, arguments())

    assert (outcome.status, outcome.error) == ended
    assert len(lambda_api.events) == len(most) + 1
    # With full jitter a wait is anything up to the interval, and practically never all of it.
    assert all(0 <= wait < limit for wait, limit in zip(waits, most, strict=True))


def test_it_tries_again_after_lambdas_own_transient_errors(
    lambda_api: LambdaApi, waits: list[float]
) -> None:
    for name in TROUBLED:
        refuse(lambda_api, name)
        assert run(WORKFLOW, arguments()).status == "SUCCEEDED"
    assert len(lambda_api.events) == len(waits) == len(TROUBLED)
    assert all(0 <= wait < 1 for wait in waits)


@pytest.mark.parametrize(
    ("definition", "given", "seconds"),
    [
        (ISSUE_TOKEN, arguments(), [3, 6, 12, 24, 30]),
        (ISSUE_TOKENS_IN_BULK, LIST, [5, 10, 20, 30, 30, 30]),
    ],
    ids=["one", "bulk"],
)
def test_it_waits_for_a_lambda_that_is_not_ready(
    lambda_api: LambdaApi, waits: list[float], definition: Path, given: Json, seconds: list[float]
) -> None:
    for name in NOT_READY:
        refuse(lambda_api, name, len(seconds))
        assert run(as_deployed(definition), given).status == "SUCCEEDED"
    assert len(lambda_api.events) == len(NOT_READY)
    assert waits == seconds * len(NOT_READY)


@pytest.mark.parametrize(
    ("name", "tried"),
    # Cognito has errors that are called so too, which are caught.
    [("Lambda.TooManyRequestsException", 4), ("Lambda.ResourceConflictException", 6)],
)
def test_a_lambda_that_goes_on_refusing_is_named(
    lambda_api: LambdaApi, waits: list[float], name: str, tried: int
) -> None:
    refuse(lambda_api, name, tried)

    outcome = run(WORKFLOW, arguments())

    assert (outcome.status, outcome.error) == ("FAILED", name)
    assert (len(waits), lambda_api.events) == (tried - 1, [])
    definition = json.loads(WORKFLOW)
    last_attempt = definition["States"]["IssueToken"]["TimeoutSeconds"]
    assert sum(waits) + last_attempt < definition["TimeoutSeconds"]
