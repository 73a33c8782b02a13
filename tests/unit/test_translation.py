"""Every way in which Cognito can fail, through botocore's own parser and retries.

A row is what Cognito does, the error that becomes of it, what the caller is told, what the log has
beside that, how often Cognito is asked, and whether the client drops its connections: where the
answer was none, the true one may still come. (What could not be reached has none.)
"""

import socket
import ssl
from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple

import botocore.exceptions as aws
import pytest
from botocore.retries import standard
from botocore.retries.standard import ThrottledRetryableChecker
from mypy_boto3_cognito_identity import CognitoIdentityClient

from openid_token.arguments import parse
from openid_token.cognito import get_credentials, get_token
from openid_token.errors import InternalFailure, TokenIssuerError
from tests.kit.acts import Act, Reply, answers, refuses
from tests.kit.builders import PROVIDER, arguments
from tests.kit.cognito import Cognito
from tests.kit.contract import FAULTS

VALUE: Final = "canary-5d1f-user"
TAG: Final = "canary-77aa-legal"
GIVEN: Final = parse(arguments(logins={PROVIDER: VALUE}, principal_tags={"t": TAG}))
ISSUED: Final = get_token(Cognito().client(), GIVEN)
CALLS: Final[dict[str, Callable[[CognitoIdentityClient], object]]] = {
    "token": lambda client: get_token(client, GIVEN),
    "credentials": lambda client: get_credentials(client, ISSUED),
}
FAILURE: Final = str(InternalFailure())
WITHHELD: Final = "Cognito refused the request; its message is withheld, as it repeats a value."
THROTTLED: Final = "Cognito throttles the requests. Try again later."
AWAY: Final = "Cognito is not available. Try again."
UNREACHED: Final = "Cognito could not be reached in time. Try again."
NONSENSE: Final = "Cognito's answer was not understood. Try again."
HOST: Final = "cognito-identity.eu-central-1.amazonaws.com"
URL: Final = {"endpoint_url": f"https://{HOST}"}
ONCE, RETRIED = {1}, {3}
OURS, PASSING = ("ServiceUnavailable", "InternalFailure"), ("TooMany", "InternalError")
THROTTLES: Final[Any] = ThrottledRetryableChecker()


class Row(NamedTuple):
    act: Act
    name: str
    said: str
    cause: str = ""
    attempts: set[int] = ONCE
    drops: bool = True


def own(name: str, said: str, message: str = "", code: str = "", **more: Any) -> Row:
    return Row(refuses(code or name, message or said), name, said, **more, drops=False)


def unreached(error: Any, host: str = HOST) -> Row:
    cause = f"{type(error).__name__}: {host}"
    return Row(answers(error), "ServiceUnavailable", UNREACHED, cause, RETRIED, drops=False)


