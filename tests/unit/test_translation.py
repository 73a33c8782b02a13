"""Every way in which Cognito can fail, through botocore's own parser and retries."""

import socket
import ssl
from collections.abc import Callable
from typing import Any

import botocore.exceptions as aws
import pytest
from botocore.retries import standard
from botocore.retries.standard import ThrottledRetryableChecker
from mypy_boto3_cognito_identity import CognitoIdentityClient

from openid_token import errors
from openid_token.arguments import parse
from openid_token.cognito import get_credentials, get_token
from openid_token.errors import InternalFailure, ServiceUnavailable, TokenIssuerError
from tests.kit.acts import Act, Reply, answers, issues, refuses
from tests.kit.builders import arguments
from tests.kit.cognito import Cognito
from tests.kit.doors import ERRORS

VALUE = "canary-5d1f-user"
TAG = "canary-77aa-legal"
GIVEN = parse(arguments(logins={"login.example.com": VALUE}, principal_tags={"t": TAG}))
ISSUED = get_token(Cognito().client(), GIVEN)


type Call = Callable[[CognitoIdentityClient], object]

CALLS: dict[str, Call] = {
    "token": lambda client: get_token(client, GIVEN),
    "credentials": lambda client: get_credentials(client, ISSUED),
}
WITHHELD = "Cognito refused the request; its message is withheld, as it repeats a value."
URL = {"endpoint_url": "https://cognito-identity.eu-central-1.amazonaws.com"}
OWN = {error.__name__ for error in ERRORS}
OWN -= {"AccessDeniedException", "InternalFailure", "ServiceUnavailable"}


@pytest.fixture(params=CALLS)
def call(request: pytest.FixtureRequest) -> Call:
    """Either of the two calls of Cognito."""
    return CALLS[request.param]


def failure(call: Call, act: Act) -> tuple[TokenIssuerError, int]:
    """The error, and how often Cognito was asked."""
    cognito = Cognito(act)
    with pytest.raises(TokenIssuerError) as raised:
        call(cognito.client())
    assert raised.value.__cause__ is not None
    return raised.value, len(cognito.calls)


@pytest.mark.parametrize("name", sorted(OWN))
def test_cognitos_own_errors_keep_name_and_message(call: Call, name: str) -> None:
    status = 500 if name == "InternalErrorException" else 400
    error, _ = failure(call, refuses(name, "The reason.", status))

    assert type(error) is getattr(errors, name)
    assert str(error) == "The reason."


RETRIED = 3
THROTTLES: Any = ThrottledRetryableChecker()


