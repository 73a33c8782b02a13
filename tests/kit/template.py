"""What CloudFormation would make of the template: SAM's own transform, then conditions and
values."""

from copy import deepcopy
from functools import cache
from typing import Any, Final

import boto3
from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]
from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]

from tools.local import template

FILE: Final = template.FILE
SOURCE: Final = template.source()
PSEUDO: Final = {
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::AccountId": "123456789012",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "issuer",
    "AWS::StackId": "arn:aws:cloudformation:eu-west-1:123456789012:stack/issuer/a-guid",
}
# The id of a pool begins with its region, as the policy wants it.
_CREATED: Final = {"IdentityPool": f"{PSEUDO['AWS::Region']}:${{IdentityPool}}"}


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
        self._values = template.Values(self.template, PSEUDO | _CREATED | parameters)
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
        return all(
            self._values.holds(a["Assert"]) for a in self.template["Rules"][rule]["Assertions"]
        )

    def _existing(self, section: str) -> dict[str, Any]:
        return {
            name: self._values.of({k: v for k, v in entry.items() if k != "Metadata"})
            for name, entry in self.template[section].items()
            if "Condition" not in entry or self._values.holds({"Condition": entry["Condition"]})
        }
