"""The code of docs/moving-here.md, before and after: for whoever calls it nothing changes."""

import json
import sys
from base64 import urlsafe_b64decode
from collections.abc import Sequence
from typing import Any, Final

import pytest

from tests.examples.aws_api import ISSUE
from tests.examples.commands import INSTALLED, USER, install_javascript
from tests.examples.stand import Stand
from tests.kit.builders import Json
from tests.kit.pages import ROOT, blocks

# The first test may have to build the package and to install the JavaScript SDK.
pytestmark = pytest.mark.timeout(300)

PAGE: Final = ROOT / "docs" / "moving-here.md"
REGION: Final = dict.fromkeys(["AWS_REGION", "AWS_DEFAULT_REGION"], "eu-central-1")
TAGS: Final = {"tenant": "acme", "cost center": "Zürich 7"}
ASKED: Final = f"{json.dumps(USER)}, {json.dumps(TAGS)}"
# What a mover's own code does with the answer, and with an error. It brings nothing that the page
# would have to import.
CALLERS: Final = {
    "python": f"""
from json import dumps
import botocore.exceptions
try:
    print(dumps(token_for({ASKED})))
except botocore.exceptions.ClientError as error:
    print(dumps(error.response["Error"]["Code"]))
""",
    "js": f"console.log(JSON.stringify(await tokenFor({ASKED}).catch((error) => error.name)));",
}


def _command(language: str, program: str) -> Sequence[str]:
    if language == "python":
        return [sys.executable, "-c", program + CALLERS["python"]]
    install_javascript()
    file = INSTALLED / "moving-here.mjs"
    file.write_text(program + CALLERS["js"])
    return ["node", str(file)]


def _answers(stand: Stand, language: str) -> list[Any]:
    """What the caller gets before, and after."""
    found = []
    for program in blocks(PAGE, language):
        done = stand.run(_command(language, program), REGION, shows=True)
        assert (done.returncode, done.stderr) == (0, "")
        found.append(json.loads(done.stdout))
    return found


def _claims(token: str) -> Json:
    """All of them, with the life in place of its two ends."""
    claims: Json = json.loads(urlsafe_b64decode(f"{token.split('.')[1]}=="))
    return claims | {"exp": claims["exp"] - claims.pop("iat")}


@pytest.mark.parametrize("language", CALLERS)
def test_both_are_the_same_identity_with_the_same_claims(stand: Stand, language: str) -> None:
    before, after = _answers(stand, language)
    assert set(before) == set(after) == {"identityId", "token"}
    assert before["identityId"] == after["identityId"]
    claims = _claims(before["token"])
    assert claims == _claims(after["token"])
    assert (claims["sub"], claims["exp"]) == (after["identityId"], 300)
    tags = claims["https://aws.amazon.com/tags"]["principal_tags"]
    assert tags == {name: [value] for name, value in TAGS.items()}


@pytest.mark.parametrize("code", ["NotAuthorizedException", "ResourceConflictException"])
@pytest.mark.parametrize("language", CALLERS)
def test_an_error_has_the_code_that_it_had(stand: Stand, language: str, code: str) -> None:
    stand.api.refusals[ISSUE] = code
    assert _answers(stand, language) == [code, code]
