"""The steps from the lock and our sources to the package."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Final

from tools import ROOT
from tools.packager import archive, bytecode, dependencies, pruning
from tools.packager.errors import PackagingError

SOURCES: Final = ROOT / "src"


def build(architecture: str, output: Path, *, sources: Path = SOURCES) -> None:
    """Build the package for `architecture` in `output`, which must be absent or empty.

    `sources` holds the lock, `requirements.txt`, and our package, `openid_token`. When a step
    fails, `output` is left as it was.

    Raises:
        PackagingError: saying what is in the way.
    """
    output = output.resolve()
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise PackagingError(f"{output} is not an empty directory: remove it or name another")
    output.parent.mkdir(parents=True, exist_ok=True)
    # A sibling, so that the last step is a rename.
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".package-") as scratch:
        package = Path(scratch) / "package"
        _fill(package, architecture, sources)
        package.replace(output)


def _fill(package: Path, architecture: str, sources: Path) -> None:
    dependencies.install(sources / "requirements.txt", architecture, package)
    pruning.prune(package)
    ignored = shutil.ignore_patterns("__pycache__", "py.typed")
    shutil.copytree(sources / "openid_token", package / "openid_token", ignore=ignored)
    bytecode.compile_all(package)
    archive.normalise(package)
