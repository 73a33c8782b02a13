"""Builds, measures and writes the results."""

import argparse
import sys
from collections import defaultdict
from pathlib import Path
from typing import Final

import trustme

from tools import ROOT
from tools.benchmarks import cognito, report, sampling
from tools.benchmarks.candidates import BUNDLE, CLI, build_all, megabytes, versions

_PAGE: Final = Path(__file__).with_name("results.md")
# Of one warm sample.
_CALLS: Final = 200


def main() -> None:
    """Run the benchmark; the tables also go to standard output."""
    parser = argparse.ArgumentParser(prog="python -m tools.benchmarks")
    parser.add_argument("--rounds", type=int, default=15, help="samples of each figure")
    rounds = parser.parse_args().rounds
    _say("Building the packages ...")
    authority = trustme.CA()
    candidates = build_all(ROOT / ".build" / "benchmarks", authority.cert_pem.bytes())
    compared = versions(candidate.package for candidate in candidates)
    # The only one that is not in a package.
    trusted = {"AWS_CA_BUNDLE": str(candidates[1].package / BUNDLE)}
    samples: dict[str, list[sampling.Sample]] = defaultdict(list)
    with cognito.running(authority) as variables:
        # One round that does not count, and in each an order that has moved on.
        for number in range(rounds + 1):
            _say(f"Round {number} of {rounds} ...")
            turn = number % len(candidates)
            for candidate in (*candidates[turn:], *candidates[:turn]):
                sample = sampling.in_runtime(candidate, variables, _CALLS)
                samples[candidate.name].append(sample)
            samples[CLI].append(sampling.of_command_line({**variables, **trusted}))
    names = [*(candidate.name for candidate in candidates), CLI]
    counted = {name: samples[name][1:] for name in names}
    packages = {candidate.name: megabytes(candidate.package) for candidate in candidates[1:]}
    text = report.updated(_PAGE.read_text(), report.Figures(counted, packages, compared))
    _PAGE.write_text(text)
    print(text)


def _say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
