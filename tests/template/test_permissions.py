"""What each role may do, and whose it is: written out, and all of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.template.cloudformation import Stack

POOL = "us-east-1:0-0-4-8-0"
XRAY = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
SAMPLING = ["xray:GetSamplingRules", "xray:GetSamplingTargets"]
CALL = "cognito-identity:GetOpenIdTokenForDeveloperIdentity"
ALLOWED: dict[str, dict[str, Any]] = {
    "IssueTokenRole": {
        CALL: f"arn:aws:cognito-identity:us-east-1:123456789012:identitypool/{POOL}",
        **dict.fromkeys(["logs:CreateLogStream", "logs:PutLogEvents"], "${IssueTokenLogGroup.Arn}"),
        **dict.fromkeys(XRAY, "*"),
    },
    "IssueTokenWorkflowRole": {
        "lambda:InvokeFunction": "${IssueTokenFunctionAliaslive}",
        # What the Step Functions guide lists for logging; none of them reads or writes a log event.
        **{f"logs:{verb}LogDelivery": "*" for verb in ("Create", "Get", "Update", "Delete")},
        **dict.fromkeys(["logs:ListLogDeliveries", "logs:PutResourcePolicy"], "*"),
        **dict.fromkeys(["logs:DescribeResourcePolicies", "logs:DescribeLogGroups"], "*"),
        **dict.fromkeys([*XRAY, *SAMPLING], "*"),
    },
}
SERVICES = {
    "IssueTokenRole": "lambda.amazonaws.com",
    "IssueTokenWorkflowRole": "states.amazonaws.com",
}


@pytest.mark.parametrize("name", ALLOWED)
def test_a_role_may_do_this_on_that_and_serves_one_service(name: str) -> None:
    role = Stack(IdentityPoolId=POOL).of_type("AWS::IAM::Role")[name]
    (policy,) = role["Policies"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    allowed: dict[str, Any] = {}
    for each in policy["PolicyDocument"]["Statement"]:
        assert each.keys() == {"Sid", "Effect", "Action", "Resource"}
        actions = each["Action"] if isinstance(each["Action"], list) else [each["Action"]]
        allowed |= dict.fromkeys(actions, each["Resource"])

    assert "ManagedPolicyArns" not in role
    assert allowed == ALLOWED[name]
    assert trust["Principal"] == {"Service": SERVICES[name]}


def test_the_workflows_role_is_for_this_account_alone() -> None:
    role = Stack().of_type("AWS::IAM::Role")["IssueTokenWorkflowRole"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_the_roles_are_those_that_are_used() -> None:
    stack = Stack()
    assert stack.only("AWS::Lambda::Function")["Role"] == "${IssueTokenRole.Arn}"
    machine = stack.only("AWS::StepFunctions::StateMachine")
    assert machine["RoleArn"] == "${IssueTokenWorkflowRole.Arn}"


def test_a_created_pool_is_the_one_that_is_allowed() -> None:
    (policy,) = Stack().of_type("AWS::IAM::Role")["IssueTokenRole"]["Policies"]
    pool = "arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/eu-west-1:${IdentityPool}"
    assert policy["PolicyDocument"]["Statement"][0]["Resource"] == pool
