"""The exchange of a token for AWS credentials, in the form that AWS SDKs take them.

Sources: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html
and "Container credential provider" in the AWS SDKs and Tools Reference Guide.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from openid_token.issuer import Printable, Result, rfc3339
from openid_token.secret import Secret
from openid_token.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_cognito_identity import CognitoIdentityClient


class Credentials(msgspec.Struct, frozen=True, kw_only=True, rename="pascal"):
    """AWS credentials; `expiration` is RFC 3339 in UTC."""

    access_key_id: str
    secret_access_key: Secret
    token: Secret
    expiration: str


class _Credentials(msgspec.Struct, frozen=True, rename="pascal"):
    access_key_id: Printable
    secret_key: Printable
    session_token: Printable
    expiration: datetime


class _Response(msgspec.Struct, frozen=True, rename="pascal"):
    credentials: _Credentials


class _Claims(msgspec.Struct, frozen=True):
    iss: Annotated[str, Meta(pattern=r"^https://[a-z0-9.-]+(?![\s\S])")]


def exchange(client: CognitoIdentityClient, result: Result) -> Credentials:
    """The credentials of the pool's role for authenticated users.

    Raises:
        TokenIssuerError: as `translated` says; `InternalFailure` also for a pool without a role.
    """
    tags = result.principal_tags or {}
    with translated([result.token, *result.logins.values(), *tags.values()]):
        reply = client.get_credentials_for_identity(
            IdentityId=result.identity_id,
            Logins={_provider(result.token): result.token.reveal()},
        )
        given = msgspec.convert(reply, _Response).credentials
        expiration = given.expiration.astimezone(UTC)
    return Credentials(
        access_key_id=given.access_key_id,
        secret_access_key=Secret(given.secret_key),
        token=Secret(given.session_token),
        expiration=rfc3339(expiration),
    )


def _provider(token: Secret) -> str:
    """Cognito's own name as a login provider, which differs between AWS's partitions: the host
    of the token's issuer."""
    payload = token.reveal().split(".")[1]
    claims = msgspec.json.decode(base64.urlsafe_b64decode(f"{payload}=="), type=_Claims)
    return claims.iss.removeprefix("https://")
