"""The commands in the pages are ones that the AWS CLI knows, with these options."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import awscli  # type: ignore[import-untyped]
import pytest
from awscli.clidriver import create_clidriver  # type: ignore[import-untyped]

from tests.kit.template import FILE

PAGES = [FILE.parent / "docs" / name for name in ("operations.md", "step-functions.md")]
COMMAND = re.compile(r"(?:^ *|`|\{ )(aws .*?)(?:`|; \}|$(?!\n\s*\{))", re.MULTILINE | re.DOTALL)


def commands(text: str) -> Iterator[list[str]]:
    """The words of each command that begins with `aws`, substituted ones included."""
    text = text.replace("\\\n", " ")
    while found := re.search(r"\$\(((?:[^()]|\([^()]*\))*)\)", text):
        yield from commands(found[1])
        text = text.replace(found[0], "1")
    for command in COMMAND.findall(text):
        yield shlex.split(command.partition(" |")[0])


COMMANDS = [words for page in PAGES for words in commands(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words[1:3]))
def test_the_cli_knows_it(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads these words as a command, and calls nobody."""
    monkeypatch.setenv("AWS_DATA_PATH", str(Path(awscli.__file__).parent / "data"))
    assert len(COMMANDS) > 10
    assert create_clidriver().main([*words[1:], "--generate-cli-skeleton", "input"]) == 0
