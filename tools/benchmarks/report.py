"""The figures as Markdown for a reader, and as JSON for a program."""

import dataclasses
import json
from collections.abc import Iterable, Mapping
from typing import Final

from tools.benchmarks.candidates import (
    BAREST,
    STANDARD_PLAIN,
    WARM_BAREST,
    WARM_STANDARD,
)
from tools.benchmarks.figures import Figures, Spread

# What the ratios are of, by the heading of the column.
_COLD_BASES: Final = {"barest, compiled": BAREST, "standard, plain": STANDARD_PLAIN}
_WARM_BASES: Final = {"barest": WARM_BAREST, "standard": WARM_STANDARD}

_TEXT: Final = """\
# What it costs, beside its peers

![Cold start, warm call and package of each candidate](results.svg)

`make bench` measured this. Milliseconds are those of one machine: compare ratios, and only within
one run. A figure is the median of {rounds} rounds, with the quartiles after it. The rounds are
interleaved, so that a busy moment of the machine meets every candidate alike.

## Cold start

From nothing to the first answer: process, runtime client, init and one call, in AWS's runtime
client under AWS's runtime interface emulator, every call to the same local endpoint. It leaves
out what Lambda spends before that (fetching the package, starting the sandbox) and TLS.

{cold}

## Warm call

CPU time of one call once the function is warm, the sending stubbed. X-Ray does not sample the
call, as it does not most of the time (it samples one a second and 5 % of the rest); *traced* is
a call that it does sample.

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
- *Ours*: Logger, Metrics, Tracer, resolver, the argument rules and the deployment's policy.
- *Plain `sam build`*: the package as SAM's Python builder leaves it, so without bytecode.
  *Compiled and pruned*: the same by this repository's own packager, as ours is.
- *AWS CLI*: `aws cognito-identity get-open-id-token-for-developer-identity` as a whole process.

Measured with {about}.
"""


def markdown(figures: Figures) -> str:
    """The page `results.md`."""
    about = ", ".join(
        text if name == "machine" else f"{name} {text}" for name, text in figures.about.items()
    )
    return _TEXT.format(
        rounds=figures.rounds,
        cold=_times(figures.cold, "ms", _COLD_BASES),
        warm=_times(figures.warm, "µs", _WARM_BASES),
        weight=_weights(figures),
        about=about,
    )


def as_json(figures: Figures) -> str:
    """All figures, the spreads as `low`, `median` and `high`."""
    return json.dumps(dataclasses.asdict(figures), indent=2, ensure_ascii=False) + "\n"


def _times(spreads: Mapping[str, Spread], unit: str, bases: Mapping[str, str]) -> str:
    rows = [["", f"median, {unit}", "quartiles", *(f"to {base}" for base in bases)]]
    for name, spread in spreads.items():
        ratios = [f"{spread.median / spreads[base].median:.2f}" for base in bases.values()]
        quartiles = f"{spread.low:.0f} to {spread.high:.0f}"
        rows.append([_name(name), f"{spread.median:.0f}", quartiles, *ratios])
    return _table(rows)


def _weights(figures: Figures) -> str:
    rows = [["", "unpacked, MB", "zipped, MB", "peak memory, MB"]]
    for name, weight in figures.weight.items():
        sizes = [f"{weight.unpacked:.1f}", f"{weight.zipped:.1f}", f"{weight.peak.median:.1f}"]
        rows.append([_name(name), *sizes])
    return _table(rows)


def _name(name: str) -> str:
    return f"**{name}**" if name.startswith("ours") else name


def _table(rows: Iterable[Iterable[str]]) -> str:
    head, *body = [list(row) for row in rows]
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *body))
