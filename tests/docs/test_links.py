"""Whatever file, heading or `make` target a page names is there, and its commands can be read."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, blocks

ROOMS = "src|events|statemachine|operations|docs|examples|tests|tools"
PATH = re.compile(rf"(?<![\w/.-])(?:{ROOMS})/[\w./-]*\w")


@pytest.fixture(params=PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def page(request: pytest.FixtureRequest) -> Path:
    """Each of them."""
    found: Path = request.param
    return found


def test_the_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", page.read_text(encoding="utf-8")):
        file, _, anchor = link.partition("#")
        target = page.parent / file if file else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_the_files_that_it_names_exist(page: Path) -> None:
    for path in PATH.findall(page.read_text(encoding="utf-8")):
        assert (ROOT / path).exists(), path


def test_make_knows_what_it_is_asked_for(page: Path) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    asked = re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(asked) <= set(targets)


def test_its_commands_are_bash(page: Path) -> None:
    for block in blocks(page, "sh"):
        # What the reader has to fill in is not.
        filled = re.sub(r"<[A-Za-z' ]+>", "filled-in", block)
        subprocess.run(["bash", "-n"], input=filled, text=True, check=True)
