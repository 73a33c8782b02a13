"""Prints the tables, or writes them into a page that names them."""

import argparse
import re
from pathlib import Path
from typing import Final

from tools.simulation.tables import ALL

_PLACE: Final = re.compile(r"(<!-- table: (\w+) -->\n)(?:\|.*\n)*")


def main() -> None:
    """Make each table anew."""
    parser = argparse.ArgumentParser(prog="python -m tools.simulation", description="Simulate.")
    parser.add_argument("--write", type=Path, help="the page whose tables are replaced")
    page = parser.parse_args().write
    if page:
        page.write_text(written(page.read_text()))
    else:
        print("\n\n".join(f"{table.__doc__}\n\n{table()}" for table in ALL.values()))


def written(text: str) -> str:
    """The page with its tables made anew."""
    return _PLACE.sub(lambda place: f"{place[1]}{ALL[place[2]]()}\n", text)


if __name__ == "__main__":
    main()
