"""Every fault of the way to Cognito, at a real endpoint, with the function in the real runtime
client. What Cognito itself may answer is for `tests/kit/contract.py` and
`tests/unit/test_translation.py`."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from openid_token.client import ATTEMPTS
from tests.kit.acts import (
    EXCHANGE,
    ISSUE,
    Act,
    Reply,
    answers,
    at_exchange,
    at_first,
    never_answers,
    resets,
    throttles,
    trickles,
)
from tests.kit.builders import Json, arguments
from tests.kit.contract import DOORS, EXCHANGED, ISSUED, SECRETS, Case, Door, answered
from tests.kit.doors import Emitted, Outcome
from tests.kit.runtime import TIMED_OUT, ask, deployed
from tests.runtime import sites

EVENTS: Final = [DOORS[name] for name in ("http api", "direct", "user credentials")]
DEBUG: Final = {"AWS_LAMBDA_LOG_LEVEL": "DEBUG", "POWERTOOLS_LOG_LEVEL": "DEBUG"}
AWAY: Final = "ServiceUnavailable"
_STATUS: Final = b"HTTP/1.1 200 OK\r\n"
_HEAD: Final = _STATUS + b"Content-Length: 9999\r\n\r\n"


class Fault(NamedTuple):
    """One fault. `ends_in` is the error's class, or `None` where the call still succeeds, and
    `attempts` how many requests the endpoint gets, or `None` where that is open."""

    name: str
    ends_in: str | None
    act: Act | None = None
    attempts: int | None = 1
    start: sites.Start = sites.reachable


OF_ANSWERS: Final = (
    Fault("throttled twice", None, at_first(2, throttles), 3),
    Fault("reset once", None, at_first(1, resets), 2),
    # An answer of AWS's front door, which names no error.
    Fault("throttled for good", "TooManyRequestsException", answers(Reply(429)), ATTEMPTS),
    Fault("connection reset", AWAY, resets, ATTEMPTS),
    Fault("connection closed", AWAY, trickles(b""), ATTEMPTS),
    Fault("not HTTP", AWAY, trickles(b"SSH-2.0-OpenSSH_9.9\r\n"), ATTEMPTS),
    # Tried again or not understood, as it pleases the release of urllib3.
    Fault("answer cut off", AWAY, trickles(_HEAD + b'{"IdentityId": "eu'), None),
    Fault("never answers", AWAY, never_answers, ATTEMPTS),
    # Each byte comes sooner than botocore's time-outs, so what ends it is Lambda's.
    Fault("body trickles", TIMED_OUT, trickles(_HEAD, *[b" "] * 99)),
    Fault("headers trickle", TIMED_OUT, trickles(_STATUS, *[b"X-More: to come\r\n"] * 99)),
)
OF_SITES: Final = tuple(
    Fault(name, ends_in, attempts=None, start=start)
    for name, ends_in, start in (
        ("connection never accepted", AWAY, sites.unserved(queue_is_full=True)),
        ("connection refused", AWAY, sites.unserved()),
        ("name does not resolve", AWAY, sites.unresolvable),
        ("certificate of nobody", AWAY, sites.over_tls(known=False)),
        ("certificate of another", AWAY, sites.over_tls("cognito.example")),
        ("certificate expired", AWAY, sites.over_tls(expired=True)),
        ("no credentials", "InternalFailure", sites.without_keys),
        ("no fresh credentials", "InternalFailure", sites.without_fresh_keys),
    )
)
LATE: Final = Fault("issued too late", AWAY, at_first(2, never_answers), ATTEMPTS)
CASES: Final = [
    *((fault, door) for fault in OF_ANSWERS for door in EVENTS),
    *((fault, door) for fault in OF_SITES for door in EVENTS[:2]),
    (LATE, EVENTS[2]),
]
# Some faults last as long as the function may run.
pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True)
class Met:
    """What a fault ended in at a door, and what came after it. `log` is all that there is."""

    outcome: Outcome
    attempts: int
    written: Emitted
    log: str = field(repr=False)
    after: Outcome = field(repr=False)
    fresh: bool


def meet(fault: Fault, door: Door, package: Path, scratch: Path) -> Met:
    """The fault in an environment of its own, then a healthy call."""
    exchanged = calls_of(fault, door)[-1] == EXCHANGE
    with (
        fault.start(package, scratch) as site,
        deployed(site.package, site.url, {**site.variables, **DEBUG}) as environment,
    ):
        # The cold start is no part of a fault, where one can be had without it.
        if fault.act:
            ask(environment, arguments())
            site.cognito.act = at_exchange(fault.act) if exchanged else fault.act
        before, asked = len(environment.logs()), len(site.cognito.calls)
        outcome = ask(environment, door.good)
        attempts = [call.operation for call in site.cognito.calls[asked:]]
        log = environment.logs()
        site.heal()
        starts, after = environment.starts, ask(environment, door.good)
        count = attempts.count(EXCHANGE if exchanged else ISSUE)
        return Met(outcome, count, Emitted(log[before:]), log, after, environment.starts > starts)


def calls_of(fault: Fault, door: Door) -> tuple[str, ...]:
    return (ISSUE, EXCHANGE) if door is EVENTS[2] and fault is not LATE else (ISSUE,)


def result_of(door: Door) -> Json:
    return EXCHANGED if door is EVENTS[2] else ISSUED


@pytest.fixture(scope="module")
def met(
    built_package: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], Met]:
    """All of them, many at once: most of the time is waiting."""
    with ThreadPoolExecutor(16) as workers:
        jobs = {
            (fault.name, door.name): workers.submit(
                meet, fault, door, built_package, tmp_path_factory.mktemp("fault")
            )
            for fault, door in reversed(CASES)
        }
    return {key: job.result() for key, job in jobs.items()}


@pytest.mark.parametrize(("fault", "door"), CASES, ids=lambda it: it.name)
def test_a_fault_ends_as_the_contract_says(
    fault: Fault, door: Door, met: dict[tuple[str, str], Met]
) -> None:
    one, end = met[fault.name, door.name], fault.ends_in
    assert fault.attempts in {None, one.attempts}
    assert "START" in one.log
    assert "Exception in thread" not in one.log
    assert not [secret for secret in SECRETS if secret in one.log]
    # Where Lambda has killed the process, its own line is what is left.
    if end == TIMED_OUT:
        assert (one.outcome.code, one.outcome.detail[:20]) == (end, "Task timed out after")
        assert one.written.records == []
    else:
        calls, result = calls_of(fault, door), result_of(door)
        case = Case(fault.name, *door[:2], door.good, code=end, calls=calls, result=result)
        answered(case, one.outcome, one.written)


@pytest.mark.parametrize(("fault", "door"), CASES, ids=lambda it: it.name)
def test_the_next_healthy_call_succeeds(
    fault: Fault, door: Door, met: dict[tuple[str, str], Met]
) -> None:
    one = met[fault.name, door.name]
    assert one.fresh == (fault.ends_in == TIMED_OUT)
    # Lambda gives an environment its keys and its variables before it starts it.
    lasting = fault.name in {"no credentials", "name does not resolve"}
    assert one.after.code == (one.outcome.code if lasting else None)
    assert lasting or result_of(door).items() <= (one.after.result or {}).items()
