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


def remembered() -> bool:
    """Whether what is compiled now is what the file has."""
    compiled = re.compile(PATTERN)
    found = compiled.fullmatch("x") or compiled.fullmatch("remembered 1")
    assert found
    assert (compiled.pattern, found["name"]) == (PATTERN, found[0][-1])
    return found[0] == "x"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (GOOD, True),
        (None, False),
        (GOOD[:-5], False),
        (json.dumps([SRE.MAGIC + 1, [COMPILED]]), False),
        (json.dumps([SRE.MAGIC, [COMPILED, [*COMPILED[:3], CODE[1:], *COMPILED[4:]]]]), False),
        (json.dumps([SRE.MAGIC, [COMPILED, COMPILED[:-1]]]), False),
        (json.dumps([SRE.MAGIC, [COMPILED, [0, *COMPILED[1:3], "code", *COMPILED[4:]]]]), False),
    ],
    ids=["ours", "none", "cut off", "magic", "no code", "one part less", "other types"],
)
def test_a_pattern_is_remembered_and_another_file_costs_no_start(
    tmp_path: Path, content: str | None, found: bool
) -> None:
    file = tmp_path / "patterns.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    patterns.remember(file)
    assert remembered() is found


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        *((RE, "_cache2"), (RE, "_compiler"), (RE._compiler, "_sre")),
        *((SRE, "MAGIC"), (SRE, "compile")),
    ],
)
@pytest.mark.parametrize("becomes", [None, lambda _: None], ids=["gone", "another"])
def test_another_python_costs_no_start(
    tmp_path: Path, owner: Any, name: str, becomes: object
) -> None:
    file = tmp_path / "patterns.json"
    file.write_text(GOOD, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(owner, name)
        if becomes:
            patch.setattr(owner, name, becomes, raising=False)
        patterns.remember(file)
    assert not remembered()
