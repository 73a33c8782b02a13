"""docs/security.md: who may go around the token issuer, how to see it, and what limits it."""

import json
import re
from fnmatch import fnmatchcase
from typing import Any

import boto3
from botocore.validate import validate_parameters
from moto.iam.aws_managed_policies import aws_managed_policies_data

from tests.kit.pages import OPERATIONS, README, SECURITY, blocks
from tests.kit.template import SOURCE

CALL = "cognito-identity:getopenidtokenfordeveloperidentity"


def _section(heading: str) -> str:
    return SECURITY.read_text().partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _names_the_call(pattern: str) -> bool:
    # The beginning first: the policies have some hundred thousand patterns.
    begins = re.split(r"[*?]", pattern.lower(), maxsplit=1)[0]
    return CALL.startswith(begins) and fnmatchcase(CALL, pattern.lower())


def _allows(policy: dict[str, Any]) -> bool:
    for statement in _each(policy["Document"]["Statement"]):
        patterns = _each(statement.get("Action", statement.get("NotAction")))
        named = any(map(_names_the_call, patterns))
        if statement["Effect"] == "Allow" and named is ("Action" in statement):
            return True
    return False


def test_the_managed_policies_that_allow_the_call_are_these() -> None:
    policies = json.loads(aws_managed_policies_data)
    listed, _, others = (
        _section("The way around it").partition("**Close it.**")[0].partition("`View")
    )
    named = set(re.findall(r"`([A-Z]\w+)`", listed))
    assert named == {name for name, policy in policies.items() if _allows(policy)}
    assert set(re.findall(r"`([A-Z]\w+)`", f"`View{others}")) <= set(policies) - named


def test_the_detector_selects_what_cloudtrail_takes() -> None:
    [command] = [block for block in blocks(OPERATIONS, "sh") if "put-event-selectors" in block]
    selectors = json.loads(command.split("'")[1])
    shape = boto3.client("cloudtrail", "eu-central-1").meta.service_model.operation_model(
        "PutEventSelectors"
    )
    given = {"TrailName": "audit", "AdvancedEventSelectors": selectors}
    validate_parameters(given, shape.input_shape)
    assert [
        {field["Field"]: field["Equals"] for field in selector["FieldSelectors"]}
        for selector in selectors
    ] == [
        {"eventCategory": ["Management"]},
        {"eventCategory": ["Data"], "resources.type": ["AWS::Cognito::IdentityPool"]},
    ]


def test_the_parameters_and_outputs_that_are_named_exist() -> None:
    limits = re.findall(r"^- (`[^:]*):", _section("The limits"), re.MULTILINE)
    named = {*re.findall(r"`(\w+)`", "".join(limits))}
    text = README.read_text()
    named |= {*re.findall(r"[`' ]([A-Z][a-z]\w+)=", text)}
    assert len(named) >= 8
    assert named <= set(SOURCE["Parameters"])
    outputs = {*re.findall(r"(?<!-)\boutput\s+`?([A-Z]\w+)", text)}
    assert outputs >= {"AlarmTopicArn", "DashboardName", "UserRoleName", "PoolId"}
    assert outputs <= set(SOURCE["Outputs"])
