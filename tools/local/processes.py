"""Servers of ours in processes of their own, which end when we do."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tools.environment import StartError


@contextmanager
def serving(module: str, *arguments: str) -> Iterator[str]:
    """Run a module that serves until its standard input ends, so that it can't outlive us; yields
    its first line of output, which says where it serves.

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
            yield where
        finally:
            process.terminate()
