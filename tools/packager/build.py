"""From the lock and our sources to the package for Lambda's runtime python3.13.

Of what a dependency brings, only what the function reads stays. A layer may bring packages that our
dependencies look for, to import more of themselves beside them: what any of those pulls in stays.
But other code in the function's process, such as a tracing layer, finds this botocore before its
own, and in it the data of Cognito Identity alone: clients of other services can't be made there.
"""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from tools import ROOT
from tools.packager import authorities, wheels

# With the names that wheels have for them.
ARCHITECTURES: Final = {"arm64": "aarch64", "x86_64": "x86_64"}
# Bytecode is loaded by the minor version that compiled it, and by no other.
PYTHON: Final = (3, 13)
# The glibc of the runtime's Amazon Linux 2023 is 2.34; 2.17 is what manylinux2014 wheels ask for.
_GLIBC_MINORS: Final = range(34, 16, -1)
# Where Lambda unpacks the package, so that tracebacks name the files that are there.
_LAMBDA_ROOT: Final = "/var/task"
# A zip file knows no date before 1980; this is a day later, so 1980 in every time zone.
_TIMESTAMP: Final = 315_619_200

SERVICES: Final = ("cognito-identity",)
# What no function reads, whatever it does.
NEVER_READ: Final = (
    "bin",  # commands
    "**/__pycache__",
    "**/tests",
    "**/*.pyi",
    "**/py.typed",
    "**/*.c",
    # These import packages that are not there: docutils, winreg, js, OpenSSL, socks, h2. Where a
    # layer brings those, nothing imports these unasked, or it does without.
    "botocore/docs/translator.py",
    "dateutil/tz/win.py",
    "dateutil/tzwin.py",
    "urllib3/contrib/emscripten",
    "urllib3/contrib/pyopenssl.py",
    "urllib3/contrib/socks.py",
    "urllib3/http2/connection.py",
)
# What this function does not import.
_NOT_IMPORTED: Final = (
    "aws_lambda_powertools/event_handler",
    "aws_lambda_powertools/utilities/[!_jt]*",  # which leaves jmespath_utils and typing
)
# METADATA stays, since vulnerability scanners know a package by it, and what a licence asks for.
_KEPT_OF_DIST_INFO: Final = ("METADATA", "LICENSE", "LICENCE", "NOTICE", "COPYING", "AUTHORS")


class PackagingError(Exception):
    """What was asked for can't be built; the message says why and what to do."""


def build(architecture: str, output: Path) -> None:
    """Build the package for `architecture` in `output`, which must be absent or empty, and is left
    as it was when a step fails.

    Raises:
        PackagingError: saying what is in the way.
    """
    if sys.version_info[:2] != PYTHON:
        raise PackagingError(
            "Python 3.13 is needed to compile the package's bytecode: the Lambda runtime is "
            "python3.13 and loads no other version's. "
            f"This is Python {platform.python_version()}. "
            "A release needs no build: see docs/deploying.md."
        )
    output = output.resolve()
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise PackagingError(f"{output} is not an empty directory: remove it or name another")
    output.parent.mkdir(parents=True, exist_ok=True)
    # A sibling, so that the last step is a rename.
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".package-") as scratch:
        package = Path(scratch) / "package"
        _install(ROOT / "src" / "requirements.txt", architecture, package)
        prune(package)
        ignored = shutil.ignore_patterns("__pycache__", "py.typed")
        ours = ROOT / "src" / "openid_token"
        shutil.copytree(ours, package / ours.name, ignore=ignored)
        authorities.unfold(package / "botocore/cacert.pem")
        compile_patterns(package)
        compile_all(package)
        # The same dates everywhere, and modes that Lambda can read.
        for path in [*package.rglob("*"), package]:
            path.chmod(0o755 if path.is_dir() else 0o644)
            os.utime(path, (_TIMESTAMP, _TIMESTAMP))
        package.replace(output)


def _install(lock: Path, architecture: str, target: Path) -> None:
    """Install the wheels that `lock` names into `target`, the newest glibc's first, whatever this
    machine is. An error has pip's own words: no such wheel, or another hash."""
    options = ["--requirement", str(lock), "--only-binary", ":all:", "--implementation", "cp"]
    options += ["--python-version", ".".join(map(str, PYTHON)), "--target", str(target)]
    for glibc in [*(f"manylinux_2_{minor}" for minor in _GLIBC_MINORS), "manylinux2014"]:
        options += ["--platform", f"{glibc}_{ARCHITECTURES[architecture]}"]
    finished = wheels.install(*options)
    if finished.returncode:
        raise PackagingError(f"the dependencies can't be installed:\n{finished.stderr.strip()}")


def prune(
    package: Path,
    *,
    unused: Iterable[str] = (*NEVER_READ, *_NOT_IMPORTED),
    services: Collection[str] = SERVICES,
) -> None:
    """Remove from `package` what is neither imported, nor read, nor asked for by a licence:
    what matches `unused`, and botocore's data of all but `services`."""
    data = package / "botocore/data"
    useless = [path for pattern in unused for path in package.glob(pattern)]
    useless += [path for path in data.iterdir() if path.is_dir() and path.name not in services]
    useless += [
        path
        for path in package.glob("*.dist-info/*")
        if path.name != "licenses" and not path.name.startswith(_KEPT_OF_DIST_INFO)
    ]
    for path in useless:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    # 1.2 MB for 400 services, parsed at init. Endpoints of those that stay resolve as before in
    # every region, the unknown ones included.
    file = data / "endpoints.json"
    endpoints = json.loads(file.read_text(encoding="utf-8"))
    for partition in endpoints["partitions"]:
        known = partition["services"]
        partition["services"] = {name: known[name] for name in services if name in known}
    file.write_text(json.dumps(endpoints, separators=(",", ":")), encoding="utf-8")


def compile_all(package: Path) -> None:
    """Write a `.pyc` beside each source of `package`, without docstrings, which take memory. Python
    leaves assertions out with them: dateutil catches its own, so where there are any, both stay.

    They are unchecked-hash: a timestamp would be wrong once SAM's zip has dated every file 1980,
    and the runtime would compile everything again at each cold start.

    Raises:
        PackagingError: when a source does not compile.
    """
    # One file after the other in a process that has imported nothing else: which strings a `.pyc`
    # writes once and refers to depends on what the process has in use.
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-m", "compileall", "-q", "-f"]
    command += [
        "-o",
        "0",
        "-o",
        "2",
        "--invalidation-mode",
        "unchecked-hash",
        "-s",
        str(package),
        "-p",
        _LAMBDA_ROOT,
    ]
    if subprocess.run([*command, str(package)], check=False).returncode:
        raise PackagingError("a source of the package does not compile, see above")
    for bare in package.rglob("*.opt-2.pyc"):
        source = bare.parents[1] / f"{bare.name.partition('.')[0]}.py"
        if re.search(rb"\b(assert|__debug__)\b", source.read_bytes()):
            bare.unlink()
        else:
            bare.replace(bare.with_name(bare.name.replace(".opt-2", "")))


def compile_patterns(package: Path) -> None:
    """Write what `openid_token.patterns` reads.

    Raises:
        PackagingError: when a dependency can't be imported.
    """
    command = [sys.executable, "-I", "-S", "-B", str(Path(__file__).with_name("patterns.py"))]
    noted = subprocess.run([*command, str(package)], check=False, stdout=subprocess.PIPE)
    if noted.returncode:
        raise PackagingError("a dependency can't be imported here, see above")
    (package / "openid_token" / "patterns.json").write_bytes(noted.stdout)
