"""The linters that know CloudFormation better than we do."""

import json
import subprocess
import sys
from pathlib import Path

from tests.template.cloudformation import FILE, transform

SCRIPTS = Path(sys.executable).parent
BULK = FILE.parent / "statemachine" / "in_bulk.template.yaml"
TEMPLATES = (FILE, BULK, FILE.parent / "examples" / "authorizer" / "template.yaml")
CHECKOV = FILE.parent / ".checkov.yaml"
SCAN = Path(__file__).parents[2] / ".venv-scan" / "bin"


def lint(program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_cfn_lint_finds_nothing() -> None:
    finished = lint(SCRIPTS / "cfn-lint", "--include-checks", "I", "--", *map(str, TEMPLATES))
    assert not finished.stdout
    assert not finished.returncode, finished.stderr


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
