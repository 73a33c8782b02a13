"""Every fault of the way to Cognito, at a real endpoint, with the function in the real runtime
client. What Cognito itself may answer is for `tests/kit/contract.py` and
`tests/unit/test_translation.py`."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from openid_token.client import ATTEMPTS
from tests.kit.acts import (
    CREDENTIALS,
    EXCHANGE,
    ISSUE,
    Act,
    Reply,
    answers,
    at_exchange,
    at_first,
    identity_of,
    never_answers,
    resets,
    throttles,
    token_of,
    trickles,
)
from tests.kit.builders import PROVIDER, arguments, credentials_http_event, http_event, jwt
from tests.kit.contract import BY_NAME
from tests.kit.doors import Emitted, Outcome
from tests.kit.runtime import TIMED_OUT, ask, deployed
from tests.runtime import sites

LOGIN: Final = "canary-login-8f1e6a52c0"
TAG: Final = "canary-tag-93d7b4e1f8"
GIVEN: Final = arguments(logins={PROVIDER: LOGIN}, principal_tags={"tenant": TAG})
# By the name that the record has for the door.
EVENTS: Final[dict[str, Any]] = {
    "api": http_event(GIVEN),
    "direct": GIVEN,
    "user_credentials": credentials_http_event(authorizer=jwt(sub=LOGIN, tenant_id=TAG)),
}
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
    *((fault, door) for fault in OF_SITES for door in ("api", "direct")),
    (LATE, "user_credentials"),
]
# Some faults last as long as the function may run.
pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True)
class Seen:
    """What a fault ended in at a door, and what came after it."""

    outcome: Outcome
    attempts: int
    written: Emitted
    after: Outcome = field(repr=False)
    fresh: bool


def meet(fault: Fault, door: str, package: Path, scratch: Path) -> Seen:
    """The fault in an environment of its own, then a healthy call."""
    exchanged = door == "user_credentials" and fault is not LATE
    with (
        fault.start(package, scratch) as site,
        deployed(site.package, site.url, {**site.variables, **DEBUG}) as environment,
    ):
        # The cold start is no part of a fault, where one can be had without it.
        if fault.act:
            ask(environment, GIVEN)
            site.cognito.act = at_exchange(fault.act) if exchanged else fault.act
        before, asked = len(environment.logs()), len(site.cognito.calls)
        outcome = ask(environment, EVENTS[door])
        attempts = [call.operation for call in site.cognito.calls[asked:]]
        written = Emitted(environment.logs()[before:])
        site.heal()
        starts, after = environment.starts, ask(environment, EVENTS[door])
        count = attempts.count(EXCHANGE if exchanged else ISSUE)
        return Seen(outcome, count, written, after, environment.starts > starts)


@pytest.fixture(scope="module")
def seen(
    built_package: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], Seen]:
    """All of them, many at once: most of the time is waiting."""
    with ThreadPoolExecutor(16) as workers:
        jobs = {
            (fault.name, door): workers.submit(
                meet, fault, door, built_package, tmp_path_factory.mktemp("fault")
            )
            for fault, door in reversed(CASES)
        }
    return {key: job.result() for key, job in jobs.items()}


def is_healthy(door: str, outcome: Outcome) -> bool:
    """Whether it is what a door gives when all is well."""
    good = {"identity_id": identity_of({PROVIDER: LOGIN}), "token": token_of({PROVIDER: LOGIN})}
    if door == "user_credentials":
        good = {"SecretAccessKey": CREDENTIALS["SecretKey"], "Token": CREDENTIALS["SessionToken"]}
    return outcome.result is not None and good.items() <= outcome.result.items()


@pytest.mark.parametrize(("fault", "door"), CASES, ids=lambda it: it if it in EVENTS else it.name)
def test_a_fault_ends_as_the_contract_says(
    fault: Fault, door: str, seen: dict[tuple[str, str], Seen]
) -> None:
    one = seen[fault.name, door]
    outcome, records = one.outcome, one.written.records
    assert outcome.code == fault.ends_in
    assert fault.attempts in {None, one.attempts}
    if fault.ends_in is None:
        assert is_healthy(door, outcome)
    elif outcome.status is not None:
        error = BY_NAME[fault.ends_in]
        assert outcome.status == error.status
        assert outcome.headers.get("Retry-After", "None") == str(error.retry_after_seconds)
    # Where Lambda has killed the process, its own line is what is left.
    if fault.ends_in == TIMED_OUT:
        assert (records, outcome.detail[:20]) == ([], "Task timed out after")
    else:
        [record] = records
        assert (record["door"], record.get("reason")) == (door, fault.ends_in)
        assert record["cognito_ms"] <= record["duration_ms"]
    assert "START" in one.written.text
    assert not [each for each in (LOGIN, TAG) if each in one.written.text + outcome.detail]


@pytest.mark.parametrize(("fault", "door"), CASES, ids=lambda it: it if it in EVENTS else it.name)
def test_the_next_healthy_call_succeeds(
    fault: Fault, door: str, seen: dict[tuple[str, str], Seen]
) -> None:
    one = seen[fault.name, door]
    assert one.fresh == (fault.ends_in == TIMED_OUT)
    # Lambda gives an environment its keys and its variables before it starts it.
    lasting = fault.name in {"no credentials", "name does not resolve"}
    assert one.after.code == one.outcome.code if lasting else is_healthy(door, one.after)
