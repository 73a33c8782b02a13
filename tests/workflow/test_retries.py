"""`issue_token.asl.yaml`: which errors it tries again after, how often and how late.

An attempt is one invocation of the function, which itself asks Cognito up to three times.
"""

import pytest

from openid_token.client import ATTEMPTS
from tests.kit.acts import garbage, in_turn, throttles
from tests.kit.builders import arguments
from tests.kit.cognito import Cognito
from tests.kit.lambda_api import LambdaApi
from tests.workflow.execution import ISSUE_TOKEN, as_deployed, run

WORKFLOW = as_deployed(ISSUE_TOKEN)


def test_it_succeeds_once_cognito_does(
    lambda_api: LambdaApi, cognito: Cognito, waits: list[float]
) -> None:
    cognito.act = in_turn(*[throttles] * ATTEMPTS, garbage)

    outcome = run(WORKFLOW, arguments())

    assert outcome.status == "SUCCEEDED", outcome.error
    assert len(lambda_api.events) == 3
    _assert_within(waits, [2, 4])


def test_it_gives_up_after_three_retries(
    lambda_api: LambdaApi, cognito: Cognito, waits: list[float]
) -> None:
    cognito.act = in_turn(*[garbage] * 4)

    outcome = run(WORKFLOW, arguments())

    assert (outcome.status, outcome.error) == ("FAILED", "ServiceUnavailable")
    assert len(lambda_api.events) == 4
    _assert_within(waits, [2, 4, 8])


@pytest.mark.parametrize(
    "names",
    [
        ("ServiceException", "AWSLambdaException", "SdkClientException"),
        ("ClientExecutionTimeoutException", "TooManyRequestsException"),
    ],
)
def test_it_tries_again_after_lambdas_own_transient_errors(
    lambda_api: LambdaApi, waits: list[float], names: tuple[str, ...]
) -> None:
    lambda_api.refusals.extend((500, name) for name in names)

    assert run(WORKFLOW, arguments()).status == "SUCCEEDED"
    assert len(lambda_api.events) == 1
    _assert_within(waits, [1.0, 2.0, 4.0][: len(names)])


def test_a_lambda_that_goes_on_refusing_is_named(lambda_api: LambdaApi) -> None:
    lambda_api.refusals.extend([(429, "TooManyRequestsException")] * 4)

    outcome = run(WORKFLOW, arguments())

    assert (outcome.status, outcome.error) == ("FAILED", "Lambda.TooManyRequestsException")
    assert lambda_api.events == []


def _assert_within(waits: list[float], most: list[float]) -> None:
    """With full jitter a wait is anything up to the interval, and practically never all of it."""
    assert all(0 <= wait < limit for wait, limit in zip(waits, most, strict=True))
