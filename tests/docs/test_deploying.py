"""What the pages deploy with fits the template and the release."""

import re
import shlex
from typing import Any, Final

import hcl2
import pytest

from tests.kit.pages import PAGES, ROOT, blocks
from tests.kit.template import SOURCE

PAGE: Final = ROOT / "docs" / "deploying.md"
PARAMETERS: Final = SOURCE["Parameters"]
PLAIN: Final = hcl2.SerializationOptions(explicit_blocks=False, strip_string_quotes=True)
OVERRIDES: Final = re.compile(r"--parameter-overrides((?: \\\n|[^\n`)\\])+)")


def resource(block: str, kind: str) -> dict[str, Any]:
    [body] = (
        each[kind]
        for each in hcl2.loads(block, serialization_options=PLAIN)["resource"]
        if kind in each
    )
    its: dict[str, Any] = next(iter(body.values()))
    return its


@pytest.mark.parametrize(
    "line", [line for page in PAGES for line in OVERRIDES.findall(page.read_text("utf-8"))]
)
def test_a_command_gives_parameters_of_the_template_and_keeps_their_rules(line: str) -> None:
    words = shlex.split(line.replace("\\\n", " "))
    # SAM splits each word once more, and takes the quotes off.
    pairs = [pair for word in words for pair in shlex.split(word) if not pair.startswith("-")]
    given = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
    assert given
    if given.keys() == {"FunctionAliasArn"}:
        return  # Of the bulk workflow's template.
    for name, value in given.items():
        pattern = PARAMETERS[name].get("AllowedPattern", ".*")
        assert "<" in value or re.fullmatch(pattern, value)


def test_terraform_and_cdk_give_the_stack_what_its_template_takes() -> None:
    """tests/package/test_release.py makes what CDK includes."""
    stack = resource(blocks(PAGE, "hcl")[0], "aws_cloudformation_stack")
    [cdk] = re.findall(r"parameters: \{ (\w+): ", blocks(PAGE, "typescript")[0])
    assert {cdk, *stack["parameters"]} <= PARAMETERS.keys()
    # A template with macros, deployed without a change set, takes the second.
    assert stack["capabilities"] == ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


@pytest.mark.parametrize("command", ["package", "deploy"])
def test_cloudformation_alone_is_as_the_releases_readme_has_it(command: str) -> None:
    pattern = rf"^aws cloudformation {command} (?:.*\\\n)*.*$"
    [here], [there] = (
        re.findall(pattern, page.read_text("utf-8"), re.MULTILINE)
        for page in (PAGE, ROOT / "tools" / "packager" / "release.md")
    )
    assert here == there
