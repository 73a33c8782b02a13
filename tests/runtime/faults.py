"""The faults, and what the contract says of each."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from botocore.session import Session

from openid_token.client import ATTEMPTS
from tests import cognito
from tests.cognito import EXCHANGE, ISSUE, Act, answers, at_exchange, at_first, error
from tests.fakes import CREDENTIALS
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


_SLOW_DOWN: Final = error("TooManyRequestsException")
_TRIED_AGAIN: Final = {"InternalErrorException", "TooManyRequestsException"}


def _own(operation: str, ends_in: Mapping[str, str]) -> Iterator[Fault]:
    """Each error that botocore's model says the operation has; `ends_in` where the class has
    another name."""
    model = Session().get_service_model("cognito-identity").operation_model(operation)
    for name in sorted(shape.name for shape in model.error_shapes):
        act = error(name, 500 if name == "InternalErrorException" else 400)
        attempts = ATTEMPTS if name in _TRIED_AGAIN else 1
        yield Fault(f"Cognito says {name}", ends_in.get(name, name), act, attempts)


_LASTING: Final = (
    Fault("throttled twice", None, at_first(2, _SLOW_DOWN), 3),
    Fault("reset once", None, at_first(1, cognito.resets), 2),
    Fault("throttled for good", "TooManyRequestsException", error("ThrottlingException"), ATTEMPTS),
    # An answer of AWS's front door, which names no error.
    Fault("429 for good", "TooManyRequestsException", answers(429, b""), ATTEMPTS),
    Fault("500 for good", "InternalErrorException", answers(500, b"", "text/plain"), ATTEMPTS),
    Fault("503 for good", "ServiceUnavailable", answers(503, b"busy", "text/plain"), ATTEMPTS),
    Fault("connection reset", "ServiceUnavailable", cognito.resets, ATTEMPTS),
    Fault("connection closed", "ServiceUnavailable", cognito.hangs_up, ATTEMPTS),
    Fault("not HTTP", "ServiceUnavailable", cognito.speaks_another_protocol, ATTEMPTS),
    # Tried again or not understood, as it pleases the release of urllib3.
    Fault("answer cut off", "ServiceUnavailable", cognito.cuts_off, None),
)
_GARBAGE: Final = (
    Fault("not JSON", "ServiceUnavailable", answers(200, b"<html>hello</html>")),
    Fault("JSON array", "ServiceUnavailable", answers(200, b"[1, 2]")),
    Fault("nothing but IdentityId", "ServiceUnavailable", answers(200, b'{"IdentityId": "a:0"}')),
    Fault("no error but 400", "InternalFailure", answers(400, b"{}")),
)
_OF_THE_ROLE: Final = (
    Fault("expired credentials", "InternalFailure", error("ExpiredTokenException")),
    Fault("role refused", "InternalFailure", error("AccessDeniedException")),
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

_OF_THE_EXCHANGE: Final = {
    "ExternalServiceException": "ServiceUnavailable",
    # The pool has no role for authenticated users.
    "InvalidIdentityPoolConfigurationException": "InternalFailure",
}
_UNREADABLE: Final = Fault(
    "a date of no calendar",
    "ServiceUnavailable",
    answers(200, json.dumps({"Credentials": {**CREDENTIALS, "Expiration": 1e18}}).encode()),
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


_AT_EXCHANGE: Final = (_UNREADABLE, *_GARBAGE, *_own(EXCHANGE, _OF_THE_EXCHANGE))
_USERS: Final = ("user credentials",)
GROUPS: Final = (
    *(Group((fault,), (door,)) for fault in _SLOW for door in ("http api", "direct")),
    *(Group((fault,), _USERS) for fault in _exchanged(_SLOW[:2])),
    Group(_exchanged(_LASTING), _USERS),
    *(Group((fault,)) for fault in _SITES),
    *(Group(_LASTING[start::3]) for start in range(3)),
    Group((*_GARBAGE, *_OF_THE_ROLE, *_own(ISSUE, {}))),
    Group((_LATE, *_exchanged(_AT_EXCHANGE)), _USERS),
)
"""All of them, the longest first."""
