"""The command line of the packager."""

import argparse
import sys
from pathlib import Path

from tools.packager import archive
from tools.packager.build import PackagingError, build


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.packager", description="Build the package."
    )
    parser.add_argument("--architecture", choices=("arm64", "x86_64"), required=True)
    parser.add_argument("--output", type=Path, required=True, help="absent or empty directory")
    return parser.parse_args()


def main() -> int:
    """Build one package and print its size; a failure is one message on stderr."""
    options = _arguments()
    try:
        build(options.architecture, options.output)
    except PackagingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    megabytes = archive.unpacked(options.output) / 1e6
    zipped = len(archive.zipped(options.output)) / 1e6
    print(f"{options.output}: {megabytes:.1f} MB, {zipped:.1f} MB zipped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
