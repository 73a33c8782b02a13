"""What a page names is there: files, headings, `make` targets, rooms, errors. Commands are bash."""

import re
import subprocess
from pathlib import Path

import pytest

from openid_token.errors import TokenIssuerError
from tests.kit.pages import PAGES, README, ROOT, anchors, blocks

ROOMS = "src|events|statemachine|operations|docs|examples|tests|tools"
PATH = re.compile(rf"(?<![\w/.-])(?:{ROOMS})/[\w./-]*\w")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_names_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
        file, _, anchor = link.partition("#")
        target = page.parent / file if file else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link
    assert [path for path in PATH.findall(text) if not (ROOT / path).exists()] == []
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= set(targets)
    for block in blocks(page, "sh"):
        # What the reader has to fill in is not bash.
        filled = re.sub(r"<[A-Za-z_' ]+>", "filled-in", block)
        subprocess.run(["bash", "-n"], input=filled, text=True, check=True)


def test_every_room_and_every_error_is_named() -> None:
    text = README.read_text(encoding="utf-8")
    rooms = (
        (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("\n## Where what is\n")[2]
    )
    sources = {file.name for file in (ROOT / "src/openid_token").glob("[!_]*.py")}
    assert sources == set(re.findall(r"`(\w+\.py)`", rooms.partition("[template.yaml]")[0]))
    for folder in [*ROOT.glob("[!._]*/"), *ROOT.glob("tools/[!._]*/")]:
        if folder.name not in {"src", "docs", "tools"}:
            assert f"]({folder.relative_to(ROOT)})" in rooms
    errors = TokenIssuerError.__subclasses__()
    assert dict(re.findall(r"^\| `(\w+)` \| (\d+)", text, re.MULTILINE)) == {
        error.__name__: str(error().status.value) for error in errors
    }
