"""The command line of the packager."""

import argparse
import sys
from pathlib import Path

from tools.packager.build import ARCHITECTURES, PackagingError, build


def main() -> None:
    """Build one package; a failure is one message on stderr."""
    parser = argparse.ArgumentParser(prog="python -m tools.packager")
    parser.add_argument("--architecture", choices=ARCHITECTURES, required=True)
    parser.add_argument("--output", type=Path, required=True, help="absent or empty directory")
    options = parser.parse_args()
    try:
        build(options.architecture, options.output)
    except PackagingError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
