"""Runs faults in the real runtime client, several environments at once."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.builders import POOL, PROVIDER, Json, arguments, http_event
from tests.doors import Outcome
from tests.runtime.emulation import deployed, told, written
from tests.runtime.faults import Fault
from tests.runtime.misbehaving import identity_of
from tests.runtime.sites import Site
from tools.local.runtime.emulator import Emulated

LOGIN: Final = "canary-login-8f1e6a52c0"
TAG: Final = "canary-tag-93d7b4e1f8"
_GIVEN: Final = arguments(logins={PROVIDER: LOGIN}, principal_tags={"tenant": TAG})
EVENTS: Final[dict[str, Any]] = {"http api": http_event(_GIVEN), "direct": _GIVEN}
# One of the two logs all that it can, as a fault's traceback is what logs most.
_LEVELS: Final[dict[str, dict[str, str | None]]] = {
    "http api": {},
    "direct": {"AWS_LAMBDA_LOG_LEVEL": "DEBUG", "POWERTOOLS_LOG_LEVEL": "DEBUG"},
}
_AT_ONCE: Final = 14


@dataclass(frozen=True)
class Seen:
    """What a fault ended in at one door, and what came after it."""

    fault: Fault
    door: str
    outcome: Outcome
    seconds: float
    attempts: int
    records: Sequence[Json]
    after: Outcome
    same_process: bool
    log: str = field(repr=False)


def run(groups: Iterable[Sequence[Fault]], package: Path, scratch: Path) -> Iterator[Seen]:
    """Each fault at an HTTP and at the direct door; each group and door in an environment of
    its own."""
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        jobs = []
        for number, (group, door) in enumerate((g, d) for g in groups for d in EVENTS):
            place = scratch / str(number)
            place.mkdir()
            jobs.append(workers.submit(_group, group, door, package, place))
        for job in jobs:
            yield from job.result()


def _group(faults: Sequence[Fault], door: str, package: Path, scratch: Path) -> list[Seen]:
    with _started(faults[0], door, package, scratch) as (site, environment):
        # The cold start is no part of a fault, where one can be had without it.
        if faults[0].act:
            environment.invoke(_GIVEN)
        return [_one(fault, door, site, environment) for fault in faults]


@contextmanager
def _started(
    fault: Fault, door: str, package: Path, scratch: Path
) -> Iterator[tuple[Site, Emulated]]:
    with fault.start(package, scratch) as site:
        more = {**site.variables, **_LEVELS[door]}
        with deployed(site.package, site.url, more, handler=site.handler) as environment:
            yield site, environment


def _one(fault: Fault, door: str, site: Site, environment: Emulated) -> Seen:
    before, asked = len(environment.logs()), len(site.endpoint.requests)
    if fault.act:
        site.endpoint.act = fault.act(site.endpoint)
    answer = environment.invoke(EVENTS[door])
    attempts, process = len(site.endpoint.requests) - asked, environment.pid
    log = environment.logs()[before:]
    site.heal()
    after = told(environment.invoke(_GIVEN))
    return Seen(
        fault,
        door,
        told(answer),
        answer.milliseconds / 1000,
        attempts,
        [r for r in written(environment).records if r["function_request_id"] in log],
        after,
        environment.pid == process,
        log,
    )


def is_healthy(outcome: Outcome) -> bool:
    """Whether it is the token of the request that was sent."""
    given = {"identity_pool_id": POOL, "identity_id": identity_of({PROVIDER: LOGIN})}
    return outcome.result is not None and given.items() <= outcome.result.items()
