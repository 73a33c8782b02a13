"""The linters that know CloudFormation better than we do."""

import json
import subprocess
import sys
from pathlib import Path

import yaml

from tests.kit.pages import OWN_LOGIN, blocks
from tests.kit.template import FILE, transform

SCRIPTS = Path(sys.executable).parent
BULK = FILE.parent / "statemachine" / "in_bulk.template.yaml"
TEMPLATES = (FILE, BULK, FILE.parent / "examples" / "authorizer" / "template.yaml")
# Of the fragment: cfn-lint's schemas are older than a REST API's JWT authorizer.
UNKNOWN = ("E3002", "Additional properties are not allowed ('JwtConfiguration' was unexpected)")
NAMES = ("VpcEndpointId", "FunctionAliasArn", "BackendRoleArn")
PARAMETERS = {name: {"Type": "String"} for name in NAMES}
CHECKOV = FILE.parent / ".checkov.yaml"
SCAN = Path(__file__).parents[2] / ".venv-scan" / "bin"


def lint(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_cfn_lint_finds_nothing_but_what_it_does_not_know_yet(tmp_path: Path) -> None:
    [private_api] = blocks(OWN_LOGIN, "yaml")
    indented = "".join(f"  {line}\n" for line in private_api.splitlines())
    fragment = tmp_path / "fragment.yaml"
    fragment.write_text(f"{yaml.safe_dump({'Parameters': PARAMETERS})}Resources:\n{indented}")
    files = [str(file) for file in (*TEMPLATES, fragment)]
    finished = lint(SCRIPTS / "cfn-lint", "--include-checks", "I", "--format", "json", "--", *files)
    found = [(e["Filename"], e["Rule"]["Id"], e["Message"]) for e in json.loads(finished.stdout)]
    assert found in ([], [(str(fragment), *UNKNOWN)]), finished.stderr


def test_checkov_finds_nothing_that_is_not_argued(tmp_path: Path) -> None:
    transformed = tmp_path / "template.json"
    transformed.write_text(json.dumps(transform()), encoding="utf-8")
    options = ["--framework", "cloudformation", "--skip-download", "--output", "json"]
    options += ["--config-file", str(CHECKOV)]
    finished = lint(SCAN / "checkov", "--file", str(transformed), *options)
    report = json.loads(finished.stdout)
    assert not report["results"]["failed_checks"]
    assert not report["results"]["parsing_errors"]
    assert report["summary"]["passed"] >= 10
