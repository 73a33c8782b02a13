"""What a user reads when an example fails: what went wrong, and what to do."""

from typing import Any

import pytest

from tests.builders import OTHER_POOL
from tests.examples.aws_api import CLASSIC, ENHANCED, ISSUE
from tests.examples.commands import COMMANDS, PROCESS
from tests.examples.stand import Stand

# The first test may have to build the package and to install the JavaScript SDK.
pytestmark = pytest.mark.timeout(300)
# The classic flow's examples ask for the token in the same way.
PYTHON, CLI, JAVASCRIPT = "python enhanced", "cli enhanced", "javascript enhanced"
KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
NOWHERE = dict.fromkeys(["TOKEN_ENDPOINT", "USER_TOKEN_ENDPOINT"], "http://127.0.0.1:9/")
NO_WAY = dict.fromkeys(["TOKEN_ENDPOINT", "FUNCTION_ALIAS_ARN"])
BROKEN = {"POOL": "nonsense", "PROVIDER": "p" * 129, "AWS_DEFAULT_REGION": "eu-central-1"}
RULES = ("answered 400. InvalidParameterException: ", "identity_pool_id: must ", "Correct the ")


@pytest.mark.parametrize(
    ("names", "changes", "status", "told"),
    [
        ((PYTHON, CLI, JAVASCRIPT), {"POOL": None}, 2, ["Set POOL to "]),
        ((PYTHON, CLI), {"PROVIDER": None}, 2, ["Set PROVIDER to "]),
        ((JAVASCRIPT,), {"USER_TOKEN_ENDPOINT": None}, 2, ["Set USER_TOKEN_ENDPOINT to "]),
        ((JAVASCRIPT,), {"USER_JWT": None}, 2, ["Set USER_JWT to "]),
        (("cli classic", "javascript classic"), {"ROLE_ARN": None}, 2, ["Set ROLE_ARN to "]),
        ((PYTHON, CLI), NO_WAY, 2, ["Set TOKEN_ENDPOINT or FUNCTION"]),
        ((PYTHON, CLI), KEYS, 2, ["he call to the token issuer is signed with"]),
        ((PYTHON, CLI), {"TOKEN_ENDPOINT": None, "POOL": OTHER_POOL}, 1, ["AccessDeniedExcept"]),
        ((PYTHON, CLI), BROKEN, 1, [*RULES, "logins: must "]),
        ((JAVASCRIPT,), BROKEN, 1, RULES),
        ((PYTHON, CLI, JAVASCRIPT), NOWHERE, 1, ["Check the endpoint"]),
        ((JAVASCRIPT,), {"USER_JWT": "no.such.jwt"}, 1, ['401. {"message":"Unauth', "sign in"]),
    ],
)
def test_the_reason_is_told(
    stand: Stand, names: tuple[str, ...], changes: Any, status: int, told: list[str]
) -> None:
    for name in names:
        done = stand.run(name, **changes)
        assert done.returncode == status, done.stderr
        assert [part for part in told if part in done.stderr] == [*told], done.stderr
        # The AWS CLI quotes Python's line.
        assert done.stderr.count("\n") == 1 or name != PYTHON


def test_without_a_user_the_usage_is_shown(stand: Stand) -> None:
    for command in (PROCESS, COMMANDS["cli enhanced"][:1]):
        done = stand.execute(command, USER_CREDENTIALS_ENDPOINT=None)
        assert (done.returncode, "Name the user" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("name", "operation", "code", "advice"),
    [(name, ISSUE, "ResourceConflictException", "merge the") for name in (PYTHON, CLI, JAVASCRIPT)]
    + [(PYTHON, ENHANCED, "InvalidIdentityPoolConfigurationException", "Give the pool")]
    + [(name, ENHANCED, "NotAuthorizedException", "not expired") for name in (CLI, JAVASCRIPT)]
    + [
        (f"{language} classic", CLASSIC, "AccessDenied", "trust policy")
        for language in ("python", "cli", "javascript")
    ],
)
def test_a_refusal_by_aws_is_shown_with_what_to_do(
    stand: Stand, name: str, operation: str, code: str, advice: str
) -> None:
    stand.api.refusals[operation] = code
    done = stand.run(name)
    assert done.returncode == 1
    assert code in done.stderr
    assert advice in done.stderr
