"""The Python and the CLI examples, run as a user runs them."""

import pytest

from tests.examples.aws_api import CLASSIC, ENHANCED, ISSUE
from tests.examples.commands import COMMANDS, USER, is_soon, printed
from tests.examples.stand import Stand

FLOWS = {name: CLASSIC if "classic" in name else ENHANCED for name in COMMANDS}


@pytest.mark.parametrize("name", [name for name in COMMANDS if "refreshing" not in name])
@pytest.mark.parametrize("way", ["TOKEN_ENDPOINT", "FUNCTION_ALIAS_ARN"])
def test_a_token_is_issued_and_exchanged(stand: Stand, name: str, way: str) -> None:
    other = {"TOKEN_ENDPOINT", "FUNCTION_ALIAS_ARN"} - {way}
    done = stand.run([*COMMANDS[name], USER], **dict.fromkeys(other))
    identity, expiry = printed(done)
    assert not done.stderr
    assert [call.operation for call in stand.api.calls] == [ISSUE, FLOWS[name]]
    [issued] = stand.api.issued()
    assert identity == issued["IdentityId"]
    assert is_soon(expiry)
    assert stand.api.exchanged() == [issued["Token"]]
    assert stand.api.calls[0].asked["Logins"] == {stand.environment["PROVIDER"]: USER}
    _is_for(identity, stand.api.calls[1].asked, stand)
    assert bool(stand.sent) is (way == "TOKEN_ENDPOINT")


def _is_for(identity: str, asked: dict[str, str], stand: Stand) -> None:
    if "RoleArn" in asked:
        assert asked["RoleArn"] == stand.environment["ROLE_ARN"]
        assert identity.endswith(asked["RoleSessionName"])
    else:
        assert asked["IdentityId"] == identity


@pytest.mark.parametrize("name", ["cli enhanced", "cli classic"])
def test_a_command_runs_with_the_credentials(stand: Stand, name: str) -> None:
    done = stand.run([*COMMANDS[name], USER, "bash", "-c", 'echo "$AWS_ACCESS_KEY_ID"'])
    printed(done)
    key = done.stdout.splitlines()[-1]
    assert key != stand.environment["AWS_ACCESS_KEY_ID"]
    assert key in stand.api.calls[-1].answer


@pytest.mark.parametrize("way", ["TOKEN_ENDPOINT", "FUNCTION_ALIAS_ARN"])
def test_the_refreshing_session_acts_as_the_role(stand: Stand, way: str) -> None:
    other = {"TOKEN_ENDPOINT", "FUNCTION_ALIAS_ARN"} - {way}
    done = stand.run([*COMMANDS["python refreshing"], USER], **dict.fromkeys(other))
    identity, expiry = printed(done)
    assert is_soon(expiry)
    assert [call.operation for call in stand.api.calls] == [ISSUE, CLASSIC, "GetCallerIdentity"]
    guid = identity.partition(":")[2]
    assert f"role      arn:aws:sts::123456789012:assumed-role/user/{guid}" in done.stdout


def test_the_refreshing_session_takes_the_enhanced_flow_without_a_role(stand: Stand) -> None:
    done = stand.run([*COMMANDS["python refreshing"], USER], ROLE_ARN=None)
    # The embedded Cognito's credentials last for 90 seconds, so that each use refreshes them.
    assert done.stdout.startswith(f"identity  {stand.api.issued()[0]['IdentityId']}\nexpires   ")
    assert [call.operation for call in stand.api.calls][:2] == [ISSUE, ENHANCED]
