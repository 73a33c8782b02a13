"""What npm brings, for tests that run or compile JavaScript."""

import fcntl
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest


def installed(folder: Path, command: Sequence[str], sources: Sequence[Path] = ()) -> None:
    """Put copies of `sources` into the folder, and let npm install there, once for all workers; it
    is kept from run to run. Skip the test where that can't be done."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("there is no Node.js with npm on this machine")
    wanted = b"".join([" ".join(command).encode(), *(source.read_bytes() for source in sources)])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "installed").open("a+b") as done:
        fcntl.flock(done, fcntl.LOCK_EX)
        done.seek(0)
        if done.read() == wanted:
            return
        done.truncate(0)
        for source in sources:
            shutil.copy(source, folder)
        options = ["--prefix=.", "--ignore-scripts", "--no-audit", "--fetch-retries=1"]
        try:
            subprocess.run(
                ["npm", *command, *options],
                cwd=folder,
                capture_output=True,
                timeout=150,
                check=True,
            )
        except subprocess.SubprocessError as error:
            pytest.skip(f"npm could not install what is needed: {error}")
        done.write(wanted)
