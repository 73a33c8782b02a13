"""What the function may do, and who may invoke it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.template.cloudformation import Stack


def statements(stack: Stack) -> dict[str, dict[str, Any]]:
    (policy,) = stack.of_type("AWS::IAM::Role")["IssueTokenRole"]["Policies"]
    return {each["Sid"]: each for each in policy["PolicyDocument"]["Statement"]}


@pytest.mark.parametrize(
    ("given", "region", "pool"),
    [
        ("", "eu-west-1", "eu-west-1:${IdentityPool}"),
        ("us-east-1:0-0-4-8-0", "us-east-1", "us-east-1:0-0-4-8-0"),
    ],
)
def test_one_cognito_action_on_one_pool_in_its_region(given: str, region: str, pool: str) -> None:
    assert statements(Stack(IdentityPoolId=given))["IssueTokens"] == {
        "Sid": "IssueTokens",
        "Effect": "Allow",
        "Action": "cognito-identity:GetOpenIdTokenForDeveloperIdentity",
        "Resource": f"arn:aws:cognito-identity:{region}:123456789012:identitypool/{pool}",
    }


def test_beyond_that_it_writes_its_log_and_its_traces_and_nobody_else_has_its_role() -> None:
    role = Stack().of_type("AWS::IAM::Role")["IssueTokenRole"]
    assert "ManagedPolicyArns" not in role
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
    assert Stack().only("AWS::Lambda::Function")["Role"] == "${IssueTokenRole.Arn}"
    _, logs, traces = statements(Stack()).values()
    assert logs["Resource"] == "${IssueTokenLogGroup.Arn}"
    assert logs["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert traces["Action"] == ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
