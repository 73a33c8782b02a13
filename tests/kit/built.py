"""The built package for this machine, shared by all tests that run one."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import tools

ROOT: Final = Path(__file__).parents[2]
ARCHITECTURE: Final = tools.ARCHITECTURE


def package(scratch: Path) -> Path:
    """The package that `make` keeps in `.build`; one in `scratch` where that is not up to date."""
    made = ROOT / ".build" / "package" / ARCHITECTURE
    if _is_fresh(made):
        return made
    output = scratch / ARCHITECTURE
    command = [sys.executable, "-m", "tools.packager", f"--architecture={ARCHITECTURE}"]
    subprocess.run(
        [*command, f"--output={output}"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    return output


def overlaid(built: Path, directory: Path, handler: Path) -> Path:
    """The package with the module `handler` beside it, so that it can stand in for the entry
    point; `directory` is where."""
    directory.mkdir()
    for entry in built.iterdir():
        (directory / entry.name).symlink_to(entry)
    (directory / handler.name).write_text(handler.read_text())
    return directory


def _is_fresh(made: Path) -> bool:
    sources = [ROOT / "src" / "requirements.txt"]
    sources += [*(ROOT / "src").rglob("*.py"), *(ROOT / "tools" / "packager").rglob("*.py")]
    return made.is_dir() and all(s.stat().st_mtime <= made.stat().st_mtime for s in sources)
