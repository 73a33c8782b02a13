"""`make fuzz`: the fuzzer for as long as one likes, with all that it finds."""

import argparse
import sys

from openid_token.http_api import ROUTES
from tests.fuzz.fuzzer import fuzz
from tests.kit.serving import serving


def main() -> int:
    """0 when every answer was as described."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=300, help="for each route")
    seconds = parser.parse_args().seconds * len(ROUTES)
    with serving() as served:
        report = fuzz(served, f"--max-time={seconds}")
    print(report.text if report.found else f"{report.cases} cases, none fails.")
    return 1 if report.found else 0


if __name__ == "__main__":
    sys.exit(main())
