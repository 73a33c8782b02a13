"""The Lambda runtime that the package is for."""

from __future__ import annotations

from typing import Final

from tools.packager.errors import PackagingError

PYTHON: Final = (3, 13)

# Where Lambda unpacks the package, so that tracebacks name the files that are there.
ROOT: Final = "/var/task"

# The glibc of the runtime's Amazon Linux 2023 is 2.34; 2.17 is what manylinux2014 wheels ask for.
_GLIBC_MINORS: Final = range(34, 16, -1)

_MACHINES: Final = {"arm64": "aarch64", "x86_64": "x86_64"}


def require_python(version: tuple[int, ...]) -> None:
    """Refuse a Python whose bytecode the runtime would not load.

    Raises:
        PackagingError: when `version` is not the runtime's major and minor version.
    """
    if version != PYTHON:
        is_here = ".".join(map(str, version))
        raise PackagingError(
            "Python 3.13 is needed to compile the package's bytecode: the Lambda runtime is "
            f"python3.13 and loads no other version's. This is Python {is_here}."
        )


def wheel_platforms(architecture: str) -> list[str]:
    """The wheel platform tags that run on this Lambda architecture, the newest glibc first."""
    machine = _MACHINES[architecture]
    newer = [f"manylinux_2_{minor}_{machine}" for minor in _GLIBC_MINORS]
    return [*newer, f"manylinux2014_{machine}"]
