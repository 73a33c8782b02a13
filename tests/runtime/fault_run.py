"""Runs faults in the real runtime client, several environments at once."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from tests.builders import PROVIDER, arguments, credentials_http_event, http_event, jwt
from tests.cognito import identity_of, operation, token_of
from tests.doors import Outcome
from tests.fakes import CREDENTIALS
from tests.runtime.emulation import ask, deployed
from tests.runtime.faults import GROUPS, Fault, Group
from tests.runtime.sites import Site
from tools.runtime_api.process import RuntimeProcess

LOGIN: Final = "canary-login-8f1e6a52c0"
TAG: Final = "canary-tag-93d7b4e1f8"
_GIVEN: Final = arguments(logins={PROVIDER: LOGIN}, principal_tags={"tenant": TAG})
EVENTS: Final[dict[str, Any]] = {
    "http api": http_event(_GIVEN),
    "direct": _GIVEN,
    "user credentials": credentials_http_event(authorizer=jwt(sub=LOGIN, tenant_id=TAG)),
}
_DEBUG: Final = {"AWS_LAMBDA_LOG_LEVEL": "DEBUG", "POWERTOOLS_LOG_LEVEL": "DEBUG"}
_AT_ONCE: Final = 16


@dataclass(frozen=True)
class Seen:
    """What a fault ended in at one door, and what came after it."""

    fault: Fault
    door: str
    outcome: Outcome
    attempts: int
    log: str = field(repr=False)
    after: Outcome = field(default_factory=Outcome)
    fresh_environment: bool = False


def run(package: Path, scratch: Path) -> Iterator[Seen]:
    """Every fault at each of its doors; each group in an environment of its own."""
    with ThreadPoolExecutor(_AT_ONCE) as workers:
        jobs = []
        for number, group in enumerate(GROUPS):
            place = scratch / str(number)
            place.mkdir()
            jobs.append(workers.submit(_group, group, package, place))
        for job in jobs:
            yield from job.result()


def _group(group: Group, package: Path, scratch: Path) -> list[Seen]:
    with (
        group.faults[0].start(package, scratch) as site,
        deployed(site.package, site.url, {**site.variables, **_DEBUG}) as environment,
    ):
        # The cold start is no part of a fault, where one can be had without it.
        if group.faults[0].act:
            ask(environment, _GIVEN)
        return [one for f in group.faults for one in _met(f, group.doors, site, environment)]


def _met(
    fault: Fault, doors: Sequence[str], site: Site, environment: RuntimeProcess
) -> Iterator[Seen]:
    """The fault at all doors, then a healthy call at each of them."""
    seen = [_one(fault, door, site, environment) for door in doors]
    site.heal()
    for one in seen:
        before = environment.starts
        after = ask(environment, EVENTS[one.door])
        yield replace(one, after=after, fresh_environment=environment.starts > before)


def _one(fault: Fault, door: str, site: Site, environment: RuntimeProcess) -> Seen:
    before, asked = len(environment.logs()), len(site.endpoint.requests)
    if fault.act:
        site.endpoint.act = fault.act
    outcome = ask(environment, EVENTS[door])
    requests = [operation(request) for request in site.endpoint.requests[asked:]]
    attempts = requests.count(fault.operation)
    return Seen(fault, door, outcome, attempts, environment.logs()[before:])


def is_healthy(door: str, outcome: Outcome) -> bool:
    """Whether it is what a door gives when all is well."""
    good = {"identity_id": identity_of({PROVIDER: LOGIN}), "token": token_of({PROVIDER: LOGIN})}
    if door == "user credentials":
        good = {"SecretAccessKey": CREDENTIALS["SecretKey"], "Token": CREDENTIALS["SessionToken"]}
    return outcome.result is not None and good.items() <= outcome.result.items()
