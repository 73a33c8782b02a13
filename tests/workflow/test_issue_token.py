"""`issue_token.asl.yaml`: what goes in and what comes out."""

from typing import Any

import pytest

from tests.builders import POOL, arguments, sample
from tests.cognito import identity_of, token_of
from tests.workflow.execution import ISSUE_TOKEN, as_deployed, run
from tests.workflow.lambda_api import LambdaApi

WORKFLOW = as_deployed(ISSUE_TOKEN)


def test_it_answers_with_the_documented_result(lambda_api: LambdaApi) -> None:
    given = arguments(principal_tags={"department": "legal"})

    outcome = run(WORKFLOW, given)

    assert outcome.status == "SUCCEEDED", outcome.error
    assert outcome.output.pop("expires_at").endswith("Z")
    assert outcome.output == {
        **given,
        "identity_id": identity_of(given["logins"]),
        "token_duration": 900,
        "token": token_of(given["logins"]),
    }


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(sample("direct"), id="all"),
        pytest.param(sample("step-functions"), id="another execution's"),
        pytest.param({"no such argument": [1, {"a": None}]}, id="wrong ones"),
    ],
)
def test_the_function_gets_the_input_as_it_is_and_the_executions_arn(
    lambda_api: LambdaApi, given: dict[str, Any]
) -> None:
    outcome = run(WORKFLOW, given)

    assert lambda_api.events == [{**given, "execution_id": outcome.arn}]
    # The audit record has it.
    assert outcome.arn in lambda_api.function.logs()


def test_an_input_that_is_no_object_does_not_reach_the_function(lambda_api: LambdaApi) -> None:
    outcome = run(WORKFLOW, [POOL])

    assert (outcome.status, lambda_api.events) == ("FAILED", [])


def test_with_identity_only_no_token_comes_back(lambda_api: LambdaApi) -> None:
    given = arguments(identity_only=True)

    outcome = run(WORKFLOW, given)

    identity = identity_of(given["logins"])
    assert outcome.output == {"identity_pool_id": POOL, "identity_id": identity}
    assert token_of(given["logins"]) not in outcome.history
