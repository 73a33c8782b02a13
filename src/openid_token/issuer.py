"""One call to Cognito: arguments in, result out, errors translated.

Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnected
from botocore.parsers import ResponseParserError
from msgspec import Meta

from openid_token.arguments import DEFAULT_DURATION_SECONDS, Arguments, IdentityId
from openid_token.cognito import DEADLINE_SECONDS, DeadlinePassed, within_deadline
from openid_token.errors import (
    DeveloperUserAlreadyRegisteredException,
    InternalErrorException,
    InternalFailure,
    InvalidParameterException,
    NotAuthorizedException,
    ResourceConflictException,
    ResourceNotFoundException,
    ServiceUnavailable,
    TokenIssuerError,
    TooManyRequestsException,
)
from openid_token.secret import Secret, reveals

if TYPE_CHECKING:
    from mypy_boto3_cognito_identity import CognitoIdentityClient

_OWN: Final[Mapping[str, type[TokenIssuerError]]] = {
    error.__name__: error
    for error in (
        DeveloperUserAlreadyRegisteredException,
        InternalErrorException,
        InvalidParameterException,
        NotAuthorizedException,
        ResourceConflictException,
        ResourceNotFoundException,
        TooManyRequestsException,
    )
}
# What AWS's front door says in place of Cognito's own TooManyRequestsException.
_THROTTLES: Final = {"Throttling", "ThrottlingException", "RequestLimitExceeded", "429"}
_WITHHELD: Final = "Cognito refused the request; its message is withheld, as it repeats a value."
_LONGEST_MESSAGE: Final = 1000
# What botocore's parser raises, besides its own error, for JSON of another shape.
_NOT_UNDERSTOOD: Final = (
    ResponseParserError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class Result(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The arguments as they were applied, and the token.

    `token_duration` is in seconds; `expires_at` is RFC 3339 in UTC, and never later than the
    token's own expiry.
    """

    identity_pool_id: str
    identity_id: str
    logins: Mapping[str, Secret]
    principal_tags: Mapping[str, Secret] | None = None
    token_duration: int
    token: Secret
    expires_at: str

    def reveal(self) -> dict[str, Any]:
        """The documented attributes in the clear: for the answer to the caller."""
        answer: dict[str, Any] = msgspec.to_builtins(self, enc_hook=Secret.reveal)
        return answer


class _Response(msgspec.Struct, frozen=True):
    IdentityId: IdentityId
    Token: Annotated[str, Meta(pattern=r"^[!-~]+(?![\s\S])")]


def issue(
    client: CognitoIdentityClient,
    arguments: Arguments,
    *,
    now: Callable[[], float] = time.time,
    deadline_seconds: float = DEADLINE_SECONDS,
) -> Result:
    """Ask Cognito for the token.

    Raises:
        TokenIssuerError: Cognito's own errors by their names; `ServiceUnavailable` when it
            can't be reached or does not answer in time; `InternalFailure` when the function's
            role or credentials are refused.
    """
    asked_at = int(now())
    call = partial(client.get_open_id_token_for_developer_identity, **_request(arguments))
    try:
        response = msgspec.convert(within_deadline(call, deadline_seconds), _Response)
    except ClientError as exc:
        raise _translated(exc, arguments) from exc
    except (HTTPClientError, NotConnected, DeadlinePassed) as exc:
        raise ServiceUnavailable("Cognito could not be reached in time. Try again.") from exc
    except BotoCoreError as exc:
        raise InternalFailure(f"botocore: {type(exc).__name__}") from exc
    except _NOT_UNDERSTOOD as exc:
        raise ServiceUnavailable("Cognito's answer was not understood. Try again.") from exc
    return _result(arguments, response, asked_at)


def _request(arguments: Arguments) -> dict[str, Any]:
    request: dict[str, Any] = {
        "IdentityPoolId": arguments.identity_pool_id,
        "Logins": _revealed(arguments.logins or {}),
    }
    if arguments.identity_id is not None:
        request["IdentityId"] = arguments.identity_id
    if arguments.principal_tags is not None:
        request["PrincipalTags"] = _revealed(arguments.principal_tags)
    if arguments.token_duration is not None:
        request["TokenDuration"] = arguments.token_duration
    return request


def _revealed(secrets: Mapping[str, Secret]) -> dict[str, str]:
    return {name: secret.reveal() for name, secret in secrets.items()}


def _result(arguments: Arguments, response: _Response, asked_at: int) -> Result:
    duration = arguments.token_duration or DEFAULT_DURATION_SECONDS
    return Result(
        identity_pool_id=arguments.identity_pool_id,
        identity_id=response.IdentityId,
        logins=arguments.logins or {},
        principal_tags=arguments.principal_tags,
        token_duration=duration,
        token=Secret(response.Token),
        expires_at=datetime.fromtimestamp(asked_at + duration, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    )


def _translated(exc: ClientError, arguments: Arguments) -> TokenIssuerError:
    error = exc.response.get("Error", {})
    code, message = str(error.get("Code", "")), str(error.get("Message", ""))
    if code in _OWN:
        return _OWN[code](_shown(message, arguments))
    status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _THROTTLES or status == HTTPStatus.TOO_MANY_REQUESTS:
        return TooManyRequestsException("Cognito throttles the requests. Try again later.")
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return ServiceUnavailable("Cognito is not available. Try again.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return InternalErrorException("Cognito failed. Try again.")
    return InternalFailure(_shown(f"{code}: {message}", arguments))


def _shown(message: str, arguments: Arguments) -> str:
    # JSON may carry half a character, which no answer and no log could be encoded with.
    text = message[: 2 * _LONGEST_MESSAGE].encode(errors="replace").decode()
    # Checked before it is cut: the cut could leave a fragment too short to be recognised.
    return _WITHHELD if reveals(text, arguments.secrets()) else text[:_LONGEST_MESSAGE]
