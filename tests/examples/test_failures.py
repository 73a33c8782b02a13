"""What a user reads when an example fails: one line with what went wrong, and what to do."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.examples.aws_api import CLASSIC, ENHANCED, ISSUE
from tests.examples.commands import EXAMPLES, NO_KEYS, USER
from tests.examples.stand import SECRET, SESSION, Done, Stand
from tests.kit.acts import Act, Call, Reply, answers, resets, trickles
from tests.kit.builders import OTHER_POOL
from tests.kit.cognito import Cognito, served

# The first test may have to build the package and to install the JavaScript SDK.
pytestmark = pytest.mark.timeout(300)
# The classic flow's examples ask for the token in the same way.
PYTHON, CLI, JAVASCRIPTS = "python enhanced", "cli enhanced", "javascript enhanced"
USERS, CLI_CLASSIC, JAVASCRIPT_CLASSIC = "python user", "cli classic", "javascript classic"
BACKENDS, ALL = (PYTHON, CLI), (PYTHON, USERS, CLI, JAVASCRIPTS)
ENDPOINTS = ["TOKEN_ENDPOINT", "USER_TOKEN_ENDPOINT", "USER_CREDENTIALS_ENDPOINT"]
NO_WAY = dict.fromkeys(["TOKEN_ENDPOINT", "FUNCTION_ALIAS_ARN"])
NOWHERE = dict.fromkeys(ENDPOINTS, "http://127.0.0.1:9/")
IN_CLEAR = [dict.fromkeys(ENDPOINTS, url) for url in ("http://a.example/", "http://127.0.0.1:9@b/")]
TWO_LINES = f"{SESSION}\n{SECRET}"
BROKEN_KEYS = [{"AWS_SESSION_TOKEN": TWO_LINES, **way} for way in ({}, {"TOKEN_ENDPOINT": None})]
INVOKED = {"TOKEN_ENDPOINT": None, "POOL": OTHER_POOL}
BROKEN = {"POOL": "nonsense", "PROVIDER": "p" * 129, "AWS_DEFAULT_REGION": "eu-central-1"}
RULES = ("answered 400. InvalidParameterException: ", "identity_pool_id: must ", "Correct the ")
# Empty, no text, and many words.
NO_JWTS = ("/dev/null", sys.executable, __file__)
NOT_OURS: Final = "What answered is not the token issuer: check the endpoint."


def _told(done: Done, status: int, *told: str) -> None:
    """One line that a terminal shows as it is, and no trace of the program."""
    assert [part for part in told if part in done.stderr] == [*told], done.stderr
    assert (done.returncode, done.stdout) == (status, ""), done.stderr
    assert done.stderr.endswith("\n")
    assert done.stderr[:-1].isprintable()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "changes", "status", "told"),
    [
        (PYTHON, {"PROVIDER": None}, 2, ["Set PROVIDER to "]),
        (CLI, {"POOL": None}, 2, ["Set POOL to "]),
        (CLI_CLASSIC, {"ROLE_ARN": None}, 2, ["Set ROLE_ARN to "]),
        (JAVASCRIPTS, {"POOL": None}, 2, ["Set POOL to "]),
        (JAVASCRIPTS, {"USER_TOKEN_ENDPOINT": None}, 2, ["Set USER_TOKEN_ENDPOINT to "]),
        *((JAVASCRIPTS, {"USER_JWT": jwt}, 2, ["Set USER_JWT to "]) for jwt in (None, TWO_LINES)),
        (JAVASCRIPT_CLASSIC, {"ROLE_ARN": None}, 2, ["Set ROLE_ARN to "]),
        *((name, changes, 2, ["https URL"]) for name in ALL for changes in IN_CLEAR),
        *((name, changes, 2, [" a line break"]) for name in BACKENDS for changes in BROKEN_KEYS),
        (USERS, {"USER_JWT_FILE": "/no/file"}, 2, ["USER_JWT_FILE: /no/file: No such file or dir"]),
        *((n, {ENDPOINTS[2]: None}, 2, ["Name the user"]) for n in (USERS, "cli nobody")),
        *((USERS, {"USER_JWT_FILE": f}, 2, ["must hold a JWT, or"]) for f in NO_JWTS),
        *((name, NO_WAY, 2, ["Set TOKEN_ENDPOINT or FUNCTION"]) for name in BACKENDS),
        *((name, NO_KEYS, 2, ["he call to the token issuer is signed"]) for name in BACKENDS),
        *((name, INVOKED, 1, ["AccessDeniedException"]) for name in BACKENDS),
        *((name, BROKEN, 1, [*RULES, "logins: must "]) for name in BACKENDS),
        (JAVASCRIPTS, BROKEN, 1, RULES),
        *((name, NOWHERE, 1, ["Check the endpoint"]) for name in ALL),
        (JAVASCRIPTS, {"USER_JWT": "no.such.jwt"}, 1, ["401. Unauthorized USER_JWT", "sign in"]),
    ],
)
def test_the_reason_is_told(
    stand: Stand, name: str, changes: Any, status: int, told: list[str]
) -> None:
    _told(stand.example(name, changes), status, *told)


@pytest.mark.parametrize(
    ("name", "operation", "code", "advice"),
    [
        *((n, ISSUE, "ResourceConflictException", "merge the") for n in (*BACKENDS, JAVASCRIPTS)),
        (PYTHON, ENHANCED, "InvalidIdentityPoolConfigurationException", "Give the pool"),
        (CLI_CLASSIC, CLASSIC, "AccessDenied", "trust policy"),
        *((name, ENHANCED, "NotAuthorizedException", "not expired") for name in (CLI, JAVASCRIPTS)),
    ],
)
def test_a_refusal_by_aws_is_shown_with_what_to_do(
    stand: Stand, name: str, operation: str, code: str, advice: str
) -> None:
    stand.api.refusals[operation] = code
    _told(stand.example(name, {}), 1, code, advice)


def _repeats(call: Call) -> Reply:
    """As API Gateway repeats what it would have signed, and in a terminal's own language."""
    return Reply.json({"message": f"\x1b]0;\x07\u202e\r\n{[*call.headers.items()]}"}, 403)


