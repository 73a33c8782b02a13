"""What is in the package, what is not, and what it weighs."""

from __future__ import annotations

import struct
from importlib.metadata import version
from typing import TYPE_CHECKING

from tools.packager import archive, sizes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MB = 1_000_000
MODULES = {"six.py", "snapshot_restore_py.py", "typing_extensions.py"}
PACKAGES = {
    *("aws_lambda_powertools", "botocore", "dateutil", "jmespath"),
    *("msgspec", "openid_token", "urllib3"),
}
# e_machine of the ELF header
MACHINES = {"arm64": 183, "x86_64": 62}


def files(package: Path, pattern: str) -> set[str]:
    return {str(path.relative_to(package)) for path in package.glob(pattern)}


def test_nothing_but_our_package_and_its_dependencies(package: Path) -> None:
    names = {path.name for path in package.iterdir() if path.suffix != ".dist-info"}
    assert names == MODULES | PACKAGES | {"__pycache__"}


def test_only_the_services_that_are_called(package: Path) -> None:
    assert files(package / "botocore/data", "*") == {
        "_retry.json",
        "cognito-identity",
        "endpoints.json",
        "partitions.json",
        "sdk-default-configuration.json",
    }


def test_no_tests_stubs_sources_in_c_or_installers_notes(package: Path) -> None:
    for pattern in ("**/tests", "**/*.pyi", "**/*.c", "bin", "**/RECORD", "**/INSTALLER"):
        assert not files(package, pattern), pattern
    assert not files(package, "**/direct_url.json")


def test_each_dependency_keeps_its_licence_and_its_version(package: Path) -> None:
    for dist_info in package.glob("*.dist-info"):
        licences = [*dist_info.glob("LICEN[CS]E*"), *dist_info.glob("licenses/**/LICEN[CS]E*")]
        assert licences, dist_info.name
        name, _, locked = dist_info.stem.partition("-")
        assert (dist_info / "METADATA").is_file()
        assert version(name) == locked


def test_shared_objects_are_for_the_architecture(built: Callable[[str], Path]) -> None:
    for architecture, machine in MACHINES.items():
        (shared_object,) = built(architecture).glob("**/*.so")
        header = shared_object.read_bytes()[:20]
        assert header.startswith(b"\x7fELF")
        assert struct.unpack_from("<H", header, 18) == (machine,)


def test_it_is_small(package: Path) -> None:
    total = sum(size.total for size in sizes.by_top_level(package).values())
    assert total <= 10 * MB
    assert len(archive.zipped(package)) <= 4 * MB
