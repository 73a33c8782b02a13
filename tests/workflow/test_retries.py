"""`issue_token.asl.yaml`: which errors it tries again after, how often and how late.

An attempt is one invocation of the function, which itself asks Cognito up to three times.
"""

import pytest

from openid_token.client import ATTEMPTS
from tests.builders import arguments
from tests.cognito import error
from tests.workflow.execution import ISSUE_TOKEN, as_deployed, run
from tests.workflow.lambda_api import LambdaApi
from tests.workflow.scripted_cognito import ScriptedCognito, garbage, throttles

WORKFLOW = as_deployed(ISSUE_TOKEN)

TRANSIENT_AT_COGNITO = {
    "TooManyRequestsException": throttles,
    "InternalErrorException": error("InternalErrorException"),
    "ServiceUnavailable": garbage,
}


def test_throttled_twice_it_succeeds_at_the_third_attempt(
    lambda_api: LambdaApi, cognito: ScriptedCognito, waits: list[float]
) -> None:
    cognito.script.extend([throttles] * 2 * ATTEMPTS)

    outcome = run(WORKFLOW, arguments())

    assert outcome.status == "SUCCEEDED", outcome.error
    assert (len(lambda_api.events), len(cognito.requests)) == (3, 7)
    assert _are_within(waits, [2, 4])


@pytest.mark.parametrize("name", TRANSIENT_AT_COGNITO)
def test_it_gives_up_after_three_retries(
    lambda_api: LambdaApi, cognito: ScriptedCognito, waits: list[float], name: str
) -> None:
    cognito.script.extend([TRANSIENT_AT_COGNITO[name]] * 4 * ATTEMPTS)

    outcome = run(WORKFLOW, arguments())

    assert (outcome.status, outcome.error) == ("FAILED", name)
    assert len(lambda_api.events) == 4
    assert _are_within(waits, [2, 4, 8])


@pytest.mark.parametrize(
    ("status", "name"),
    [
        *((429, "TooManyRequestsException"), (500, "ServiceException")),
        *((500, "AWSLambdaException"), (500, "SdkClientException")),
        (500, "ClientExecutionTimeoutException"),
    ],
)
def test_it_tries_again_after_lambdas_own_transient_errors(
    lambda_api: LambdaApi, waits: list[float], status: int, name: str
) -> None:
    lambda_api.refusals.extend([(status, name)] * 3)

    assert run(WORKFLOW, arguments()).status == "SUCCEEDED"
    assert len(lambda_api.events) == 1
    assert _are_within(waits, [1, 2, 4])


def test_a_lambda_that_goes_on_refusing_is_named(lambda_api: LambdaApi) -> None:
    lambda_api.refusals.extend([(429, "TooManyRequestsException")] * 4)

    outcome = run(WORKFLOW, arguments())

    assert (outcome.status, outcome.error) == ("FAILED", "Lambda.TooManyRequestsException")
    assert lambda_api.events == []


def _are_within(waits: list[float], most: list[float]) -> bool:
    """With full jitter a wait is anything up to the interval, and practically never all of it."""
    return all(0 <= wait < limit for wait, limit in zip(waits, most, strict=True))
