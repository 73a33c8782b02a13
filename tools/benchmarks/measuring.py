"""The rounds: every candidate once in each, in an order that moves on from round to round."""

import importlib.metadata
import os
import platform
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from tools.benchmarks import candidates, cold, packages, warm
from tools.benchmarks.candidates import CLI, EMPTY
from tools.benchmarks.figures import Figures, Spread, Weight
from tools.benchmarks.packages import Packages

_TOOLS: Final = ("awslambdaric", "awscli")
_LIBRARIES: Final = ("boto3", "botocore", "aws-lambda-powertools", "msgspec", "pydantic")

type Say = Callable[[str], None]
type Samples = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: `calls` make one warm sample; no round begins after `seconds`."""

    rounds: int = 15
    calls: int = 300
    seconds: float = 420


@dataclass(frozen=True, slots=True)
class _Samples:
    cold: Samples = field(default_factory=lambda: defaultdict(list))
    peak: Samples = field(default_factory=lambda: defaultdict(list))
    warm: Samples = field(default_factory=lambda: defaultdict(list))


def measure(built: Packages, endpoint: str, effort: Effort, say: Say) -> Figures:
    """All figures, after one round that does not count.

    Raises:
        NotAnsweredError: a candidate did not do its work.
    """
    say("A first round, which does not count ...")
    _round(built, endpoint, effort.calls, 0, _Samples())
    samples, done = _Samples(), 0
    for done in _numbers(effort):
        say(f"Round {done} of {effort.rounds} ...")
        _round(built, endpoint, effort.calls, done, samples)
    return Figures(
        about=_about(),
        rounds=done,
        cold=_spreads([*(known.name for known in candidates.cold(built)), CLI], samples.cold),
        weight=_weights(built, samples.peak),
        warm=_spreads([known.name for known in candidates.warm(built)], samples.warm),
    )


def _spreads(names: Sequence[str], samples: Samples) -> dict[str, Spread]:
    return {name: Spread.of(samples[name]) for name in names}


def _round(built: Packages, endpoint: str, calls: int, number: int, samples: _Samples) -> None:
    for candidate in _rotated(candidates.cold(built), number):
        start = cold.start(candidate, endpoint)
        samples.cold[candidate.name].append(start.milliseconds)
        samples.peak[candidate.name].append(start.peak_megabytes)
    samples.cold[CLI].append(cold.command_line(endpoint))
    for candidate in _rotated(candidates.warm(built), number):
        samples.warm[candidate.name].append(warm.cpu_microseconds(candidate, calls))


def _numbers(effort: Effort) -> Iterator[int]:
    began = time.monotonic()
    for number in range(1, effort.rounds + 1):
        if number == 1 or time.monotonic() - began < effort.seconds:
            yield number


def _weights(built: Packages, peaks: Samples) -> dict[str, Weight]:
    weights = {}
    for candidate in candidates.cold(built):
        if candidate.name != EMPTY:
            size = packages.size(candidate.package)
            weights[candidate.name] = Weight(
                unpacked=round(size.unpacked / 1e6, 2),
                zipped=round(size.zipped / 1e6, 2),
                peak=Spread.of(peaks[candidate.name]),
            )
    return weights


def _about() -> dict[str, str]:
    versions = {name: importlib.metadata.version(name) for name in (*_LIBRARIES, *_TOOLS)}
    return {
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "Python": platform.python_version(),
        **versions,
    }


def _rotated[T](items: Sequence[T], by: int) -> list[T]:
    by %= len(items)
    return [*items[by:], *items[:by]]
