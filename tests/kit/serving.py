"""`make serve`, started for a test and stopped after it."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.kit.built import ROOT, package

_START_SECONDS = 180


@dataclass(frozen=True)
class Served:
    """The running command: `url` has no slash at its end, `printed` is what the terminal shows."""

    url: str
    pid: int
    printed: Path

    def get(self, path: str) -> str:
        """The body of a page."""
        with urlopen(f"{self.url}{path}") as response:
            return str(response.read().decode())

    def json(self, path: str) -> dict[str, Any]:
        """The JSON object that a page is."""
        found: dict[str, Any] = json.loads(self.get(path))
        return found

    def arguments(self) -> dict[str, Any]:
        """What the page asks for at `POST /token`: a token in this stack's pool."""
        content = self.json("/openapi.json")["paths"]["/token"]["post"]["requestBody"]["content"]
        example: dict[str, Any] = content["application/json"]["example"]
        return example

    def jwt(self, user: str) -> str:
        """A JWT of the embedded issuer."""
        return self.get(f"/issuer/token?sub={user}")


@contextmanager
def serving() -> Iterator[Served]:
    """Run `make serve`'s command on a free port until the block ends; it must end well."""
    with tempfile.TemporaryDirectory() as directory:
        # A file and no pipe: one that nobody reads would fill up with the log of the requests.
        printed = Path(directory, "printed")
        with (
            printed.open("w") as output,
            subprocess.Popen(
                [sys.executable, "-m", "tools.local.commands.serve", package(Path(directory))],
                cwd=ROOT,
                env=os.environ | {"PORT": "0"},
                stdout=output,
                stderr=output,
            ) as process,
        ):
            try:
                yield Served(_address(process, printed), process.pid, printed)
            finally:
                process.terminate()
        assert process.returncode == 0, printed.read_text()
        assert "Traceback" not in printed.read_text()


def _address(process: subprocess.Popen[bytes], printed: Path) -> str:
    """Where it serves, by what it prints when it is ready."""
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if found := re.search(r"^Open (http://\S+)", printed.read_text(), re.MULTILINE):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"tools.local.commands.serve did not start:\n{printed.read_text()}")
