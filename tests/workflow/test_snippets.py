"""The snippets of `docs/step-functions.md` run, and a standard workflow keeps what
the page says."""

import copy
from json import dumps
from typing import Any, Literal

import pytest
from botocore.session import get_session
from jsonata import Jsonata  # type: ignore[import-untyped]
from moto.stepfunctions.parser.asl.jsonata import jsonata as asl

from openid_token.client import ATTEMPTS
from tests.kit.acts import identity_of, in_turn, throttles, token_of
from tests.kit.builders import LOGIN, POOL, PROVIDER
from tests.kit.cognito import Cognito
from tests.kit.lambda_api import LambdaApi
from tests.workflow.execution import Outcome, run, substituted
from tests.workflow.test_definitions import IOT, SNIPPETS
from tests.workflow.test_retries import NOT_READY, refuse

JSONPATH, JSONATA = (
    dict[str, Any](StartAt="IssueToken", States={"IssueToken": task}) for task in SNIPPETS.values()
)
LOGINS = {PROVIDER: LOGIN}
ISSUED = token_of(LOGINS)


@pytest.fixture(autouse=True)
def evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interpreter has left its JSONata evaluator out."""
    monkeypatch.setattr(asl, "_eval_jsonata", lambda text: Jsonata(text).evaluate(None))


def issue(snippet: Any, kind: Literal["EXPRESS", "STANDARD"] = "EXPRESS") -> Outcome:
    """Run a snippet for one user."""
    return run(substituted(snippet), {"identity_pool_id": POOL, "user_id": LOGIN}, kind)


@pytest.mark.parametrize("snippet", [JSONPATH, JSONATA], ids=SNIPPETS)
def test_they_issue_a_token_when_cognito_no_longer_throttles(
    lambda_api: LambdaApi, cognito: Cognito, snippet: Any
) -> None:
    """In JSONata also where the workflow is otherwise in JSONPath."""
    cognito.act = in_turn(*[throttles] * ATTEMPTS)

    outcome = issue(snippet)

    assert outcome.status == "SUCCEEDED", outcome.error
    if snippet is JSONPATH:
        assert outcome.output["issued"] == {"identity_id": identity_of(LOGINS), "token": ISSUED}
        assert outcome.output["user_id"] == LOGIN
    else:
        assert outcome.output["token"] == ISSUED
    asked = {"identity_pool_id": POOL, "logins": LOGINS, "execution_id": outcome.arn}
    assert lambda_api.events == [asked] * 2


def test_a_selector_does_not_take_the_token_out_of_a_standard_history(
    lambda_api: LambdaApi,
) -> None:
    selected = copy.deepcopy(JSONPATH)
    del selected["States"]["IssueToken"]["ResultSelector"]["token.$"]

    outcome = issue(selected, "STANDARD")

    assert ISSUED not in dumps(outcome.output)
    assert ISSUED in outcome.history


@pytest.mark.parametrize("snippet", [JSONPATH, JSONATA], ids=SNIPPETS)
def test_they_wait_for_a_lambda_that_is_not_ready(
    lambda_api: LambdaApi, waits: list[float], snippet: Any
) -> None:
    for name in NOT_READY:
        refuse(lambda_api, name, 2)
        assert issue(snippet).status == "SUCCEEDED"
    assert waits == [3, 6] * len(NOT_READY)


def test_the_task_for_iot_gives_the_call_what_it_takes() -> None:
    [task] = IOT.values()
    service, call = task["Resource"].removeprefix("arn:aws:states:::aws-sdk:").split(":")
    shape = get_session().get_service_model(service).operation_model(_title(call)).input_shape
    assert shape
    # Step Functions writes each argument with a capital, and `.$` behind one that is a path.
    given = {name.removesuffix(".$"): value for name, value in task["Parameters"].items()}
    assert set(given) == set(map(_title, shape.required_members))
    issuing = JSONPATH["States"]["IssueToken"]
    result, _, field = given["Target"].rpartition(".")
    assert issuing["ResultPath"] == result
    assert f"{field}.$" in issuing["ResultSelector"]


def _title(name: str) -> str:
    return name[0].upper() + name[1:]
