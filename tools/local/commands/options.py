"""What `make run` and `make serve` have in common: their options and exits."""

import argparse
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from tools.local.commands.stack import CannotRunError
from tools.local.runtime.environment import EmulationError


def options(description: str) -> argparse.ArgumentParser:
    """A parser of the common options; `POOL` and `PROVIDER` may be variables of the shell."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--package", type=Path, required=True, help="the built package directory")
    parser.add_argument(
        "--pool", default=os.environ.get("POOL"), help="use this real pool, and your credentials"
    )
    parser.add_argument(
        "--provider", default=os.environ.get("PROVIDER"), help="its developer provider name"
    )
    return parser


def exit_status(command: Callable[[], int], *, interrupted: int) -> int:
    """Run `command` so that Ctrl-C and SIGTERM unwind it, and what a person can put right is
    one message. `interrupted` is the status after either signal."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return command()
    except KeyboardInterrupt:
        return interrupted
    except (CannotRunError, EmulationError) as error:
        print(error, file=sys.stderr)
        return 1
