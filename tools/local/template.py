"""What a template comes to without CloudFormation, and the function as `template.yaml` configures
it, for whoever runs it here.

What only a deployment knows stays readable: a `Ref` to a resource becomes `${Name}`, an attribute
`${Name.Attribute}`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import yaml

from tools import ROOT

FILE: Final = ROOT / "template.yaml"
_NO_VALUE: Final = object()


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
    values = Values(source(), {"AWS::StackName": "openid-token-issuer", **parameters})
    if unknown := parameters.keys() - source()["Parameters"].keys():
        raise TypeError(f"template.yaml has no parameter {', '.join(sorted(unknown))}")
    properties = source()["Resources"]["IssueTokenFunction"]["Properties"]
    log = properties["LoggingConfig"]
    variables = {
        **properties["Environment"]["Variables"],
        "AWS_LAMBDA_LOG_FORMAT": log["LogFormat"],
        "AWS_LAMBDA_LOG_LEVEL": log["ApplicationLogLevel"],
    }
    return Function(
        handler=values.of(properties["Handler"]),
        timeout_seconds=int(values.of(properties["Timeout"])),
        memory_megabytes=int(values.of(properties["MemorySize"])),
        variables={name: str(values.of(value)) for name, value in variables.items()},
    )


def routes() -> dict[str, Any]:
    """By what each route of the API is authorized: `AWS_IAM`, or the users' authorizer."""
    of_routes = (
        resource["Properties"]
        for resource in source()["Resources"].values()
        if resource["Type"] == "AWS::ApiGatewayV2::Route"
    )
    return {route["RouteKey"]: route["AuthorizationType"] for route in of_routes}


class Values:
    """What the expressions of a template come to. `names` are the values of its parameters, where
    they are not the defaults, and of the pseudo parameters in use."""

    def __init__(self, template: Mapping[str, Any], names: Mapping[str, Any]) -> None:
        defaults = {name: its.get("Default", "") for name, its in template["Parameters"].items()}
        self._template, self._names = template, {**defaults, **names}

    def holds(self, condition: Any) -> bool:
        """Whether a condition is true."""
        match condition:
            case {"Condition": name}:
                return self.holds(self._template["Conditions"][name])
            case {"Fn::Equals": [one, other]}:
                return bool(self.of(one) == self.of(other))
            case {"Fn::Or": either}:
                return any(map(self.holds, either))
            case {"Fn::And": all_}:
                return all(map(self.holds, all_))
            case {"Fn::Not": [other]}:
                return not self.holds(other)
        raise NotImplementedError(condition)

    def of(self, expression: Any) -> Any:
        """The value of an expression, and of all that is in it."""
        match expression:
            case {"Ref": name}:
                return self._named(name)
            case list():
                return [part for each in expression if (part := self.of(each)) is not _NO_VALUE]
            case dict():
                for name, argument in expression.items():
                    if name.startswith("Fn::"):
                        return self._call(name, argument)
                parts = {name: self.of(each) for name, each in expression.items()}
                return {name: part for name, part in parts.items() if part is not _NO_VALUE}
        return expression

    def _call(self, function: str, argument: Any) -> Any:
        match function, argument:
            case "Fn::If", [condition, yes, no]:
                return self.of(yes if self.holds({"Condition": condition}) else no)
            case "Fn::GetAtt", path:
                return self._named(".".join(path))
            case "Fn::Sub", [text, names]:
                return self._substituted(text, self.of(names))
            case "Fn::Sub", text:
                return self._substituted(text, {})
            case "Fn::Split", [separator, text]:
                return self.of(text).split(separator)
            case "Fn::Select", [index, parts]:
                return self.of(parts)[int(index)]
            case "Fn::FindInMap", [mapping, first, second]:
                return self._template["Mappings"][mapping][first][second]
            case "Fn::Transform", {"Name": "AWS::Include", "Parameters": {"Location": file}}:
                # As CloudFormation reads it: without the short forms.
                return self.of(yaml.safe_load((ROOT / file).read_text(encoding="utf-8")))
        raise NotImplementedError(function)

    def _named(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NO_VALUE
        return self._names.get(name, f"${{{name}}}")

    def _substituted(self, text: str, names: Mapping[str, Any]) -> str:
        return re.sub(r"\$\{([^}]+)\}", lambda m: str(names.get(m[1]) or self._named(m[1])), text)


class _Loader(yaml.SafeLoader):
    """Knows the short forms of CloudFormation's functions: `!If` is `Fn::If`."""

    def function(self, tag: str, node: yaml.Node) -> dict[str, Any]:
        """The long form."""
        name = tag if tag in {"Ref", "Condition"} else f"Fn::{tag}"
        if isinstance(node, yaml.ScalarNode):
            text = self.construct_scalar(node)
            return {name: text.split(".", 1) if tag == "GetAtt" else text}
        if isinstance(node, yaml.SequenceNode):
            return {name: self.construct_sequence(node, deep=True)}
        return {name: self.construct_mapping(node, deep=True)}  # type: ignore[arg-type]


_Loader.add_multi_constructor("!", _Loader.function)


@cache
def source() -> dict[str, Any]:
    """The template as it is written, with the long forms; not to be changed."""
    template: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), _Loader)  # noqa: S506
    return template
