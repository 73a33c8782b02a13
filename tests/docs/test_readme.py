"""The README names every room and every error, and no other."""

import re

from openid_token.errors import TokenIssuerError
from tests.docs.pages import README, ROOT

TEXT = README.read_text(encoding="utf-8")
ROOMS = TEXT.partition("\n## Work on it\n")[2]


def test_it_names_every_room() -> None:
    sources = {file.name for file in (ROOT / "src/openid_token").glob("[!_]*.py")}
    assert sources == set(re.findall(r"`(\w+\.py)`", ROOMS.partition("[template.yaml]")[0]))
    for folder in [*ROOT.glob("[!._]*/"), *ROOT.glob("tools/[!._]*/")]:
        if folder.name not in {"src", "docs", "tools"}:
            assert f"]({folder.relative_to(ROOT)})" in ROOMS


def test_it_names_every_error_and_its_status() -> None:
    table = dict(re.findall(r"^\| `(\w+)` \| (\d+)", TEXT, re.MULTILINE))
    errors = TokenIssuerError.__subclasses__()
    assert table == {error.__name__: str(error().status.value) for error in errors}
