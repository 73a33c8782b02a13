"""What adopters look for in a repository."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.docs.pages import ROOT


def test_the_workflow_and_the_updates_are_sound() -> None:
    options = ["--offline", "--no-config", "--persona", "pedantic", "--strict-collection"]
    command: list[str | Path] = [Path(sys.executable).parent / "zizmor", *options, ROOT / ".github"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for file in ("workflows/ci.yml", "dependabot.yml"):
        assert f".github/{file}" in done.stderr


def test_the_licence_is_the_one_that_the_project_names() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    [file] = project["license-files"]
    assert (ROOT / file).read_text().startswith(f"{project['license']} License\n")
