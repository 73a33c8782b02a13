"""The JavaScript examples under this machine's Node, with the SDK that their lock file pins."""

import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.examples.aws_api import CLASSIC, ENHANCED, ISSUE
from tests.examples.commands import USER, is_soon, printed
from tests.examples.stand import EXAMPLES, ROOT, Stand

SOURCES: Final = EXAMPLES / "javascript"
INSTALLED: Final = ROOT / ".build" / "examples-javascript"
FLOWS: Final = {"get-credentials.mjs": ENHANCED, "assume-role.mjs": CLASSIC}

# The first test may have to build the package and to install the SDK.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="session")
def examples() -> Path:
    """The examples beside the installed SDK, which is kept from run to run."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("there is no Node.js on this machine: the JavaScript examples did not run")
    INSTALLED.mkdir(parents=True, exist_ok=True)
    for source in [*SOURCES.glob("*.mjs"), *SOURCES.glob("package*.json"), SOURCES / ".npmrc"]:
        shutil.copy(source, INSTALLED)
    _install()
    return INSTALLED


def _install() -> None:
    lock = hashlib.sha256((SOURCES / "package-lock.json").read_bytes()).hexdigest()
    mark = INSTALLED / ".installed"
    if mark.is_file() and mark.read_text() == lock:
        return
    mark.unlink(missing_ok=True)
    command = ["npm", "ci", "--loglevel=error", "--fetch-retries=1"]
    try:
        done = subprocess.run(
            command, cwd=INSTALLED, capture_output=True, text=True, timeout=90, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm could not install the SDK within 90 seconds")
    if done.returncode:
        pytest.skip(f"npm could not install the SDK: {done.stderr.strip().splitlines()[:1]}")
    mark.write_text(lock)


@pytest.mark.parametrize("example", FLOWS)
def test_a_token_is_issued_and_exchanged(stand: Stand, examples: Path, example: str) -> None:
    done = stand.run(["node", examples / example], USER_JWT=stand.jwt(USER))
    identity, expiry = printed(done)
    # GetId is not among them.
    assert [call.operation for call in stand.api.calls] == [ISSUE, FLOWS[example]]
    [issued] = stand.api.issued()
    assert identity == issued["IdentityId"]
    assert is_soon(expiry)
    assert stand.api.exchanged() == [issued["Token"]]
    assert stand.api.calls[0].asked["Logins"] == {stand.environment["PROVIDER"]: USER}


def test_the_pool_variant_calls_get_id_first(stand: Stand, examples: Path) -> None:
    """Why the guide warns of it."""
    script = """
      import { fromCognitoIdentityPool } from "@aws-sdk/credential-providers";
      await fromCognitoIdentityPool({
        identityPoolId: process.env.POOL,
        logins: { "cognito-identity.amazonaws.com": "token" },
        clientConfig: { region: "eu-central-1" },
      })();
    """
    program = examples / "pool-variant.mjs"
    program.write_text(script)
    assert stand.run(["node", program]).returncode == 0
    assert [call.operation for call in stand.api.calls] == ["GetId", ENHANCED]


@pytest.mark.parametrize("missing", ["USER_TOKEN_ENDPOINT", "USER_JWT", "POOL"])
def test_a_missing_setting_is_named(stand: Stand, examples: Path, missing: str) -> None:
    changes = {"USER_JWT": "jwt", missing: None}
    done = stand.run(["node", examples / "get-credentials.mjs"], **changes)
    assert done.returncode == 2
    assert f"Set {missing} to " in done.stderr


def test_the_classic_flow_needs_a_role(stand: Stand, examples: Path) -> None:
    done = stand.run(["node", examples / "assume-role.mjs"], ROLE_ARN=None)
    assert done.returncode == 2
    assert "Set ROLE_ARN to " in done.stderr


def test_each_broken_rule_is_listed(stand: Stand, examples: Path) -> None:
    changes = {"USER_JWT": stand.jwt(USER), "POOL": "nonsense"}
    done = stand.run(["node", examples / "get-credentials.mjs"], **changes)
    assert done.returncode == 1
    assert "The token issuer answered 400. InvalidParameterException: " in done.stderr
    assert "\n  identity_pool_id: must " in done.stderr


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"USER_JWT": "no"}, 'answered 401. {"message":"Unauthorized"}\nUSER_JWT is not valid'),
        ({"USER_TOKEN_ENDPOINT": "http://127.0.0.1:9"}, "Check the endpoint."),
    ],
)
def test_what_the_issuer_never_saw_is_shown(
    stand: Stand, examples: Path, changes: dict[str, str], told: str
) -> None:
    environ = {"USER_JWT": stand.jwt(USER), **changes}
    done = stand.run(["node", examples / "get-credentials.mjs"], **environ)
    assert done.returncode == 1
    assert told in done.stderr


@pytest.mark.parametrize(
    ("example", "code", "advice"),
    [
        ("get-credentials.mjs", "NotAuthorizedException", "has not expired"),
        ("assume-role.mjs", "AccessDenied", "trust policy"),
    ],
)
def test_a_refused_exchange_is_shown_with_what_to_do(
    stand: Stand, examples: Path, example: str, code: str, advice: str
) -> None:
    stand.api.refusals[FLOWS[example]] = code
    done = stand.run(["node", examples / example], USER_JWT=stand.jwt(USER))
    assert done.returncode == 1
    assert f"{code}: " in done.stderr
    assert advice in done.stderr


def test_the_lock_file_has_no_download_addresses() -> None:
    text = (SOURCES / "package-lock.json").read_text()
    assert "resolved" not in text
    assert "://" not in text