ROWS: Final = [
    # Cognito's own errors keep their names and their messages, as far as those can be told.
    *(
        Row(
            refuses(name, "The reason.", 500 if name.startswith("Internal") else 400),
            *(name, "The reason.", "", RETRIED if name.startswith(PASSING) else ONCE, False),
        )
        for name in ("InvalidParameterException", *sorted(FAULTS.keys() - {*OURS}))
    ),
    own("NotAuthorizedException", "ä" * 1000, "ä" * 5000),
    own("NotAuthorizedException", "not ? so", "not \ud800 so"),
    # The service's framework says so, by a name that its model does not list.
    own("InvalidParameterException", "at 'logins'", code="ValidationException"),
    own("InvalidParameterException", WITHHELD, f"Value '{VALUE}' at", "ValidationException"),
    # What may pass is tried again.
    *(
        own("TooManyRequestsException", THROTTLED, "Slow.", code, attempts=RETRIED)
        for code in THROTTLES._throttled_error_codes
        if code != "TooManyRequestsException"
    ),
    # botocore takes an empty one for a throttle since 1.44.
    Row(answers(Reply(429)), "TooManyRequestsException", THROTTLED, attempts={1, 3}),
    *(
        Row(answers(reply), "InternalErrorException", "Cognito failed. Try again.", "", RETRIED)
        for reply in (Reply(500), Reply(502, b"<html>"), Reply(504))
    ),
    Row(answers(Reply(503)), "ServiceUnavailable", AWAY, attempts=RETRIED),
    own("ServiceUnavailable", AWAY, "No.", "ExternalServiceException"),
    # A refused role is ours to mend, even where it is not told by name.
    *(
        own("InternalFailure", FAILURE, "role shop", code, cause=f"{code}: role shop")
        for code in ("AccessDeniedException", "ExpiredTokenException", "NewException")
    ),
    *(
        Row(answers(Reply(status, b"No.")), "InternalFailure", FAILURE, f"HTTP {status}: {HOST}")
        for status in (401, 403)
    ),
    # Who names no error is not Cognito: a proxy or a portal, mostly.
    *(
        Row(answers(reply), "ServiceUnavailable", NONSENSE, f"HTTP {reply.status}: {HOST}")
        for reply in (
            *(Reply(status) for status in (300, 301, 302, 304, 400, 404, 407)),
            *(Reply(400, b"{}"), Reply(404, b"<html>canary</html>"), Reply(302, b"canary")),
            *(Reply.json({"message": f"canary {VALUE}"}, 418), Reply.json({"__type": "5 x"}, 400)),
        )
    ),
    *(Row(answers(Reply(status)), "ServiceUnavailable", NONSENSE) for status in (101, 103, 204)),
    # A message that repeats a value: whole, in another case, cut off at either end or by us.
    *(
        row
        for said in (
            *(VALUE, VALUE.upper(), TAG, f"{VALUE[:-3]}...", f"...{VALUE[5:]}"),
            "x" * 972 + VALUE,
        )
        for row in (
            own("NotAuthorizedException", WITHHELD, f"Invalid {said}"),
            own("InternalFailure", FAILURE, said, "AccessDeniedException", cause=WITHHELD),
        )
    ),
    unreached(aws.ConnectTimeoutError(**URL)),
    unreached(aws.ReadTimeoutError(**URL)),
    unreached(aws.ConnectionClosedError(**URL)),
    unreached(aws.EndpointConnectionError(**URL, error="refused")),
    unreached(aws.SSLError(**URL, error=ssl.SSLError())),
    unreached(aws.ResponseStreamingError(error="cut"), "Cognito"),
    # Of a proxy's address, which may hold a password, nothing.
    unreached(aws.ProxyConnectionError(proxy_url="http://me:canary@proxy.example"), "Cognito"),
    unreached(aws.HTTPClientError(error=socket.gaierror(-2, "unknown name")), "Cognito"),
    # JSON of another shape.
    *(
        Row(answers(Reply(status, body)), "ServiceUnavailable", NONSENSE)
        for status in (200, 400, 500)
        for body in (
            *(b"[1]", b'"text"', b"null", b"\xff\xfe", b'{"__type": 1, "IdentityId": []}'),
            *(b"[" * 100_000, b'{"a":' * 100_000),
        )
    ),
]


@cache
def asked(of_2026: bool) -> tuple[Cognito, CognitoIdentityClient]:
    """One for all rows, in either of botocore's two standard modes."""
    cognito = Cognito()
    return cognito, cognito.client()


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("of_2026", [False, True], ids=["retries as they were", "of 2026"])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_it_is_told_as(monkeypatch: pytest.MonkeyPatch, call: str, of_2026: bool, row: Row) -> None:
    monkeypatch.setattr(standard, "NEW_RETRIES_ENABLED", of_2026)
    cognito, client = asked(of_2026)
    cognito.act, cognito.calls, cognito.dropped = row.act, [], 0
    with pytest.raises(TokenIssuerError) as raised:
        CALLS[call](client)

    told = raised.value
    assert (type(told).__name__, str(told), told.cause) == row[1:4]
    assert told.__cause__ is not None
    assert len(cognito.calls) in row.attempts
    assert bool(cognito.dropped) is row.drops


def test_missing_credentials_are_ours_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    cognito = Cognito()
    with pytest.raises(InternalFailure) as raised:
        get_token(cognito.client(), GIVEN)

    assert (raised.value.cause, cognito.calls) == ("botocore: NoCredentialsError", [])
