"""The faults, and what the contract says of each."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from botocore.session import Session

from openid_token.cognito import ATTEMPTS
from tests import cognito
from tests.cognito import EXCHANGE, ISSUE, Act, Endpoint, answers, at_exchange, at_first, error
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
    act: Callable[[Endpoint], Act] | None = None
    attempts: int | None = 1
    start: sites.Start = sites.reachable
    operation: str = ISSUE


class Group(NamedTuple):
    """Faults that share one environment, and the doors that they are met at there."""

    faults: Sequence[Fault]
    doors: Sequence[str] = ("http api", "direct")


def _answer(name: str, ends_in: str | None, act: Act, attempts: int | None = 1) -> Fault:
    return Fault(name, ends_in, lambda _: act, attempts)


def _site(name: str, ends_in: str, start: sites.Start) -> Fault:
    return Fault(name, ends_in, attempts=None, start=start)


def _first(times: int, act: Act) -> Callable[[Endpoint], Act]:
    return lambda _: at_first(times, act)


_SLOW_DOWN: Final = error("TooManyRequestsException")
_TRIED_AGAIN: Final = {"InternalErrorException", "TooManyRequestsException"}


def _own(operation: str, ends_in: Mapping[str, str]) -> Iterator[Fault]:
    """Each error that botocore's model says the operation has; `ends_in` where the class has
    another name."""
    model = Session().get_service_model("cognito-identity").operation_model(operation)
    for name in sorted(shape.name for shape in model.error_shapes):
        act = error(name, 500 if name == "InternalErrorException" else 400)
        attempts = ATTEMPTS if name in _TRIED_AGAIN else 1
        yield _answer(f"Cognito says {name}", ends_in.get(name, name), act, attempts)


_LASTING: Final = (
    Fault("throttled twice", None, _first(2, _SLOW_DOWN), 3),
    Fault("reset once", None, _first(1, cognito.resets), 2),
    _answer(
        "throttled for good", "TooManyRequestsException", error("ThrottlingException"), ATTEMPTS
    ),
    _answer("500 for good", "InternalErrorException", answers(500, b"", "text/plain"), ATTEMPTS),
    _answer("503 for good", "ServiceUnavailable", answers(503, b"busy", "text/plain"), ATTEMPTS),
    _answer("connection reset", "ServiceUnavailable", cognito.resets, ATTEMPTS),
    _answer("connection closed", "ServiceUnavailable", cognito.hangs_up, ATTEMPTS),
    _answer("not HTTP", "ServiceUnavailable", cognito.speaks_another_protocol, ATTEMPTS),
    # Tried again or not understood, as it pleases the release of urllib3.
    _answer("answer cut off", "ServiceUnavailable", cognito.cuts_off, None),
)
_GARBAGE: Final = (
    _answer("not JSON", "ServiceUnavailable", answers(200, b"<html>hello</html>")),
    _answer("JSON array", "ServiceUnavailable", answers(200, b"[1, 2]")),
    _answer("nothing but IdentityId", "ServiceUnavailable", answers(200, b'{"IdentityId": "a:0"}')),
    _answer("429 of the front door", "TooManyRequestsException", answers(429, b"")),
    _answer("no error but 400", "InternalFailure", answers(400, b"{}")),
)
_OF_THE_ROLE: Final = (
    _answer("expired credentials", "InternalFailure", error("ExpiredTokenException")),
    _answer("role refused", "InternalFailure", error("AccessDeniedException")),
)
_SITES: Final = (
    _site("connection never accepted", "ServiceUnavailable", sites.unserved(queue_is_full=True)),
    _site("connection refused", "ServiceUnavailable", sites.unserved()),
    _site("name does not resolve", "ServiceUnavailable", sites.unresolvable),
    _site("certificate of nobody", "ServiceUnavailable", sites.over_tls(known=False)),
    _site("certificate of another", "ServiceUnavailable", sites.over_tls("cognito.example")),
    _site("certificate expired", "ServiceUnavailable", sites.over_tls(expired=True)),
    _site("no credentials", "InternalFailure", sites.without_keys),
    _site("no fresh credentials", "InternalFailure", sites.without_fresh_keys),
)
_SLOW: Final = (
    Fault("never answers", "ServiceUnavailable", lambda e: e.never_answers, ATTEMPTS),
    # Each byte comes sooner than botocore's time-outs, so what ends it is Lambda's.
    Fault("body trickles", TIMED_OUT, lambda e: e.trickles),
    Fault("headers trickle", TIMED_OUT, lambda e: e.trickles_headers),
)

_OF_THE_EXCHANGE: Final = {
    "ExternalServiceException": "ServiceUnavailable",
    # The pool has no role for authenticated users.
    "InvalidIdentityPoolConfigurationException": "InternalFailure",
}
_UNREADABLE: Final = _answer(
    "a date of no calendar",
    "ServiceUnavailable",
    answers(200, json.dumps({"Credentials": {**CREDENTIALS, "Expiration": 1e18}}).encode()),
)
_LATE: Final = Fault(
    "issued too late to exchange",
    "ServiceUnavailable",
    lambda endpoint: at_first(2, endpoint.never_answers),
    ATTEMPTS,
)


def _exchanged(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The same faults where the token is exchanged for credentials."""

    def act(fault: Fault) -> Callable[[Endpoint], Act] | None:
        begin = fault.act
        return begin and (lambda endpoint: at_exchange(begin(endpoint)))

    return tuple(
        replace(fault, name=f"exchange: {fault.name}", act=act(fault), operation=EXCHANGE)
        for fault in faults
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
