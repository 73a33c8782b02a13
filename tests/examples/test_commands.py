"""The examples, run as a user runs them."""

import json
import re
import runpy
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.examples.aws_api import CLASSIC, ENHANCED, ISSUE
from tests.examples.commands import EXAMPLES, INSTALLED, JAVASCRIPT, USER
from tests.examples.stand import SESSION, Stand, assert_signed

# The first test may have to build the package and to install the JavaScript SDK.
pytestmark = pytest.mark.timeout(300)
WAYS = {"TOKEN_ENDPOINT", "FUNCTION_ALIAS_ARN", "USER_TOKEN_ENDPOINT"}
MEMBERS = {"Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}
COMMAND = ("bash", "-c", 'echo "$AWS_ACCESS_KEY_ID"')


# Both ways to the token and both flows in each language that has them.
@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("python enhanced", "TOKEN_ENDPOINT"),
        ("python classic", "FUNCTION_ALIAS_ARN"),
        ("cli enhanced", "FUNCTION_ALIAS_ARN"),
        ("cli classic", "TOKEN_ENDPOINT"),
        ("javascript enhanced", "USER_TOKEN_ENDPOINT"),
        ("javascript classic", "USER_TOKEN_ENDPOINT"),
    ],
)
def test_exchanges_a_token(stand: Stand, name: str, way: str) -> None:
    more = COMMAND if "cli" in name else ()
    done = stand.example(name, dict.fromkeys(WAYS - {way}), more)
    assert done.returncode == 0, done.stderr
    assert not done.stderr or "javascript" in name  # Node.js may warn of its age
    issue, exchange = stand.api.calls  # GetId is not among them
    assert (issue.operation, stand.api.users()) == (ISSUE, [USER])
    issued = json.loads(issue.answer)
    if "classic" in name:
        assert (exchange.operation, exchange.asked["WebIdentityToken"]) == (
            CLASSIC,
            issued["Token"],
        )
        assert exchange.asked["RoleArn"] == stand.environment["ROLE_ARN"]
        assert issued["IdentityId"].endswith(exchange.asked["RoleSessionName"])
    else:
        assert (exchange.operation, exchange.asked["IdentityId"]) == (
            ENHANCED,
            issued["IdentityId"],
        )
        assert [*exchange.asked["Logins"].values()] == [issued["Token"]]

    expires, key = _shown(name, done.stdout, issued["IdentityId"])
    assert key in exchange.answer
    # RFC 3339 in UTC, whatever the machine's time zone, and in no other form.
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.000)?Z", expires)
    left = datetime.fromisoformat(expires) - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)

    assert len(stand.over_http) == (way != "FUNCTION_ALIAS_ARN")
    if way == "TOKEN_ENDPOINT":
        assert_signed(stand.over_http[0], SESSION)


def _shown(name: str, printed: str, identity: str) -> tuple[str, str]:
    """The expiry, and the access key that a program hands on or a command runs with."""
    if "python" in name:
        answer = json.loads(printed)
        assert (set(answer), answer["Version"]) == (MEMBERS, 1)
        return answer["Expiration"], answer["AccessKeyId"]
    of, expires, *key = printed.splitlines()
    assert (of, len(key)) == (f"identity  {identity}", "cli" in name)
    return expires.removeprefix("expires   "), "".join(key)


MODULES = [*EXAMPLES.glob("python/*_*.py"), EXAMPLES / "cli" / "token_issuer.sh"]
MODULES += [JAVASCRIPT / "command.mjs", JAVASCRIPT / "token-issuer.mjs"]
PROGRAMS = {"credential_process.py", "verify_token.py"}


@pytest.mark.parametrize(
    "file", [m for m in MODULES if m.name not in PROGRAMS], ids=lambda f: f.name
)
def test_a_module_that_is_run_says_that_it_is_one(stand: Stand, file: Path) -> None:
    if file.suffix == ".py":
        with pytest.raises(SystemExit, match="This is a module"):
            runpy.run_path(str(file), run_name="__main__")
        return
    command = ["node", str(INSTALLED / file.name)] if file.suffix == ".mjs" else ["bash", str(file)]
    done = stand.run(command, {})
    assert (done.returncode, done.stderr.startswith("This is ")) == (2, True)


def test_the_javascript_lock_file_has_no_download_addresses() -> None:
    packages = json.loads((JAVASCRIPT / "package-lock.json").read_text())["packages"]
    assert len(packages) > 1
    assert not [name for name, entry in packages.items() if "://" in json.dumps(entry)]
