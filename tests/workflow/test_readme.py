"""The README's task runs in a workflow that is otherwise written in JSONPath."""

import json
from typing import Any

import pytest

from tests.builders import LOGIN, POOL, PROVIDER, TOKEN
from tests.docs.pages import README, blocks
from tests.workflow.execution import run, substituted
from tests.workflow.lambda_api import LambdaApi
from tests.workflow.scripted_cognito import ScriptedCognito, front_door


def test_the_task_issues_a_token(
    lambda_api: LambdaApi, cognito: ScriptedCognito, monkeypatch: pytest.MonkeyPatch
) -> None:
    from moto.stepfunctions.parser.asl.jsonata import jsonata

    evaluator = pytest.importorskip("jsonata", reason="jsonata-python is not installed").Jsonata
    monkeypatch.setattr(jsonata, "_eval_jsonata", lambda text: evaluator(text).evaluate(None))
    [task] = map(json.loads, blocks(README, "json"))
    workflow: Any = {"StartAt": "IssueToken", "States": {"IssueToken": task}}
    cognito.script.append(front_door(429))

    outcome = run(substituted(workflow), {"identity_pool_id": POOL, "user_id": LOGIN})

    assert outcome.status == "SUCCEEDED", outcome.error
    assert outcome.output["token"] == TOKEN
    assert lambda_api.events[-1] == {
        "identity_pool_id": POOL,
        "logins": {PROVIDER: LOGIN},
        "execution_id": outcome.arn,
    }
