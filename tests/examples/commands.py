"""How each example is run, and what it printed."""

import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from tests.examples.stand import EXAMPLES

USER: Final = "user-4711"
COMMANDS: Final[Mapping[str, Sequence[str]]] = {
    "python enhanced": [sys.executable, str(EXAMPLES / "python" / "get_credentials.py")],
    "python classic": [sys.executable, str(EXAMPLES / "python" / "assume_role.py")],
    "python refreshing": [sys.executable, str(EXAMPLES / "python" / "refreshing_credentials.py")],
    "cli enhanced": [str(EXAMPLES / "cli" / "get_credentials.sh")],
    "cli classic": [str(EXAMPLES / "cli" / "assume_role.sh")],
}
_PRINTED: Final = re.compile(r"identity  (\S+)\nexpires   (\S+)\n")


def printed(done: subprocess.CompletedProcess[str]) -> tuple[str, datetime]:
    """The identity and the expiry that an example printed; it must have printed them."""
    assert done.returncode == 0, done.stderr
    found = _PRINTED.match(done.stdout)
    assert found, done.stdout
    return found[1], _instant(found[2])


def is_soon(expiry: datetime) -> bool:
    """Whether it is ahead, and at most an hour."""
    return timedelta() < expiry - datetime.now(UTC) <= timedelta(hours=1)


def _instant(text: str) -> datetime:
    try:
        seconds = float(text)  # version 1 of the AWS CLI
    except ValueError:
        return datetime.fromisoformat(text)
    return datetime.fromtimestamp(seconds, UTC)
