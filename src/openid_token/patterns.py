"""The regular expressions that our imports compile, as the packager has compiled them.

`re` looks into its cache before it compiles, which is a ninth of the cold start. Whatever is in the
way of that, such as another Python, they are compiled as ever. What is private, and where:

    CPython 3.13.0   _cache2, _compiler, _sre with MAGIC and compile
"""

import re
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec

FILE: Final = Path(__file__).with_name("patterns.json")


def remember(file: Path = FILE) -> None:
    """Fill the cache, where `file` is there and is this Python's."""
    with suppress(Exception):
        engine = re._compiler._sre  # type: ignore[attr-defined]
        magic, patterns = msgspec.json.decode(file.read_bytes(), type=tuple[int, list[Any]])
        compiled = {
            (str, pattern, asked): engine.compile(pattern, *code, tuple(names))
            for pattern, asked, *code, names in (patterns if magic == engine.MAGIC else ())
        }
        re._cache2.update(compiled)  # type: ignore[attr-defined]
