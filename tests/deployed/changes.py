"""What only who deploys the stack can show: limits, an update, deletion."""

from typing import Any

from tests.deployed import doors
from tests.deployed.doors import DENIED, invoke, jwt_of, me_token, post, refused, result, start
from tests.deployed.report import same
from tests.deployed.smoke import Checks
from tests.deployed.stack import Stack

# The parameters that `WITH_LIMITS` is about, and the claims of its user.
LIMITS = {
    "AllowedPrincipalTags": "department",
    "AllowedLoginProviders": "login.example.com",
    "JwtScopes": "tokens",
    "LoginClaim": "user_id",
    "PrincipalTagClaims": "department=unit",
    "UserMaxTokenDuration": "700",
    "AllowedOrigins": "https://app.example.com",
}

USER = {"user_id": "user-1", "unit": "legal", "scope": "tokens"}


def by_claims(stack: Stack) -> None:
    """A user is who LoginClaim says, with the tags of PrincipalTagClaims."""
    user = result(me_token(stack, jwt_of(stack)))
    logins = {stack.parameters["DeveloperProviderName"]: "user-1"}
    same("the user", user["identity_id"], result(post(stack, logins=logins))["identity_id"])
    same("the user's tags", user["principal_tags"], {"department": "legal"})


def preflights(stack: Stack) -> None:
    """API Gateway lets a page of the origin in the list call the users' door, and no other."""
    for origin, wanted in {"https://app.example.com": True, "https://example.com": False}.items():
        asked = {"origin": origin, "access-control-request-method": "POST"}
        response = doors.send(stack.outputs["UserTokenEndpoint"], None, asked, "OPTIONS")
        allowed = response.headers.get("access-control-allow-origin") == origin
        same(f"whether {origin} may call", allowed, wanted)


def too_long(stack: Stack) -> None:
    """Denied at each door that takes a duration."""
    more: Any = {"token_duration": int(stack.parameters["MaxTokenDuration"]) + 1}
    refused(post(stack, **more), DENIED)
    refused(me_token(stack, jwt_of(stack), **more), DENIED)
    errors = {invoke(stack, **more)["errorType"], start(stack, **more)["error"]}
    same("the alias's error, and the workflow's", errors, {DENIED})


def spoil(stack: Stack) -> None:
    """Change what no version has published: nobody may be served by it."""
    client = stack.session.client("lambda")
    name = stack.outputs["FunctionAliasArn"].partition(":live")[0]
    variables = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    variables["IDENTITY_POOL_ID"] = doors.OTHER_POOL["identity_pool_id"]
    client.update_function_configuration(FunctionName=name, Environment={"Variables": variables})


def kept(stack: Stack, pools: Any) -> None:
    """Delete the stack: its pool, which the client knows, and two logs stay."""
    groups = stack.log_groups()
    client = stack.session.client("cloudformation")
    client.delete_stack(StackName=stack.name)
    client.get_waiter("stack_delete_complete").wait(StackName=stack.name)
    found = stack.session.client("logs").describe_log_groups()["logGroups"]
    names = [each["logGroupName"] for each in found]
    left = {name for name, group in groups.items() if group in names}
    same("the logs that stay", left, {"IssueTokenLogGroup", "TokenApiLogGroup"})
    pools.describe_identity_pool(IdentityPoolId=stack.outputs["PoolId"])


WITH_LIMITS: Checks = {
    "AllowedPrincipalTags: no other": lambda s: refused(post(s, principal_tags={"t": "a"}), DENIED),
    "AllowedLoginProviders: no other": lambda s: refused(post(s, logins={"other": "a"}), DENIED),
    "LoginClaim, PrincipalTagClaims: the user's own": by_claims,
    "UserMaxTokenDuration: no longer": lambda s: refused(
        me_token(s, jwt_of(s), token_duration=701), DENIED
    ),
    "AllowedOrigins: their pages may call, no others": preflights,
}
