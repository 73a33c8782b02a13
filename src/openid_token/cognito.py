"""The two calls of Cognito: arguments in, result out.

Sources: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html,
API_GetCredentialsForIdentity.html beside it, and "Container credential provider" in the AWS SDKs
and Tools Reference Guide.
"""

import base64
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from openid_token.arguments import DEFAULT_DURATION_SECONDS, Arguments, IdentityId
from openid_token.client import Client
from openid_token.errors import ServiceUnavailable
from openid_token.secret import Secret
from openid_token.translation import translated

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
        TokenIssuerError: as `translated` says.
    """
    asked_at = int(time.time())
    with translated(client, arguments.secrets()):
        request = {"Logins": {}, **msgspec.to_builtins(arguments, enc_hook=Secret.reveal)}
        answer = client.get_open_id_token_for_developer_identity(**request)
        reply = msgspec.convert(answer, _TokenReply)
        claims = _claims(Secret(reply.Token))
        if (claims.sub, claims.aud) != (reply.IdentityId, arguments.identity_pool_id):
            cause = "the token is for another identity or pool than was answered"
            raise _answer_to_another(client, cause)
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
        TokenIssuerError: as `translated` says; `InternalFailure` also for a pool without a role.
    """
    tags = token.principal_tags or {}
    with translated(client, [token.token, *token.logins.values(), *tags.values()]):
        # Cognito's own name as a provider, which differs between AWS's partitions, is its host.
        provider = _claims(token.token).iss.removeprefix("https://")
        answer = client.get_credentials_for_identity(
            IdentityId=token.identity_id, Logins={provider: token.token.reveal()}
        )
        reply = msgspec.convert(answer, _CredentialsReply)
        if reply.IdentityId != token.identity_id:
            raise _answer_to_another(client, "the credentials are another identity's")
        given = reply.Credentials
        expiration = given.Expiration.astimezone(UTC)
    return Credentials(
        access_key_id=given.AccessKeyId,
        secret_access_key=Secret(given.SecretKey),
        token=Secret(given.SessionToken),
        expiration=_rfc3339(expiration),
        identity_id=token.identity_id,
    )


def _answer_to_another(client: Client, cause: str) -> ServiceUnavailable:
    """For an answer to another question than was asked: the next one would be no better."""
    client.close()
    return ServiceUnavailable("Cognito's answer was not to this request. Try again.", cause)


def _claims(token: Secret) -> _Claims:
    payload = token.reveal().split(".")[1]
    return msgspec.json.decode(base64.urlsafe_b64decode(f"{payload}=="), type=_Claims)


def _rfc3339(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
