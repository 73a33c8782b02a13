"""The command line of the packager."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.packager.errors import PackagingError
from tools.packager.runtime import require_python


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.packager", description="Build the package."
    )
    parser.add_argument("--architecture", choices=("arm64", "x86_64"), required=True)
    parser.add_argument("--output", type=Path, required=True, help="absent or empty directory")
    parser.add_argument("--zip", type=Path, help="also write the package as this zip file")
    return parser.parse_args()


def main() -> int:
    """Build one package and print its size; a failure is one message on stderr."""
    options = _arguments()
    try:
        require_python(sys.version_info[:2])
        # Late, so that another Python gets the message above and not a syntax error.
        from tools.packager import archive, build, sizes  # noqa: PLC0415

        build.build(options.architecture, options.output)
        zipped = archive.zipped(options.output)
        if options.zip:
            options.zip.write_bytes(zipped)
        print(sizes.table(options.output, len(zipped)))
    except PackagingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
