"""Who is compared, and by which name the reader finds them: the peers, built by plain `sam build`
and by our packager's own steps; and ours. All have the botocore that we deploy."""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tools import ARCHITECTURE, ROOT
from tools.benchmarks.cognito import API_EVENT, ARGUMENTS
from tools.packager import authorities, build
from tools.packager.release import zipped

EMPTY: Final = "empty function"
BAREST: Final = "barest boto3, compiled and pruned"
BAREST_PLAIN: Final = "barest boto3, plain `sam build`"
STANDARD: Final = "standard Powertools, compiled and pruned"
STANDARD_PLAIN: Final = "standard Powertools, plain `sam build`"
OURS_API: Final = "ours, API door"
OURS_DIRECT: Final = "ours, direct door"
CLI: Final = "AWS CLI, the same call"

# botocore's, in each package.
BUNDLE: Final = "botocore/cacert.pem"
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


def build_all(directory: Path, authority: bytes) -> list[Candidate]:
    """Build everything in `directory`, which is emptied first; in the order of the tables. Each
    trusts the CA `authority`, in PEM.

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
    for package in (plain / "Barest", plain / "Standard", barest, standard, ours):
        trust(package, authority)
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


def trust(package: Path, authority: bytes) -> None:
    """Put a CA behind all that botocore's own bundle has, as if it had come with botocore: a client
    reads as much, and searches as far, as it would for Cognito's."""
    bundle = package / BUNDLE
    bundle.write_bytes(bundle.read_bytes() + authority)
    unfolded = bundle.with_name(f"{bundle.name}.d")
    if unfolded.exists():
        shutil.rmtree(unfolded)
        authorities.unfold(bundle)


def versions(packages: Iterable[Path]) -> dict[str, str]:
    """Of all that is in any of `packages`.

    Raises:
        ValueError: two of them don't compare, since they have something in two versions.
    """
    found: dict[str, str] = {}
    for package in packages:
        for its in importlib.metadata.distributions(path=[str(package)]):
            if found.setdefault(its.name, its.version) != its.version:
                raise ValueError(f"{its.name} is {found[its.name]} and {its.version}")
    return found


def megabytes(package: Path) -> tuple[float, float]:
    """What a package weighs, bytecode included, and zipped as SAM does when it uploads."""
    unpacked = sum(path.stat().st_size for path in package.rglob("*") if path.is_file())
    return unpacked / 1e6, len(zipped(package)) / 1e6


def _sam_build(directory: Path) -> Path:
    """Build the peers as anybody would, with the versions of the locks, but for boto3: that of the
    lock for development is the one that goes with the AWS CLI's botocore."""
    directory.mkdir(parents=True)
    pins: dict[str, str] = {}
    for lock in ("tools/requirements/dev.txt", "src/requirements.txt"):
        pins |= re.findall(r"(?m)^([\w.-]+)==([^\s\\]+)", (ROOT / lock).read_text())
    pins |= {"boto3": pins["botocore"]}
    del pins["s3transfer"]
    constraints = directory / "constraints.txt"
    constraints.write_text("".join(f"{name}=={version}\n" for name, version in pins.items()))
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
