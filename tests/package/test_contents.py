"""What is in the package, what is not, what it weighs, and that Lambda can read it."""

import ast
import importlib.util
import marshal
import re
import struct
import zipfile
from pathlib import Path

import pytest

from tests.kit.built import ROOT

MODULES = {"six.py", "snapshot_restore_py.py", "typing_extensions.py"}
PACKAGES = {
    *("aws_lambda_powertools", "botocore", "dateutil", "jmespath"),
    *("msgspec", "openid_token", "urllib3"),
}
DATA = {
    *("_retry.json", "cognito-identity", "endpoints.json"),
    *("partitions.json", "sdk-default-configuration.json"),
}
LEFT_OUT = {
    *("**/tests", "**/*.pyi", "**/*.c", "bin"),
    *("**/RECORD", "**/INSTALLER", "**/direct_url.json"),
}
# e_machine of the ELF header
MACHINES = {"arm64": 183, "x86_64": 62}
# PEP 552: bit 0 says that the pyc has the source's hash, bit 1 that it is to be checked.
UNCHECKED_HASH = b"\x01\x00\x00\x00"
# The first test here waits for the release.
pytestmark = pytest.mark.timeout(300)


def test_nothing_but_our_package_and_its_dependencies(folder: Path, package: Path) -> None:
    names = {path.name for path in package.iterdir() if path.suffix != ".dist-info"}
    assert names == MODULES | PACKAGES | {"__pycache__"}
    assert {path.name for path in (package / "botocore/data").iterdir()} == DATA
    assert not [path for pattern in LEFT_OUT for path in package.glob(pattern)]
    assert sum(path.stat().st_size for path in package.rglob("*")) <= 10_000_000
    assert (folder / "function.zip").stat().st_size <= 4_000_000


def test_each_dependency_keeps_its_licence_and_its_version(package: Path) -> None:
    lock = (ROOT / "src" / "requirements.txt").read_text()
    for dist_info in package.glob("*.dist-info"):
        licences = [*dist_info.glob("LICEN[CS]E*"), *dist_info.glob("licenses/**/LICEN[CS]E*")]
        assert licences, dist_info.name
        name, _, locked = dist_info.stem.partition("-")
        assert (dist_info / "METADATA").is_file()
        assert re.search(rf"^{name.replace('_', '-')}=={locked} ", lock, re.MULTILINE)


def test_shared_objects_are_for_the_architecture(folder: Path, package: Path) -> None:
    [shared_object] = package.glob("**/*.so")
    header = shared_object.read_bytes()[:20]
    assert header.startswith(b"\x7fELF")
    machine = MACHINES[folder.name.rpartition("-")[2]]
    assert struct.unpack_from("<H", header, 18) == (machine,)


def test_lambda_can_read_it_and_it_has_no_date_of_its_own(
    built_package: Path, folder: Path
) -> None:
    """As `sam build` leaves it, and zipped."""
    assert built_package.stat().st_mode & 0o777 == 0o755
    within = list(built_package.rglob("*"))
    assert {int(path.stat().st_mtime) for path in within} == {315_619_200}
    assert {path.stat().st_mode & 0o777 for path in within if path.is_file()} == {0o644}
    entries = zipfile.ZipFile(folder / "function.zip").infolist()
    assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
    assert {entry.date_time for entry in entries} == {(1980, 1, 2, 0, 0, 0)}


def test_every_source_has_bytecode_of_this_minor_version_and_unchecked(package: Path) -> None:
    """Docstrings go, and where there are assertions, both stay."""
    for source in package.rglob("*.py"):
        compiled = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
        content, text = compiled.read_bytes(), source.read_bytes()
        assert content[:8] == importlib.util.MAGIC_NUMBER + UNCHECKED_HASH, compiled
        code = marshal.loads(content[16:])
        # So that tracebacks name the runtime's files.
        assert code.co_filename == f"/var/task/{source.relative_to(package)}"
        if any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(text))):
            assert code == compile(text, "", "exec", dont_inherit=True, optimize=0), source
    session = package / "botocore/__pycache__/session.cpython-313.pyc"
    assert b"This module contains the main interface" not in session.read_bytes()
    assert not [*package.rglob("*.opt-*")]
