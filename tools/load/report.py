"""The figures of a run, and the verdict on it."""

from collections.abc import Iterator
from typing import Any

from tools.load.mix import MIX
from tools.load.run import Outcome
from tools.simulation.model import Settings


def figures(outcome: Outcome) -> Iterator[str]:
    """The table, line by line."""
    results = outcome.results
    requests, seconds = results["counted"]["sent"], results["seconds"]
    yield f"{'milliseconds':32} {'requests':>9} {'p50':>6} {'p95':>6} {'p99':>6} {'max':>6}"
    for name in MIX:
        if name in results["by_name"]:
            yield _line(name, results["by_name"][name])
    yield _line("all", results["total"])
    yield ""
    yield f"{requests} requests in {seconds:.0f} s: {requests / seconds:.0f} a second"
    issued = results["counted"]["issued"] / seconds
    yield f"{issued:.0f} tokens a second: {issued / Settings.quota:.1f} x Cognito's default quota"
    for number, one in enumerate(outcome.environments, 1):
        slope = one.kilobytes_a_thousand
        growth = "too few to tell growth" if slope is None else f"{slope:+.0f} kB per 1,000"
        yield (
            f"environment {number}: {one.invocations} invocations,"
            f" at most {one.largest_megabytes:.1f} MB, {growth}"
        )


def problems(outcome: Outcome) -> list[str]:
    """What was lost, crossed or unexpected; nothing if all is well."""
    counted = outcome.results["counted"]
    sent, answered = counted["sent"], counted["answered"]
    found = [f"{times} x {what}" for what, times in outcome.results["problems"].items()]
    if answered != sent:
        found.append(f"{sent - answered} of {sent} requests got no answer")
    invocations = sum(one.invocations for one in outcome.environments) - outcome.warm_ups
    if invocations != counted["invoking"]:
        found.append(f"{counted['invoking']} requests made {invocations} invocations")
    issued = outcome.issued - outcome.warm_ups
    if issued != counted["issued"]:
        found.append(f"{counted['issued']} tokens arrived of {issued} that were issued")
    return found


def _line(name: str, figures: dict[str, Any]) -> str:
    numbers = " ".join(f"{value:6.0f}" for value in figures["milliseconds"])
    return f"{name:32} {figures['requests']:9} {numbers}"
