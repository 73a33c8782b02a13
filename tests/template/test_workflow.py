"""The Express workflow: what it keeps, what it may do, and that it can be left out."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.template.cloudformation import FILE, SOURCE, Stack

MACHINE = "AWS::StepFunctions::StateMachine"
RESOURCES = {"IssueTokenWorkflow", "IssueTokenWorkflowLogGroup", "IssueTokenWorkflowRole"}
ALIAS = "${IssueTokenFunctionAliaslive}"


def statements() -> dict[str, dict[str, Any]]:
    role = Stack().of_type("AWS::IAM::Role")["IssueTokenWorkflowRole"]
    (policy,) = role["Policies"]
    return {each["Sid"]: each for each in policy["PolicyDocument"]["Statement"]}


def test_it_is_an_express_workflow_which_keeps_no_history() -> None:
    assert Stack().only(MACHINE)["StateMachineType"] == "EXPRESS"


def test_its_log_has_no_data_of_an_execution() -> None:
    logging = Stack().only(MACHINE)["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)
    (destination,) = logging["Destinations"]
    assert destination["CloudWatchLogsLogGroup"] == {
        "LogGroupArn": "${IssueTokenWorkflowLogGroup.Arn}"
    }


@pytest.mark.parametrize("days", ["30", "365"])
def test_its_log_ends_with_the_other_logs(days: str) -> None:
    groups = Stack(LogRetentionDays=days).of_type("AWS::Logs::LogGroup")
    assert groups["IssueTokenWorkflowLogGroup"]["RetentionInDays"] == days


def test_it_is_traced() -> None:
    assert Stack().only(MACHINE)["TracingConfiguration"] == {"Enabled": True}


def test_it_may_invoke_the_alias_and_no_other_function() -> None:
    assert statements()["InvokeTheAlias"] == {
        "Sid": "InvokeTheAlias",
        "Effect": "Allow",
        "Action": "lambda:InvokeFunction",
        "Resource": ALIAS,
    }


def test_beyond_that_it_delivers_logs_and_writes_traces() -> None:
    assert list(statements()) == ["InvokeTheAlias", "DeliverLogs", "WriteTraces"]
    assert set(statements()["WriteTraces"]["Action"]) == {
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
    }
    # What the Step Functions guide lists for logging; none of them reads or writes a log event.
    assert set(statements()["DeliverLogs"]["Action"]) == {
        "logs:CreateLogDelivery",
        "logs:GetLogDelivery",
        "logs:UpdateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:DescribeLogGroups",
    }


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


def test_its_arn_is_an_output() -> None:
    assert Stack().outputs["StateMachineArn"]["Value"] == "${IssueTokenWorkflow}"


def test_it_can_be_left_out_with_all_that_belongs_to_it() -> None:
    stack = Stack(CreateStateMachine="false")
    assert set(Stack().resources) - set(stack.resources) == RESOURCES
    assert set(Stack().outputs) - set(stack.outputs) == {"StateMachineArn"}
