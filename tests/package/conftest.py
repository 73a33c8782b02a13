"""Packages built once for all tests here, as `python -m packager` builds them."""

from __future__ import annotations

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
    """Build for an architecture; the second argument tells builds of the same one apart."""
    done: dict[tuple[str, str], Path] = {}

    def build(architecture: str, which: str = "first") -> Path:
        key = (architecture, which)
        if key not in done:
            done[key] = tmp_path_factory.mktemp("package") / f"{architecture}-{which}"
            command = [sys.executable, "-m", "packager"]
            command += ["--architecture", architecture, "--output", str(done[key])]
            environ = {**os.environ, "PYTHONHASHSEED": str(len(done))}
            subprocess.run(command, cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL)
        return done[key]

    return build


@pytest.fixture(scope="session", params=["arm64", "x86_64"])
def package(request: pytest.FixtureRequest, built: Callable[[str, str], Path]) -> Path:
    """The package of each architecture."""
    return built(request.param, "first")


@pytest.fixture(scope="session")
def host_package(built: Callable[[str, str], Path]) -> Path:
    """The package that this machine can import."""
    return built(ARCHITECTURES[platform.machine()], "first")
