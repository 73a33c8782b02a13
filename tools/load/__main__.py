"""`make load`: exit status 0 only if no answer was lost, crossed or unexpected."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from tools import ARCHITECTURE, ROOT
from tools.load import report
from tools.load.run import LoadError, run
from tools.local.runtime.environment import EmulationError

_MADE = ROOT / ".build" / "package" / ARCHITECTURE
_LONGEST_SECONDS = 3600
_MOST = 64


def main() -> int:
    """0 when all is well, 1 when an answer was not, 2 when the load could not be made."""
    options = _options()
    try:
        outcome = run(
            options.package,
            seconds=options.seconds,
            environments=options.environments,
            users=options.users,
        )
    except (LoadError, EmulationError) as error:
        print(f"The load could not be made: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    print("\n".join(report.figures(outcome)))
    found = report.problems(outcome)
    print("\n".join(found or ["No answer was lost, crossed or unexpected."]))
    return 1 if found else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.load", description="Load on this machine."
    )
    add = parser.add_argument
    add("--package", type=Path, default=_MADE, help="the built package")
    add("--seconds", type=_within(_LONGEST_SECONDS), default=60, help="how long")
    add("--environments", type=_within(_MOST), default=4, help="environments at once")
    add("--users", type=_within(_MOST), default=8, help="callers at once")
    return parser.parse_args()


def _within(most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        value = int(text)
        if not 1 <= value <= most:
            raise argparse.ArgumentTypeError(f"must be between 1 and {most}")
        return value

    return number


if __name__ == "__main__":
    sys.exit(main())
