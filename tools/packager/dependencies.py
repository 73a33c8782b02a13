"""The runtime dependencies, as the lock pins them."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tools.packager.errors import PackagingError
from tools.packager.runtime import PYTHON, wheel_platforms

if TYPE_CHECKING:
    from pathlib import Path


def install(lock: Path, architecture: str, target: Path) -> None:
    """Install the wheels that `lock` names into `target`, for `architecture`, whatever the host.

    Raises:
        PackagingError: with pip's own words, when there is no such wheel or its hash differs.
    """
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--requirement", str(lock), "--require-hashes", "--no-deps", "--no-compile"]
    command += ["--only-binary", ":all:", "--implementation", "cp"]
    command += ["--python-version", ".".join(map(str, PYTHON)), "--target", str(target)]
    for platform in wheel_platforms(architecture):
        command += ["--platform", platform]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise PackagingError(f"the dependencies can't be installed:\n{finished.stderr.strip()}")
