"""One call to Cognito: arguments in, result out.

Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from openid_token.arguments import DEFAULT_DURATION_SECONDS, Arguments, IdentityId
from openid_token.secret import Secret
from openid_token.translation import translated

if TYPE_CHECKING:
    from mypy_boto3_cognito_identity import CognitoIdentityClient


type Printable = Annotated[str, Meta(pattern=r"^[!-~]+(?![\s\S])")]


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
        """The documented attributes in the clear: for the caller alone."""
        revealed: dict[str, Any] = msgspec.to_builtins(self, enc_hook=Secret.reveal)
        return revealed


class _Response(msgspec.Struct, frozen=True):
    IdentityId: IdentityId
    Token: Printable


def issue(client: CognitoIdentityClient, arguments: Arguments) -> Result:
    """Ask Cognito for the token.

    Raises:
        TokenIssuerError: as `translated` says.
    """
    asked_at = int(time.time())
    with translated(arguments.secrets()):
        reply = client.get_open_id_token_for_developer_identity(**_request(arguments))
        response = msgspec.convert(reply, _Response)
    duration = arguments.token_duration or DEFAULT_DURATION_SECONDS
    return Result(
        identity_pool_id=arguments.identity_pool_id,
        identity_id=response.IdentityId,
        logins=arguments.logins or {},
        principal_tags=arguments.principal_tags,
        token_duration=duration,
        token=Secret(response.Token),
        expires_at=rfc3339(datetime.fromtimestamp(asked_at + duration, UTC)),
    )


def rfc3339(moment: datetime) -> str:
    """A moment in UTC as it goes to the caller, to the second."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


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
