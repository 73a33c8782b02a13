"""The figures on a page for a reader, which says in words what they are."""

import importlib.metadata
import os
import platform
import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tools.benchmarks.candidates import BAREST, EMPTY, STANDARD, STANDARD_PLAIN
from tools.benchmarks.sampling import Sample

_COLD: Final = ("cold_ms", "cold_cpu_ms", "first_call_ms")
_WARM: Final = "warm_cpu_us"
# One version of each for all packages.
COMPARED: Final = ("botocore", "boto3", "aws_lambda_powertools", "msgspec", "pydantic")


@dataclass(frozen=True, slots=True)
class Figures:
    """All of one run, by the candidates' names: a sample of each round, and the packages in MB of
    10^6 bytes, unpacked and zipped. `versions` are those of what is in the packages."""

    samples: Mapping[str, Sequence[Sample]]
    megabytes: Mapping[str, Sequence[float]]
    versions: Mapping[str, str]

    def median(self, name: str, figure: str, digits: int = 0) -> str:
        """Over the rounds; nothing where it was not measured."""
        found = [sample[figure] for sample in self.samples[name] if figure in sample]
        return f"{statistics.median(found):.{digits}f}" if found else ""

    def ratio(self, name: str, base: str, figure: str, less: str | None = None) -> str:
        """The median of the rounds' ratios, so that what a round slows down weighs on both;
        what `less` takes is taken off first. Nothing where it was not measured."""
        off = self.samples[less] if less else [{figure: 0.0}] * len(self.samples[name])
        found = [
            (one[figure] - both[figure]) / (other[figure] - both[figure])
            for one, other, both in zip(self.samples[name], self.samples[base], off, strict=True)
            if figure in one
        ]
        return f"{statistics.median(found):.2f}" if found else ""


def updated(page: str, figures: Figures) -> str:
    """The page `results.md`, with these figures in place of those that it has."""
    cold = {
        name: [
            *(figures.median(name, figure) for figure in _COLD),
            *(figures.ratio(name, BAREST, figure) for figure in _COLD),
            figures.ratio(name, STANDARD_PLAIN, "cold_ms"),
        ]
        for name in figures.samples
    }
    warm = {
        name: [
            figures.median(name, _WARM),
            *(figures.ratio(name, base, _WARM, EMPTY) for base in (BAREST, STANDARD)),
        ]
        for name, samples in figures.samples.items()
        if _WARM in samples[0]
    }
    weight = {
        name: [*(f"{size:.1f}" for size in sizes), figures.median(name, "peak_mb", 1)]
        for name, sizes in figures.megabytes.items()
    }
    tables = iter([cold, warm, weight])
    page = re.sub(r"(?<= ---: \|\n)(\|.*\n)+", lambda _: _rows(next(tables)), page)
    page = re.sub(
        r"\d+ interleaved rounds", f"{len(figures.samples[BAREST])} interleaved rounds", page
    )
    packed, beside = figures.versions, importlib.metadata.version
    about = [f"{platform.system()} {platform.machine()}", f"{os.cpu_count()} cores"]
    about += [f"Python {platform.python_version()}", f"awslambdaric {beside('awslambdaric')}"]
    about += [f"{name} {packed[name]}" for name in COMPARED]
    about += [f"and awscli {beside('awscli')} with botocore {beside('botocore')}"]
    return re.sub(r"(?m)^Measured with .*", f"Measured with {', '.join(about)}.", page)


def _rows(table: Mapping[str, Sequence[str]]) -> str:
    names = {name: f"**{name}**" if name.startswith("ours") else name for name in table}
    return "".join(f"| {' | '.join([names[name], *row])} |\n" for name, row in table.items())
