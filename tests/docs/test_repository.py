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


def test_a_checkout_has_the_same_bytes_whatever_git_is_set_to() -> None:
    """With `core.autocrlf`, as Git for Windows sets it, text would come with other line ends."""
    said = _git("-c", "core.autocrlf=true", "ls-files", "--eol")
    kinds = {line.split("\t")[1]: line.split("\t")[0].split() for line in said.splitlines()}
    assert len(kinds) > 100
    for file, (index, _, *attributes) in kinds.items():
        if Path(file).suffix in {".gz", ".png"}:
            assert (index, attributes) == ("i/-text", ["attr/-text"]), file
        else:
            assert index in {"i/lf", "i/none"}, file
            assert attributes[1:] == ["eol=lf"], file


def _git(*arguments: str) -> str:
    return subprocess.check_output(["git", *arguments], cwd=ROOT, text=True)
