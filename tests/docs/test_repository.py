"""What adopters look for in a repository."""

import subprocess
import sys
from pathlib import Path

from tests.kit.pages import ROOT


def test_the_workflow_and_the_updates_are_sound() -> None:
    options = ["--offline", "--no-config", "--persona", "pedantic", "--strict-collection"]
    command: list[str | Path] = [Path(sys.executable).parent / "zizmor", *options, ROOT / ".github"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for file in ("workflows/ci.yml", "dependabot.yml"):
        assert f".github/{file}" in done.stderr
