"""`make fuzz`: the fuzzer for as long as one likes, with all that it finds."""

import argparse
import sys

from openid_token.http_api import ROUTES
from tests.fuzz.fuzzer import fuzz
from tests.serving import serving


def main() -> int:
    """0 when every answer was as described."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=300, help="for each route")
    seconds = parser.parse_args().seconds
    with serving() as served:
        reports = {path: fuzz(served, path, f"--max-time={seconds}") for path in ROUTES}
    for path, report in reports.items():
        print(report.text if report.found else f"{path}: {report.cases} cases, none fails.")
    return 1 if any(report.found for report in reports.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
