"""The examples, run as a user runs them."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.examples.aws_api import CLASSIC, ENHANCED, ISSUE
from tests.examples.commands import COMMANDS, JAVASCRIPT, USER
from tests.examples.signature import due, sent_with
from tests.examples.stand import KEY, SESSION, Done, Stand

# The first test may have to build the package and to install the JavaScript SDK.
pytestmark = pytest.mark.timeout(300)
WAYS = {"TOKEN_ENDPOINT", "FUNCTION_ALIAS_ARN"}


@pytest.mark.parametrize("way", sorted(WAYS))
@pytest.mark.parametrize("name", [name for name in COMMANDS if "javascript" not in name])
def test_a_backend_exchanges_a_token(stand: Stand, name: str, way: str) -> None:
    done = stand.run(name, **dict.fromkeys(WAYS - {way}))
    _is_exchanged(stand, name, done)
    assert not done.stderr
    assert bool(stand.sent) is (way == "TOKEN_ENDPOINT")


@pytest.mark.parametrize("name", ["javascript enhanced", "javascript classic"])
def test_a_signed_in_user_exchanges_a_token(stand: Stand, name: str) -> None:
    _is_exchanged(stand, name, stand.run(name))


@pytest.mark.parametrize("name", ["python enhanced", "cli enhanced"])
def test_a_backend_signs_for_execute_api_in_the_pools_region(stand: Stand, name: str) -> None:
    stand.run(name)
    [sent] = stand.sent
    scope, signed, signature = sent_with(sent)
    at = sent.headers["X-Amz-Date"]
    assert scope == f"{KEY}/{at[:8]}/eu-central-1/execute-api/aws4_request"
    assert {"host", "x-amz-date"} <= set(signed)
    assert sent.headers["X-Amz-Security-Token"] == SESSION
    assert datetime.now(UTC) - datetime.strptime(at, "%Y%m%dT%H%M%S%z") < timedelta(minutes=1)
    assert signature == due(sent, SESSION)


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
    assert "python" in name or done.stdout.startswith(f"identity  {issued['IdentityId']}\n")
    assert timedelta() < _expiry(name, done.stdout) - datetime.now(UTC) <= timedelta(hours=1)


def _expiry(name: str, printed: str) -> datetime:
    if "python" in name:
        answer = json.loads(printed)
        assert answer.pop("Version") == 1
        assert set(answer) == {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}
        return datetime.fromisoformat(answer["Expiration"])
    [text] = re.findall(r"^expires   (\S+)$", printed, re.MULTILINE)
    if re.fullmatch(r"[\d.]+", text):  # version 1 of the AWS CLI
        return datetime.fromtimestamp(float(text), UTC)
    return datetime.fromisoformat(text)


@pytest.mark.parametrize("name", ["cli enhanced", "cli classic"])
def test_a_command_runs_with_the_credentials(stand: Stand, name: str) -> None:
    done = stand.run(name, "bash", "-c", 'echo "$AWS_ACCESS_KEY_ID"')
    key = done.stdout.splitlines()[-1]
    assert key != stand.environment["AWS_ACCESS_KEY_ID"]
    assert key in stand.api.calls[-1].answer


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
    assert [call.operation for call in stand.api.calls] == ["GetId", ENHANCED]


def test_the_javascript_lock_file_has_no_download_addresses() -> None:
    packages = json.loads((JAVASCRIPT / "package-lock.json").read_text())["packages"]
    assert len(packages) > 1
    assert not [name for name, entry in packages.items() if "://" in json.dumps(entry)]
