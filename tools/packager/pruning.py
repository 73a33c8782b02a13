"""What a dependency brings that the function never reads.

A layer may bring packages that our dependencies look for, to import more of themselves beside them:
what any of those pulls in stays. But other code in the function's process, such as a tracing layer,
finds this botocore before its own, and in it the data of Cognito Identity alone: clients of other
services can't be made there.
"""

import json
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

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


def prune(
    package: Path,
    *,
    unused: Iterable[str] = (*NEVER_READ, *_NOT_IMPORTED),
    services: Collection[str] = SERVICES,
) -> None:
    """Remove from `package` what is neither imported, nor read, nor asked for by a licence:
    what matches `unused`, and botocore's data of all but `services`."""
    for pattern in unused:
        for path in list(package.glob(pattern)):
            _remove(path)
    for path in (package / "botocore" / "data").iterdir():
        if path.is_dir() and path.name not in services:
            shutil.rmtree(path)
    _keep_endpoints(package / "botocore/data/endpoints.json", services)
    for path in package.glob("*.dist-info/*"):
        if path.name != "licenses" and not path.name.startswith(_KEPT_OF_DIST_INFO):
            _remove(path)


def _keep_endpoints(file: Path, services: Collection[str]) -> None:
    """Leave only `services` in each partition of botocore's `endpoints.json`: 1.2 MB for 400
    services, parsed at init. Endpoints of these resolve as before in every region, the unknown
    ones included."""
    endpoints = json.loads(file.read_text(encoding="utf-8"))
    for partition in endpoints["partitions"]:
        known = partition["services"]
        partition["services"] = {name: known[name] for name in services if name in known}
    file.write_text(json.dumps(endpoints, separators=(",", ":")), encoding="utf-8")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
