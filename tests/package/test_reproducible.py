"""The same commit gives the same bytes, dates and modes."""

import hashlib
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
