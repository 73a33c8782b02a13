"""What CloudFormation would make of the template: SAM's own transform, then conditions and values.

Values that only a deployment knows stay readable: a `Ref` to a resource becomes `${Name}`, an
attribute `${Name.Attribute}`.
"""

import re
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Final

import boto3
import yaml
from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]
from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

FILE: Final = Path(__file__).parents[2] / "template.yaml"
SOURCE: Final[dict[str, Any]] = yaml_parse(FILE.read_text(encoding="utf-8"))
PSEUDO: Final = {
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::AccountId": "123456789012",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "issuer",
    "AWS::StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/issuer/a-guid",
}
_NO_VALUE: Final = object()


@cache
def transform(**parameters: str) -> dict[str, Any]:
    """The template as SAM's service would hand it to CloudFormation; not to be changed."""
    source = deepcopy(SOURCE)
    # `sam deploy` has uploaded these and put their addresses here.
    source["Resources"]["IssueTokenFunction"]["Properties"]["CodeUri"] = "s3://bucket/code"
    source["Resources"]["IssueTokenWorkflow"]["Properties"]["DefinitionUri"] = "s3://bucket/asl"
    session = boto3.Session(region_name=PSEUDO["AWS::Region"])
    translator = Translator({}, Parser(), boto_session=session)
    transformed: dict[str, Any] = translator.translate(source, parameters)
    return transformed


class Stack:
    """The resources and outputs that exist with these parameter values, resolved."""

    def __init__(self, **parameters: str) -> None:
        self.template = transform(**parameters)
        defaults = {name: its["Default"] for name, its in self.template["Parameters"].items()}
        self._values: dict[str, Any] = {**PSEUDO, **defaults, **parameters}
        self.resources = self._existing("Resources")
        self.outputs = self._existing("Outputs")

    def of_type(self, resource_type: str) -> dict[str, dict[str, Any]]:
        """The properties of the resources of this type, by logical id."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == resource_type
        }

    def only(self, resource_type: str) -> dict[str, Any]:
        """The properties of the one resource of this type."""
        (properties,) = self.of_type(resource_type).values()
        return properties

    def asserts(self, rule: str) -> bool:
        """Whether the parameter values satisfy this one of the template's rules."""
        return all(self._truth(a["Assert"]) for a in self.template["Rules"][rule]["Assertions"])

    def _existing(self, section: str) -> dict[str, Any]:
        return {
            name: self._resolve({k: v for k, v in entry.items() if k != "Metadata"})
            for name, entry in self.template[section].items()
            if "Condition" not in entry or self._truth(entry)
        }

    def _truth(self, expression: dict[str, Any]) -> bool:
        match expression:
            case {"Condition": name}:
                return self._truth(self.template["Conditions"][name])
            case {"Fn::Equals": [one, other]}:
                return bool(self._resolve(one) == self._resolve(other))
            case {"Fn::Or": either}:
                return any(map(self._truth, either))
            case {"Fn::And": all_}:
                return all(map(self._truth, all_))
            case {"Fn::Not": [other]}:
                return not self._truth(other)
        raise NotImplementedError(expression)

    def _resolve(self, value: Any) -> Any:
        if isinstance(value, list):
            return [item for each in value if (item := self._resolve(each)) is not _NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and (key := next(iter(value))) and (key == "Ref" or key[:4] == "Fn::"):
            return self._call(key, value[key])
        resolved = {key: self._resolve(each) for key, each in value.items()}
        return {key: each for key, each in resolved.items() if each is not _NO_VALUE}

    def _call(self, function: str, argument: Any) -> Any:
        match function:
            case "Ref":
                return self._name(argument)
            case "Fn::If":
                return self._resolve(argument[1 if self._truth({"Condition": argument[0]}) else 2])
            case "Fn::GetAtt":
                return f"${{{'.'.join(argument)}}}"
            case "Fn::Sub":
                return self._substitute(argument)
            case "Fn::Split":
                return self._resolve(argument[1]).split(argument[0])
            case "Fn::FindInMap":
                mapping, first, second = argument
                return self.template["Mappings"][mapping][first][second]
            case "Fn::Transform":
                assert argument["Name"] == "AWS::Include"
                # As CloudFormation reads it: without the short forms.
                file = FILE.parent / argument["Parameters"]["Location"]
                return self._resolve(yaml.safe_load(file.read_text(encoding="utf-8")))
            case _:
                assert function == "Fn::Select"
                return self._resolve(argument[1])[int(argument[0])]

    def _name(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return _NO_VALUE
        # The id of a pool begins with its region, as the policy wants it.
        created = {"IdentityPool": f"{PSEUDO['AWS::Region']}:${{IdentityPool}}"}
        return self._values.get(name, created.get(name, f"${{{name}}}"))

    def _substitute(self, argument: Any) -> str:
        text, names = argument if isinstance(argument, list) else (argument, {})
        local = {name: self._resolve(value) for name, value in names.items()}
        return re.sub(
            r"\$\{([^}]+)\}", lambda m: str(local.get(m[1]) or self._name(m[1])), str(text)
        )
