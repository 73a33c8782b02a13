"""Builds, measures and writes the results."""

import argparse
import sys
from pathlib import Path
from typing import Final

from tools import ROOT
from tools.benchmarks import cognito, packages, report, request
from tools.benchmarks.measuring import Effort, measure

_PAGE: Final = Path(__file__).with_name("results.md")
# One of cities not far apart, and what a network within a region stays below.
_ROUND_TRIP_MILLISECONDS: Final = 1


def main() -> int:
    """Run the benchmark; the tables also go to standard output."""
    options = _options()
    _say("Building the packages ...")
    built = packages.build_all(ROOT / ".build" / "benchmarks")
    effort = Effort(rounds=options.rounds, calls=options.calls, seconds=options.seconds)
    with cognito.running(_ROUND_TRIP_MILLISECONDS) as variables:
        figures = measure(built, {**request.VARIABLES, **variables}, effort, _say)
    text = report.markdown(figures)
    options.output.write_text(text)
    print(text)
    return 0


def _options() -> argparse.Namespace:
    usual = Effort()
    parser = argparse.ArgumentParser(prog="python -m tools.benchmarks", description="Measure.")
    parser.add_argument("--rounds", type=int, default=usual.rounds, help="samples of each figure")
    parser.add_argument("--calls", type=int, default=usual.calls, help="calls of a warm sample")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="begin no round later")
    parser.add_argument("--output", type=Path, default=_PAGE, help="the page to write")
    return parser.parse_args()


def _say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
