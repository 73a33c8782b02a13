"""The policies that the guides hand out, and the API's permissions, as IAM would judge them."""

import json
import re
import subprocess
from fnmatch import fnmatchcase
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from tests.kit.template import FILE, SOURCE, Stack
from tests.template.iam import Request, applies, can_be_about, says
from tests.template.test_parameters import JWT, LAMBDA

POLICIES = FILE.parent / "operations" / "policies"
CALL = "cognito-identity:GetOpenIdTokenForDeveloperIdentity"
METHODS = ("GET", "POST", "PUT", "DELETE", "OPTIONS", "*")
PATHS = ("token", "me/token", "me/credentials", "", "me", "token/x", "*")
USERS = {"POST/me/token", "GET/me/credentials"}
# What makes the function's right, or a user's, one's own ...
CHANGES = [
    *("lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration", "lambda:UpdateAlias"),
    *("lambda:PutFunctionEventInvokeConfig", "lambda:UpdateFunctionEventInvokeConfig"),
    *("lambda:AddPermission", "lambda:PutResourcePolicy", "lambda:PublishVersion"),
    *("lambda:CreateAlias", "lambda:CreateFunctionUrlConfig", "lambda:UpdateFunctionUrlConfig"),
    *("apigateway:DELETE", "apigateway:PATCH", "apigateway:POST", "apigateway:PUT"),
    *("iam:PassRole", "iam:UpdateAssumeRolePolicy", "iam:PutRolePolicy"),
    "states:UpdateStateMachine",
    *("cognito-identity:UpdateIdentityPool", "cognito-identity:SetIdentityPoolRoles"),
    "cognito-identity:SetPrincipalTagAttributeMap",
]
# ... and what callers, readers and the function itself do.
USES = [
    *("lambda:InvokeFunction", "lambda:InvokeFunctionUrl", "lambda:GetFunction", "apigateway:GET"),
    *("states:StartSyncExecution", "states:StartExecution", "iam:GetRole", CALL),
]


def policy(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((POLICIES / name).read_text(encoding="utf-8"))
    assert found["Version"] == "2012-10-17"
    return found


def statement(name: str) -> dict[str, Any]:
    (only,) = policy(name)["Statement"]
    found: dict[str, Any] = only
    return found


def test_the_raw_calls_are_denied_on_one_pool_to_all_but_the_functions_role() -> None:
    deny = statement("deny-raw-calls.json")
    pool, role = deny["Resource"], deny["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]

    assert deny["Effect"] == "Deny"
    assert applies(deny, Request(CALL, pool))
    assert not applies(deny, Request(CALL, pool, principal=role))
    assert not applies(deny, Request(CALL, pool.replace("1111", "2222")))
    assert role.rpartition("-")[0].endswith("-IssueTokenRole")
    assert "IssueTokenRole" in SOURCE["Resources"]


def test_they_are_all_calls_about_developer_identities() -> None:
    model = botocore.session.get_session().get_service_model("cognito-identity")
    calls = {name for name in model.operation_names if "_developer_identit" in xform_name(name)}
    denied = statement("deny-raw-calls.json")["Action"]
    assert denied == sorted(f"cognito-identity:{name}" for name in calls)


def test_what_is_not_use_is_denied_to_all_but_the_deployment() -> None:
    deny = policy("deny-changes.json")
    changes, on_pool, _ = deny["Statement"]
    stack = {arn.replace("*", "live") for arn in [*changes["Resource"], on_pool["Resource"]]}
    deployment = changes["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]
    for action in [*CHANGES, *USES]:
        about = {arn for arn in {*stack, "*"} if can_be_about(action, arn)}
        assert about, action
        denied = {arn for arn in about if says(deny, Request(action, arn)) == "Deny"}
        assert denied == (about if action in CHANGES else set()), action
        assert not any(says(deny, Request(action, arn, principal=deployment)) for arn in about)
        others = {re.sub("EXAMPLE|1111|a1b2c3d4e5|login", "other", arn) for arn in about - {"*"}}
        assert not any(says(deny, Request(action, arn)) for arn in others)


def test_one_command_makes_a_resource_control_policy_of_each() -> None:
    [command] = [
        line
        for line in (FILE.parent / "docs/security.md").read_text().splitlines()
        if line.startswith("jq ")
    ]
    done = subprocess.run(["bash", "-c", command], cwd=POLICIES, capture_output=True, check=True)
    (made,) = json.loads(done.stdout)["Statement"]
    assert made == {**statement("deny-raw-calls.json"), "Principal": "*"}


def test_a_backend_may_call_one_route_and_a_direct_caller_the_alias() -> None:
    backend, direct = statement("backend.json"), statement("direct-caller.json")
    api = backend["Resource"].partition("/")[0]
    tried = {f"{method}/{path}" for method in METHODS for path in PATHS}
    assert backend["Action"] == "execute-api:Invoke"
    assert {
        r for r in tried if applies(backend, Request("execute-api:Invoke", f"{api}/$default/{r}"))
    } == {"POST/token"}
    assert direct["Action"] == "lambda:InvokeFunction"
    assert direct["Resource"].endswith(":live")


@pytest.mark.parametrize(
    ("parameters", "routes"),
    [({}, set()), (JWT, USERS), (LAMBDA, USERS)],
    ids=["none", "jwt", "lambda"],
)
def test_the_api_may_invoke_the_alias_by_its_routes_alone(
    parameters: dict[str, str], routes: set[str]
) -> None:
    """Lambda compares a SourceArn as IAM compares a resource."""
    permissions = Stack(**parameters).of_type("AWS::Lambda::Permission")
    owners = permissions.pop("UserLambdaAuthorizerPermission", None)
    assert {each["Principal"] for each in permissions.values()} == {"apigateway.amazonaws.com"}
    assert {each["FunctionName"] for each in permissions.values()} == {
        "${IssueTokenFunctionAliaslive}"
    }
    sources = [each["SourceArn"] for each in permissions.values()]
    api = "arn:aws:execute-api:eu-west-1:123456789012:${TokenApi}"
    tried = {f"{method}/{path}" for method in METHODS for path in PATHS}
    found = {r for r in tried if any(fnmatchcase(f"{api}/$default/{r}", s) for s in sources)}
    assert found == {"POST/token", *routes}
    assert all(source.startswith(f"{api}/") for source in sources)
    if parameters is LAMBDA:
        assert owners == {
            "Action": "lambda:InvokeFunction",
            "FunctionName": LAMBDA["UserAuthorizerArn"],
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": f"{api}/authorizers/${{UserLambdaAuthorizer}}",
        }
    else:
        assert owners is None
