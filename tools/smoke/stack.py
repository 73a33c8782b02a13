"""A deployed stack as its callers know it: outputs, parameters, and credentials of their own."""

import base64
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tools.smoke.report import FallsShort, same


class NoStackError(Exception):
    """There is nothing to check; the message is one line that says why."""


@dataclass
class Stack:
    """A stack, and what this run learned from it. What `secrets` holds may stand in no log."""

    name: str
    session: Any
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]
    jwt: str | None
    login: str = field(default_factory=lambda: f"smoke-{uuid.uuid4()}")
    began: int = field(default_factory=lambda: int(time.time() * 1000) - 1000)
    secrets: set[str] = field(default_factory=set)
    identities: set[str] = field(default_factory=set)
    doors: set[str] = field(default_factory=set)

    def arguments(self, **more: Any) -> dict[str, Any]:
        """What a backend sends for the user of this run."""
        login = f"{self.parameters.get('AllowedLoginPrefix', '')}{self.login}"
        logins = {self.parameters["DeveloperProviderName"]: login}
        return {"identity_pool_id": self.outputs["PoolId"], "logins": logins, **more}

    def issued(self, door: str, result: Mapping[str, Any]) -> Mapping[str, Any]:
        """The token of a result must be for the pool, and for the one identity of its user; returns
        its claims."""
        if "token" not in result:
            # Lambda's words for an error, or Step Functions'.
            told = [result.get(n) for n in ("errorType", "error", "errorMessage", "cause")]
            raise FallsShort(": ".join(filter(None, told)))
        self.secrets.add(result["token"])
        self.doors.add(door)
        claims = json.loads(base64.urlsafe_b64decode(result["token"].split(".")[1] + "=="))
        same("the token's audience", claims["aud"], self.outputs["PoolId"])
        same("the token's subject", claims["sub"], result["identity_id"])
        if door != "user_api":
            self.identities.add(result["identity_id"])
            same("the number of one user's identities", len(self.identities), 1)
        return dict(claims)

    def log_groups(self) -> dict[str, str]:
        """Names of the stack's log groups by logical id."""
        pages = self.session.client("cloudformation").get_paginator("list_stack_resources")
        resources = pages.paginate(StackName=self.name).search("StackResourceSummaries")
        groups = [each for each in resources if each["ResourceType"] == "AWS::Logs::LogGroup"]
        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in groups}

    def logged(self, group: str) -> list[str]:
        """What a log group got since the run began."""
        pages = self.session.client("logs").get_paginator("filter_log_events")
        found = pages.paginate(logGroupName=group, startTime=self.began)
        return list(found.search("events[].message"))


def find(name: str, jwt: str | None = None) -> Stack:
    """The stack of this name, by the environment's credentials and region, or `NoStackError`."""
    where = f"stack {name}"
    try:
        session = boto3.Session()
        where += f" in {session.region_name or 'no region'} (AWS_DEFAULT_REGION or profile)"
        (stack,) = session.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as exc:
        code, message = exc.response["Error"]["Code"], exc.response["Error"]["Message"]
        there = "There is no" if "does not exist" in message else f"{code} ends the search for the"
        raise NoStackError(f"{there} {where}.") from None
    except BotoCoreError as exc:
        raise NoStackError(f"AWS can't be asked for the {where}: {exc}") from None
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", ())}
    parameters = {p["ParameterKey"]: p["ParameterValue"] for p in stack.get("Parameters", ())}
    if "TokenEndpoint" not in outputs:
        raise NoStackError(f"There is no output TokenEndpoint of the {where}.")
    return Stack(name, session, outputs, parameters, jwt)
