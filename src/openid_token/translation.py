"""botocore's exceptions, translated into the error tree: here and nowhere else."""

from __future__ import annotations

from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnected
from botocore.parsers import ResponseParserError

from openid_token.errors import (
    AccessDeniedException,
    InternalErrorException,
    InternalFailure,
    ServiceUnavailable,
    TokenIssuerError,
    TooManyRequestsException,
)
from openid_token.secret import Secret, reveals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Said by AWS, these mean something else: it is this function's role that is denied, for instance.
_OURS: Final = {AccessDeniedException, InternalFailure, ServiceUnavailable}
_COGNITOS: Final = {
    error.__name__: error for error in TokenIssuerError.__subclasses__() if error not in _OURS
}
# What AWS's front door says in place of Cognito's own TooManyRequestsException.
_THROTTLES: Final = {"Throttling", "ThrottlingException", "RequestLimitExceeded", "429"}
_WITHHELD: Final = "Cognito refused the request; its message is withheld, as it repeats a value."
_NO_ROLE: Final = (
    "Give the identity pool a role for authenticated users, with SetIdentityPoolRoles, and have the"
    " role trust the pool."
)
_LONGEST_MESSAGE: Final = 1000
# What botocore's parser raises, besides its own error, for JSON of another shape.
_NOT_UNDERSTOOD: Final = (
    ResponseParserError,
    AttributeError,
    LookupError,
    OverflowError,
    RuntimeError,
    TypeError,
    ValueError,
)


@contextmanager
def translated(secrets: Iterable[Secret]) -> Iterator[None]:
    """Around a call of Cognito and the reading of its answer; no message repeats one of `secrets`.

    Raises:
        TokenIssuerError: Cognito's own errors by their names; `ServiceUnavailable` when it
            can't be reached or does not answer in time; `InternalFailure` when the function's
            role or credentials are refused.
    """
    try:
        yield
    except ClientError as exc:
        raise _of_cognito(exc, secrets) from exc
    except (HTTPClientError, NotConnected) as exc:
        raise ServiceUnavailable("Cognito could not be reached in time. Try again.") from exc
    except BotoCoreError as exc:
        raise InternalFailure(f"botocore: {type(exc).__name__}") from exc
    except _NOT_UNDERSTOOD as exc:
        raise ServiceUnavailable("Cognito's answer was not understood. Try again.") from exc


def _of_cognito(exc: ClientError, secrets: Iterable[Secret]) -> TokenIssuerError:
    error = exc.response.get("Error", {})
    code, message = str(error.get("Code", "")), str(error.get("Message", ""))
    if code in _COGNITOS:
        return _COGNITOS[code](_shown(message, secrets))
    status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _THROTTLES or status == HTTPStatus.TOO_MANY_REQUESTS:
        return TooManyRequestsException("Cognito throttles the requests. Try again later.")
    if status == HTTPStatus.SERVICE_UNAVAILABLE or code == "ExternalServiceException":
        return ServiceUnavailable("Cognito is not available. Try again.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return InternalErrorException("Cognito failed. Try again.")
    advice = f" {_NO_ROLE}" if code == "InvalidIdentityPoolConfigurationException" else ""
    return InternalFailure(_shown(f"{code}: {message}", secrets) + advice)


def _shown(message: str, secrets: Iterable[Secret]) -> str:
    # JSON may carry a lone surrogate, which no response and no log could be encoded with.
    text = message[: 2 * _LONGEST_MESSAGE].encode(errors="replace").decode()
    # Checked before it is cut: the cut could leave a fragment too short to be recognised.
    return _WITHHELD if reveals(text, secrets) else text[:_LONGEST_MESSAGE]
