"""The bytecode is the runtime's, and it is what gets imported."""

import importlib.util
import marshal
import shutil
from pathlib import Path

from tests.package.conftest import run_alone

# PEP 552: bit 0 says that the pyc has the source's hash, bit 1 that it is to be checked.
UNCHECKED_HASH = b"\x01\x00\x00\x00"


def test_every_source_has_it_of_this_minor_version_and_unchecked(package: Path) -> None:
    for source in package.rglob("*.py"):
        compiled = source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc"
        header = compiled.read_bytes()[:8]
        assert header == importlib.util.MAGIC_NUMBER + UNCHECKED_HASH, compiled


def test_tracebacks_name_the_files_of_the_runtime(package: Path) -> None:
    compiled = package / "openid_token/__pycache__/handler.cpython-313.pyc"
    code = marshal.loads(compiled.read_bytes()[16:])
    assert code.co_filename == "/var/task/openid_token/handler.py"


def test_it_is_imported_in_place_of_the_sources(host_package: Path, tmp_path: Path) -> None:
    """With every source poisoned."""
    poisoned = tmp_path / "package"
    shutil.copytree(host_package, poisoned)
    for source in poisoned.rglob("*.py"):
        source.write_text("raise SystemExit('a source was compiled')\n", encoding="utf-8")
    code = "import openid_token.handler; print(openid_token.handler.__file__)"
    assert run_alone(poisoned, code).strip() == str(poisoned / "openid_token/handler.py")
