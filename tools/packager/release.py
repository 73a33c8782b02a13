"""Writes the release: for each architecture a zip that deploys as it is, and their checksums.

    python -m tools.packager.release --output DIR

A zip holds one folder: the template with the built package in place of the build, and what the
template reads. The bytes depend on the commit, on CPython's patch version (it compiles) and on
zlib's (it compresses), which the folder's README names, and on nothing else.
"""

import argparse
import hashlib
import platform
import re
import shutil
import string
import sys
import tempfile
import tomllib
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tools import ROOT
from tools.packager import archive
from tools.packager.build import PackagingError, build

ARCHITECTURES: Final = ("arm64", "x86_64")
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
_AS_THEY_ARE: Final = (
    "LICENSE",
    "operations/**/*.yaml",
    "operations/**/*.json",
    "statemachine/*.yaml",
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
    sums = []
    for architecture in architectures:
        name = f"{PROJECT['name']}-{PROJECT['version']}-{architecture}"
        with tempfile.TemporaryDirectory(dir=output) as scratch:
            package, release = Path(scratch, "package"), Path(scratch, "release")
            build(architecture, package)
            _fill(release / name, architecture, archive.zipped(package))
            zipped = archive.zipped(release)
        (output / f"{name}.zip").write_bytes(zipped)
        sums.append(f"{hashlib.sha256(zipped).hexdigest()}  {name}.zip\n")
    (output / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


def _fill(folder: Path, architecture: str, function: bytes) -> None:
    for source in (path for pattern in _AS_THEY_ARE for path in ROOT.glob(pattern)):
        target = folder / source.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    (folder / "function.zip").write_bytes(function)
    for name, text in {
        "template.yaml": template(_text("template.yaml"), architecture),
        "samconfig.toml": _without_build(_text("samconfig.toml")),
        "README.md": _readme(architecture),
    }.items():
        (folder / name).write_text(text, encoding="utf-8")


def template(text: str, architecture: str) -> str:
    """The template without its build: the function is `function.zip`, for this processor alone.
    The alias is named in a form that CDK's CfnInclude reads, too: it knows no `Ref` to what SAM is
    yet to make.

    Raises:
        PackagingError: it is not written as this expects.
    """
    only = (
        "  Architecture:\n"
        "    Description: The function's processor, for which this release was built\n"
        "    Type: String\n"
        f"    Default: {architecture}\n"
        f"    AllowedValues: [{architecture}]\n"
    )
    text = _replaced(text, r"^    Metadata:\n      BuildMethod: makefile\n(      .*\n)*", "")
    text = _replaced(text, r"(?<=^      CodeUri: )src/$", "function.zip")
    text = text.replace("!Ref IssueTokenFunction.Alias", '!Sub "${IssueTokenFunction.Alias}"')
    return _replaced(text, r"^  Architecture:\n(    .*\n)+", only)


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


def _without_build(settings: str) -> str:
    paragraphs = settings.split("\n\n")
    return "\n\n".join(each for each in paragraphs if ".build.parameters]" not in each)


def _readme(architecture: str) -> str:
    return string.Template(_text("tools/packager/release.md")).substitute(
        version=PROJECT["version"],
        architecture=architecture,
        python=platform.python_version(),
        zlib=zlib.ZLIB_RUNTIME_VERSION,
    )


def _replaced(text: str, pattern: str, replacement: str) -> str:
    """`text` with the one place that matches `pattern` replaced."""
    text, places = re.subn(pattern, replacement, text, flags=re.MULTILINE)
    if places != 1:
        raise PackagingError(f"template.yaml has {places} places, and not one, like {pattern!r}")
    return text


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def main() -> int:
    """Write the release and print its checksums; a failure is one message on stderr."""
    parser = argparse.ArgumentParser(prog="python -m tools.packager.release")
    parser.add_argument("--output", type=Path, required=True, help="a directory to be replaced")
    output = parser.parse_args().output
    try:
        release(output)
    except PackagingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    print((output / "SHA256SUMS").read_text(encoding="utf-8"), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
