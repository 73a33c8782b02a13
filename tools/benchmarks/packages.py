"""The packages: the peers by plain `sam build`, and by our packager's own steps; and ours."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tools import ARCHITECTURE, ROOT
from tools.packager import build
from tools.packager.release import zipped

_PEERS: Final = Path(__file__).parent / "peers"


@dataclass(frozen=True, slots=True)
class Packages:
    """One directory each, as Lambda would unpack it. Plain ones hold no bytecode."""

    empty: Path
    barest_plain: Path
    barest: Path
    standard_plain: Path
    standard: Path
    ours: Path


def build_all(directory: Path) -> Packages:
    """Build everything in `directory`, which is emptied first.

    Raises:
        subprocess.CalledProcessError: `sam build` failed; it has said why on stderr.
        PackagingError: our packager failed.
    """
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    plain = _sam_build(directory)
    ours = directory / "ours"
    build.build(ARCHITECTURE, ours)
    return Packages(
        empty=_compiled(_PEERS / "empty", directory / "empty"),
        barest_plain=plain / "Barest",
        barest=_pruned(plain / "Barest", directory / "barest"),
        standard_plain=plain / "Standard",
        # It needs all of Powertools, and the X-Ray SDK makes a client when it is imported.
        standard=_pruned(
            plain / "Standard",
            directory / "standard",
            unused=build.NEVER_READ,
            services=(*build.SERVICES, "xray"),
        ),
        ours=ours,
    )


def megabytes(package: Path) -> dict[str, float]:
    """What a package weighs, bytecode included, and zipped as SAM does when it uploads."""
    unpacked = sum(path.stat().st_size for path in package.rglob("*") if path.is_file())
    return {"unpacked": unpacked / 1e6, "zipped": len(zipped(package)) / 1e6}


def _sam_build(directory: Path) -> Path:
    """Build the peers as anybody would, with the versions of the lock."""
    constraints = directory / "constraints.txt"
    lock = (ROOT / "tools" / "requirements" / "dev.txt").read_text()
    constraints.write_text("\n".join(re.findall(r"(?m)^[\w.-]+==[^\s\\]+", lock)))
    tools = Path(sys.executable).parent
    command = [str(tools / "sam"), "build", "--template-file", str(_PEERS / "template.yaml")]
    command += ["--build-dir", str(directory / "plain")]
    command += ["--parameter-overrides", f"Architecture={ARCHITECTURE}"]
    environment = {
        **os.environ,
        "AWS_DEFAULT_REGION": "eu-central-1",
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PIP_CONSTRAINT": str(constraints),
        "SAM_CLI_TELEMETRY": "0",
    }
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return directory / "plain"


def _pruned(plain: Path, target: Path, **choice: Any) -> Path:
    shutil.copytree(plain, target)
    build.prune(target, **choice)
    # boto3 is in the peers' packages alone.
    for unused in ("data", "examples"):
        shutil.rmtree(target / "boto3" / unused, ignore_errors=True)
    build.compile_all(target)
    return target


def _compiled(source: Path, target: Path) -> Path:
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    build.compile_all(target)
    return target
