"""What adopters look for in a repository."""

import subprocess
from pathlib import Path

from tests.kit.pages import ROOT


def test_a_checkout_has_the_same_bytes_whatever_git_is_set_to() -> None:
    """With `core.autocrlf`, as Git for Windows sets it, text would come with other line ends."""
    command = ["git", "-c", "core.autocrlf=true", "ls-files", "--eol"]
    said = subprocess.check_output(command, cwd=ROOT, text=True)
    kinds = {line.split("\t")[1]: line.split("\t")[0].split() for line in said.splitlines()}
    assert len(kinds) > 100
    for file, (index, _, *attributes) in kinds.items():
        if Path(file).suffix in {".gz", ".png"}:
            assert (index, attributes) == ("i/-text", ["attr/-text"]), file
        else:
            assert index in {"i/lf", "i/none"}, file
            assert attributes[1:] == ["eol=lf"], file
