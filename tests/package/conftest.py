"""What is tested here is built once: as a release, and as the package that `make` keeps."""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.built import ROOT
from tools.packager.build import ARCHITECTURES
from tools.packager.release import PROJECT


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of this checkout, written once for all workers of pytest-xdist."""
    root = tmp_path_factory.getbasetemp()
    output = (root.parent if "PYTEST_XDIST_WORKER" in os.environ else root) / "release"
    with output.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (output / "SHA256SUMS").exists():
            command = [sys.executable, "-m", "tools.packager.release", f"--output={output}"]
            said = subprocess.check_output(command, cwd=ROOT, text=True, umask=0o022)
            assert said == (output / "SHA256SUMS").read_text()
    return output


@pytest.fixture(scope="session", params=[*ARCHITECTURES])
def folder(
    request: pytest.FixtureRequest, files: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """One of its zips, unzipped."""
    name = f"{PROJECT['name']}-{PROJECT['version']}-{request.param}"
    target = tmp_path_factory.mktemp("unzipped")
    shutil.unpack_archive(files / f"{name}.zip", target)
    assert [path.name for path in target.iterdir()] == [name]
    return target / name


@pytest.fixture(scope="session")
def package(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package of each architecture, as Lambda unpacks it."""
    target = tmp_path_factory.mktemp(folder.name)
    shutil.unpack_archive(folder / "function.zip", target)
    return target


def run_alone(
    package: Path, code: str, *, given: str = "", behind: Path | None = None, **variables: str
) -> str:
    """What `code` prints with `package`, what is found `behind` it, and nothing else of this
    machine's packages."""
    variables["PYTHONPATH"] = os.pathsep.join(map(str, filter(None, (package, behind))))
    variables["POWERTOOLS_METRICS_NAMESPACE"] = "OpenIdTokenIssuer"
    return subprocess.check_output(
        [sys.executable, "-S", "-P", "-W", "ignore", "-c", code],
        env=os.environ | variables,
        input=given,
        text=True,
    )
