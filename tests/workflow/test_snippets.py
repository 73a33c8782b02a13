"""The snippets of `docs/step-functions.md` and the README run, and a standard workflow keeps what
the page says."""

import json
from typing import Any, Literal

import pytest
import yaml
from jsonata import Jsonata  # type: ignore[import-untyped]
from moto.stepfunctions.parser.asl.jsonata import jsonata as asl

from openid_token.client import ATTEMPTS
from tests.builders import LOGIN, POOL, PROVIDER
from tests.cognito import identity_of, token_of
from tests.docs.pages import README, blocks
from tests.workflow.execution import Outcome, run, substituted
from tests.workflow.lambda_api import LambdaApi
from tests.workflow.scripted_cognito import ScriptedCognito, throttles

PAGE = README.parent / "docs" / "step-functions.md"
SNIPPETS = [yaml.safe_load(text) for text in blocks(PAGE, "yaml")]
LANGUAGES = {snippet.get("QueryLanguage", "JSONPath"): snippet for snippet in SNIPPETS}


@pytest.fixture(autouse=True)
def evaluated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The interpreter has left its JSONata evaluator out."""
    monkeypatch.setattr(asl, "_eval_jsonata", lambda text: Jsonata(text).evaluate(None))


ISSUED = token_of({PROVIDER: LOGIN})


@pytest.fixture(params=["JSONPath", "JSONata"])
def snippet(request: pytest.FixtureRequest) -> Any:
    """The snippet in each language."""
    return LANGUAGES[request.param]


def issue(snippet: Any, kind: Literal["EXPRESS", "STANDARD"] = "EXPRESS") -> Outcome:
    """Run a snippet for one user."""
    return run(substituted(snippet), {"identity_pool_id": POOL, "user_id": LOGIN}, kind)


def test_there_is_one_for_each_language() -> None:
    assert list(LANGUAGES) == ["JSONPath", "JSONata"]
    assert len(SNIPPETS) == len(LANGUAGES)


def test_it_issues_a_token(lambda_api: LambdaApi, snippet: Any) -> None:
    outcome = issue(snippet)

    logins = {PROVIDER: LOGIN}
    assert outcome.status == "SUCCEEDED", outcome.error
    assert outcome.output["issued"] == {"identity_id": identity_of(logins), "token": ISSUED}
    assert outcome.output["user_id"] == LOGIN
    assert lambda_api.events == [
        {"identity_pool_id": POOL, "logins": logins, "execution_id": outcome.arn}
    ]


def test_it_tries_again(lambda_api: LambdaApi, cognito: ScriptedCognito, snippet: Any) -> None:
    cognito.script.extend([throttles] * 2 * ATTEMPTS)

    assert issue(snippet).status == "SUCCEEDED"
    assert len(lambda_api.events) == 3


def test_a_selector_does_not_take_the_token_out_of_a_standard_history(
    lambda_api: LambdaApi,
) -> None:
    selected = json.loads(json.dumps(LANGUAGES["JSONPath"]))
    del selected["States"]["IssueToken"]["ResultSelector"]["token.$"]

    outcome = issue(selected, "STANDARD")

    assert ISSUED not in json.dumps(outcome.output)
    assert ISSUED in outcome.history


def test_the_readmes_task_runs_in_a_workflow_that_is_otherwise_in_jsonpath(
    lambda_api: LambdaApi, cognito: ScriptedCognito
) -> None:
    [task] = map(json.loads, blocks(README, "json"))
    cognito.script.extend([throttles] * ATTEMPTS)

    outcome = issue({"StartAt": "IssueToken", "States": {"IssueToken": task}})

    assert outcome.status == "SUCCEEDED", outcome.error
    assert outcome.output["token"] == ISSUED
    assert lambda_api.events[-1] == {
        "identity_pool_id": POOL,
        "logins": {PROVIDER: LOGIN},
        "execution_id": outcome.arn,
    }
