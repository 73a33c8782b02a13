"""What an organisation asks of a stack, and two backends that share a pool."""

from functools import partial
from pathlib import Path
from typing import Any

from tests.deployed.changes import Aws, denied
from tests.deployed.smoked import NAME
from tools.emulated_aws import sam
from tools.smoke.doors import DENIED, invoke, post, result, start
from tools.smoke.report import Report, same
from tools.smoke.stack import Stack, find

BOUNDARY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
DOMAIN = "tokens.example.com"
CERTIFICATE = (
    "arn:aws:acm:eu-central-1:000000000000:certificate/00000000-0000-4000-8000-000000000000"
)


NOT_YOURS = {
    *("NotAuthorizedException", "ResourceConflictException"),
    "DeveloperUserAlreadyRegisteredException",
}


def ruled(report: Report, template: Path, aws: Aws) -> None:
    """A boundary, a domain and subnets: given at once, the other address closed, and taken back."""
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="issuer", Description="-", VpcId=vpc)["GroupId"]
    given = {"PermissionsBoundaryArn": BOUNDARY, "SubnetIds": subnet, "SecurityGroupIds": group}
    given |= {"DomainName": DOMAIN, "CertificateArn": CERTIFICATE}
    before = find(NAME)
    sam.deploy(template, given)
    report.make(
        {
            "Each role has the boundary": partial(boundaries, aws=aws, boundary=BOUNDARY),
            "The outputs name the domain, and where its record points": named,
            "In subnets: the function answers": lambda s: s.issued("direct", invoke(s)),
        },
        find(NAME),
    )
    sam.deploy(template, {"ExecuteApiEndpoint": "closed"})
    report.make(
        {"The other address is closed": partial(closed, aws=aws, is_closed=True)}, find(NAME)
    )
    sam.deploy(template, dict.fromkeys(given, "") | {"ExecuteApiEndpoint": "open"})
    report.make(
        {
            "Without a boundary again": partial(boundaries, aws=aws, boundary=""),
            "Open again": partial(closed, aws=aws, is_closed=False),
            "The outputs are what they were": lambda s: same("they", s.outputs, before.outputs),
            "Outside again: the function answers": lambda s: s.issued("direct", invoke(s)),
        },
        find(NAME),
    )


def boundaries(stack: Stack, aws: Aws, boundary: str) -> None:
    """Of each role, as its stand-in tells it."""
    pages = stack.session.client("cloudformation").get_paginator("list_stack_resources")
    resources = pages.paginate(StackName=stack.name).search("StackResourceSummaries")
    roles = [r["PhysicalResourceId"] for r in resources if r["ResourceType"] == "AWS::IAM::Role"]
    told = [aws.client("iam").get_role(RoleName=role)["Role"].get("Description") for role in roles]
    same("the boundaries", [each or "" for each in told], [boundary] * 3)


def named(stack: Stack) -> None:
    endpoints = {name: url for name, url in stack.outputs.items() if name.endswith("Endpoint")}
    paths = {url.removeprefix(f"https://{DOMAIN}") for url in endpoints.values()}
    same("the paths", paths, {"/token", "/me/token", "/me/credentials"})
    target, zone = stack.outputs["DomainTarget"], stack.outputs["DomainHostedZoneId"]
    same("whether target and zone are there", bool(target and zone), True)


def closed(stack: Stack, aws: Aws, is_closed: bool) -> None:
    [api] = [a for a in aws.client("apigatewayv2").get_apis()["Items"] if a["Name"] == stack.name]
    same("whether it is closed", api["DisableExecuteApiEndpoint"], is_closed)


def shared(report: Report, template: Path, aws: Aws) -> None:
    """Two stacks on one pool, each with its prefix."""
    sam.deploy(template, {"AllowedLoginPrefix": "a:"})
    one = find(NAME)
    names = ("DeveloperProviderName", "Architecture")
    pool = {"IdentityPoolId": one.outputs["PoolId"], **{n: one.parameters[n] for n in names}}
    sam.deploy(template, pool | {"AllowedLoginPrefix": "b:"}, "other")
    other = find("other")
    for stack, own, foreign in ((one, "a:user-1", "b:user-1"), (other, "b:user-1", "a:user-1")):
        checks = {
            f"{own}: each of the backends' doors": partial(let_through, login=own),
            f"{foreign} by login: none of them": partial(kept_out, login=foreign),
            f"{foreign} by identity: none of them": partial(
                by_identity, owner=other if stack is one else one, login=foreign, own=own
            ),
        }
        report.make(checks, stack)


def logins(stack: Stack, login: str) -> Any:
    return {stack.parameters["DeveloperProviderName"]: login}


def let_through(stack: Stack, login: str) -> None:
    given = logins(stack, login)
    answers = [
        result(post(stack, logins=given)),
        invoke(stack, logins=given),
        start(stack, logins=given),
    ]
    same("the identities", len({answer["identity_id"] for answer in answers}), 1)


def kept_out(stack: Stack, login: str, **more: object) -> None:
    denied(stack, logins=logins(stack, login), **more)


def by_identity(stack: Stack, owner: Stack, login: str, own: str) -> None:
    """Another's identity, alone or beside a login of one's own that is not one of its own."""
    identity = invoke(owner, logins=logins(owner, login))["identity_id"]
    kept_out(stack, login, identity_id=identity)
    for name in (own, f"{own}-new"):
        error = invoke(stack, logins=logins(stack, name), identity_id=identity)["errorType"]
        same("whether it is Cognito's word", error in NOT_YOURS, True)
    same("for no logins", invoke(stack, logins={}, identity_id=identity)["errorType"], DENIED)
