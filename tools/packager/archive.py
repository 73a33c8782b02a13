"""A directory as the same bytes on each build: fixed dates, modes and order."""

import io
import os
import zipfile
from pathlib import Path
from typing import Final

# A zip file knows no date before 1980; a day later, it is 1980 in every time zone.
_DATE: Final = (1980, 1, 2, 0, 0, 0)
_TIMESTAMP: Final = 315_619_200


def normalise(package: Path) -> None:
    """Give every file and directory of `package` the same date, and modes that Lambda can read."""
    for path in [*package.rglob("*"), package]:
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (_TIMESTAMP, _TIMESTAMP))


def unpacked(package: Path) -> int:
    """What the files of `package` weigh together, in bytes."""
    return sum(path.stat().st_size for path in package.rglob("*") if path.is_file())


def zipped(directory: Path) -> bytes:
    """The directory as a zip file, compressed as SAM does when it uploads."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(directory.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(directory).as_posix(), _DATE)
                entry.external_attr = 0o100644 << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return buffer.getvalue()
