"""The steps from the lock and our sources to the package, for Lambda's runtime python3.13."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tools import ROOT
from tools.packager import archive, pruning

SOURCES: Final = ROOT / "src"

# Bytecode is loaded by the minor version that compiled it, and by no other.
PYTHON: Final = (3, 13)
_MACHINES: Final = {"arm64": "aarch64", "x86_64": "x86_64"}
# The glibc of the runtime's Amazon Linux 2023 is 2.34; 2.17 is what manylinux2014 wheels ask for.
_GLIBC_MINORS: Final = range(34, 16, -1)
# Where Lambda unpacks the package, so that tracebacks name the files that are there.
_LAMBDA_ROOT: Final = "/var/task"


class PackagingError(Exception):
    """What was asked for can't be built; the message says why and what to do."""


def build(architecture: str, output: Path, *, sources: Path = SOURCES) -> None:
    """Build the package for `architecture` in `output`, which must be absent or empty.

    `sources` holds the lock, `requirements.txt`, and our package, `openid_token`. When a step
    fails, `output` is left as it was.

    Raises:
        PackagingError: saying what is in the way.
    """
    require_python(sys.version_info[:2])
    output = output.resolve()
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise PackagingError(f"{output} is not an empty directory: remove it or name another")
    output.parent.mkdir(parents=True, exist_ok=True)
    # A sibling, so that the last step is a rename.
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".package-") as scratch:
        package = Path(scratch) / "package"
        _install(sources / "requirements.txt", architecture, package)
        pruning.prune(package)
        ignored = shutil.ignore_patterns("__pycache__", "py.typed")
        shutil.copytree(sources / "openid_token", package / "openid_token", ignore=ignored)
        compile_all(package)
        archive.normalise(package)
        package.replace(output)


def require_python(version: tuple[int, ...]) -> None:
    """Refuse a Python, given as major and minor version, whose bytecode the runtime would not load.

    Raises:
        PackagingError: it is not the runtime's.
    """
    if version != PYTHON:
        raise PackagingError(
            "Python 3.13 is needed to compile the package's bytecode: the Lambda runtime is "
            "python3.13 and loads no other version's. "
            f"This is Python {'.'.join(map(str, version))}. "
            "A release needs no build: see docs/deploying.md."
        )


def compile_all(package: Path) -> None:
    """Write a `.pyc` beside each source of `package`.

    They are unchecked-hash: a timestamp would be wrong once SAM's zip has dated every file 1980,
    and the runtime would compile everything again at each cold start.

    Raises:
        PackagingError: when a source does not compile.
    """
    # One file after the other in a process that has imported nothing else: which strings a `.pyc`
    # writes once and refers to depends on what the process has in use.
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-m", "compileall", "-q", "-f", "-o", "0"]
    command += ["--invalidation-mode", "unchecked-hash", "-s", str(package), "-p", _LAMBDA_ROOT]
    if subprocess.run([*command, str(package)], check=False).returncode:
        raise PackagingError("a source of the package does not compile, see above")


def _install(lock: Path, architecture: str, target: Path) -> None:
    """Install the wheels that `lock` names into `target`, the newest glibc's first, whatever this
    machine is. An error has pip's own words: no such wheel, or another hash."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--requirement", str(lock), "--require-hashes", "--no-deps", "--no-compile"]
    command += ["--only-binary", ":all:", "--implementation", "cp"]
    command += ["--python-version", ".".join(map(str, PYTHON)), "--target", str(target)]
    machine = _MACHINES[architecture]
    for glibc in [*(f"manylinux_2_{minor}" for minor in _GLIBC_MINORS), "manylinux2014"]:
        command += ["--platform", f"{glibc}_{machine}"]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise PackagingError(f"the dependencies can't be installed:\n{finished.stderr.strip()}")
