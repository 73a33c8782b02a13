"""What a user reads when an example fails: what went wrong, and what to do."""

import pytest

from tests.examples.aws_api import CLASSIC, ENHANCED, ISSUE
from tests.examples.commands import COMMANDS, USER
from tests.examples.stand import Stand

# The classic flow's examples ask for the token in the same way.
EACH = ["python enhanced", "cli enhanced"]


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("python enhanced", "POOL"),
        ("python enhanced", "PROVIDER"),
        ("python classic", "ROLE_ARN"),
        ("cli enhanced", "POOL"),
        ("cli enhanced", "PROVIDER"),
        ("cli classic", "ROLE_ARN"),
    ],
)
def test_a_missing_setting_is_named(stand: Stand, name: str, missing: str) -> None:
    done = stand.run([*COMMANDS[name], USER], **{missing: None})
    assert done.returncode == 2
    assert f"Set {missing} to " in done.stderr


@pytest.mark.parametrize("name", EACH)
def test_without_a_token_issuer_both_ways_are_named(stand: Stand, name: str) -> None:
    done = stand.run([*COMMANDS[name], USER], TOKEN_ENDPOINT=None, FUNCTION_ALIAS_ARN=None)
    assert done.returncode == 2
    assert "Set TOKEN_ENDPOINT or FUNCTION_ALIAS_ARN" in done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_without_a_user_the_usage_is_shown(stand: Stand, name: str) -> None:
    done = stand.run(COMMANDS[name])
    assert done.returncode == 2
    assert "Name the user:" in done.stderr


@pytest.mark.parametrize("name", EACH)
def test_without_credentials_of_its_own_a_backend_is_told_what_they_are_for(
    stand: Stand, name: str
) -> None:
    done = stand.run([*COMMANDS[name], USER], AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
    assert done.returncode == 2
    assert "the call to the token issuer is signed with" in done.stderr.lower()


@pytest.mark.parametrize("name", EACH)
def test_each_broken_rule_is_listed(stand: Stand, name: str) -> None:
    done = stand.run([*COMMANDS[name], ""], POOL="nonsense", AWS_DEFAULT_REGION="eu-central-1")
    assert done.returncode == 1
    assert "The token issuer answered 400. InvalidParameterException: " in done.stderr
    assert "\n  identity_pool_id: must " in done.stderr
    assert "\n  logins: " in done.stderr
    assert "Correct the request." in done.stderr


@pytest.mark.parametrize("name", EACH)
def test_a_refusal_of_the_function_is_shown(stand: Stand, name: str) -> None:
    pool = "eu-central-1:00000000-0000-0000-0000-000000000000"
    done = stand.run([*COMMANDS[name], USER], POOL=pool, TOKEN_ENDPOINT=None)
    assert done.returncode == 1
    assert "AccessDeniedException: " in done.stderr


@pytest.mark.parametrize("name", EACH)
def test_an_issuer_that_cognito_refuses_is_shown(stand: Stand, name: str) -> None:
    stand.api.refusals[ISSUE] = "ResourceConflictException"
    done = stand.run([*COMMANDS[name], USER])
    assert done.returncode == 1
    assert "answered 409. ResourceConflictException" in done.stderr
    assert "merge the two" in done.stderr


@pytest.mark.parametrize("name", EACH)
def test_an_address_that_does_not_answer_is_shown(stand: Stand, name: str) -> None:
    done = stand.run([*COMMANDS[name], USER], TOKEN_ENDPOINT="http://127.0.0.1:9/token")
    assert done.returncode == 1
    assert "network" in done.stderr


@pytest.mark.parametrize(
    ("name", "operation", "code", "advice"),
    [
        ("python enhanced", ENHANCED, "NotAuthorizedException", "ask for a new token"),
        ("python enhanced", ENHANCED, "InvalidIdentityPoolConfigurationException", "Give the pool"),
        ("python classic", CLASSIC, "AccessDenied", "trust policy"),
        ("python refreshing", CLASSIC, "ExpiredTokenException", "ask for a new token"),
        ("cli enhanced", ENHANCED, "NotAuthorizedException", "has not expired"),
        ("cli classic", CLASSIC, "AccessDenied", "trust policy"),
    ],
)
def test_a_refused_exchange_is_shown_with_what_to_do(
    stand: Stand, name: str, operation: str, code: str, advice: str
) -> None:
    stand.api.refusals[operation] = code
    done = stand.run([*COMMANDS[name], USER])
    assert done.returncode == 1
    assert code in done.stderr
    assert advice in done.stderr
