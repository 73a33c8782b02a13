"""What the packager has compiled is found by `re`, and whatever is wrong, compiled as ever."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from openid_token import patterns

RE: Any = re
SRE: Any = RE._compiler._sre
# A pattern that nobody else has, and the code of another, by which it is known again.
PATTERN: Final = "remembered (?P<name>[0-9])"
CODE: Final = [int(word) for word in RE._compiler._code(RE._parser.parse("(x)"), 0)]
COMPILED: Final = [PATTERN, 0, re.UNICODE.value, CODE, 1, {"name": 1}, [None, "name"]]
GOOD: Final = json.dumps([SRE.MAGIC, [COMPILED]])


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    for cache in RE._cache2, RE._cache:
        cache.pop((str, PATTERN, 0), None)


def remembers(file: Path) -> bool:
    """Whether what is compiled now is what `file` has."""
    compiled = re.compile(PATTERN)
    found = compiled.fullmatch("x") or compiled.fullmatch("remembered 1")
    assert found
    assert (compiled.pattern, found["name"]) == (PATTERN, found[0][-1])
    return found[0] == "x"


def test_a_pattern_is_remembered(tmp_path: Path) -> None:
    file = tmp_path / "patterns.json"
    file.write_text(GOOD, encoding="utf-8")
    patterns.remember(file)

    assert remembers(file)


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        GOOD[:-5],
        json.dumps([SRE.MAGIC + 1, [COMPILED]]),
        json.dumps([SRE.MAGIC, [COMPILED, [*COMPILED[:3], CODE[1:], *COMPILED[4:]]]]),
        json.dumps([SRE.MAGIC, [COMPILED, COMPILED[:-1]]]),
        json.dumps([SRE.MAGIC, [COMPILED, [0, *COMPILED[1:3], "code", *COMPILED[4:]]]]),
    ],
    ids=["none", "empty", "cut off", "magic", "no code", "one part less", "other types"],
)
def test_another_file_costs_no_start(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "patterns.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    patterns.remember(file)

    assert not remembers(file)


@pytest.mark.parametrize(
    ("owner", "name", "becomes"),
    [
        (RE, "_cache2", None),
        (RE, "_cache2", ()),
        (SRE, "MAGIC", None),
        (SRE, "compile", None),
        (SRE, "compile", lambda pattern, code: None),
        (RE._compiler, "_sre", None),
        (RE, "_compiler", None),
    ],
    ids=["cache", "cache's type", "magic", "compile", "its signature", "engine", "compiler"],
)
def test_another_python_costs_no_start(
    tmp_path: Path, owner: Any, name: str, becomes: object
) -> None:
    """With that member gone, or another."""
    file = tmp_path / "patterns.json"
    file.write_text(GOOD, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        if becomes is None:
            patch.delattr(owner, name)
        else:
            patch.setattr(owner, name, becomes)
        patterns.remember(file)

    assert not remembers(file)


def test_a_checkout_has_none() -> None:
    assert not patterns.FILE.exists()
