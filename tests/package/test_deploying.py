"""What docs/deploying.md shows fits the template, the function and the release."""

import re
from typing import Any

import hcl2
import pytest
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

from openid_token.settings import Settings
from tests.kit.built import ROOT
from tools.packager.build import ARCHITECTURES

PAGE = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
TEMPLATE = yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8"))
PLAIN = hcl2.SerializationOptions(explicit_blocks=False, strip_string_quotes=True)
FUNCTION = TEMPLATE["Resources"]["IssueTokenFunction"]["Properties"]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def resource(block: str, kind: str) -> dict[str, Any]:
    [body] = (
        each[kind]
        for each in hcl2.loads(block, serialization_options=PLAIN)["resource"]
        if kind in each
    )
    its: dict[str, Any] = next(iter(body.values()))
    return its


def test_terraform_gives_the_stack_what_its_template_takes() -> None:
    stack = resource(blocks("hcl")[0], "aws_cloudformation_stack")
    assert stack["parameters"].keys() <= TEMPLATE["Parameters"].keys()
    # A template with macros, deployed without a change set, takes the second.
    assert stack["capabilities"] == ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
    template = resource(blocks("hcl")[0], "aws_s3_object")
    assert stack["template_url"].startswith(f"https://{template['bucket']}.s3.")
    assert "aws_s3_object.template.key" in stack["template_url"]


def test_terraforms_function_is_the_templates() -> None:
    function = resource(blocks("hcl")[1], "aws_lambda_function")
    assert function["handler"] == FUNCTION["Handler"]
    assert function["runtime"] == FUNCTION["Runtime"]
    assert function["timeout"] == FUNCTION["Timeout"]
    assert function["memory_size"] == TEMPLATE["Parameters"]["MemorySize"]["Default"]
    assert function["architectures"][0] in ARCHITECTURES
    [environment] = function["environment"]
    variables = environment["variables"]
    assert variables.keys() <= FUNCTION["Environment"]["Variables"].keys()
    assert Settings.from_environment(variables).developer_provider_name == "login.example.com"


def test_cdk_gives_a_parameter_that_the_template_takes() -> None:
    """test_release.py makes what is included."""
    [parameter] = re.findall(r"parameters: \{ (\w+): ", blocks("typescript")[0])
    assert parameter in TEMPLATE["Parameters"]


@pytest.mark.parametrize("command", ["package", "deploy"])
def test_cloudformation_alone_is_as_the_releases_readme_has_it(command: str) -> None:
    readme = (ROOT / "tools" / "packager" / "release.md").read_text(encoding="utf-8")
    pattern = rf"^aws cloudformation {command} (?:.*\\\n)*.*$"
    [here], [there] = (re.findall(pattern, text, re.MULTILINE) for text in (PAGE, readme))
    assert here.partition(" --parameter-overrides")[0] == there
