"""The `sam deploy` lines of the pages, and how a parameter is emptied, by SAM's own parser."""

import re
import shlex

import pytest
from click.exceptions import BadParameter

from tests.kit.pages import PAGES
from tests.kit.template import SOURCE


def parsed(*words: str) -> dict[str, str]:
    """The parameters that SAM takes from these words of a command line."""
    # Every worker imports every test, and this takes seconds.
    from samcli.cli.types import CfnParameterOverridesType  # type: ignore[import-untyped]

    found: dict[str, str] = CfnParameterOverridesType().convert(words, None, None)
    return found


LINES = [
    found
    for page in PAGES
    for found in re.findall(
        r"--parameter-overrides((?: \\\n|[^\n`)\\])+)", page.read_text(encoding="utf-8")
    )
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: " ".join(line.split())[:50])
def test_a_line_names_parameters_of_the_template_and_keeps_their_rules(line: str) -> None:
    words = shlex.split(line.replace("\\\n", " "))
    if any("FunctionAliasArn" in word for word in words):
        return  # Of the bulk workflow's template.
    given = parsed(*(word for word in words if "=" in word and not word.startswith("-")))
    assert given
    for name, value in given.items():
        pattern = SOURCE["Parameters"][name].get("AllowedPattern", ".*")
        filled = re.sub(r"<[^>]+>", "x", value)
        assert re.fullmatch(pattern, filled) or "<" in value


def test_both_spellings_of_an_emptied_parameter() -> None:
    with pytest.raises(BadParameter):
        parsed("JwtIssuer=", "MaxTokenDuration=900")
    # These say nothing at all of JwtIssuer, so that it keeps its value.
    assert "JwtIssuer" not in parsed("JwtIssuer= MaxTokenDuration=900")
    assert "JwtIssuer" not in parsed("ParameterKey=JwtIssuer,ParameterValue=")
    # And this is what docs/deploying.md says.
    assert parsed('JwtIssuer="" JwtAudience=""') == {"JwtIssuer": "", "JwtAudience": ""}
    assert parsed("AllowedPrincipalTags=cost center,team") == {"AllowedPrincipalTags": "cost"}
    quoted = parsed('AllowedPrincipalTags="cost center,team"')
    assert quoted == {"AllowedPrincipalTags": "cost center,team"}
