"""The faults of the way to Cognito, and what the contract says of each. What Cognito itself may
answer is for `tests/unit/test_translation.py`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from openid_token.client import ATTEMPTS
from tests import cognito
from tests.cognito import EXCHANGE, ISSUE, Act, answers, at_exchange, at_first, error
from tests.runtime import sites

TIMED_OUT: Final = "Sandbox.Timedout"


@dataclass(frozen=True)
class Fault:
    """One fault. `ends_in` is the error's class name, or `None` where the call still succeeds;
    `attempts` is how many requests of `operation` the endpoint gets, or `None` where that is
    open."""

    name: str
    ends_in: str | None
    act: Act | None = None
    attempts: int | None = 1
    start: sites.Start = sites.reachable
    operation: str = ISSUE


class Group(NamedTuple):
    """Faults that share one environment, and the doors that they are met at there."""

    faults: Sequence[Fault]
    doors: Sequence[str] = ("http api", "direct")


_LASTING: Final = (
    Fault("throttled twice", None, at_first(2, error("TooManyRequestsException")), 3),
    Fault("reset once", None, at_first(1, cognito.resets), 2),
    # An answer of AWS's front door, which names no error.
    Fault("throttled for good", "TooManyRequestsException", answers(429, b""), ATTEMPTS),
    Fault("connection reset", "ServiceUnavailable", cognito.resets, ATTEMPTS),
    Fault("connection closed", "ServiceUnavailable", cognito.hangs_up, ATTEMPTS),
    Fault("not HTTP", "ServiceUnavailable", cognito.speaks_another_protocol, ATTEMPTS),
    # Tried again or not understood, as it pleases the release of urllib3.
    Fault("answer cut off", "ServiceUnavailable", cognito.cuts_off, None),
)
_SITES: Final = tuple(
    Fault(name, ends_in, attempts=None, start=start)
    for name, ends_in, start in (
        ("connection never accepted", "ServiceUnavailable", sites.unserved(queue_is_full=True)),
        ("connection refused", "ServiceUnavailable", sites.unserved()),
        ("name does not resolve", "ServiceUnavailable", sites.unresolvable),
        ("certificate of nobody", "ServiceUnavailable", sites.over_tls(known=False)),
        ("certificate of another", "ServiceUnavailable", sites.over_tls("cognito.example")),
        ("certificate expired", "ServiceUnavailable", sites.over_tls(expired=True)),
        ("no credentials", "InternalFailure", sites.without_keys),
        ("no fresh credentials", "InternalFailure", sites.without_fresh_keys),
    )
)
_SLOW: Final = (
    Fault("never answers", "ServiceUnavailable", cognito.never_answers, ATTEMPTS),
    # Each byte comes sooner than botocore's time-outs, so what ends it is Lambda's.
    Fault("body trickles", TIMED_OUT, cognito.trickles),
    Fault("headers trickle", TIMED_OUT, cognito.trickles_headers),
)

_LATE: Final = Fault(
    "issued too late to exchange",
    "ServiceUnavailable",
    at_first(2, cognito.never_answers),
    ATTEMPTS,
)


def _exchanged(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The same faults where the token is exchanged for credentials."""
    return tuple(
        replace(f, name=f"exchange: {f.name}", act=at_exchange(f.act), operation=EXCHANGE)
        for f in faults
        if f.act
    )


_USERS: Final = ("user credentials",)
GROUPS: Final = (
    *(Group((fault,), (door,)) for fault in _SLOW for door in ("http api", "direct")),
    *(Group((fault,), _USERS) for fault in _exchanged(_SLOW[:2])),
    Group(_exchanged(_LASTING), _USERS),
    *(Group((fault,)) for fault in _SITES),
    *(Group(_LASTING[start::3]) for start in range(3)),
    Group((_LATE,), _USERS),
)
"""All of them, the longest first."""
