"""The same commit gives the same bytes, dates and modes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tools.packager import archive

if TYPE_CHECKING:
    from pathlib import Path


def fingerprint(package: Path) -> dict[str, tuple[str, int, int]]:
    return {
        str(path.relative_to(package)): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.stat().st_mode,
            int(path.stat().st_mtime),
        )
        for path in package.rglob("*")
    }


def test_two_builds_are_the_same(built_package: Path, host_package: Path) -> None:
    assert built_package != host_package
    assert fingerprint(built_package) == fingerprint(host_package)
    assert archive.zipped(built_package) == archive.zipped(host_package)


def test_lambda_can_read_it(package: Path) -> None:
    assert package.stat().st_mode & 0o777 == 0o755
    assert {path.stat().st_mode & 0o777 for path in package.rglob("*") if path.is_file()} == {0o644}
