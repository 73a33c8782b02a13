"""The faults, and what the contract says of each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from botocore.session import Session

from openid_token import errors
from openid_token.cognito import ATTEMPTS
from openid_token.errors import (
    InternalErrorException,
    InternalFailure,
    ServiceUnavailable,
    TokenIssuerError,
    TooManyRequestsException,
)
from tests.runtime import misbehaving as cognito
from tests.runtime import sites
from tests.runtime.misbehaving import Act, Endpoint, answers, error

type Ends = type[TokenIssuerError] | None


@dataclass(frozen=True)
class Fault:
    """One fault. `ends_in` is the error's class, or `None` where the call still succeeds;
    `attempts` is how many requests the endpoint gets, or `None` where that is open."""

    name: str
    ends_in: Ends
    act: Callable[[Endpoint], Act] | None = None
    attempts: int | None = 1
    start: sites.Start = sites.reachable


def _answer(name: str, ends_in: Ends, act: Act, attempts: int | None = 1) -> Fault:
    return Fault(name, ends_in, lambda _: act, attempts)


def _site(name: str, ends_in: Ends, start: sites.Start) -> Fault:
    return Fault(name, ends_in, attempts=None, start=start)


def _first(times: int, act: Act) -> Callable[[Endpoint], Act]:
    return lambda endpoint: endpoint.at_first(times, act)


_SLOW_DOWN: Final = error("TooManyRequestsException")
_EXPIRED: Final = "Signature expired: 20261122T101500Z is now earlier than 20261122T102500Z"
_STATUS_OF_OWN: Final = {"InternalErrorException": 500}
_TRIED_AGAIN: Final = {"InternalErrorException", "TooManyRequestsException"}


def _own() -> Iterator[Fault]:
    model = Session().get_service_model("cognito-identity")
    operation = model.operation_model("GetOpenIdTokenForDeveloperIdentity")
    for name in sorted(shape.name for shape in operation.error_shapes):
        ends_in: Ends = getattr(errors, name)
        act = error(name, status=_STATUS_OF_OWN.get(name, 400))
        yield _answer(f"Cognito says {name}", ends_in, act, ATTEMPTS if name in _TRIED_AGAIN else 1)


TRIED_AGAIN: Final = (
    Fault("throttled once", None, _first(1, _SLOW_DOWN), 2),
    Fault("throttled twice", None, _first(2, _SLOW_DOWN), 3),
    Fault("reset once", None, _first(1, cognito.resets), 2),
    _answer("throttled for good", TooManyRequestsException, error("ThrottlingException"), ATTEMPTS),
    _answer("500 for good", InternalErrorException, answers(500, b"", "text/plain"), ATTEMPTS),
    _answer(
        "502 with HTML", InternalErrorException, answers(502, b"<html>", "text/html"), ATTEMPTS
    ),
    _answer("503 for good", ServiceUnavailable, answers(503, b"busy", "text/plain"), ATTEMPTS),
    _answer("connection reset", ServiceUnavailable, cognito.resets, ATTEMPTS),
    _answer("connection closed", ServiceUnavailable, cognito.hangs_up, ATTEMPTS),
    _answer("not HTTP", ServiceUnavailable, cognito.speaks_another_protocol, ATTEMPTS),
    # Tried again or not understood, as it pleases the release of urllib3.
    _answer("answer cut off", ServiceUnavailable, cognito.cuts_off, None),
)
ONCE: Final = (
    _answer("429 of the front door", TooManyRequestsException, answers(429, b"")),
    _answer("not JSON", ServiceUnavailable, answers(200, b"<html>hello</html>")),
    _answer("JSON cut off", ServiceUnavailable, answers(200, b'{"IdentityId": "eu-cent')),
    _answer("JSON array", ServiceUnavailable, answers(200, b"[1, 2]")),
    _answer("JSON number", ServiceUnavailable, answers(200, b"17")),
    _answer("JSON null", ServiceUnavailable, answers(200, b"null")),
    _answer("no Token", ServiceUnavailable, answers(200, b'{"IdentityId": "eu-central-1:0a"}')),
    _answer("empty answer", ServiceUnavailable, answers(200, b"")),
    _answer("no error but 400", InternalFailure, answers(400, b"{}")),
    _answer("expired credentials", InternalFailure, error("ExpiredTokenException")),
    _answer("unknown credentials", InternalFailure, error("UnrecognizedClientException")),
    _answer("clock is off", InternalFailure, error("InvalidSignatureException", _EXPIRED)),
    _answer("role refused", InternalFailure, error("AccessDeniedException")),
)
COGNITOS_OWN: Final = tuple(_own())
SITES: Final = (
    _site("connection never accepted", ServiceUnavailable, sites.never_accepted),
    _site("connection refused", ServiceUnavailable, sites.refused),
    _site("name does not resolve", ServiceUnavailable, sites.unresolvable),
    _site("certificate of nobody", ServiceUnavailable, sites.distrusted(known=False)),
    _site("certificate of another", ServiceUnavailable, sites.distrusted("cognito.example")),
    _site("certificate expired", ServiceUnavailable, sites.distrusted(expired=True)),
    _site("no credentials", InternalFailure, sites.without_keys),
    _site("no fresh credentials", InternalFailure, sites.without_fresh_keys),
)
SLOW: Final = (
    Fault("never answers", ServiceUnavailable, lambda e: e.never_answers, ATTEMPTS),
    Fault("body trickles", ServiceUnavailable, lambda e: e.trickles),
    Fault("headers trickle", ServiceUnavailable, lambda e: e.trickles_headers),
)
GROUPS: Final = (
    *((fault,) for fault in (*SLOW, *SITES)),
    TRIED_AGAIN[:4],
    TRIED_AGAIN[4:8],
    TRIED_AGAIN[8:],
    (*ONCE, *COGNITOS_OWN),
)
"""Which of them share one environment, the longest first."""
