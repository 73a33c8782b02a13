"""The template of the bulk workflow: what it may do, and that no child of it keeps a token."""

import re
from typing import Any

import yaml
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

from tests.template.test_linters import BULK as TEMPLATE

RESOURCES: dict[str, Any] = yaml_parse(TEMPLATE.read_text(encoding="utf-8"))["Resources"]
MACHINE = RESOURCES["IssueTokensInBulk"]["Properties"]
DEFINITION = (TEMPLATE.parent / MACHINE["DefinitionUri"]).read_text(encoding="utf-8")
MAP = yaml.safe_load(DEFINITION)["States"]["ProvisionEachUser"]


def allowed(policy: dict[str, Any]) -> dict[str, Any]:
    """The statements of a policy by their Sid: the actions and the resource."""
    return {
        each["Sid"]: (each["Action"], each["Resource"])
        for each in policy["PolicyDocument"]["Statement"]
    }


def test_the_children_are_express_executions_which_keep_no_history() -> None:
    assert MAP["ItemProcessor"]["ProcessorConfig"] == {
        "Mode": "DISTRIBUTED",
        "ExecutionType": "EXPRESS",
    }


def test_a_child_ends_before_an_express_execution_must() -> None:
    functions_timeout, most = 20, 5 * 60
    for retrier in MAP["ItemProcessor"]["States"]["ProvisionIdentity"]["Retry"]:
        waits = [
            min(
                retrier["IntervalSeconds"] * retrier["BackoffRate"] ** n, retrier["MaxDelaySeconds"]
            )
            for n in range(retrier["MaxAttempts"])
        ]
        assert sum(waits) + functions_timeout * (len(waits) + 1) < most


def test_its_role_invokes_the_alias_and_runs_its_own_children() -> None:
    (policy,) = RESOURCES["IssueTokensInBulkRole"]["Properties"]["Policies"]
    assert allowed(policy)["InvokeTheIssuer"] == (
        "lambda:InvokeFunction",
        {"Ref": "FunctionAliasArn"},
    )
    assert list(allowed(policy)) == ["InvokeTheIssuer", "WriteTraces"]
    children = allowed(RESOURCES["RunChildren"]["Properties"])
    assert children["StartThem"] == ("states:StartExecution", {"Ref": "IssueTokensInBulk"})
    assert list(children) == ["StartThem", "FollowThem", "RedriveThem"]
    assert f"/{MAP['Label']}:*" in children["RedriveThem"][1]["Fn::Sub"]


def test_its_definition_gets_all_that_it_asks_for() -> None:
    asked = set(re.findall(r"\$\{(\w+)\}", DEFINITION))
    assert asked == set(MACHINE["DefinitionSubstitutions"])
