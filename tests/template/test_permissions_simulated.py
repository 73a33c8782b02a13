"""What the policies allow, asked of an IAM simulator: each action that there is, not only ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest

from tests.template.cloudformation import PSEUDO, Stack
from tools.emulated_aws import ministack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    type Simulate = Callable[[list[dict[str, Any]], list[str], str], set[str]]

POLICIES = Path(__file__).parents[2] / "operations" / "policies"
POOL, OTHER_POOL = "eu-west-1:0-0-0-0-1", "eu-west-1:0-0-0-0-2"
CALL = "cognito-identity:GetOpenIdTokenForDeveloperIdentity"
API = "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5"
METHODS = ("GET", "POST", "PUT", "DELETE", "OPTIONS", "*")
PATHS = ("token", "me/token", "me/credentials", "", "me", "token/x", "*")
USER_DOORS = {"JwtIssuer": "https://issuer.example.com", "JwtAudience": "app"}


@pytest.fixture(scope="module")
def allowed() -> Iterator[Simulate]:
    """Which of the actions these policies together allow on a resource."""
    with ministack.running() as endpoint:
        iam = ministack.root_client("iam", endpoint)

        def simulate(policies: list[dict[str, Any]], actions: list[str], on: str) -> set[str]:
            documents = [json.dumps(policy) for policy in policies]
            found = iam.simulate_custom_policy(
                PolicyInputList=documents, ActionNames=actions, ResourceArns=[on]
            )["EvaluationResults"]
            assert [each["EvalActionName"] for each in found] == actions
            return {e["EvalActionName"] for e in found if e["EvalDecision"] == "allowed"}

        yield simulate


def every_action(*services: str) -> list[str]:
    """The actions of these services; IAM has another name for Lambda's `Invoke`."""
    session = botocore.session.get_session()
    actions = [
        f"{service}:{name}"
        for service in services
        for name in session.get_service_model(service).operation_names
    ]
    return [*actions, "lambda:InvokeFunction"]


def role(stack: Stack, name: str, **resources: str) -> list[dict[str, Any]]:
    """The policies of a role, which has no others, with what `${...}` of a resource is."""
    properties = stack.of_type("AWS::IAM::Role")[name]
    assert "ManagedPolicyArns" not in properties
    text = json.dumps([each["PolicyDocument"] for each in properties["Policies"]])
    for resource, physical in resources.items():
        text = text.replace(f"${{{resource}}}", physical)
    policies: list[dict[str, Any]] = json.loads(text)
    return policies


def pool_arn(pool: str) -> str:
    return f"arn:aws:cognito-identity:eu-west-1:{PSEUDO['AWS::AccountId']}:identitypool/{pool}"


@pytest.mark.parametrize(
    ("resource", "wanted"),
    [(pool_arn(POOL), {CALL}), (pool_arn(OTHER_POOL), set()), ("*", set())],
)
def test_the_function_may_make_its_one_call_on_its_one_pool(
    allowed: Simulate, resource: str, wanted: set[str]
) -> None:
    policies = role(Stack(IdentityPoolId=POOL), "IssueTokenRole")
    actions = every_action("cognito-identity", "cognito-idp", "cognito-sync")
    assert allowed(policies, actions, resource) == wanted


def test_beyond_that_the_function_may_write_traces_and_no_log_but_its_own(
    allowed: Simulate,
) -> None:
    policies = role(Stack(IdentityPoolId=POOL), "IssueTokenRole")
    actions = every_action("logs", "xray", "iam", "sts", "lambda", "s3", "secretsmanager", "kms")
    assert allowed(policies, actions, "*") == {"xray:PutTraceSegments", "xray:PutTelemetryRecords"}


def test_the_workflow_may_invoke_the_alias_alone(allowed: Simulate) -> None:
    function = "arn:aws:lambda:eu-west-1:123456789012:function:issuer"
    policies = role(
        Stack(), "IssueTokenWorkflowRole", IssueTokenFunctionAliaslive=f"{function}:live"
    )
    actions = every_action("lambda", "cognito-identity")
    assert allowed(policies, actions, f"{function}:live") == {"lambda:InvokeFunction"}
    assert allowed(policies, actions, function) == set()


@pytest.mark.parametrize(
    ("parameters", "routes"),
    [
        ({}, {"POST/token"}),
        (USER_DOORS, {"POST/token", "POST/me/token", "GET/me/credentials"}),
    ],
)
def test_the_api_may_invoke_the_alias_by_its_routes_alone(
    allowed: Simulate, parameters: dict[str, str], routes: set[str]
) -> None:
    permissions = Stack(**parameters).of_type("AWS::Lambda::Permission").values()
    assert {each["Principal"] for each in permissions} == {"apigateway.amazonaws.com"}
    assert {each["FunctionName"] for each in permissions} == {"${IssueTokenFunctionAliaslive}"}
    # Lambda compares a SourceArn as IAM compares a resource.
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": each["Action"],
                "Resource": each["SourceArn"].replace("${TokenApi}", "a1b2c3d4e5"),
            }
            for each in permissions
        ],
    }
    action = ["lambda:InvokeFunction"]
    tried = {f"{method}/{path}" for method in METHODS for path in PATHS}
    found = {route for route in tried if allowed([policy], action, f"{API}/$default/{route}")}
    assert found == routes
    assert not allowed([policy], action, f"{API[:-1]}6/$default/POST/token")


def handed_out(name: str) -> dict[str, Any]:
    policy: dict[str, Any] = json.loads((POLICIES / name).read_text(encoding="utf-8"))
    return policy


def test_a_backend_may_call_one_route(allowed: Simulate) -> None:
    policy = handed_out("backend.json")
    api = policy["Statement"][0]["Resource"].partition("/")[0]
    actions = ["execute-api:Invoke", "execute-api:ManageConnections", "lambda:InvokeFunction", CALL]
    tried = {f"{method}/{path}" for method in METHODS for path in PATHS}
    found = {
        (action, route)
        for route in tried
        for action in allowed([policy], actions, f"{api}/$default/{route}")
    }
    assert found == {("execute-api:Invoke", "POST/token")}
    assert not allowed([policy], actions, f"{api[:-1]}x/$default/POST/token")
    assert not allowed([policy], actions, f"{api}/another-stage/POST/token")


def test_a_direct_caller_may_invoke_the_alias_alone(allowed: Simulate) -> None:
    policy = handed_out("direct-caller.json")
    alias = policy["Statement"][0]["Resource"]
    actions = every_action("lambda", "cognito-identity")
    assert allowed([policy], actions, alias) == {"lambda:InvokeFunction"}
    for other in (alias.removesuffix(":live"), alias.replace(":live", ":1")):
        assert allowed([policy], actions, other) == set()


def test_the_raw_call_is_denied_to_who_may_read_all_of_cognito(allowed: Simulate) -> None:
    everything = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "cognito-identity:Get*", "Resource": "*"}],
    }
    deny = handed_out("deny-raw-calls.json")
    named = deny["Statement"][0]["Resource"]
    pool = named if named != "*" else pool_arn(POOL)
    assert CALL in allowed([everything], [CALL], pool)
    assert CALL not in allowed([everything, deny], [CALL], pool)
