"""`docs/step-functions.md`: its snippets run, and what it says of a standard workflow is so."""

import json
import re
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml

from tests.builders import LOGIN, POOL, PROVIDER, TOKEN
from tests.cognito import identity_of
from tests.workflow.execution import Outcome, run, substituted
from tests.workflow.lambda_api import LambdaApi
from tests.workflow.scripted_cognito import ScriptedCognito, front_door

DOCUMENT = Path(__file__).parents[2] / "docs" / "step-functions.md"
SNIPPETS = [
    yaml.safe_load(text)
    for text in re.findall(r"^```yaml\n(.*?)^```$", DOCUMENT.read_text(), re.DOTALL | re.MULTILINE)
]
LANGUAGES = {snippet.get("QueryLanguage", "JSONPath"): snippet for snippet in SNIPPETS}


@pytest.fixture(params=["JSONPath", "JSONata"])
def snippet(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The snippet in each language. The interpreter has left its JSONata evaluator out."""
    if request.param == "JSONata":
        from moto.stepfunctions.parser.asl.jsonata import jsonata

        evaluator = pytest.importorskip("jsonata", reason="jsonata-python is not installed").Jsonata
        monkeypatch.setattr(jsonata, "_eval_jsonata", lambda text: evaluator(text).evaluate(None))
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
    assert outcome.output["issued"] == {"identity_id": identity_of(logins), "token": TOKEN}
    assert outcome.output["user_id"] == LOGIN
    assert lambda_api.events == [
        {"identity_pool_id": POOL, "logins": logins, "execution_id": outcome.arn}
    ]


def test_it_tries_again(lambda_api: LambdaApi, cognito: ScriptedCognito, snippet: Any) -> None:
    cognito.script.extend([front_door(429)] * 2)

    assert issue(snippet).status == "SUCCEEDED"
    assert len(lambda_api.events) == 3


def test_a_selector_does_not_take_the_token_out_of_a_standard_history(
    lambda_api: LambdaApi,
) -> None:
    selected = json.loads(json.dumps(LANGUAGES["JSONPath"]))
    del selected["States"]["IssueToken"]["ResultSelector"]["token.$"]

    outcome = issue(selected, "STANDARD")

    assert TOKEN not in json.dumps(outcome.output)
    assert TOKEN in outcome.history
