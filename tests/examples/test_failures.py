"""What a user reads when an example fails: what went wrong, and what to do."""

import pytest

from tests.builders import OTHER_POOL
from tests.examples.aws_api import CLASSIC, ENHANCED, ISSUE
from tests.examples.commands import COMMANDS, PROCESS
from tests.examples.stand import Done, Stand

# The first test may have to build the package and to install the JavaScript SDK.
pytestmark = pytest.mark.timeout(300)
# The classic flow's examples ask for the token in the same way.
BACKENDS = ["python enhanced", "cli enhanced"]
EACH = [*BACKENDS, "javascript enhanced"]
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
NOWHERE = "http://127.0.0.1:9/"


def _read(done: Done, name: str, status: int) -> str:
    """What the user reads. Python's is one line: the AWS CLI quotes it."""
    assert done.returncode == status, done.stderr
    assert done.stderr.count("\n") == 1 or "python" not in name
    return done.stderr


@pytest.mark.parametrize(
    ("name", "missing"),
    [(name, "POOL") for name in EACH]
    + [(name, "PROVIDER") for name in BACKENDS]
    + [("javascript enhanced", name) for name in ("USER_TOKEN_ENDPOINT", "USER_JWT")]
    + [(name, "ROLE_ARN") for name in ("cli classic", "javascript classic")],
)
def test_a_missing_setting_is_named(stand: Stand, name: str, missing: str) -> None:
    assert f"Set {missing} to " in _read(stand.run(name, **{missing: None}), name, 2)


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize(
    ("changes", "status", "told"),
    [
        ({"TOKEN_ENDPOINT": None, "FUNCTION_ALIAS_ARN": None}, 2, "Set TOKEN_ENDPOINT or FUNCTION"),
        (dict.fromkeys(KEYS), 2, "he call to the token issuer is signed with"),
        ({"TOKEN_ENDPOINT": None, "POOL": OTHER_POOL}, 1, "AccessDeniedException: "),
    ],
)
def test_a_backend_is_told(
    stand: Stand, name: str, changes: dict[str, str | None], status: int, told: str
) -> None:
    assert told in _read(stand.run(name, **changes), name, status)


@pytest.mark.parametrize("command", [PROCESS, COMMANDS["cli enhanced"][:1]])
def test_without_a_user_the_usage_is_shown(stand: Stand, command: list[str]) -> None:
    done = stand.execute(command, USER_CREDENTIALS_ENDPOINT=None)
    assert "Name the user" in _read(done, "", 2)


@pytest.mark.parametrize("name", EACH)
def test_each_broken_rule_is_listed(stand: Stand, name: str) -> None:
    done = stand.run(name, POOL="nonsense", PROVIDER="p" * 129, AWS_DEFAULT_REGION="eu-central-1")
    told = _read(done, name, 1)
    assert "The token issuer answered 400. InvalidParameterException: " in told
    assert "identity_pool_id: must " in told
    assert "logins: must " in told or name not in BACKENDS
    assert "Correct the request." in told


@pytest.mark.parametrize("name", EACH)
def test_an_address_that_does_not_answer_is_shown(stand: Stand, name: str) -> None:
    done = stand.run(name, TOKEN_ENDPOINT=NOWHERE, USER_TOKEN_ENDPOINT=NOWHERE)
    assert "Check the endpoint" in _read(done, name, 1)


def test_a_jwt_that_the_issuer_does_not_take_is_shown(stand: Stand) -> None:
    done = stand.run("javascript enhanced", USER_JWT="no.such.jwt")
    assert 'answered 401. {"message":"Unauthorized"}\nUSER_JWT is not valid' in done.stderr


@pytest.mark.parametrize(
    ("name", "operation", "code", "advice"),
    [(name, ISSUE, "ResourceConflictException", "merge the two") for name in EACH]
    + [
        ("python enhanced", ENHANCED, "InvalidIdentityPoolConfigurationException", "Give the pool"),
        ("python classic", CLASSIC, "AccessDenied", "trust policy"),
        ("cli enhanced", ENHANCED, "NotAuthorizedException", "has not expired"),
        ("cli classic", CLASSIC, "AccessDenied", "trust policy"),
        ("javascript enhanced", ENHANCED, "NotAuthorizedException", "has not expired"),
        ("javascript classic", CLASSIC, "AccessDenied", "trust policy"),
    ],
)
def test_a_refusal_by_aws_is_shown_with_what_to_do(
    stand: Stand, name: str, operation: str, code: str, advice: str
) -> None:
    stand.api.refusals[operation] = code
    told = _read(stand.run(name), name, 1)
    assert code in told
    assert advice in told
