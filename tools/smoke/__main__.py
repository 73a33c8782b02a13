"""Makes each check of the stack that the variable `STACK` names."""

import os
import sys
from pathlib import Path

from tools.smoke.checks import CHECKS
from tools.smoke.report import Report
from tools.smoke.stack import NoStackError, find


def main() -> int:
    """0 when all that was checked holds; 1 when not, or when there is nothing to check."""
    name, file = os.environ.get("STACK"), os.environ.get("JWT_FILE")
    if not name:
        sys.exit("Which stack? make smoke STACK=name")
    try:
        jwt = Path(file).read_text(errors="replace").strip() if file else os.environ.get("JWT")
        stack = find(name, jwt)
    except NoStackError as exc:
        sys.exit(str(exc))
    except OSError as exc:
        sys.exit(f"JWT_FILE: {exc.strerror}")
    report = Report()
    report.make(CHECKS, stack)
    return report.total()


if __name__ == "__main__":
    sys.exit(main())
