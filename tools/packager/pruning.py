"""What a dependency brings that the function never reads."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

# The X-Ray SDK makes an `xray` client when it is imported.
SERVICES: Final = ("cognito-identity", "xray")

_UNUSED: Final = (
    "bin",  # commands
    "wrapt-stubs",
    "**/__pycache__",
    "**/tests",
    "**/*.pyi",
    "**/py.typed",
    "**/*.c",
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/*.js",
    "aws_lambda_powertools/event_handler/openapi/swagger_ui/*.css",
)

# METADATA stays, since vulnerability scanners know a package by it, and what a licence asks for.
_KEPT_OF_DIST_INFO: Final = ("METADATA", "LICENSE", "LICENCE", "NOTICE", "COPYING", "AUTHORS")


def prune(package: Path) -> None:
    """Remove from `package` what is neither imported, nor read, nor asked for by a licence."""
    for pattern in _UNUSED:
        for path in list(package.glob(pattern)):
            _remove(path)
    for path in (package / "botocore" / "data").iterdir():
        if path.is_dir() and path.name not in SERVICES:
            shutil.rmtree(path)
    for path in package.glob("*.dist-info/*"):
        if path.name != "licenses" and not path.name.startswith(_KEPT_OF_DIST_INFO):
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
