"""The policies that the README hands out are the ones that it describes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.template.cloudformation import SOURCE

ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "operations" / "policies"
CALL = "cognito-identity:GetOpenIdTokenForDeveloperIdentity"


def only_statement(name: str) -> dict[str, Any]:
    policy = json.loads((POLICIES / name).read_text(encoding="utf-8"))
    assert policy["Version"] == "2012-10-17"
    (statement,) = policy["Statement"]
    assert isinstance(statement, dict)
    return statement


def test_the_raw_call_is_denied_to_all_but_the_functions_role() -> None:
    statement = only_statement("deny-raw-calls.json")
    role = statement["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]
    assert (statement["Effect"], statement["Action"], statement["Resource"]) == ("Deny", CALL, "*")
    assert set(statement) == {"Sid", "Effect", "Action", "Resource", "Condition"}
    assert set(statement["Condition"]) == {"ArnNotEquals"}
    assert re.fullmatch(r"arn:aws:iam::\d{12}:role/openid-token-issuer-IssueTokenRole-\w+", role)
    assert "IssueTokenRole" in SOURCE["Resources"]


def test_a_service_control_policy_fits_its_limit() -> None:
    policy = json.loads((POLICIES / "deny-raw-calls.json").read_text(encoding="utf-8"))
    assert len(json.dumps(policy)) < 5120


@pytest.mark.parametrize(
    ("name", "action", "resource"),
    [
        ("backend.json", "execute-api:Invoke", r"arn:aws:execute-api:[^*]+/\$default/POST/token"),
        ("direct-caller.json", "lambda:InvokeFunction", r"arn:aws:lambda:[^*]+:live"),
    ],
)
def test_a_caller_may_use_one_door_and_nothing_else(name: str, action: str, resource: str) -> None:
    statement = only_statement(name)
    assert (statement["Effect"], statement["Action"]) == ("Allow", action)
    assert re.fullmatch(resource, statement["Resource"])


def test_the_names_in_them_are_the_templates() -> None:
    function = SOURCE["Resources"]["IssueTokenFunction"]["Properties"]
    assert function["AutoPublishAlias"] == "live"
    assert SOURCE["Resources"]["TokenApiStage"]["Properties"]["StageName"] == "$default"
    assert SOURCE["Resources"]["TokenRoute"]["Properties"]["RouteKey"] == "POST /token"


def test_the_readme_names_each_policy() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for policy in POLICIES.glob("*.json"):
        assert f"operations/policies/{policy.name}" in readme
