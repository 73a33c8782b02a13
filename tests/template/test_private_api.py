"""The private API of docs/own-login.md: who gets to which route, by AWS's own tables."""

import json
from fnmatch import fnmatchcase
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

from tests.kit.pages import OWN_LOGIN, blocks
from tests.template.iam import ANYBODY, Request, says

API = "arn:aws:execute-api:eu-central-1:123456789012:PrivateApi"
BACKEND = "arn:aws:iam::123456789012:role/backend"
ELSEWHERE = "arn:aws:iam::210987654321:role/backend"
OURS, ANOTHER = "vpce-1", "vpce-2"
TOKEN, ME = "live/POST/token", "live/POST/me/token"
[TEXT] = blocks(OWN_LOGIN, "yaml")
FRAGMENT: dict[str, Any] = yaml_parse(TEXT)


def _policy(backend: str) -> dict[str, Any]:
    text = json.dumps(FRAGMENT["PrivateApi"]["Properties"]["Policy"])
    for name, value in {"VpcEndpointId": OURS, "BackendRoleArn": backend}.items():
        text = text.replace(json.dumps({"Ref": name}), json.dumps(value))
    made: dict[str, Any] = json.loads(text.replace("execute-api:/", f"{API}/"))
    return made


def _own(allowed: bool) -> dict[str, Any]:
    """The caller's own policy: everything, or nothing."""
    leave = {"Effect": "Allow", "Action": "execute-api:*", "Resource": "*"}
    return {"Statement": [leave] if allowed else []}


def _enters(asked: Request, named: str, allowed: bool) -> bool:
    """At an IAM route: table A within an account, table B across two, of API Gateway's guide ("How
    API Gateway resource policies affect authorization workflow")."""
    said = {says(_policy(named), asked), says(_own(allowed), asked)}
    same_account = asked.principal.split(":")[4] == API.split(":")[4]
    return "Deny" not in said and (said == {"Allow"} or (same_account and "Allow" in said))


@pytest.mark.parametrize(
    ("principal", "allowed", "named", "enters"),
    [
        (ANYBODY, False, BACKEND, False),
        (BACKEND, False, BACKEND, True),
        # As in front of the stack's own API.
        (ANYBODY, True, BACKEND, True),
        (ELSEWHERE, True, BACKEND, False),
        (ELSEWHERE, False, ELSEWHERE, False),
        (ELSEWHERE, True, ELSEWHERE, True),
    ],
)
def test_the_backends_route_is_for_whom_a_policy_names(
    principal: str, allowed: bool, named: str, enters: bool
) -> None:
    asked = Request("execute-api:Invoke", f"{API}/{TOKEN}", principal, OURS)
    assert _enters(asked, named, allowed) is enters
    through_another = Request(asked.action, asked.resource, principal, ANOTHER)
    assert not _enters(through_another, named, allowed)


@pytest.mark.parametrize(
    ("endpoint", "route", "said"),
    [
        (OURS, ME, "Allow"),
        (ANOTHER, ME, "Deny"),
        (None, ME, "Deny"),
        (OURS, "live/GET/me/token", None),
        (OURS, "live/POST/me/token/x", None),
        (OURS, "another/POST/me/token", None),
    ],
)
def test_a_users_route_is_open_to_the_authorizer_within_the_endpoint_alone(
    endpoint: str | None, route: str, said: str | None
) -> None:
    """Where a JWT decides, nobody has signed: the policy must let everybody through to it."""
    asked = Request("execute-api:Invoke", f"{API}/{route}", "anonymous", endpoint)
    assert says(_policy(BACKEND), asked) == said


def test_it_may_invoke_the_function_from_its_own_stage_alone() -> None:
    """The console's test of a method comes from another, and asks no authorizer."""
    source = FRAGMENT["PrivatePermission"]["Properties"]["SourceArn"]["Fn::Sub"]
    _, _, pattern = source.partition("${PrivateApi}/")
    stage = FRAGMENT["PrivateDeployment"]["Properties"]["StageName"]
    assert all(fnmatchcase(route, pattern) for route in (TOKEN, ME))
    assert stage == pattern.partition("/")[0]
    assert not fnmatchcase("test-invoke-stage/POST/token", pattern)
