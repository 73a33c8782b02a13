"""The rounds: every candidate once in each, in an order that moves on from round to round."""

import importlib.metadata
import os
import platform
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tools.benchmarks import candidates, packages, sampling
from tools.benchmarks.packages import Packages
from tools.benchmarks.sampling import Sample

_VERSIONS: Final = (
    *("boto3", "botocore", "aws-lambda-powertools", "msgspec", "pydantic", "awslambdaric"),
    "awscli",
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: `calls` make one warm sample; no round begins after `seconds`."""

    rounds: int = 15
    calls: int = 200
    seconds: float = 240


@dataclass(frozen=True, slots=True)
class Figures:
    """All of one run, by the candidates' names: a sample of each round, and the packages in MB of
    10^6 bytes. `about` tells where and with what this was measured."""

    about: str
    samples: Mapping[str, Sequence[Sample]]
    megabytes: Mapping[str, Mapping[str, float]]

    def median(self, name: str, figure: str) -> float:
        """Over the rounds."""
        return statistics.median(sample[figure] for sample in self.samples[name])

    def ratio(self, name: str, base: str, figure: str, less: str | None = None) -> float:
        """The median of the rounds' ratios, so that what a round slows down weighs on both;
        what `less` takes is taken off first."""
        off = self.samples[less] if less else [{figure: 0.0}] * len(self.samples[name])
        return statistics.median(
            (one[figure] - both[figure]) / (other[figure] - both[figure])
            for one, other, both in zip(self.samples[name], self.samples[base], off, strict=True)
        )


def measure(
    built: Packages, variables: Mapping[str, str], effort: Effort, say: Callable[[str], None]
) -> Figures:
    """All figures, after one round that does not count.

    Raises:
        NotAnsweredError: a candidate did not do its work.
    """
    samples: dict[str, list[Sample]] = defaultdict(list)
    everyone = candidates.all_of(built)
    for number in _numbers(effort):
        say(f"Round {number} of {effort.rounds} ...")
        turn = number % len(everyone)
        for candidate in (*everyone[turn:], *everyone[:turn]):
            sample = sampling.in_runtime(candidate, variables, effort.calls)
            if candidate.warm:
                sample |= sampling.without_network(candidate, variables, effort.calls)
            samples[candidate.name].append(sample)
        samples[candidates.CLI].append(sampling.of_command_line(variables))
    return Figures(
        about=_about(),
        samples={name: samples[name][1:] for name in (*(c.name for c in everyone), candidates.CLI)},
        megabytes={c.name: packages.megabytes(c.package) for c in everyone[1:]},
    )


def _numbers(effort: Effort) -> Iterator[int]:
    began = time.monotonic()
    for number in range(effort.rounds + 1):
        if number <= 1 or time.monotonic() - began < effort.seconds:
            yield number


def _about() -> str:
    versions = [f"{name} {importlib.metadata.version(name)}" for name in _VERSIONS]
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return ", ".join([machine, f"Python {platform.python_version()}", *versions])