@pytest.fixture
def elsewhere() -> Iterator[tuple[str, Cognito]]:
    """What stands at the endpoint in place of the token issuer."""
    other = Cognito()
    with served(other) as url:
        yield url, other


GOOD: Final = {"identity_id": OTHER_POOL, "token": "e30.e30.e30"}
HEAD: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (answers(Reply(302, headers={"Location": "/elsewhere"})), "answered 302."),
        (answers(Reply(200, b"<html>\0\x1b[31m</html>\n\n")), NOT_OURS),
        (answers(Reply(200, b"[" * 99_999)), NOT_OURS),
        *((answers(Reply.json(a)), NOT_OURS) for a in (None, ["\x1b[31m"], GOOD)),
        *((answers(Reply.json(GOOD | {name: 1})), NOT_OURS) for name in GOOD),
        (answers(Reply.json(GOOD | {"identity_id": "a.example/:1", "token": "a\n\x1b"})), NOT_OURS),
        (answers(Reply.json({"code": 1, "detail": "\x9b", "errors": [1, "x"]}, 500)), "function's"),
        (answers(Reply(502, b"<html>\n\x1b[31m</html>")), "answered 502."),
        (_repeats, "answered 403. "),
        (resets, "heck the endpoint"),
        (trickles(b"\x1b[31m SSH-2.0\r\n\r\n"), "heck the endpoint"),
        (trickles(HEAD), "heck the endpoint"),
    ],
)
@pytest.mark.parametrize("name", ALL)
def test_whatever_answers_is_one_line(
    stand: Stand, elsewhere: tuple[str, Cognito], name: str, act: Act, told: str
) -> None:
    url, other = elsewhere
    other.act = act
    _told(stand.example(name, dict.fromkeys(ENDPOINTS, url)), 1, told)
    assert len(other.calls) == 1


@pytest.mark.parametrize(
    ("command", "status", "told"),
    [
        ([sys.executable, "-S", "python/credential_process.py"], 1, "-m pip install boto3"),
        ([sys.executable, "-S", "python/verify_token.py"], 1, "-m pip install joserfc urllib3"),
        *((["node", f"javascript/{n}.mjs"], 1, "npm ci") for n in ("get-credentials", "who-am-i")),
        (
            ["bash", "cli/get_credentials.sh"],
            2,
            "Install aws, or choose its version: pyenv: aws: comm",
        ),
    ],
)
def test_what_is_missing_is_told(
    stand: Stand, tmp_path: Path, command: list[str], status: int, told: str
) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "in", ignore=shutil.ignore_patterns("node_modules"))
    missing = tmp_path / "aws"
    missing.write_text("#!/bin/sh\nprintf 'pyenv: aws: command not found\\n\\n' >&2\nexit 127\n")
    missing.chmod(0o755)
    copied = [*command[:-1], str(tmp_path / "in" / command[-1])]
    user = [USER] if "bash" in command else []
    path = f"{tmp_path}:{stand.environment['PATH']}"
    _told(stand.run([*copied, *user], {"PATH": path, "TOKEN_ENDPOINT": None}), status, told)
