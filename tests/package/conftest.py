"""Packages built once for all tests here, as `python -m tools.packager` builds them."""

from __future__ import annotations

import fcntl
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
ARCHITECTURES = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Build for an architecture; the second argument tells builds of the same one apart.

    A build is made once for all workers of pytest-xdist.
    """
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent

    def build(architecture: str, which: str = "first") -> Path:
        output = root / f"package-{architecture}-{which}"
        command = [sys.executable, "-m", "tools.packager"]
        command += ["--architecture", architecture, "--output", str(output)]
        environ = {**os.environ, "PYTHONHASHSEED": str(len(which))}
        with output.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not output.exists():
                subprocess.run(
                    command, cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL
                )
        return output

    return build


@pytest.fixture(scope="session", params=["arm64", "x86_64"])
def package(request: pytest.FixtureRequest, built: Callable[[str, str], Path]) -> Path:
    """The package of each architecture."""
    return built(request.param, "first")


@pytest.fixture(scope="session")
def host_package(built: Callable[[str, str], Path]) -> Path:
    """The package that this machine can import."""
    return built(ARCHITECTURES[platform.machine()], "first")
