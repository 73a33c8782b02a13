"""The error tree, and its table.

    TokenIssuerError
    ├── InvalidParameterException                400
    ├── AccessDeniedException                    403
    ├── NotAuthorizedException                   403
    ├── ResourceNotFoundException                404
    ├── ResourceConflictException                409
    ├── DeveloperUserAlreadyRegisteredException  409
    ├── TooManyRequestsException                 429
    ├── InternalErrorException                   502
    ├── ServiceUnavailable                       503
    └── InternalFailure                          500

A direct or Step Functions caller gets the exception itself: its class name is what `Retry`
and `Catch` match. Over HTTP it becomes `application/problem+json`. The names are those of
`GetOpenIdTokenForDeveloperIdentity` and AWS's common errors. No message holds a token, a
login value or a tag value.
"""

from __future__ import annotations

from http import HTTPStatus
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Violation(NamedTuple):
    """One argument and the rule that it breaks, in the documentation's words."""

    argument: str
    message: str


class TokenIssuerError(Exception):
    """Base of every error of the contract; `str(error)` is what the caller may read."""


class InvalidParameterException(TokenIssuerError):
    """A documented rule is broken.

    `violations` holds one entry for each argument; `status` is the HTTP status where there is
    a more exact one than the table's.
    """

    def __init__(
        self,
        detail: str = "",
        violations: Sequence[Violation] = (),
        status: HTTPStatus | None = None,
    ) -> None:
        super().__init__(detail or "; ".join(f"{v.argument} {v.message}" for v in violations))
        self.violations = tuple(violations)
        self.status = status


class AccessDeniedException(TokenIssuerError):
    """This deployment does not allow it."""


class NotAuthorizedException(TokenIssuerError):
    """Cognito refuses the logins."""


class ResourceNotFoundException(TokenIssuerError):
    """Cognito knows no such pool or identity, or this API no such route."""


class ResourceConflictException(TokenIssuerError):
    """Cognito says that a login is linked to another identity."""


class DeveloperUserAlreadyRegisteredException(TokenIssuerError):
    """Cognito says that the user identifier belongs to another identity."""


class TooManyRequestsException(TokenIssuerError):
    """Cognito still throttles after the retries."""


class InternalErrorException(TokenIssuerError):
    """Cognito still fails after the retries."""


class ServiceUnavailable(TokenIssuerError):
    """Cognito can't be reached, is too slow, or answers with garbage."""


class InternalFailure(TokenIssuerError):
    """Anything else. The caller reads a fixed sentence; `cause` is for the log alone."""

    def __init__(self, cause: str = "") -> None:
        super().__init__("The token issuer failed. Its log has the reason.")
        self.cause = cause


class Answer(NamedTuple):
    """How an error goes out over HTTP."""

    status: HTTPStatus
    retry_after_seconds: int | None = None


ANSWERS: Final[Mapping[type[TokenIssuerError], Answer]] = MappingProxyType(
    {
        InvalidParameterException: Answer(HTTPStatus.BAD_REQUEST),
        AccessDeniedException: Answer(HTTPStatus.FORBIDDEN),
        NotAuthorizedException: Answer(HTTPStatus.FORBIDDEN),
        ResourceNotFoundException: Answer(HTTPStatus.NOT_FOUND),
        ResourceConflictException: Answer(HTTPStatus.CONFLICT),
        DeveloperUserAlreadyRegisteredException: Answer(HTTPStatus.CONFLICT),
        TooManyRequestsException: Answer(HTTPStatus.TOO_MANY_REQUESTS, retry_after_seconds=1),
        InternalErrorException: Answer(HTTPStatus.BAD_GATEWAY),
        ServiceUnavailable: Answer(HTTPStatus.SERVICE_UNAVAILABLE, retry_after_seconds=2),
        InternalFailure: Answer(HTTPStatus.INTERNAL_SERVER_ERROR),
    }
)
