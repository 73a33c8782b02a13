"""How each example is run."""

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import pytest

from tests.kit.built import ROOT

EXAMPLES: Final = ROOT / "examples"
JAVASCRIPT: Final = EXAMPLES / "javascript"
INSTALLED: Final = ROOT / ".build" / "examples-javascript"

USER: Final = "user-4711"
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
    """Put the JavaScript examples beside the SDK of their lock file, once for all workers; they are
    kept from run to run. Skip the test where that can't be done."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("there is no Node.js on this machine: the JavaScript examples did not run")
    sources = sorted([*JAVASCRIPT.glob("[a-z]*.*"), JAVASCRIPT / ".npmrc"])
    wanted = b"".join(source.read_bytes() for source in sources)
    INSTALLED.mkdir(parents=True, exist_ok=True)
    with (INSTALLED / "installed").open("a+b") as installed:
        fcntl.flock(installed, fcntl.LOCK_EX)
        installed.seek(0)
        if installed.read() == wanted:
            return
        installed.truncate(0)
        for source in sources:
            shutil.copy(source, INSTALLED)
        command = ["npm", "ci", "--loglevel=error", "--fetch-retries=1"]
        try:
            subprocess.run(command, cwd=INSTALLED, capture_output=True, timeout=90, check=True)
        except subprocess.SubprocessError as error:
            pytest.skip(f"npm could not install the SDK: {error}")
        installed.write(wanted)
