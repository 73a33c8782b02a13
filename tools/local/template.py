"""The function as `template.yaml` configures it, for whoever runs it without CloudFormation."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from tools import ROOT

_FILE = ROOT / "template.yaml"
_FUNCTION = "IssueTokenFunction"


@dataclass(frozen=True)
class Function:
    """What Lambda is told about the function. `variables` are its own, and those that Lambda
    makes of the settings for its log."""

    handler: str
    timeout_seconds: int
    memory_megabytes: int
    variables: Mapping[str, str]


def function(**parameters: str) -> Function:
    """The function of a stack with these parameters, and the defaults of the others.

    Raises:
        TypeError: the template has no such parameter.
    """
    template = _template()
    defaults = {name: each.get("Default", "") for name, each in template["Parameters"].items()}
    if unknown := parameters.keys() - defaults.keys():
        raise TypeError(f"template.yaml has no parameter {', '.join(sorted(unknown))}")
    names = {"AWS::StackName": "openid-token-issuer", **defaults, **parameters}
    stack = _Stack(names, template["Conditions"])
    properties = template["Resources"][_FUNCTION]["Properties"]
    log = properties["LoggingConfig"]
    variables = {
        **properties["Environment"]["Variables"],
        "AWS_LAMBDA_LOG_FORMAT": log["LogFormat"],
        "AWS_LAMBDA_LOG_LEVEL": log.get("ApplicationLogLevel", "INFO"),
    }
    return Function(
        handler=stack.value(properties["Handler"]),
        timeout_seconds=int(stack.value(properties["Timeout"])),
        memory_megabytes=int(stack.value(properties["MemorySize"])),
        variables={name: str(stack.value(value)) for name, value in variables.items()},
    )


@dataclass(frozen=True)
class _Stack:
    """Values by their name in the template; a resource's own name stands for the resource."""

    names: Mapping[str, Any]
    conditions: Mapping[str, Any]

    def value(self, expression: Any) -> Any:
        """What the expression comes to; of the intrinsic functions, those that are in use here."""
        match expression:
            case {"Ref": name}:
                return self.names.get(name, name)
            case {"Fn::If": [condition, yes, no]}:
                return self.value(yes if self._holds(self.conditions[condition]) else no)
            case dict() | list():
                raise NotImplementedError(f"template.yaml: {expression}")
        return expression

    def _holds(self, condition: Any) -> bool:
        match condition:
            case {"Fn::Equals": [one, other]}:
                return bool(self.value(one) == self.value(other))
            case {"Fn::Not": [negated]}:
                return not self._holds(negated)
        raise NotImplementedError(f"template.yaml: {condition}")


class _Loader(yaml.SafeLoader):
    """Knows the short forms of CloudFormation's functions: `!If` is `Fn::If`."""

    def function(self, tag: str, node: yaml.Node) -> dict[str, Any]:
        """The long form."""
        name = tag if tag in {"Ref", "Condition"} else f"Fn::{tag}"
        if isinstance(node, yaml.SequenceNode):
            return {name: self.construct_sequence(node, deep=True)}
        return {name: self.construct_scalar(node)}  # type: ignore[arg-type]


_Loader.add_multi_constructor("!", _Loader.function)


@cache
def _template() -> dict[str, Any]:
    template: dict[str, Any] = yaml.load(_FILE.read_text(encoding="utf-8"), _Loader)  # noqa: S506
    return template
