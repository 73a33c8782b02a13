"""The rounds: every candidate once in each, in an order that moves on from round to round."""

import importlib.metadata
import os
import platform
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.benchmarks import candidates, command_line, environment, packages
from tools.benchmarks.environment import Sample
from tools.benchmarks.packages import Packages
from tools.local.runtime import client as runtime

_TOOLS: Final = ("awslambdaric", "awscli")
_LIBRARIES: Final = ("boto3", "botocore", "aws-lambda-powertools", "msgspec", "pydantic")


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

    about: Mapping[str, str]
    samples: Mapping[str, Sequence[Sample]]
    megabytes: Mapping[str, Mapping[str, float]]

    def quartiles(self, name: str, figure: str) -> tuple[float, float, float]:
        """The median in the middle, and what is around it."""
        values = [sample[figure] for sample in self.samples[name]]
        # Two points at least, or there is nothing between which to interpolate.
        low, median, high = statistics.quantiles([*values, *values], n=4, method="inclusive")
        return low, median, high

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
    with tempfile.TemporaryDirectory(prefix="lambda-") as directory:
        bootstrap = runtime.lay_out(Path(directory))
        offline = without_network(bootstrap)
        for number in _numbers(effort):
            say(f"Round {number} of {effort.rounds} ...")
            for candidate in _rotated(everyone, number):
                sample = environment.sample(candidate, bootstrap, variables, effort.calls)
                if candidate.warm:
                    script = bootstrap if candidate.name == candidates.EMPTY else offline
                    alone = environment.sample(candidate, script, variables, effort.calls)
                    sample["offline_cpu_us"] = alone["warm_cpu_us"]
                samples[candidate.name].append(sample)
            samples[candidates.CLI].append(command_line.sample(variables))
    return Figures(
        about=_about(),
        samples={name: samples[name][1:] for name in (*(c.name for c in everyone), candidates.CLI)},
        megabytes={c.name: packages.megabytes(c.package) for c in everyone[1:]},
    )


def without_network(bootstrap: Path) -> Path:
    """A second bootstrap beside the first, with botocore's sending stubbed."""
    source = Path(__file__).with_name("without_network.py").read_text()
    bootstrap.with_name("lambda_without_network.py").write_text(source)
    script = bootstrap.with_name("bootstrap_without_network")
    text = bootstrap.read_text().replace("lambda_platform_bootstrap", "lambda_without_network")
    script.write_text(text)
    script.chmod(0o700)
    return script


def _numbers(effort: Effort) -> Iterator[int]:
    began = time.monotonic()
    for number in range(effort.rounds + 1):
        if number <= 1 or time.monotonic() - began < effort.seconds:
            yield number


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
