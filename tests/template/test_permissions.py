"""What each role may do, and whose it is: written out, and all of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

from tests.kit.template import PSEUDO, Stack
from tests.template.test_linters import TEMPLATES

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
NETWORK = [
    *("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"),
    *("ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses"),
    "ec2:UnassignPrivateIpAddresses",
]
TRUSTED: dict[str, dict[str, Any]] = {
    "IssueTokenRole": {"Principal": {"Service": "lambda.amazonaws.com"}},
    # Of this account's alone.
    "IssueTokenWorkflowRole": {
        "Principal": {"Service": "states.amazonaws.com"},
        "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
    },
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
    assert trust == {"Effect": "Allow", "Action": "sts:AssumeRole", **TRUSTED[name]}


def test_in_subnets_lambda_itself_may_connect_and_the_functions_code_may_not() -> None:
    plain = Stack().of_type("AWS::IAM::Role")["IssueTokenRole"]
    inside = Stack(SubnetIds="subnet-1", SecurityGroupIds="sg-1").of_type("AWS::IAM::Role")
    [policy], [more] = plain["Policies"], inside["IssueTokenRole"]["Policies"]
    *same, network = more["PolicyDocument"]["Statement"]
    assert same == policy["PolicyDocument"]["Statement"]
    assert (network["Action"], network["Resource"]) == (NETWORK, "*")
    # The code's own requests carry this key.
    assert network["Condition"] == {"Null": {"lambda:SourceFunctionArn": "true"}}


@pytest.mark.parametrize(
    ("region", "cognito"),
    [
        ("eu-west-1", "cognito-identity.amazonaws.com"),
        ("us-gov-west-1", "cognito-identity-us-gov.amazonaws.com"),
        ("us-gov-east-1", "cognito-identity.us-gov-east-1.amazonaws.com"),
        ("cn-north-1", "cognito-identity.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_a_created_pools_users_have_a_role_without_permissions(region: str, cognito: str) -> None:
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    stack = Stack(**{"AWS::Region": region, "AWS::URLSuffix": suffix})
    role = stack.of_type("AWS::IAM::Role")["UserRole"]
    (trust,) = json.loads(role["AssumeRolePolicyDocument"])["Statement"]
    assert role.keys() == {"AssumeRolePolicyDocument"}
    assert trust == {
        "Effect": "Allow",
        "Principal": {"Federated": cognito},
        "Action": ["sts:AssumeRoleWithWebIdentity", "sts:TagSession"],
        "Condition": {
            "StringEquals": {f"{cognito}:aud": f"{PSEUDO['AWS::Region']}:${{IdentityPool}}"},
            "ForAnyValue:StringLike": {f"{cognito}:amr": "authenticated"},
        },
    }
    assert stack.only("AWS::Cognito::IdentityPoolRoleAttachment") == {
        "IdentityPoolId": f"{PSEUDO['AWS::Region']}:${{IdentityPool}}",
        "Roles": {"authenticated": "${UserRole.Arn}"},
    }


@pytest.mark.parametrize("file", TEMPLATES)
def test_each_role_has_the_organisations_boundary_where_there_is_one(file: Path) -> None:
    template = yaml_parse(file.read_text(encoding="utf-8"))
    given, none = {"Ref": "PermissionsBoundaryArn"}, {"Ref": "AWS::NoValue"}
    assert template["Parameters"]["PermissionsBoundaryArn"]["Default"] == ""
    is_given = template["Conditions"]["HasPermissionsBoundary"]
    assert is_given == {"Fn::Not": [{"Fn::Equals": [given, ""]}]}
    # SAM makes a role for a function that names none.
    kinds = ("AWS::IAM::Role", "AWS::Serverless::Function", "AWS::Serverless::StateMachine")
    made = [it["Properties"] for it in template["Resources"].values() if it["Type"] in kinds]
    roles = [properties for properties in made if "Role" not in properties]
    expected = {"Fn::If": ["HasPermissionsBoundary", given, none]}
    assert [each.get("PermissionsBoundary") for each in roles] == [expected] * len(roles)
    assert roles


def test_its_permissions_are_the_owners_and_a_pool_that_was_there_keeps_its_roles() -> None:
    arns = "arn:aws:iam::aws:policy/A,arn:aws:iam::123456789012:policy/B"
    role = Stack(UserPolicyArns=arns).of_type("AWS::IAM::Role")["UserRole"]
    given = Stack(IdentityPoolId=POOL, UserPolicyArns=arns)
    assert role["ManagedPolicyArns"] == arns.split(",")
    assert not given.of_type("AWS::Cognito::IdentityPoolRoleAttachment")
    assert "UserRole" not in given.resources
    assert "UserRoleName" not in given.outputs


def test_the_roles_are_those_that_are_used() -> None:
    stack = Stack()
    assert stack.only("AWS::Lambda::Function")["Role"] == "${IssueTokenRole.Arn}"
    machine = stack.only("AWS::StepFunctions::StateMachine")
    assert machine["RoleArn"] == "${IssueTokenWorkflowRole.Arn}"


def test_a_created_pool_is_the_one_that_is_allowed() -> None:
    (policy,) = Stack().of_type("AWS::IAM::Role")["IssueTokenRole"]["Policies"]
    pool = "arn:aws:cognito-identity:eu-west-1:123456789012:identitypool/eu-west-1:${IdentityPool}"
    assert policy["PolicyDocument"]["Statement"][0]["Resource"] == pool
