"""Writes the release: for each architecture a zip that deploys as it is, and their checksums.

    python -m tools.packager.release --output DIR

A zip holds one folder: the template with the built package in place of the build, what the
template reads, and the guides. The bytes depend on the commit, on CPython's patch version (it
compiles) and on zlib's (it compresses), which the folder's README names, and on nothing else.
"""

import argparse
import hashlib
import io
import platform
import re
import shutil
import string
import sys
import tempfile
import tomllib
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tools import ROOT
from tools.packager.build import ARCHITECTURES, PackagingError, build

PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_AS_THEY_ARE: Final = (
    *("LICENSE", "docs/*.md", "docs/*.yaml", "statemachine/*.yaml", "examples/*/[!.]*.*"),
    *("operations/*.yaml", "operations/policies/*.json"),
)


def release(output: Path, architectures: Iterable[str] = ARCHITECTURES) -> None:
    """Write a zip for each architecture, `SHA256SUMS` and `NOTES.md`, this version's section of
    the changelog, into `output`, which is emptied first.

    Raises:
        PackagingError: saying what is in the way.
    """
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    (output / "NOTES.md").write_text(notes(_text("CHANGELOG.md")), encoding="utf-8")
    sums = ""
    for architecture in architectures:
        name = f"{PROJECT['name']}-{PROJECT['version']}-{architecture}"
        with tempfile.TemporaryDirectory(dir=output) as scratch:
            package, folder = Path(scratch, "package"), Path(scratch, "release", name)
            build(architecture, package)
            _fill(folder, architecture, zipped(package))
            release = zipped(folder.parent)
        (output / f"{name}.zip").write_bytes(release)
        sums += f"{hashlib.sha256(release).hexdigest()}  {name}.zip\n"
    (output / "SHA256SUMS").write_text(sums, encoding="utf-8")


def zipped(directory: Path) -> bytes:
    """The directory as the same zip file each time, compressed as SAM does when it uploads."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(directory.rglob("*")):
            if path.is_file():
                name = path.relative_to(directory).as_posix()
                entry = zipfile.ZipInfo(name, (1980, 1, 2, 0, 0, 0))
                entry.external_attr = (0o100755 if path.suffix == ".sh" else 0o100644) << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, path.read_bytes())
    return buffer.getvalue()


def notes(changelog: str) -> str:
    """This version's section of the changelog, without its heading.

    Raises:
        PackagingError: there is none.
    """
    version = re.escape(PROJECT["version"])
    section = re.search(rf"^## \[{version}\].*\n((?:(?!## ).*\n)*)", changelog, re.MULTILINE)
    if not section:
        raise PackagingError(f"CHANGELOG.md has no section [{PROJECT['version']}]")
    return section[1].strip() + "\n"


def _fill(folder: Path, architecture: str, function: bytes) -> None:
    found = (path for pattern in _AS_THEY_ARE for path in ROOT.glob(pattern))
    for source in filter(Path.is_file, found):
        target = folder / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    (folder / "function.zip").write_bytes(function)
    settings = _text("samconfig.toml").split("\n\n")
    readme = string.Template(_text("tools/packager/release.md")).substitute(
        version=PROJECT["version"],
        architecture=architecture,
        python=platform.python_version(),
        zlib=zlib.ZLIB_RUNTIME_VERSION,
    )
    for name, text in {
        "template.yaml": _template(architecture),
        "samconfig.toml": "\n\n".join(p for p in settings if ".build.parameters]" not in p),
        "README.md": readme,
    }.items():
        (folder / name).write_text(text, encoding="utf-8")


def _template(architecture: str) -> str:
    """The template without its build: the function is `function.zip`, for this processor alone."""
    only = (
        "  Architecture:\n"
        "    Description: The function's processor, for which this release was built\n"
        "    Type: String\n"
        f"    Default: {architecture}\n"
        f"    AllowedValues: [{architecture}]\n"
    )
    text = _text("template.yaml")
    for pattern, replacement in {
        r"^    Metadata:\n      BuildMethod: makefile\n(      .*\n)*": "",
        r"(?<=^      CodeUri: )src/$": "function.zip",
        r"^  Architecture:\n(    .*\n)+": only,
    }.items():
        text, places = re.subn(pattern, replacement, text, flags=re.MULTILINE)
        if places != 1:
            raise PackagingError(f"template.yaml has {places} places, not one, like {pattern!r}")
    return text


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def main() -> None:
    """Write the release and print its checksums; a failure is one message on stderr."""
    parser = argparse.ArgumentParser(prog="python -m tools.packager.release")
    parser.add_argument("--output", type=Path, required=True, help="a directory to be replaced")
    output = parser.parse_args().output
    try:
        release(output)
    except PackagingError as error:
        sys.exit(str(error))
    print((output / "SHA256SUMS").read_text(encoding="utf-8"), end="")


if __name__ == "__main__":
    main()
