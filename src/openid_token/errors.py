"""The error tree, and what each error is over HTTP.

    TokenIssuerError
    ├── InvalidParameterException                400 (405, 413, 415 where that says more)
    ├── AccessDeniedException                    403
    ├── NotAuthorizedException                   403
    ├── ResourceNotFoundException                404
    ├── ResourceConflictException                409
    ├── DeveloperUserAlreadyRegisteredException  409
    ├── TooManyRequestsException                 429, try again after 1 s
    ├── InternalErrorException                   502
    ├── ServiceUnavailable                       503, try again after 2 s
    └── InternalFailure                          500

A direct or Step Functions caller gets the exception itself: its class name is what `Retry`
and `Catch` match. Over HTTP it becomes `application/problem+json`. The names are those of
`GetOpenIdTokenForDeveloperIdentity` and AWS's common errors. No message holds a token, a
login value or a tag value.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import NamedTuple


class Violation(NamedTuple):
    """One argument and the rule that it breaks, in the documentation's words."""

    argument: str
    message: str


class TokenIssuerError(Exception):
    """Base of every error of the contract; `str(error)` is what the caller may read, `cause` is
    for the log alone."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    retry_after_seconds: int | None = None

    def __init__(self, detail: str = "", cause: str = "") -> None:
        super().__init__(detail)
        self.cause = cause


class InvalidParameterException(TokenIssuerError):
    """A documented rule is broken. `violations` holds one entry for each argument."""

    def __init__(
        self,
        detail: str = "",
        violations: Sequence[Violation] = (),
        status: HTTPStatus = HTTPStatus.BAD_REQUEST,
    ) -> None:
        super().__init__(detail or "; ".join(f"{v.argument} {v.message}" for v in violations))
        self.violations = tuple(violations)
        self.status = status


class AccessDeniedException(TokenIssuerError):
    """This deployment does not allow it."""

    status = HTTPStatus.FORBIDDEN


class NotAuthorizedException(TokenIssuerError):
    """Cognito refuses the logins."""

    status = HTTPStatus.FORBIDDEN


class ResourceNotFoundException(TokenIssuerError):
    """Cognito knows no such pool or identity, or this API no such route."""

    status = HTTPStatus.NOT_FOUND


class ResourceConflictException(TokenIssuerError):
    """Cognito says that a login is linked to another identity."""

    status = HTTPStatus.CONFLICT


class DeveloperUserAlreadyRegisteredException(TokenIssuerError):
    """Cognito says that the user identifier belongs to another identity."""

    status = HTTPStatus.CONFLICT


class TooManyRequestsException(TokenIssuerError):
    """Cognito still throttles after the retries."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    retry_after_seconds = 1


class InternalErrorException(TokenIssuerError):
    """Cognito still fails after the retries."""

    status = HTTPStatus.BAD_GATEWAY


class ServiceUnavailable(TokenIssuerError):
    """Cognito can't be reached, is too slow, or answers with garbage."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    retry_after_seconds = 2


class InternalFailure(TokenIssuerError):
    """Anything else. The caller reads a fixed sentence."""

    def __init__(self, cause: str = "") -> None:
        super().__init__("The token issuer failed. Its log has the reason.", cause)
