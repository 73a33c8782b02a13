"""What is in the package, what is not, what it weighs, and that Lambda can read it."""

import re
import struct
from pathlib import Path

from tests.built import ROOT
from tests.package.conftest import Build
from tools.packager import archive

MB = 1_000_000
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


def test_nothing_but_our_package_and_its_dependencies(package: Path) -> None:
    names = {path.name for path in package.iterdir() if path.suffix != ".dist-info"}
    assert names == MODULES | PACKAGES | {"__pycache__"}
    assert {path.name for path in (package / "botocore/data").iterdir()} == DATA
    assert not [path for pattern in LEFT_OUT for path in package.glob(pattern)]


def test_each_dependency_keeps_its_licence_and_its_version(package: Path) -> None:
    lock = (ROOT / "src" / "requirements.txt").read_text()
    for dist_info in package.glob("*.dist-info"):
        licences = [*dist_info.glob("LICEN[CS]E*"), *dist_info.glob("licenses/**/LICEN[CS]E*")]
        assert licences, dist_info.name
        name, _, locked = dist_info.stem.partition("-")
        assert (dist_info / "METADATA").is_file()
        assert re.search(rf"^{name.replace('_', '-')}=={locked} ", lock, re.MULTILINE)


def test_shared_objects_are_for_the_architecture(built: Build) -> None:
    for architecture, machine in MACHINES.items():
        (shared_object,) = built(architecture).glob("**/*.so")
        header = shared_object.read_bytes()[:20]
        assert header.startswith(b"\x7fELF")
        assert struct.unpack_from("<H", header, 18) == (machine,)


def test_it_is_small(package: Path) -> None:
    assert archive.unpacked(package) <= 10 * MB
    assert len(archive.zipped(package)) <= 4 * MB


def test_lambda_can_read_it_and_it_has_no_date_of_its_own(package: Path) -> None:
    assert {int(path.stat().st_mtime) for path in [package, *package.rglob("*")]} == {315_619_200}
    assert package.stat().st_mode & 0o777 == 0o755
    assert {path.stat().st_mode & 0o777 for path in package.rglob("*") if path.is_file()} == {0o644}
