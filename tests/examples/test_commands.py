"""The examples, run as a user runs them."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.examples.aws_api import CLASSIC, ENHANCED, ISSUE
from tests.examples.commands import BACKENDS, EXAMPLES, INSTALLED, JAVASCRIPT, RUNNERS, USER
from tests.examples.signature import assert_signed
from tests.examples.stand import SESSION, Done, Stand

# The first test may have to build the package and to install the JavaScript SDK.
pytestmark = pytest.mark.timeout(300)
WAYS = {"TOKEN_ENDPOINT", "FUNCTION_ALIAS_ARN"}
MEMBERS = {"Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}


@pytest.mark.parametrize("way", sorted(WAYS))
@pytest.mark.parametrize("name", BACKENDS)
def test_a_backend_exchanges_a_token(stand: Stand, name: str, way: str) -> None:
    done = stand.run(name, **dict.fromkeys(WAYS - {way}))
    _is_exchanged(stand, name, done)
    assert not done.stderr
    assert bool(stand.sent) is (way == "TOKEN_ENDPOINT")
    for sent in stand.sent:
        assert_signed(sent, SESSION)


@pytest.mark.parametrize("name", ["javascript enhanced", "javascript classic"])
def test_a_signed_in_user_exchanges_a_token(stand: Stand, name: str) -> None:
    _is_exchanged(stand, name, stand.run(name))


def _is_exchanged(stand: Stand, name: str, done: Done) -> None:
    assert done.returncode == 0, done.stderr
    issue, exchange = stand.api.calls  # GetId is not among them
    assert issue.operation == ISSUE
    assert exchange.operation == (CLASSIC if "classic" in name else ENHANCED)
    assert issue.asked["Logins"] == {stand.environment["PROVIDER"]: USER}
    [issued] = stand.api.issued()
    assert stand.api.exchanged() == [issued["Token"]]
    if exchange.operation == CLASSIC:
        assert exchange.asked["RoleArn"] == stand.environment["ROLE_ARN"]
        assert issued["IdentityId"].endswith(exchange.asked["RoleSessionName"])
    else:
        assert exchange.asked["IdentityId"] == issued["IdentityId"]
    left = _expiry(name, done.stdout, issued["IdentityId"]) - datetime.now(UTC)
    assert timedelta(minutes=59) < left <= timedelta(hours=1)


def _expiry(name: str, printed: str, identity: str) -> datetime:
    """RFC 3339 in UTC, whatever the machine's time zone, and in no other form."""
    if "python" in name:
        answer = json.loads(printed)
        assert (set(answer), answer["Version"]) == (MEMBERS, 1)
        text = answer["Expiration"]
    else:
        text = printed.removeprefix(f"identity  {identity}\nexpires   ").strip()
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.000)?Z", text)
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("name", ["cli enhanced", "cli classic"])
def test_a_command_runs_with_the_credentials(stand: Stand, name: str) -> None:
    done = stand.run(name, "bash", "-c", 'echo "$AWS_ACCESS_KEY_ID"')
    key = done.stdout.splitlines()[-1]
    assert key != stand.environment["AWS_ACCESS_KEY_ID"]
    assert key in stand.api.calls[-1].answer


@pytest.mark.parametrize("suffix", RUNNERS)
def test_no_file_does_nothing_in_silence(stand: Stand, suffix: str) -> None:
    """A module says that it is one."""
    for file in EXAMPLES.glob(f"[cjp]*/*{suffix}"):
        path = INSTALLED / file.name if suffix == ".mjs" else file
        done = stand.execute([*RUNNERS[suffix], str(path), "user-1"], POOL=None, USER_JWT=None)
        assert (done.returncode != 0, bool(done.stderr)) == (True, True), file.name


def test_the_pool_variant_of_the_javascript_sdk_calls_get_id_first(stand: Stand) -> None:
    """Why the guide warns of it."""
    stand.javascript("""
      import { fromCognitoIdentityPool } from "@aws-sdk/credential-providers";
      await fromCognitoIdentityPool({
        identityPoolId: process.env.POOL,
        logins: { "cognito-identity.amazonaws.com": "token" },
        clientConfig: { region: "eu-central-1" },
      })();
    """)
    assert [call.operation for call in stand.api.calls] == ["GetId"]


def test_the_javascript_lock_file_has_no_download_addresses() -> None:
    packages = json.loads((JAVASCRIPT / "package-lock.json").read_text())["packages"]
    assert len(packages) > 1
    assert not [name for name, entry in packages.items() if "://" in json.dumps(entry)]
