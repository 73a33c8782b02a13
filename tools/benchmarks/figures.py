"""What was measured: samples, and the figures that are made of them."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some samples, and the quartiles around it."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, samples: Sequence[float]) -> "Spread":
        """The spread of at least one sample."""
        # Two points at least, or there is nothing between which to interpolate.
        points = samples if len(samples) > 1 else [*samples, *samples]
        low, median, high = statistics.quantiles(points, n=4, method="inclusive")
        return cls(round(low, 2), round(median, 2), round(high, 2))


@dataclass(frozen=True, slots=True)
class Weight:
    """What a package weighs, and the runtime process at its peak, in MB of 10^6 bytes."""

    unpacked: float
    zipped: float
    peak: Spread


@dataclass(frozen=True, slots=True)
class Figures:
    """All of one run, by the candidates' names.

    `cold` is in milliseconds from nothing to the first answer; `warm` is CPU time in
    microseconds a call. `about` tells the reader where and with what this was measured.
    """

    about: dict[str, str]
    rounds: int
    cold: dict[str, Spread]
    weight: dict[str, Weight]
    warm: dict[str, Spread]
