"""What the package weighs, by top-level name."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(slots=True)
class Size:
    """Bytes of one top-level name."""

    bytecode: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """Bytecode and everything else."""
        return self.bytecode + self.other


def by_top_level(package: Path) -> dict[str, Size]:
    """The sizes of the files under each top-level name, all `*.dist-info` as one."""
    sizes: dict[str, Size] = defaultdict(Size)
    for path in package.rglob("*"):
        if path.is_file():
            name = _top_level(path.relative_to(package))
            if path.suffix == ".pyc":
                sizes[name].bytecode += path.stat().st_size
            else:
                sizes[name].other += path.stat().st_size
    return dict(sizes)


def table(package: Path, zipped: int) -> str:
    """The sizes for a person, the largest first, in kB."""
    sizes = by_top_level(package)
    lines = [f"{'kB':>8}  {'bytecode':>8}"]
    for name, size in sorted(sizes.items(), key=lambda item: -item[1].total):
        lines.append(f"{size.total / 1000:8.0f}  {size.bytecode / 1000:8.0f}  {name}")
    total = sum(size.total for size in sizes.values())
    lines.append(f"{package}: {total / 1e6:.1f} MB, {zipped / 1e6:.1f} MB zipped")
    return "\n".join(lines)


def _top_level(path: Path) -> str:
    first = path.parts[0]
    if first.endswith(".dist-info"):
        return "*.dist-info"
    if first == "__pycache__":  # of a module that is a single file
        return path.name.partition(".")[0] + ".py"
    return first
