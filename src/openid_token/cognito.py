"""The two calls of Cognito: arguments in, result out, errors translated.

Sources: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html,
API_GetCredentialsForIdentity.html beside it, and "Container credential provider" in the AWS SDKs
and Tools Reference Guide.
"""

import base64
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import msgspec
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnected
from botocore.parsers import ResponseParserError
from botocore.retries.standard import RetryContext, ThrottledRetryableChecker
from msgspec import Meta

from openid_token import errors
from openid_token.arguments import DEFAULT_DURATION_SECONDS, Arguments, IdentityId
from openid_token.client import Client
from openid_token.secret import Secret, reveals

type _Printable = Annotated[str, Meta(pattern=r"^[!-~]+(?![\s\S])")]


class Token(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
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
        """The documented attributes in the clear: for the caller alone."""
        revealed: dict[str, Any] = msgspec.to_builtins(self, enc_hook=Secret.reveal)
        return revealed


class Credentials(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """AWS credentials in the form that AWS SDKs take them; `expiration` is RFC 3339 in UTC."""

    access_key_id: str
    secret_access_key: Secret
    token: Secret
    expiration: str
    identity_id: str


class _TokenReply(msgspec.Struct, frozen=True):
    IdentityId: IdentityId
    Token: _Printable


class _Claims(msgspec.Struct, frozen=True):
    sub: str
    aud: str
    iss: Annotated[str, Meta(pattern=r"^https://[a-z0-9.-]+(?![\s\S])")]


class _KeyPair(msgspec.Struct, frozen=True):
    AccessKeyId: _Printable
    SecretKey: _Printable
    SessionToken: _Printable
    Expiration: datetime


class _CredentialsReply(msgspec.Struct, frozen=True):
    IdentityId: str
    Credentials: _KeyPair


def get_token(client: Client, arguments: Arguments) -> Token:
    """Ask Cognito for the token.

    Raises:
        TokenIssuerError: as `_translated` says.
    """
    asked_at = int(time.time())
    with _translated(arguments.secrets()):
        answer = client.get_open_id_token_for_developer_identity(**_request(arguments))
        reply = msgspec.convert(answer, _TokenReply)
        claims = _claims(Secret(reply.Token))
        if (claims.sub, claims.aud) != (reply.IdentityId, arguments.identity_pool_id):
            raise _crossed(client, "the token is for another identity or pool than was answered")
    duration = arguments.token_duration or DEFAULT_DURATION_SECONDS
    return Token(
        identity_pool_id=arguments.identity_pool_id,
        identity_id=reply.IdentityId,
        logins=arguments.logins or {},
        principal_tags=arguments.principal_tags,
        token_duration=duration,
        token=Secret(reply.Token),
        expires_at=_rfc3339(datetime.fromtimestamp(asked_at + duration, UTC)),
    )


def get_credentials(client: Client, token: Token) -> Credentials:
    """Exchange the token for credentials of the pool's role for authenticated users.

    Raises:
        TokenIssuerError: as `_translated` says; `InternalFailure` also for a pool without a role.
    """
    tags = token.principal_tags or {}
    with _translated([token.token, *token.logins.values(), *tags.values()]):
        # Cognito's own name as a provider, which differs between AWS's partitions, is its host.
        provider = _claims(token.token).iss.removeprefix("https://")
        answer = client.get_credentials_for_identity(
            IdentityId=token.identity_id, Logins={provider: token.token.reveal()}
        )
        reply = msgspec.convert(answer, _CredentialsReply)
        if reply.IdentityId != token.identity_id:
            raise _crossed(client, "the credentials are another identity's")
        given = reply.Credentials
        expiration = given.Expiration.astimezone(UTC)
    return Credentials(
        access_key_id=given.AccessKeyId,
        secret_access_key=Secret(given.SecretKey),
        token=Secret(given.SessionToken),
        expiration=_rfc3339(expiration),
        identity_id=token.identity_id,
    )


def _crossed(client: Client, cause: str) -> errors.ServiceUnavailable:
    """For an answer to another question than was asked: the next one would be no better."""
    client.close()
    return errors.ServiceUnavailable("Cognito's answer was not to this request. Try again.", cause)


def _request(arguments: Arguments) -> dict[str, Any]:
    request = {
        "IdentityPoolId": arguments.identity_pool_id,
        "IdentityId": arguments.identity_id,
        "Logins": arguments.logins or {},
        "PrincipalTags": arguments.principal_tags,
        "TokenDuration": arguments.token_duration,
    }
    given = {name: value for name, value in request.items() if value is not None}
    revealed: dict[str, Any] = msgspec.to_builtins(given, enc_hook=Secret.reveal)
    return revealed


def _claims(token: Secret) -> _Claims:
    payload = token.reveal().split(".")[1]
    return msgspec.json.decode(base64.urlsafe_b64decode(f"{payload}=="), type=_Claims)


def _rfc3339(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


# Said by AWS, these mean something else: it is this function's role that is denied, for instance.
_OURS: Final = {"AccessDeniedException", "InternalFailure", "ServiceUnavailable"}
_COGNITOS: Final = {error.__name__: error for error in errors.TokenIssuerError.__subclasses__()}
_COGNITOS["ValidationException"] = errors.InvalidParameterException
_THROTTLES: Final = ThrottledRetryableChecker()
_WITHHELD: Final = "Cognito refused the request; its message is withheld, as it repeats a value."
_NO_ROLE: Final = (
    " Give the identity pool a role for authenticated users, with SetIdentityPoolRoles, and have"
    " the role trust the pool."
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
def _translated(secrets: Iterable[Secret]) -> Iterator[None]:
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
        host = urlsplit(str(exc.kwargs.get("endpoint_url"))).hostname or "Cognito"
        raise errors.ServiceUnavailable(
            "Cognito could not be reached in time. Try again.", f"{type(exc).__name__}: {host}"
        ) from exc
    except BotoCoreError as exc:
        raise errors.InternalFailure(f"botocore: {type(exc).__name__}") from exc
    except _NOT_UNDERSTOOD as exc:
        raise errors.ServiceUnavailable("Cognito's answer was not understood. Try again.") from exc


def _of_cognito(exc: ClientError, secrets: Iterable[Secret]) -> errors.TokenIssuerError:
    error = exc.response.get("Error", {})
    code, message = str(error.get("Code", "")), str(error.get("Message", ""))
    if code in _COGNITOS and code not in _OURS:
        return _COGNITOS[code](_shown(message, secrets))
    status = exc.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    # By any name that AWS's front door has for it.
    context = RetryContext(attempt_number=1, parsed_response=exc.response)
    if _THROTTLES.is_retryable(context) or status == HTTPStatus.TOO_MANY_REQUESTS:
        return errors.TooManyRequestsException("Cognito throttles the requests. Try again later.")
    if status == HTTPStatus.SERVICE_UNAVAILABLE or code == "ExternalServiceException":
        return errors.ServiceUnavailable("Cognito is not available. Try again.")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return errors.InternalErrorException("Cognito failed. Try again.")
    advice = _NO_ROLE if code == "InvalidIdentityPoolConfigurationException" else ""
    return errors.InternalFailure(_shown(f"{code}: {message}", secrets) + advice)


def _shown(message: str, secrets: Iterable[Secret]) -> str:
    # JSON may carry a lone surrogate, which no response and no log could be encoded with.
    text = message[: 2 * _LONGEST_MESSAGE].encode(errors="replace").decode()
    # Checked before it is cut: the cut could leave a fragment too short to be recognised.
    return _WITHHELD if reveals(text, secrets) else text[:_LONGEST_MESSAGE]
