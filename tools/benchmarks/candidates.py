"""Who is compared, and by which name the reader finds them: the peers, built by plain `sam build`
and by our packager's own steps; and ours."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tools import ARCHITECTURE, ROOT
from tools.benchmarks.cognito import API_EVENT, ARGUMENTS
from tools.packager import build
from tools.packager.release import zipped

EMPTY: Final = "empty function"
BAREST: Final = "barest boto3, compiled and pruned"
BAREST_PLAIN: Final = "barest boto3, plain `sam build`"
STANDARD: Final = "standard Powertools, compiled and pruned"
STANDARD_PLAIN: Final = "standard Powertools, plain `sam build`"
OURS_API: Final = "ours, API door"
OURS_DIRECT: Final = "ours, direct door"
CLI: Final = "AWS CLI, the same call"

_PEERS: Final = Path(__file__).parent / "peers"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A handler in a package, as Lambda would unpack that, and the event that it takes. How a
    package was built makes no difference to a warm call, so that of a plain one is not measured."""

    name: str
    package: Path
    handler: str
    event: Any
    warm: bool = True


def build_all(directory: Path) -> list[Candidate]:
    """Build everything in `directory`, which is emptied first; in the order of the tables.

    Raises:
        subprocess.CalledProcessError: `sam build` failed; it has said why on stderr.
        PackagingError: our packager failed.
    """
    shutil.rmtree(directory, ignore_errors=True)
    plain = _sam_build(directory)
    barest, standard, ours = (directory / name for name in ("barest", "standard", "ours"))
    shutil.copytree(plain / "Barest", barest)
    build.prune(barest)
    shutil.copytree(plain / "Standard", standard)
    # It needs all of Powertools, and the X-Ray SDK makes a client when it is imported.
    build.prune(standard, unused=build.NEVER_READ, services=(*build.SERVICES, "xray"))
    for package in (barest, standard):
        for unused in ("data", "examples"):
            shutil.rmtree(package / "boto3" / unused, ignore_errors=True)
    empty = directory / "empty"
    shutil.copytree(_PEERS / "empty", empty, ignore=shutil.ignore_patterns("__pycache__"))
    for package in (barest, standard, empty):
        build.compile_all(package)
    build.build(ARCHITECTURE, ours)
    handler = "openid_token.handler.handler"
    return [
        Candidate(EMPTY, empty, "empty.handler", ARGUMENTS),
        Candidate(BAREST, barest, "barest.handler", ARGUMENTS),
        Candidate(OURS_API, ours, handler, API_EVENT),
        Candidate(OURS_DIRECT, ours, handler, ARGUMENTS),
        Candidate(STANDARD, standard, "standard.handler", API_EVENT),
        Candidate(BAREST_PLAIN, plain / "Barest", "barest.handler", ARGUMENTS, warm=False),
        Candidate(STANDARD_PLAIN, plain / "Standard", "standard.handler", API_EVENT, warm=False),
    ]


def megabytes(package: Path) -> tuple[float, float]:
    """What a package weighs, bytecode included, and zipped as SAM does when it uploads."""
    unpacked = sum(path.stat().st_size for path in package.rglob("*") if path.is_file())
    return unpacked / 1e6, len(zipped(package)) / 1e6


def _sam_build(directory: Path) -> Path:
    """Build the peers as anybody would, with the versions of the lock."""
    directory.mkdir(parents=True)
    constraints = directory / "constraints.txt"
    lock = (ROOT / "tools" / "requirements" / "dev.txt").read_text()
    constraints.write_text("\n".join(re.findall(r"(?m)^[\w.-]+==[^\s\\]+", lock)))
    tools, plain = Path(sys.executable).parent, directory / "plain"
    command = [str(tools / "sam"), "build", "--template-file", str(_PEERS / "template.yaml")]
    command += ["--build-dir", str(plain)]
    command += ["--parameter-overrides", f"Architecture={ARCHITECTURE}"]
    environment = os.environ | {
        "AWS_DEFAULT_REGION": "eu-central-1",
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
        "PIP_CONSTRAINT": str(constraints),
        "SAM_CLI_TELEMETRY": "0",
    }
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return plain
