"""The repository's pages, as text."""

import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
README: Final = ROOT / "README.md"
CREDENTIALS: Final = ROOT / "docs" / "credentials.md"
USING: Final = ROOT / "docs" / "using-the-token.md"
OWN_LOGIN: Final = ROOT / "docs" / "own-login.md"
SECURITY: Final = ROOT / "docs" / "security.md"
OPERATIONS: Final = ROOT / "docs" / "operations.md"
PAGES: Final = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("tests/*.md")])


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of one language, in their order."""
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """What a link into the page may name: GitHub's form of each heading."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^a-z0-9_ -]", "", text.lower()).replace(" ", "-") for text in headings}
