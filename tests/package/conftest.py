"""Packages built once for all tests here, as `python -m tools.packager` builds them."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.builders import POOL, PROVIDER
from tests.built import ARCHITECTURE, ROOT

type Build = Callable[[str], Path]

SETTINGS = {
    "IDENTITY_POOL_ID": POOL,
    "DEVELOPER_PROVIDER_NAME": PROVIDER,
    "POWERTOOLS_SERVICE_NAME": "openid-token-issuer",
    "POWERTOOLS_METRICS_NAMESPACE": "OpenIdTokenIssuer",
}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Build for an architecture, once for all workers of pytest-xdist."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent

    def build(architecture: str) -> Path:
        output = root / f"package-{architecture}"
        command = [sys.executable, "-m", "tools.packager"]
        command += [f"--architecture={architecture}", f"--output={output}"]
        environ = {**os.environ, "PYTHONHASHSEED": "7"}
        with output.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not output.exists():
                subprocess.run(
                    command, cwd=ROOT, env=environ, check=True, stdout=subprocess.DEVNULL
                )
        return output

    return build


@pytest.fixture(scope="session", params=["arm64", "x86_64"])
def package(request: pytest.FixtureRequest, built: Build) -> Path:
    """The package of each architecture."""
    return built(request.param)


@pytest.fixture(scope="session")
def host_package(built: Build) -> Path:
    """The package that this machine can import."""
    return built(ARCHITECTURE)


def run_alone(
    package: Path,
    code: str,
    *arguments: str,
    given: str = "",
    behind: Path | None = None,
    **variables: str,
) -> str:
    """What `code` prints with `package`, what is found `behind` it, and nothing else of this
    machine's packages."""
    path = os.pathsep.join(map(str, filter(None, (package, behind))))
    return subprocess.check_output(
        [sys.executable, "-S", "-P", "-W", "ignore", "-c", code, *arguments],
        env={**SETTINGS, **variables, "PYTHONPATH": path, "PATH": os.environ["PATH"]},
        input=given,
        text=True,
    )
