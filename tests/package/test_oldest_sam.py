"""The oldest SAM CLI that deploys this is the one that the pages name."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.built import ROOT

UV = Path(sys.executable).with_name("uv")
# Prints what SAM's parser has against the function of the template, whose path it is given.
PARSE = """
import sys, boto3
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse
template = yaml_parse(open(sys.argv[1], encoding="utf-8"))
resources = template["Resources"]
resources["IssueTokenFunction"]["Properties"]["CodeUri"] = "s3://bucket/code"
resources["IssueTokenWorkflow"]["Properties"]["DefinitionUri"] = "s3://bucket/definition"
try:
    Translator({}, Parser(), boto_session=boto3.Session()).translate(template, {})
except InvalidDocumentException as error:
    print(*(cause.message for cause in error.causes))
"""
REFUSAL = (
    "Resource with id [IssueTokenFunction] is invalid. property VersionDeletionPolicy not defined"
    " for resource of type AWS::Serverless::Function"
)


def uv(*words: str | Path, given: str = "") -> str:
    """What uv printed; where there is no package index, the test is skipped."""
    try:
        command = [UV, "pip", *words, "--quiet"]
        return subprocess.check_output(command, input=given, text=True, stderr=subprocess.PIPE)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no package index has the SAM CLI: {error.stderr}")


@pytest.mark.parametrize(("version", "said"), [("1.148.0", REFUSAL), ("1.149.0", "")])
def test_the_parser_that_it_brings_knows_the_template(
    version: str, said: str, tmp_path: Path
) -> None:
    needed = uv("compile", "-", given=f"aws-sam-cli=={version}")
    [parser] = re.findall(r"^aws-sam-translator==\S+", needed, re.MULTILINE)
    uv("install", "--no-deps", "--target", tmp_path, parser)
    done = subprocess.check_output(
        [sys.executable, "-c", PARSE, ROOT / "template.yaml"],
        env={"PYTHONPATH": str(tmp_path), "AWS_DEFAULT_REGION": "eu-central-1"},
        text=True,
    )
    assert done.strip() == said
    for page in ("docs/deploying.md", "tools/packager/release.md"):
        assert "1.149.0 or newer" in (ROOT / page).read_text(encoding="utf-8")
