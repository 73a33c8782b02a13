"""Who API Gateway says the caller is.

Only what API Gateway itself writes into the request context counts; a client can't reach it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from openid_token.request import Request, Request2

# The longest ARN of a principal: more is a forgery, and would fill the record.
_MAX_ARN: Final = 2048


class Backend(msgspec.Struct, frozen=True):
    """A caller that API Gateway has authorized with IAM."""

    arn: str


class User(msgspec.Struct, frozen=True):
    """A signed-in user with verified claims, or what a Lambda authorizer says of one."""

    claims: Mapping[str, Any]

    def __repr__(self) -> str:
        return "User()"


def caller_of(request: Request) -> Backend | User | None:
    """The caller that the request context names; `None` if nobody is verified.

    Whoever carries a user's authorizer is a user, whatever else the context holds. Credentials
    of an identity pool are a user's too: they must not name other users' logins.
    """
    authorizer = dict(request.request_context.authorizer or {})
    identity = request.request_context.identity or {}
    # In payload 1.0 the authorizer's keys are those that the deployer's own Lambda chose.
    iam = _map(authorizer.pop("iam", None)) if isinstance(request, Request2) else identity
    if authorizer:
        return User(_claims(authorizer))
    if _of_identity_pool(iam) or _of_identity_pool(identity):
        return User({})
    arn = iam.get("userArn")
    return Backend(arn) if isinstance(arn, str) and 0 < len(arn) <= _MAX_ARN else None


def _claims(authorizer: Mapping[str, Any]) -> Mapping[str, Any]:
    if "jwt" in authorizer:
        return _map(_map(authorizer["jwt"]).get("claims"))
    if "lambda" in authorizer:
        return _map(authorizer["lambda"])
    claims = authorizer.get("claims")
    return claims if isinstance(claims, Mapping) else authorizer


def _of_identity_pool(identity: Mapping[str, Any]) -> bool:
    """Whether a field of an identity pool says anything, alone or within `cognitoIdentity`."""
    fields = [value for name, value in identity.items() if name.startswith("cognito")]
    return any(any(value.values()) if isinstance(value, Mapping) else value for value in fields)


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
