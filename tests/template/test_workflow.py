"""The Express workflow and the one in bulk: what they keep, what they may, and what they are
given."""

import re
from typing import Any

import pytest
import yaml
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

from tests.kit.template import FILE, SOURCE, Stack
from tests.template.test_linters import BULK

MACHINE = Stack().only("AWS::StepFunctions::StateMachine")
RESOURCES: dict[str, Any] = yaml_parse(BULK.read_text(encoding="utf-8"))["Resources"]
IN_BULK = RESOURCES["IssueTokensInBulk"]["Properties"]
# Where each finds its definition, and what is put into it.
DEFINITIONS = {
    FILE.parent / SOURCE["Resources"]["IssueTokenWorkflow"]["Properties"]["DefinitionUri"]: (
        {"FunctionAliasArn": "${IssueTokenFunctionAliaslive}", "Partition": "aws"}
    ),
    BULK.parent / IN_BULK["DefinitionUri"]: IN_BULK["DefinitionSubstitutions"],
}
MAP = yaml.safe_load([*DEFINITIONS][1].read_text(encoding="utf-8"))["States"]["ProvisionEachUser"]


def allowed(policy: dict[str, Any]) -> dict[str, Any]:
    """The statements of a policy by their Sid: the actions and the resource."""
    return {
        each["Sid"]: (each["Action"], each["Resource"])
        for each in policy["PolicyDocument"]["Statement"]
    }


def test_it_keeps_no_history_and_its_log_no_data_of_an_execution() -> None:
    assert MACHINE["StateMachineType"] == "EXPRESS"
    assert MACHINE["TracingConfiguration"] == {"Enabled": True}
    logging = MACHINE["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)
    (destination,) = logging["Destinations"]
    group = {"LogGroupArn": "${IssueTokenWorkflowLogGroup.Arn}"}
    assert destination["CloudWatchLogsLogGroup"] == group
    children = MAP["ItemProcessor"]["ProcessorConfig"]
    assert children == {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}


@pytest.mark.parametrize("file", DEFINITIONS, ids=lambda file: file.name)
def test_a_definition_gets_all_that_it_asks_for(file: Any) -> None:
    assert MACHINE["DefinitionSubstitutions"] in DEFINITIONS.values()
    text = file.read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{(\w+)\}", text)) == set(DEFINITIONS[file])


def test_a_child_ends_before_an_express_execution_must() -> None:
    functions_timeout, most = 20, 5 * 60
    for retrier in MAP["ItemProcessor"]["States"]["ProvisionIdentity"]["Retry"]:
        first, rate = retrier["IntervalSeconds"], retrier["BackoffRate"]
        attempts = range(retrier["MaxAttempts"])
        waits = [min(first * rate**n, retrier["MaxDelaySeconds"]) for n in attempts]
        assert sum(waits) + functions_timeout * (len(waits) + 1) < most


def test_the_role_in_bulk_invokes_the_alias_and_runs_its_own_children() -> None:
    (policy,) = RESOURCES["IssueTokensInBulkRole"]["Properties"]["Policies"]
    invokes = ("lambda:InvokeFunction", {"Ref": "FunctionAliasArn"})
    assert allowed(policy)["InvokeTheIssuer"] == invokes
    assert list(allowed(policy)) == ["InvokeTheIssuer", "WriteTraces"]
    children = allowed(RESOURCES["RunChildren"]["Properties"])
    assert children["StartThem"] == ("states:StartExecution", {"Ref": "IssueTokensInBulk"})
    assert list(children) == ["StartThem", "FollowThem", "RedriveThem"]
    assert f"/{MAP['Label']}:*" in children["RedriveThem"][1]["Fn::Sub"]
