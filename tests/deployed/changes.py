"""The emulated AWS of a run, and what only who deploys there can show: an update, a lower limit,
deletion."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.emulated_aws import ministack
from tools.local.cognito.embedded import PROVIDER
from tools.local.cognito.identity_pools import IdentityPools, Pool
from tools.local.jwt_issuer import JwtIssuer
from tools.smoke import doors
from tools.smoke.doors import DENIED, invoke, jwt_of, me_token, post, refused, start
from tools.smoke.report import same
from tools.smoke.stack import Stack

# Names that an update may change, with the CHANGELOG's word for it.
_RENAMED = {"TokenApiLogGroup"}


@dataclass(frozen=True)
class Aws:
    """The emulated AWS, and what stands beside it."""

    endpoint: str
    pools: IdentityPools
    issuer: JwtIssuer

    def client(self, service: str) -> Any:
        """A client of the account's root."""
        return ministack.root_client(service, self.endpoint)

    def adopt(self, stack: Stack, *, with_role: bool = True) -> None:
        """Let the embedded Cognito have the stack's pool, with the role that it was given."""
        pool = stack.outputs["PoolId"]
        given = self.client("cognito-identity").get_identity_pool_roles(IdentityPoolId=pool)
        role = given["Roles"]["authenticated"] if with_role else None
        self.pools.pools[pool] = Pool(PROVIDER, role)


def names(stack: Stack) -> dict[str, str]:
    """What an update must not change: the pool, the logs and where callers find the stack."""
    return {**stack.log_groups(), **{n: v for n, v in stack.outputs.items() if n != "Version"}}


def same_names(before: Mapping[str, str], stack: Stack) -> None:
    """Nothing is called otherwise after the update, but what the CHANGELOG says."""
    after = names(stack)
    changed = {name for name in before if after.get(name) != before[name]}
    same("what has another name", changed, _RENAMED)


def denied(stack: Stack, **more: Any) -> None:
    """At each of the backends' doors."""
    refused(post(stack, **more), DENIED)
    errors = {invoke(stack, **more)["errorType"], start(stack, **more)["error"]}
    same("the alias's error, and the workflow's", errors, {DENIED})


def too_long(stack: Stack) -> None:
    """Denied at each door that takes a duration."""
    more: Any = {"token_duration": int(stack.parameters["MaxTokenDuration"]) + 1}
    denied(stack, **more)
    refused(me_token(stack, jwt_of(stack), **more), DENIED)


def spoil(stack: Stack) -> None:
    """Change what no version has published: nobody may be served by it."""
    client = stack.session.client("lambda")
    name = stack.outputs["FunctionAliasArn"].partition(":live")[0]
    variables = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    variables["IDENTITY_POOL_ID"] = doors.OTHER_POOL["identity_pool_id"]
    client.update_function_configuration(FunctionName=name, Environment={"Variables": variables})


def kept(stack: Stack, aws: Aws) -> None:
    """Delete the stack: its pool, which the emulated AWS knows, and two logs stay."""
    groups = stack.log_groups()
    client = stack.session.client("cloudformation")
    client.delete_stack(StackName=stack.name)
    client.get_waiter("stack_delete_complete").wait(StackName=stack.name)
    found = stack.session.client("logs").describe_log_groups()["logGroups"]
    left = {each["logGroupName"] for each in found}
    staying = {name for name, group in groups.items() if group in left}
    same("the logs that stay", staying, {"IssueTokenLogGroup", "TokenApiLogGroup"})
    pool = stack.outputs["PoolId"]
    aws.client("cognito-identity").describe_identity_pool(IdentityPoolId=pool)
