"""The tables of docs/capacity.md, by their names there."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from tools.benchmarks.report import table
from tools.simulation import costs
from tools.simulation.model import End, Outcome, Settings, Simulation

_MEGABYTES: Final = 1024
_MONTH: Final = 730 * 3600
# What Lambda takes to start a sandbox, which nobody here can measure.
_SANDBOX_SECONDS: Final = 0.2
_SECONDS: Final = 120
# "Each instance of your execution environment can serve up to 10 requests per second", say Lambda's
# quotas.
_REQUESTS_OF_AN_ENVIRONMENT: Final = 10
_SEED: Final = 1


def deployed() -> Settings:
    """The template's defaults, with this function's measured parts."""
    cold = _SANDBOX_SECONDS + costs.start_seconds(_MEGABYTES)
    return Settings(own=costs.own_seconds(_MEGABYTES), cold=cold)


def load() -> str:
    """What callers see at multiples of the quota, at each door and with more or fewer attempts."""
    rows = [["door, attempts", "load", "issued a second", "refused at once", "refused later"]]
    rows[0] += ["p50, ms", "p95, ms", "p99, ms", "billed ms a token", "environments"]
    http, direct = deployed(), replace(deployed(), throttle=None)
    for name, settings, loads in (
        ("HTTP, 3", http, (0.5, 1, 2, 5)),
        ("direct, 3", direct, (0.5, 1, 2, 5)),
        ("direct, 1", replace(direct, attempts=1), (2, 5)),
        ("direct, 5", replace(direct, attempts=5), (2, 5)),
    ):
        for times in loads:
            run = Simulation(settings, times * settings.quota, _SECONDS, _SEED)
            rows.append([name, f"{times:g} x", *_seen(run.outcomes, run.clock.now)])
    return table(rows)


def burst() -> str:
    """150 requests in one instant, three times what the bucket holds."""
    rows = [["attempts", "issued", "refused", "p50, ms", "p99, ms"]]
    for attempts in (1, 2, 3, 5):
        settings = replace(deployed(), throttle=None, attempts=attempts)
        outcomes = Simulation(settings, 150_000, 0.001, _SEED).outcomes
        issued = [outcome.seconds for outcome in outcomes if outcome.end is End.ISSUED]
        share = len(issued) / len(outcomes)
        parts = [f"{_percentile(issued, part):.0f}" for part in (50, 99)]
        rows.append([str(attempts), f"{share:.0%}", f"{1 - share:.0%}", *parts])
    return table(rows)


def bulk() -> str:
    """The bulk workflow beside direct callers that take half of the quota."""
    rows = [["MaxConcurrency", "provided a second", "callers refused", "callers' p99, ms"]]
    for number in (1, 2, 3, 5, 10):
        settings = replace(deployed(), throttle=None, bulk=number)
        run = Simulation(settings, settings.quota / 2, _SECONDS, _SEED)
        issued = [outcome.seconds for outcome in run.outcomes if outcome.end is End.ISSUED]
        refused = f"{1 - len(issued) / len(run.outcomes):.1%}"
        provided = f"{run.provided / _SECONDS:.0f}"
        rows.append([str(number), provided, refused, f"{_percentile(issued, 99):.0f}"])
    return table(rows)


def cost() -> str:
    """US dollars for a million tokens over HTTP."""
    rows: list[list[str]] = []
    for megabytes in (256, 512, 1024):
        parts = costs.of_a_million(megabytes, Settings.answer)
        rows = rows or [["memory, MB", *parts, "in all", "own part of a call, ms"]]
        own = f"{costs.own_seconds(megabytes) * 1e3:.0f}"
        dollars = [*parts.values(), sum(parts.values())]
        rows.append([str(megabytes), *(f"{part:.2f}" for part in dollars), own])
    return table(rows)


def environments() -> str:
    """How many it takes, with the quotas raised."""
    rows = [["tokens a second", "busy on average", "needed", "at most, started from none at once"]]
    for rate in (50, 500, 5000):
        settings = replace(deployed(), throttle=None, quota=10 * rate)
        outcomes = Simulation(settings, rate, 5, _SEED).outcomes
        busy = rate * (settings.own + settings.answer)
        needed = max(busy, rate / _REQUESTS_OF_AN_ENVIRONMENT)
        most = max(outcome.busy for outcome in outcomes)
        rows.append([f"{rate:,}", f"{busy:.0f}", f"{needed:.0f}", f"{most:,}"])
    return table(rows)


def starting() -> str:
    """What starts cost, in US dollars, at the default memory."""
    gigabytes = _MEGABYTES / 1024
    start = 1e3 * costs.start_seconds(_MEGABYTES) * gigabytes * costs.GB_SECOND
    kept = _MONTH * gigabytes
    rows = [["", "a month", "a thousand starts"]]
    rows.append(["as it is", "0", f"{start:.4f}"])
    cached = f"{kept * costs.SNAPSHOT_GB_SECOND:.2f} a version"
    rows.append(["SnapStart", cached, f"{1e3 * gigabytes * costs.RESTORE_GB:.4f}"])
    held = f"{kept * costs.PROVISIONED_GB_SECOND:.2f} an environment"
    rows.append(["provisioned concurrency", held, "0"])
    return table(rows)


ALL: Final[Mapping[str, Callable[[], str]]] = {
    each.__name__: each for each in (load, burst, bulk, cost, environments, starting)
}


def _seen(outcomes: Sequence[Outcome], seconds: float) -> list[str]:
    issued = [outcome.seconds for outcome in outcomes if outcome.end is End.ISSUED]
    shares = [sum(one.end is end for one in outcomes) / len(outcomes) for end in End][1:]
    billed = sum(outcome.billed for outcome in outcomes) / len(issued) * 1e3
    return [
        f"{len(issued) / seconds:.1f}",
        *(f"{share:.1%}" for share in shares),
        *(f"{_percentile(issued, part):.0f}" for part in (50, 95, 99)),
        f"{billed:.0f}",
        str(max(outcome.busy for outcome in outcomes)),
    ]


def _percentile(seconds: Sequence[float], part: int) -> float:
    return statistics.quantiles(seconds, n=100, method="inclusive")[part - 1] * 1e3
