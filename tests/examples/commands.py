"""How each example is run."""

import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from tests.kit import npm
from tests.kit.built import ROOT

EXAMPLES: Final = ROOT / "examples"
JAVASCRIPT: Final = EXAMPLES / "javascript"
INSTALLED: Final = ROOT / ".build" / "examples-javascript"

USER: Final = "user-4711"
NO_KEYS: Final[Mapping[str, None]] = dict.fromkeys(
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]
)
PROCESS: Final = [sys.executable, str(EXAMPLES / "python" / "credential_process.py")]
COMMANDS: Final[Mapping[str, Sequence[str]]] = {
    "python enhanced": [*PROCESS, USER],
    "python classic": [*PROCESS, USER],
    "python user": PROCESS,
    "cli nobody": [str(EXAMPLES / "cli" / "get_credentials.sh")],
    "cli enhanced": [str(EXAMPLES / "cli" / "get_credentials.sh"), USER],
    "cli classic": [str(EXAMPLES / "cli" / "assume_role.sh"), USER],
    "javascript enhanced": ["node", str(INSTALLED / "get-credentials.mjs")],
    "javascript classic": ["node", str(INSTALLED / "assume-role.mjs")],
}
# What `credential_process` prints.
MEMBERS: Final = {"Version", "AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"}
WHO_AM_I: Final[Mapping[str, Sequence[str]]] = {
    "AWS CLI": ["aws", "sts", "get-caller-identity", "--query", "Arn", "--output", "text"],
    "JavaScript": ["node", str(INSTALLED / "who-am-i.mjs")],
}


@cache
def install_javascript() -> None:
    """Put the JavaScript examples beside the SDK of their lock file, or skip the test."""
    npm.installed(INSTALLED, ["ci"], sorted([*JAVASCRIPT.glob("[a-z]*.*"), JAVASCRIPT / ".npmrc"]))
