"""The Express workflow: what it keeps, what it may do, and what it is given."""

from __future__ import annotations

import re
from typing import Any

from tests.template.cloudformation import FILE, SOURCE, Stack

MACHINE = "AWS::StepFunctions::StateMachine"
ALIAS = "${IssueTokenFunctionAliaslive}"


def statements() -> dict[str, dict[str, Any]]:
    role = Stack().of_type("AWS::IAM::Role")["IssueTokenWorkflowRole"]
    (policy,) = role["Policies"]
    return {each["Sid"]: each for each in policy["PolicyDocument"]["Statement"]}


def test_it_keeps_no_history_and_its_log_no_data_of_an_execution() -> None:
    machine = Stack().only(MACHINE)
    assert machine["StateMachineType"] == "EXPRESS"
    assert machine["TracingConfiguration"] == {"Enabled": True}
    logging = machine["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)
    (destination,) = logging["Destinations"]
    group = {"LogGroupArn": "${IssueTokenWorkflowLogGroup.Arn}"}
    assert destination["CloudWatchLogsLogGroup"] == group


def test_beyond_that_it_delivers_logs_and_writes_traces() -> None:
    assert list(statements()) == ["InvokeTheAlias", "DeliverLogs", "WriteTraces"]
    traces, logs = (set(statements()[sid]["Action"]) for sid in ("WriteTraces", "DeliverLogs"))
    rules = {"xray:GetSamplingRules", "xray:GetSamplingTargets"}
    assert traces == {"xray:PutTraceSegments", "xray:PutTelemetryRecords"} | rules
    # What the Step Functions guide lists for logging; none of them reads or writes a log event.
    groups = {"logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"}
    delivery = {f"logs:{verb}LogDelivery" for verb in ("Create", "Get", "Update", "Delete")}
    assert logs == {"logs:ListLogDeliveries"} | delivery | groups


def test_its_role_is_for_step_functions_of_this_account_alone() -> None:
    role = Stack().of_type("AWS::IAM::Role")["IssueTokenWorkflowRole"]
    assert "ManagedPolicyArns" not in role
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "states.amazonaws.com"}
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}
    assert Stack().only(MACHINE)["RoleArn"] == "${IssueTokenWorkflowRole.Arn}"


def test_its_definition_gets_all_that_it_asks_for() -> None:
    properties = SOURCE["Resources"]["IssueTokenWorkflow"]["Properties"]
    definition = (FILE.parent / properties["DefinitionUri"]).read_text(encoding="utf-8")
    given = Stack().only(MACHINE)["DefinitionSubstitutions"]
    assert set(re.findall(r"\$\{(\w+)\}", definition)) == set(given)
    assert given == {"FunctionAliasArn": ALIAS, "Partition": "aws"}
