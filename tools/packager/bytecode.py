"""Bytecode that the runtime loads without looking at the sources."""

from __future__ import annotations

import compileall
from py_compile import PycInvalidationMode
from typing import TYPE_CHECKING

from tools.packager.errors import PackagingError
from tools.packager.runtime import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def compile_all(package: Path) -> None:
    """Write a `.pyc` beside each source of `package`.

    They are unchecked-hash: a timestamp would be wrong once SAM's zip has dated every file 1980,
    and the runtime would compile everything again at each cold start.

    Raises:
        PackagingError: when a source does not compile.
    """
    compiled = compileall.compile_dir(
        package,
        quiet=1,
        force=True,
        optimize=0,
        workers=0,  # one a core
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        stripdir=str(package),
        prependdir=ROOT,
    )
    if not compiled:
        raise PackagingError("a source of the package does not compile, see above")
