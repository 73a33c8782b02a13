"""Ends processes so that none stays behind, whatever ended us."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tools.local.runtime.environment import StartError

_KILL_SECONDS = 30


def marked(marker: str) -> list[int]:
    """The processes whose variables hold `marker`: descendants inherit it, and keep it
    when their parent is gone. Linux only."""
    found = []
    for directory in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if marker.encode() in (directory / "environ").read_bytes():
                found.append(int(directory.name))
    return found


def parent(pid: int) -> int | None:
    """The parent's id, or `None` when there is no such process."""
    with suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text()
        return int(stat.rpartition(")")[2].split()[1])
    return None


def listens(pid: int, port: int) -> bool:
    """Whether this very process takes connections at the IPv4 port. Linux only."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    inodes = {row[9] for row in rows if (row[1][-5:], row[3]) == (f":{port:04X}", "0A")}
    with suppress(OSError):
        files = {str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()}
        return any(f"socket:[{inode}]" in files for inode in inodes)
    return False


def stop(process: subprocess.Popen[bytes], marker: str) -> None:
    """End `process`, first kindly, and then all that is marked."""
    with suppress(subprocess.TimeoutExpired):
        process.terminate()
        process.wait(timeout=2)
    deadline = time.monotonic() + _KILL_SECONDS
    while (survivors := marked(marker)) and time.monotonic() < deadline:
        for pid in survivors:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.poll()
    process.wait(timeout=_KILL_SECONDS)


@contextmanager
def serving(module: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a module that serves until its standard input ends, so that it can't outlive us; yields
    it with its first line of output, which says where it serves.

    Raises:
        StartError: it ended before it was ready.
    """
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            where = process.stdout.readline().strip() if process.stdout else ""
            if not where:
                raise StartError(f"{module} ended with status {process.wait()}")
            yield process, where
        finally:
            process.terminate()


@contextmanager
def guarded(process: subprocess.Popen[bytes], directory: Path) -> Iterator[None]:
    """Terminates `process` and removes `directory` should we end without a chance to do so,
    as by SIGKILL.

    A pipe to the guard closes when we end, however we end; the guard then acts.
    """
    script = 'read -r _; kill -TERM "$1"; rm -rf "$2"'
    with subprocess.Popen(
        ["/bin/sh", "-c", script, "guard", str(process.pid), str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={"PATH": "/usr/bin:/bin"},
    ) as guard:
        try:
            yield
        finally:
            guard.kill()
