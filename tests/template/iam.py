"""What IAM makes of a policy, as far as the policies here go."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from cfnlint.data import AdditionalSpecs  # type: ignore[import-untyped]
from cfnlint.helpers import load_resource  # type: ignore[import-untyped]

ACCOUNT = "123456789012"
ANYBODY = f"arn:aws:iam::{ACCOUNT}:user/anybody"
# AWS's service authorization reference, as cfn-lint carries it: which action takes which resources.
_SERVICES = load_resource(AdditionalSpecs, "Policies.json")
_HOLDS = {
    "ArnNotEquals": lambda value, named: value not in named,
    "StringEquals": lambda value, named: value in named,
    "StringNotEquals": lambda value, named: value not in named,
}


@dataclass(frozen=True)
class Request:
    """What IAM is asked: `resource` is an ARN, or "*" where the action takes none."""

    action: str
    resource: str
    principal: str = ANYBODY
    endpoint: str | None = None


def each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def can_be_about(action: str, arn: str) -> bool:
    """Whether IAM ever compares the action with this resource."""
    service, _, name = action.lower().partition(":")
    types = _SERVICES[service]["Actions"][name].get("Resources", [])
    formats = [f for t in types for f in _SERVICES[service]["Resources"][t.lower()]["ARNFormats"]]
    if not formats:
        return arn == "*"
    return any(re.fullmatch(re.sub(r"\$\{\w+\}", "[^:]*", form), arn) for form in formats)


def applies(statement: dict[str, Any], asked: Request) -> bool:
    """Whether the statement is about this request; what it can't judge is a KeyError."""
    keys = {"aws:PrincipalArn": asked.principal, "aws:SourceVpce": asked.endpoint}
    principal = statement.get("Principal", "*")
    named = any(
        fnmatchcase(asked.action.lower(), pattern.lower())
        for pattern in each(statement.get("Action", statement.get("NotAction")))
    )
    return (
        named is ("Action" in statement)
        and any(fnmatchcase(asked.resource, pattern) for pattern in each(statement["Resource"]))
        and (principal == "*" or asked.principal in each(principal["AWS"]))
        and all(
            _HOLDS[operator](keys[key], each(values))
            for operator, conditions in statement.get("Condition", {}).items()
            for key, values in conditions.items()
        )
    )


def says(policy: dict[str, Any], asked: Request) -> Literal["Allow", "Deny"] | None:
    """What one policy says: a denial goes before all, and None is silence."""
    effects = {each["Effect"] for each in policy["Statement"] if applies(each, asked)}
    return "Deny" if "Deny" in effects else "Allow" if effects else None
