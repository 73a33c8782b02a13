"""`issue_token.asl.yaml`: each error of the contract by its name, and the faults beyond it."""

import time
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.builders import LOGIN, OTHER_POOL, arguments, http_event
from tests.cognito import error, issues
from tests.runtime.emulation import deployed
from tests.workflow.execution import ISSUE_TOKEN, as_deployed, run
from tests.workflow.lambda_api import LambdaApi
from tests.workflow.scripted_cognito import ScriptedCognito, crash

WORKFLOW = as_deployed(ISSUE_TOKEN)

BY_COGNITO = {
    "NotAuthorizedException": error("NotAuthorizedException"),
    "ResourceNotFoundException": error("ResourceNotFoundException"),
    "ResourceConflictException": error("ResourceConflictException"),
    "DeveloperUserAlreadyRegisteredException": error("DeveloperUserAlreadyRegisteredException"),
    # The function's own role may not call Cognito: nothing that the caller did.
    "InternalFailure": error("AccessDeniedException"),
}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("InvalidParameterException", {"token_duration": 0}),
        ("AccessDeniedException", {"identity_pool_id": OTHER_POOL}),
    ],
)
def test_refused_arguments_fail_with_the_functions_sentence(
    lambda_api: LambdaApi, name: str, wrong: dict[str, Any]
) -> None:
    outcome = run(WORKFLOW, arguments(**wrong))

    assert (outcome.status, outcome.error) == ("FAILED", name)
    assert outcome.cause is not None
    assert outcome.cause.startswith(f"Correct the arguments: {next(iter(wrong))}")
    assert LOGIN not in outcome.cause
    assert len(lambda_api.events) == 1


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(http_event(), id="a whole event"),
        pytest.param(arguments(requestContext=None), id="null"),
    ],
)
def test_an_event_of_the_api_fails_and_never_reaches_the_function(
    lambda_api: LambdaApi, given: dict[str, Any]
) -> None:
    outcome = run(WORKFLOW, given)

    assert (outcome.status, outcome.error) == ("FAILED", "InvalidParameterException")
    assert outcome.cause == "Correct the arguments: requestContext is not an argument."
    assert lambda_api.events == []


@pytest.mark.parametrize("name", BY_COGNITO)
def test_cognitos_refusals_fail_at_once_by_their_names(
    lambda_api: LambdaApi, cognito: ScriptedCognito, name: str
) -> None:
    cognito.script.append(BY_COGNITO[name])

    outcome = run(WORKFLOW, arguments(principal_tags={"department": "legal"}))

    assert (outcome.status, outcome.error) == ("FAILED", name)
    assert outcome.cause
    assert "as the test asked" not in outcome.cause, "Cognito's own words may repeat a value"
    assert len(lambda_api.events) == 1


def test_a_crash_is_nobodys_error_and_keeps_its_name(
    lambda_api: LambdaApi, cognito: ScriptedCognito
) -> None:
    cognito.script.append(crash(lambda_api.function))

    outcome = run(WORKFLOW, arguments())

    assert (outcome.status, outcome.error) == ("FAILED", "Runtime.ExitError")
    assert len(lambda_api.events) == 1
    assert run(WORKFLOW, arguments()).status == "SUCCEEDED"


def test_a_hanging_function_is_nobodys_error_and_keeps_its_name(
    lambda_api: LambdaApi,
    cognito: ScriptedCognito,
    server: HTTPServer,
    built_package: Path,
) -> None:
    def hang(request: Request) -> Response:
        time.sleep(1.5)
        return issues(request)

    cognito.script.append(hang)
    endpoint = server.url_for("")
    with deployed(built_package, endpoint, timeout_seconds=1) as lambda_api.function:
        outcome = run(WORKFLOW, arguments())

    assert (outcome.status, outcome.error) == ("FAILED", "Sandbox.Timedout")
    assert len(lambda_api.events) == 1
