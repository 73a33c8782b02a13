"""Sets up the environments, the bridge and a Cognito, and lets locust at them."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tools import ROOT
from tools.load import doors
from tools.load.memory import Counted, watched
from tools.local.cognito.embedded import PROVIDER
from tools.local.commands.samples import POOL
from tools.local.gateway import server
from tools.local.gateway.bridge import bridge
from tools.local.jwt_issuer.signing import create
from tools.local.runtime.emulator import emulated
from tools.local.runtime.sharing import shared
from tools.local.template import function
from tools.quick_cognito.process import running

_LOCUSTFILE: Final = Path(__file__).with_name("locustfile.py")
# A request may wait for an environment as long as the bridge lets it.
_GRACE_SECONDS: Final = 35
_DEPLOYED: Final = function(
    IdentityPoolId=POOL,
    DeveloperProviderName=PROVIDER,
    PrincipalTagClaims="department=custom:department",
)


class LoadError(Exception):
    """The load could not be made; the message says why."""


@dataclass(frozen=True)
class Outcome:
    """`results` is what locust's users counted; `issued` what Cognito did."""

    results: dict[str, Any]
    environments: list[Counted]
    warm_ups: int
    issued: int


def run(package: Path, *, seconds: int, environments: int, users: int) -> Outcome:
    """Make the load; it ends by itself, and leaves no process behind.

    Raises:
        LoadError, StartError: a part did not come up, or did not end in time.
    """
    if not (package / "openid_token").is_dir():
        raise LoadError(f"{package} is not a built package; `make load` builds it")
    with ExitStack() as stack:
        cognito = stack.enter_context(running())
        variables = {**_DEPLOYED.variables, **cognito.variables}
        started = [
            Counted(stack.enter_context(emulated(package, variables))) for _ in range(environments)
        ]
        for one in started:
            one.invoke({"identity_pool_id": POOL, "logins": {PROVIDER: "warm-up"}})
        with _bridged(started) as url, watched(started):
            results = _locust(url, seconds, users)
        return Outcome(results, started, environments, cognito.end())


@contextmanager
def _bridged(environments: list[Counted]) -> Iterator[str]:
    with server.opened() as listening, shared(environments) as invoke:
        url = server.url_of(listening)
        with server.served(bridge(invoke, create(url), doors.pages(invoke)), listening):
            yield url


def _locust(url: str, seconds: int, users: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as directory:
        results = Path(directory) / "results.json"
        command = [sys.executable, "-m", "locust", "--locustfile", str(_LOCUSTFILE)]
        command += ["--headless", "--only-summary", "--host", url, "--loglevel", "ERROR"]
        command += ["--users", str(users), "--spawn-rate", str(users)]
        command += ["--run-time", f"{seconds}s", "--stop-timeout", str(_GRACE_SECONDS)]
        command += ["--exit-code-on-error", "0"]
        limit = seconds + _GRACE_SECONDS + 30
        root = str(ROOT)
        environ = {**os.environ, "LOAD_RESULTS": str(results), "PYTHONPATH": root}
        try:
            done = subprocess.run(
                command, env=environ, timeout=limit, capture_output=True, text=True, check=False
            )
        except subprocess.TimeoutExpired:
            raise LoadError(f"locust did not end within {limit} seconds") from None
        if done.returncode or not results.exists():
            raise LoadError(f"locust failed:\n{done.stderr[-2000:]}")
        found: dict[str, Any] = json.loads(results.read_text())
        if not found["counted"].get("sent"):
            raise LoadError(f"nothing was sent within {seconds} seconds: give it more")
        return found
