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

_OURS: Final = "openid_token.handler.handler"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A handler in a package, and the event that it takes. How a package was built makes no
    difference to a warm call, so that of a plain one is not measured."""

    name: str
    package: Path
    handler: str
    event: Any
    warm: bool = True


def all_of(packages: Packages) -> list[Candidate]:
    """The candidates, in the order of the tables."""
    api, direct = request.API_EVENT, request.ARGUMENTS
    return [
        Candidate(EMPTY, packages.empty, "empty.handler", direct),
        Candidate(BAREST, packages.barest, "barest.handler", direct),
        Candidate(OURS_API, packages.ours, _OURS, api),
        Candidate(OURS_DIRECT, packages.ours, _OURS, direct),
        Candidate(STANDARD, packages.standard, "standard.handler", api),
        Candidate(BAREST_PLAIN, packages.barest_plain, "barest.handler", direct, warm=False),
        Candidate(STANDARD_PLAIN, packages.standard_plain, "standard.handler", api, warm=False),
    ]
