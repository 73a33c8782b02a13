"""Counts an environment's invocations, and watches its memory grow with them."""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression
from typing import Any, Final

from tools.local.runtime.emulator import Emulated
from tools.local.runtime.environment import Answer

_INTERVAL_SECONDS: Final = 0.25
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")
# Until then caches fill and the allocator takes its arenas.
_WARM_UP: Final = 0.25


@dataclass
class Counted:
    """An environment that counts its invocations; `samples` are (invocations, bytes)."""

    environment: Emulated
    invocations: int = 0
    samples: list[tuple[int, int]] = field(default_factory=list)

    def invoke(self, event: Any, *, trace_id: str | None = None) -> Answer:
        """See `Environment`; the pool gives an environment to one thread at a time."""
        answer = self.environment.invoke(event, trace_id=trace_id)
        self.invocations += 1
        return answer

    def logs(self) -> str:
        """See `Environment`."""
        return self.environment.logs()

    @property
    def pid(self) -> int:
        """See `Environment`."""
        return self.environment.pid

    @property
    def largest_megabytes(self) -> float:
        """The largest resident set that was seen."""
        return max((size for _, size in self.samples), default=0) / 1e6

    @property
    def kilobytes_a_thousand(self) -> float | None:
        """By how much 1,000 invocations make it grow, after the warm-up; `None` if there were
        too few to tell."""
        warm = [s for s in self.samples if s[0] >= self.invocations * _WARM_UP]
        if len({count for count, _ in warm}) < 3:
            return None
        counts, sizes = zip(*warm, strict=True)
        return linear_regression(counts, sizes).slope


@contextmanager
def watched(environments: Sequence[Counted]) -> Iterator[None]:
    """Sample the memory of each until the block ends; each was invoked before."""
    pids, done = [one.pid for one in environments], threading.Event()

    def sample() -> None:
        while not done.wait(_INTERVAL_SECONDS):
            for one, pid in zip(environments, pids, strict=True):
                one.samples.append((one.invocations, _resident_bytes(pid)))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    if [one.pid for one in environments] != pids:
        raise RuntimeError("an environment did not survive the load")


def _resident_bytes(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE_BYTES