@pytest.fixture(params=[False, True], ids=["retries as they were", "of 2026"])
def retries_of_2026(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Which of botocore's two standard modes it is."""
    monkeypatch.setattr(standard, "NEW_RETRIES_ENABLED", request.param)
    return bool(request.param)


def test_an_empty_429_is_a_throttle(call: Call) -> None:
    error, asked = failure(call, answers(Reply(429)))

    assert (type(error).__name__, str(error)) == ("TooManyRequestsException", THROTTLED)
    # botocore takes it for one since 1.44.
    assert asked in {1, RETRIED}


@pytest.mark.parametrize("message", ["1 validation error: at 'logins'", f"Value '{VALUE}' at"])
def test_a_broken_constraint_is_a_parameter_that_is_invalid(call: Call, message: str) -> None:
    """The service's framework says so, by a name that its model does not list."""
    error, asked = failure(call, refuses("ValidationException", message))

    assert (type(error), asked) == (errors.InvalidParameterException, 1)
    assert str(error) == (WITHHELD if VALUE in message else message)


THROTTLED = "Cognito throttles the requests. Try again later."
AWAY = "Cognito is not available. Try again."
FAILED = (Reply(500), Reply(502, b"<html>"), Reply(504))


@pytest.mark.parametrize(
    ("act", "name", "message", "attempts"),
    [
        (refuses("TooManyRequestsException", "Slow."), "TooManyRequests", "Slow.", RETRIED),
        *(
            (refuses(code, "Slow."), "TooManyRequests", THROTTLED, RETRIED)
            for code in THROTTLES._throttled_error_codes
            if code != "TooManyRequestsException"
        ),
        (refuses("InternalErrorException", "Oh.", 500), "InternalError", "Oh.", RETRIED),
        *(
            (answers(reply), "InternalError", "Cognito failed. Try again.", RETRIED)
            for reply in FAILED
        ),
        (answers(Reply(503)), "ServiceUnavailable", AWAY, RETRIED),
        (refuses("ExternalServiceException", "No."), "ServiceUnavailable", AWAY, 1),
    ],
)
def test_what_may_pass_is_retried(
    call: Call, retries_of_2026: bool, act: Act, name: str, message: str, attempts: int
) -> None:
    error, asked = failure(call, act)

    assert type(error).__name__.removesuffix("Exception") == name
    assert str(error) == message
    assert asked == attempts


@pytest.mark.parametrize("name", ["AccessDeniedException", "ExpiredTokenException", "NewException"])
def test_a_refused_role_is_ours_to_mend(call: Call, name: str) -> None:
    error, asked = failure(call, refuses(name, "role shop is not authorized"))

    assert isinstance(error, InternalFailure)
    assert error.cause == f"{name}: role shop is not authorized"
    assert "role" not in str(error)
    assert asked == 1


def test_an_error_without_a_name_is_ours_to_mend(call: Call) -> None:
    assert isinstance(failure(call, answers(Reply(400, b"{}")))[0], InternalFailure)


def test_missing_credentials_are_ours_to_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    error, asked = failure(CALLS["token"], issues)

    assert isinstance(error, InternalFailure)
    assert error.cause == "botocore: NoCredentialsError"
    assert asked == 0


@pytest.mark.parametrize(
    "error",
    [
        *(aws.ConnectTimeoutError(**URL), aws.ReadTimeoutError(**URL)),
        *(aws.ConnectionClosedError(**URL), aws.EndpointConnectionError(**URL, error="refused")),
        *(aws.SSLError(**URL, error=ssl.SSLError()), aws.ResponseStreamingError(error="cut")),
        aws.ProxyConnectionError(proxy_url="http://me:canary@proxy.example"),
        aws.HTTPClientError(error=socket.gaierror(-2, "unknown name")),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_unreachable_cognito_is_unavailable(call: Call, error: Exception) -> None:
    told, _ = failure(call, answers(error))

    assert type(told) is ServiceUnavailable
    assert str(told) == "Cognito could not be reached in time. Try again."
    # Of a proxy's address, which may hold a password, nothing.
    host = "cognito-identity.eu-central-1.amazonaws.com"
    asked = host if "endpoint_url" in vars(error)["kwargs"] else "Cognito"
    assert told.cause == f"{type(error).__name__}: {asked}"


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize(
    "body",
    [
        *(b"[1]", b'"text"', b"null", b"\xff\xfe", b'{"__type": 1, "IdentityId": []}'),
        *(b"[" * 100_000, b'{"a":' * 100_000),
    ],
    ids=lambda body: ascii(body)[:20],
)
def test_json_of_another_shape_is_unavailable(call: Call, body: bytes, status: int) -> None:
    told, _ = failure(call, answers(Reply(status, body)))

    assert type(told) is ServiceUnavailable
    assert str(told) == "Cognito's answer was not understood. Try again."


@pytest.mark.parametrize("name", ["NotAuthorizedException", "AccessDeniedException"])
@pytest.mark.parametrize(
    "message",
    [
        *(f"Invalid login {VALUE}", f"Invalid login {VALUE.upper()}", f"Invalid tag {TAG}"),
        *(f"Invalid login {VALUE[:-3]}...", f"Invalid login ...{VALUE[5:]}"),
        "x" * 972 + VALUE,
    ],
    ids=["whole", "in another case", "a tag's value", "truncated", "its end", "cut off by us"],
)
def test_a_message_that_repeats_a_value_is_withheld(call: Call, name: str, message: str) -> None:
    error, _ = failure(call, refuses(name, message))
    said = error.cause if isinstance(error, InternalFailure) else str(error)

    assert said == WITHHELD


@pytest.mark.parametrize(
    ("message", "said"), [("ä" * 5000, "ä" * 1000), ("not \ud800 so", "not ? so")]
)
def test_other_messages_are_passed_on_as_far_as_can_be(call: Call, message: str, said: str) -> None:
    error, _ = failure(call, refuses("NotAuthorizedException", message))

    assert str(error) == said
