"""The policies that the guides hand out, and the API's permissions, as IAM would judge them."""

import json
import subprocess
from fnmatch import fnmatchcase
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from tests.kit.template import FILE, SOURCE, Stack

POLICIES = FILE.parent / "operations" / "policies"
CALL = "cognito-identity:GetOpenIdTokenForDeveloperIdentity"
ANYBODY = "arn:aws:iam::123456789012:user/anybody"
METHODS = ("GET", "POST", "PUT", "DELETE", "OPTIONS", "*")
PATHS = ("token", "me/token", "me/credentials", "", "me", "token/x", "*")
JWT = {"JwtIssuer": "https://issuer.example.com", "JwtAudience": "app"}
LAMBDA = {"UserAuthorizerArn": "arn:aws:lambda:eu-west-1:123456789012:function:mine"}
USERS = {"POST/me/token", "GET/me/credentials"}


def statement(name: str) -> dict[str, Any]:
    policy = json.loads((POLICIES / name).read_text(encoding="utf-8"))
    assert policy["Version"] == "2012-10-17"
    (only,) = policy["Statement"]
    found: dict[str, Any] = only
    return found


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def applies(judged: dict[str, Any], action: str, on: str, principal: str = ANYBODY) -> bool:
    """Whether the statement is about this; of conditions it knows the one that is in use."""
    for operator, keys in judged.get("Condition", {}).items():
        assert (operator, set(keys)) == ("ArnNotEquals", {"aws:PrincipalArn"})
        if principal in _each(keys["aws:PrincipalArn"]):
            return False
    named = any(fnmatchcase(action, pattern) for pattern in _each(judged["Action"]))
    return named and any(fnmatchcase(on, pattern) for pattern in _each(judged["Resource"]))


def test_the_raw_calls_are_denied_on_one_pool_to_all_but_the_functions_role() -> None:
    deny = statement("deny-raw-calls.json")
    pool, role = deny["Resource"], deny["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]

    assert deny["Effect"] == "Deny"
    assert applies(deny, CALL, pool)
    assert not applies(deny, CALL, pool, principal=role)
    assert not applies(deny, CALL, pool.replace("1111", "2222"))
    assert role.rpartition("-")[0].endswith("-IssueTokenRole")
    assert "IssueTokenRole" in SOURCE["Resources"]


def test_they_are_all_calls_about_developer_identities() -> None:
    model = botocore.session.get_session().get_service_model("cognito-identity")
    calls = {name for name in model.operation_names if "_developer_identit" in xform_name(name)}
    denied = statement("deny-raw-calls.json")["Action"]
    assert denied == sorted(f"cognito-identity:{name}" for name in calls)


def test_the_way_through_the_function_is_denied_to_all_but_the_deployment() -> None:
    deny = statement("deny-changes.json")
    pool, role, function = deny["Resource"]
    deployment = deny["Condition"]["ArnNotEquals"]["aws:PrincipalArn"]
    ways = {
        "lambda:UpdateFunctionCode": function.rstrip("*"),
        "lambda:UpdateFunctionConfiguration": function.rstrip("*"),
        "lambda:PutFunctionEventInvokeConfig": f"{function.rstrip('*')}:live",
        "iam:PassRole": role,
        "cognito-identity:SetIdentityPoolRoles": pool,
    }
    assert deny["Effect"] == "Deny"
    for action, on in ways.items():
        assert applies(deny, action, on)
        assert not applies(deny, action, on, principal=deployment)
    assert not applies(deny, "lambda:InvokeFunction", function.rstrip("*"))
    # What they are called is what the services have.
    for action in deny["Action"]:
        service, _, name = action.partition(":")
        model = botocore.session.get_session().get_service_model(service)
        assert name in model.operation_names or name == "PassRole"


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
    assert {r for r in tried if applies(backend, "execute-api:Invoke", f"{api}/$default/{r}")} == {
        "POST/token"
    }
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
    if parameters is LAMBDA:
        assert owners == {
            "Action": "lambda:InvokeFunction",
            "FunctionName": LAMBDA["UserAuthorizerArn"],
            "Principal": "apigateway.amazonaws.com",
            "SourceArn": f"{api}/authorizers/${{UserLambdaAuthorizer}}",
        }
    else:
        assert owners is None
