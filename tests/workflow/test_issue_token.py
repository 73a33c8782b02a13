"""`issue_token.asl.yaml`: what goes in, what comes out, and by which name it fails."""

import pytest

from tests.kit.acts import Act, identity_of, in_turn, issues, refuses, token_of
from tests.kit.builders import LOGIN, OTHER_POOL, POOL, Json, arguments, sample
from tests.kit.cognito import Cognito
from tests.kit.lambda_api import LambdaApi
from tests.workflow.execution import ISSUE_TOKEN, as_deployed, crash, run

WORKFLOW = as_deployed(ISSUE_TOKEN)
CORRECT = "Correct the arguments:"
CONFLICT, WRONG = "ResourceConflictException", "InvalidParameterException"


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
    # The audit record has it.
    assert outcome.arn in lambda_api.function.logs()


def test_with_identity_only_no_token_comes_back(lambda_api: LambdaApi) -> None:
    given = arguments(identity_only=True)

    outcome = run(WORKFLOW, given)

    identity = identity_of(given["logins"])
    assert outcome.output == {"identity_pool_id": POOL, "identity_id": identity}
    assert token_of(given["logins"]) not in outcome.history


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(sample("step-functions"), id="another execution's"),
        pytest.param({"no such argument": [1, {"a": None}]}, id="wrong ones"),
    ],
)
def test_the_function_gets_the_input_as_it_is_and_the_executions_arn(
    lambda_api: LambdaApi, given: Json
) -> None:
    outcome = run(WORKFLOW, given)

    assert lambda_api.events == [{**given, "execution_id": outcome.arn}]


@pytest.mark.parametrize(
    ("wrong", "answered", "name", "cause"),
    [
        # The function's own sentence.
        ({"token_duration": 0}, issues, WRONG, f"{CORRECT} token_duration "),
        # An event of an API never reaches the function.
        ({"requestContext": None}, issues, WRONG, f"{CORRECT} requestContext is not an argument."),
        ({"identity_pool_id": OTHER_POOL}, issues, "AccessDeniedException", f"{CORRECT} identity"),
        ({}, refuses(CONFLICT), CONFLICT, "A login is linked"),
        # The function's own role may not call Cognito: nothing that the caller did.
        ({}, refuses("AccessDeniedException"), "InternalFailure", "The token issuer itself failed"),
    ],
)
def test_a_refusal_fails_at_once_by_its_name_and_says_what_to_do(
    lambda_api: LambdaApi,
    cognito: Cognito,
    wrong: Json,
    answered: Act,
    name: str,
    cause: str,
) -> None:
    cognito.act = in_turn(answered)

    outcome = run(WORKFLOW, arguments(**wrong))

    assert (outcome.status, outcome.error) == ("FAILED", name)
    assert outcome.cause is not None
    assert outcome.cause.startswith(cause)
    assert LOGIN not in outcome.cause
    assert "as the test asked" not in outcome.cause, "Cognito's own words may repeat a value"
    assert len(lambda_api.events) == ("requestContext" not in wrong)


def test_a_crash_is_nobodys_error_and_keeps_its_name(
    lambda_api: LambdaApi, cognito: Cognito
) -> None:
    cognito.act = in_turn(crash(lambda_api.function))

    outcome = run(WORKFLOW, arguments())

    assert (outcome.status, outcome.error) == ("FAILED", "Runtime.ExitError")
    assert len(lambda_api.events) == 1
    assert run(WORKFLOW, arguments()).status == "SUCCEEDED"
