"""What docs/deploying.md shows fits the template and the release."""

import re
from typing import Any

import hcl2
import pytest
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

from tests.kit.built import ROOT

PAGE = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
TEMPLATE = yaml_parse((ROOT / "template.yaml").read_text(encoding="utf-8"))
PLAIN = hcl2.SerializationOptions(explicit_blocks=False, strip_string_quotes=True)


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


def test_cdk_gives_a_parameter_that_the_template_takes() -> None:
    """test_release.py makes what is included."""
    [parameter] = re.findall(r"parameters: \{ (\w+): ", blocks("typescript")[0])
    assert parameter in TEMPLATE["Parameters"]


@pytest.mark.parametrize("command", ["package", "deploy"])
def test_cloudformation_alone_is_as_the_releases_readme_has_it(command: str) -> None:
    readme = (ROOT / "tools" / "packager" / "release.md").read_text(encoding="utf-8")
    pattern = rf"^aws cloudformation {command} (?:.*\\\n)*.*$"
    [here], [there] = (re.findall(pattern, text, re.MULTILINE) for text in (PAGE, readme))
    assert here == there
