"""The figures as a page for a reader."""

from collections.abc import Iterable
from typing import Final

from tools.benchmarks.candidates import BAREST, EMPTY, STANDARD, STANDARD_PLAIN
from tools.benchmarks.measuring import Figures

_TEXT: Final = """\
# What it costs, beside its peers

`make bench` measured this, in {rounds} interleaved rounds. Milliseconds are those of one machine:
compare ratios, and only within one run. A figure is the median of the rounds, a ratio the median of
the rounds' ratios.

## Cold start

From nothing to the first answer, in AWS's runtime client: process, init, and one call to a local
endpoint over TLS, 1 ms away, whose CA is the last of botocore's bundle. What Lambda spends before
that (fetching the package, starting the sandbox) is left out.

{cold}

## Warm call

CPU time. *Whole* is all that the process does from one event to the next: the runtime client, the
call over TLS, the records. *Alone* is without the runtime client (what the empty function takes)
and with botocore's sending stubbed. The whole call's ratio is without the runtime client, too.

{warm}

## Package and memory

Unpacked with the bytecode, if it has any; peak memory is that of the runtime's process after the
first call. MB are of a million bytes.

{weight}

## Who they are

- *Barest boto3*: a client and the call, nothing checked and nothing logged
  ([source](peers/barest/barest.py)).
- *Standard Powertools*: Logger, Metrics, Tracer and the validating resolver with Pydantic, as
  Powertools' documentation has it ([source](peers/standard/standard.py)).
- *Ours*: Logger, Metrics, the argument rules and the deployment's policy.
- *Plain `sam build`*: the package as SAM's Python builder leaves it, so without bytecode.
  *Compiled and pruned*: by this repository's own packager, as ours is.
- *AWS CLI*: `aws cognito-identity get-open-id-token-for-developer-identity` as a whole process.

Measured with {about}.
"""
_COLD: Final = ("cold_ms", "cold_cpu_ms", "first_call_ms")


def markdown(figures: Figures) -> str:
    """The page `results.md`."""
    return _TEXT.format(
        rounds=len(figures.samples[BAREST]),
        cold=_cold(figures),
        warm=_warm(figures),
        weight=_weights(figures),
        about=figures.about,
    )


def _cold(figures: Figures) -> str:
    rows = [["", "wall, ms", "CPU, ms", "first call, ms", "wall to barest", "CPU to barest"]]
    rows[0] += ["first call to barest", "wall to standard, plain"]
    for name, samples in figures.samples.items():
        there = [figure for figure in _COLD if figure in samples[0]]
        medians = [f"{figures.median(name, figure):.0f}" for figure in there]
        ratios = [f"{figures.ratio(name, BAREST, figure):.2f}" for figure in there]
        blank = [""] * (len(_COLD) - len(there))
        to_standard = f"{figures.ratio(name, STANDARD_PLAIN, 'cold_ms'):.2f}"
        rows.append([_name(name), *medians, *blank, *ratios, *blank, to_standard])
    return _table(rows)


def _warm(figures: Figures) -> str:
    rows = [["", "whole, µs", "to barest", "to standard", "alone, µs", "to barest", "to standard"]]
    for name in (name for name, samples in figures.samples.items() if "warm_cpu_us" in samples[0]):
        row = [_name(name)]
        for figure in ("warm_cpu_us", "offline_cpu_us"):
            median = figures.median(name, figure)
            if figure == "offline_cpu_us":
                median -= figures.median(EMPTY, figure)
            bases = (BAREST, STANDARD)
            row += [
                f"{median:.0f}",
                *(f"{figures.ratio(name, base, figure, EMPTY):.2f}" for base in bases),
            ]
        rows.append(row)
    return _table(rows)


def _weights(figures: Figures) -> str:
    rows = [["", "unpacked, MB", "zipped, MB", "peak memory, MB"]]
    for name, sizes in figures.megabytes.items():
        peak = figures.median(name, "peak_mb")
        rows.append([_name(name), *(f"{size:.1f}" for size in (*sizes.values(), peak))])
    return _table(rows)


def _name(name: str) -> str:
    return f"**{name}**" if name.startswith("ours") else name


def _table(rows: Iterable[Iterable[str]]) -> str:
    """Rows of cells as a table of Markdown, the first one as its head."""
    head, *body = [list(row) for row in rows]
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *body))
