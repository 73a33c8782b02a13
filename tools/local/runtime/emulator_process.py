"""The emulator's process: started on free ports, watched, and ended with all it started."""

import random
import secrets
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools.local.runtime import client as runtime
from tools.local.runtime import processes
from tools.local.runtime.environment import StartError

_ATTEMPTS = 3
_START_SECONDS = 60.0
_PORTS = range(15_000, 30_000)


@dataclass(frozen=True)
class EmulatorProcess:
    """A running emulator. `marker` is one of the variables of all that it starts; without `key`
    nobody may invoke."""

    popen: subprocess.Popen[bytes]
    port: int
    log: Path
    marker: str
    key: str = field(repr=False)

    def logs(self) -> str:
        """Standard output and standard error so far, in the order of their writing."""
        return self.log.read_text(errors="replace")

    def last_lines(self) -> str:
        """The end of the log, for a message about a failure."""
        return "\n".join(self.logs().splitlines()[-20:])


@contextmanager
def started(package: Path, variables: Mapping[str, str]) -> Iterator[EmulatorProcess]:
    """Run the emulator until the block ends, with the working directory `package`.

    Raises:
        StartError: it can't run here, or took no connection in time.
    """
    binary = runtime.emulator_binary()
    with tempfile.TemporaryDirectory(prefix="lambda-", ignore_cleanup_errors=True) as directory:
        client = Path(directory) / "runtime"
        client.mkdir()
        bootstrap = runtime.lay_out(client)
        variables = {**variables, **runtime.client_variables(client)}
        emulator = _on_free_ports(binary, bootstrap, package, variables)
        try:
            with processes.guarded(emulator.popen, Path(directory)):
                yield emulator
        finally:
            processes.stop(emulator.popen, emulator.marker)


def _on_free_ports(
    binary: Path, bootstrap: Path, package: Path, variables: Mapping[str, str]
) -> EmulatorProcess:
    """Another process may take a port between our choice and the emulator's use of it."""
    for attempt in range(1, _ATTEMPTS + 1):
        emulator = _launch(binary, bootstrap, package, variables)
        try:
            if _listens(emulator):
                return emulator
        except BaseException:
            processes.stop(emulator.popen, emulator.marker)
            raise
        processes.stop(emulator.popen, emulator.marker)
        if attempt == _ATTEMPTS or "address already in use" not in emulator.logs():
            break
    raise StartError(f"the emulator did not come up:\n{emulator.last_lines()}")


def _launch(
    binary: Path, bootstrap: Path, package: Path, variables: Mapping[str, str]
) -> EmulatorProcess:
    api, port = _free_ports()
    key = secrets.token_hex()
    log = bootstrap.parent.with_name(f"{port}.log")
    command = [
        str(binary),
        "--log-level=info",
        f"--runtime-api-address=127.0.0.1:{api}",
        f"--runtime-interface-emulator-address=127.0.0.1:{port}",
        str(bootstrap),
    ]
    with log.open("wb") as sink:
        popen = subprocess.Popen(
            command,
            cwd=package,
            env={**variables, "EMULATOR_KEY": key},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )
    return EmulatorProcess(popen, port, log, f"LAMBDA_RUNTIME_DIR={bootstrap.parent}", key)


def _free_ports() -> tuple[int, int]:
    """Below the ports that the system hands out: any connection may take one of those before
    the emulator does, which opens its runtime API only at the first invocation."""
    one, two = random.SystemRandom().sample(_PORTS, 2)
    try:
        for port in (one, two):
            socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return _free_ports()
    return one, two


def _listens(emulator: EmulatorProcess) -> bool:
    """Whether it takes connections in time and before it ends: itself, since at a port that it did
    not get, another emulator may answer."""
    deadline = time.monotonic() + _START_SECONDS
    while emulator.popen.poll() is None and time.monotonic() < deadline:
        if processes.listens(emulator.popen.pid, emulator.port):
            return True
        time.sleep(0.005)
    return False
