"""What a user reads when an example fails: what went wrong, and what to do."""

from typing import Any

import pytest

from tests.examples.aws_api import CLASSIC, ENHANCED, ISSUE
from tests.examples.commands import COMMANDS, PROCESS
from tests.examples.stand import Stand
from tests.kit.builders import OTHER_POOL

# The first test may have to build the package and to install the JavaScript SDK.
pytestmark = pytest.mark.timeout(300)
# The classic flow's examples ask for the token in the same way.
PYTHON, CLI, JAVASCRIPT = "python enhanced", "cli enhanced", "javascript enhanced"
CLI_CLASSIC, JAVASCRIPT_CLASSIC = "cli classic", "javascript classic"
NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
NOWHERE = dict.fromkeys(["TOKEN_ENDPOINT", "USER_TOKEN_ENDPOINT"], "http://127.0.0.1:9/")
NO_WAY = dict.fromkeys(["TOKEN_ENDPOINT", "FUNCTION_ALIAS_ARN"])
INVOKED = {"TOKEN_ENDPOINT": None, "POOL": OTHER_POOL}
BROKEN = {"POOL": "nonsense", "PROVIDER": "p" * 129, "AWS_DEFAULT_REGION": "eu-central-1"}
RULES = ("answered 400. InvalidParameterException: ", "identity_pool_id: must ", "Correct the ")


@pytest.mark.parametrize(
    ("name", "changes", "status", "told"),
    [
        (PYTHON, {"PROVIDER": None}, 2, ["Set PROVIDER to "]),
        (CLI, {"POOL": None}, 2, ["Set POOL to "]),
        (CLI_CLASSIC, {"ROLE_ARN": None}, 2, ["Set ROLE_ARN to "]),
        (JAVASCRIPT, {"POOL": None}, 2, ["Set POOL to "]),
        (JAVASCRIPT, {"USER_TOKEN_ENDPOINT": None}, 2, ["Set USER_TOKEN_ENDPOINT to "]),
        (JAVASCRIPT, {"USER_JWT": None}, 2, ["Set USER_JWT to "]),
        (JAVASCRIPT_CLASSIC, {"ROLE_ARN": None}, 2, ["Set ROLE_ARN to "]),
        *((name, NO_WAY, 2, ["Set TOKEN_ENDPOINT or FUNCTION"]) for name in (PYTHON, CLI)),
        *((name, NO_KEYS, 2, ["he call to the token issuer is signed"]) for name in (PYTHON, CLI)),
        *((name, INVOKED, 1, ["AccessDeniedException"]) for name in (PYTHON, CLI)),
        *((name, BROKEN, 1, [*RULES, "logins: must "]) for name in (PYTHON, CLI)),
        (JAVASCRIPT, BROKEN, 1, RULES),
        *((name, NOWHERE, 1, ["Check the endpoint"]) for name in (PYTHON, CLI, JAVASCRIPT)),
        (JAVASCRIPT, {"USER_JWT": "no.such.jwt"}, 1, ['401. {"message":"Unauth', "sign in"]),
    ],
)
def test_the_reason_is_told(
    stand: Stand, name: str, changes: Any, status: int, told: list[str]
) -> None:
    done = stand.example(name, changes)
    assert done.returncode == status, done.stderr
    assert [part for part in told if part in done.stderr] == [*told], done.stderr
    # The AWS CLI quotes Python's line.
    assert done.stderr.count("\n") == 1 or name != PYTHON


@pytest.mark.parametrize("command", [PROCESS, COMMANDS[CLI][:1]], ids=["python", "cli"])
def test_without_a_user_the_usage_is_shown(stand: Stand, command: list[str]) -> None:
    done = stand.run(command, {"USER_CREDENTIALS_ENDPOINT": None})
    assert (done.returncode, "Name the user" in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("name", "operation", "code", "advice"),
    [
        *((n, ISSUE, "ResourceConflictException", "merge the") for n in (PYTHON, CLI, JAVASCRIPT)),
        (PYTHON, ENHANCED, "InvalidIdentityPoolConfigurationException", "Give the pool"),
        *((name, ENHANCED, "NotAuthorizedException", "not expired") for name in (CLI, JAVASCRIPT)),
        (CLI_CLASSIC, CLASSIC, "AccessDenied", "trust policy"),
    ],
)
def test_a_refusal_by_aws_is_shown_with_what_to_do(
    stand: Stand, name: str, operation: str, code: str, advice: str
) -> None:
    stand.api.refusals[operation] = code
    done = stand.example(name, {})
    assert done.returncode == 1
    assert code in done.stderr
    assert advice in done.stderr
