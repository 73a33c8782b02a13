"""Who is compared, and by which name the reader finds them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tools.benchmarks import request
from tools.benchmarks.packages import Packages

EMPTY: Final = "empty function"
BAREST: Final = "barest boto3, compiled and pruned"
BAREST_PLAIN: Final = "barest boto3, plain `sam build`"
STANDARD: Final = "standard Powertools, compiled and pruned"
STANDARD_PLAIN: Final = "standard Powertools, plain `sam build`"
OURS_API: Final = "ours, API door"
OURS_DIRECT: Final = "ours, direct door"
CLI: Final = "AWS CLI, the same call"

# How a package was built makes no difference to a warm call.
WARM_BAREST: Final = "barest boto3"
WARM_STANDARD: Final = "standard Powertools"
OURS_API_SAMPLED: Final = "ours, API door, traced"
OURS_DIRECT_SAMPLED: Final = "ours, direct door, traced"

_OURS: Final = "openid_token.handler.handler"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A handler in a package, and the event that it takes."""

    name: str
    package: Path
    handler: str
    event: Any
    sampled: bool = True


def cold(packages: Packages) -> list[Candidate]:
    """The candidates for the cold start. The first call in a second is always sampled."""
    api, direct = request.API_EVENT, request.ARGUMENTS
    return [
        Candidate(EMPTY, packages.empty, "empty.handler", direct),
        Candidate(BAREST, packages.barest, "barest.handler", direct),
        Candidate(BAREST_PLAIN, packages.barest_plain, "barest.handler", direct),
        Candidate(OURS_API, packages.ours, _OURS, api),
        Candidate(OURS_DIRECT, packages.ours, _OURS, direct),
        Candidate(STANDARD, packages.standard, "standard.handler", api),
        Candidate(STANDARD_PLAIN, packages.standard_plain, "standard.handler", api),
    ]


def warm(packages: Packages) -> list[Candidate]:
    """The candidates for the warm call, of which X-Ray samples few: one a second and 5 %."""
    api, direct = request.API_EVENT, request.ARGUMENTS
    return [
        Candidate(WARM_BAREST, packages.barest, "barest.handler", direct, sampled=False),
        Candidate(OURS_API, packages.ours, _OURS, api, sampled=False),
        Candidate(OURS_DIRECT, packages.ours, _OURS, direct, sampled=False),
        Candidate(WARM_STANDARD, packages.standard, "standard.handler", api, sampled=False),
        Candidate(OURS_API_SAMPLED, packages.ours, _OURS, api),
        Candidate(OURS_DIRECT_SAMPLED, packages.ours, _OURS, direct),
    ]
