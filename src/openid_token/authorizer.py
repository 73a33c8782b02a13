"""Who API Gateway says the caller is.

Only what API Gateway itself writes into the request context counts; a client can't reach it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Backend:
    """A caller that API Gateway has authorized with IAM."""

    arn: str


@dataclass(frozen=True, slots=True)
class User:
    """A signed-in user with verified claims, or what a Lambda authorizer says of one."""

    claims: Mapping[str, Any] = field(repr=False)


type Caller = Backend | User | None


def caller_of(context: Mapping[str, Any]) -> Caller:
    """The caller in the request context of payload 2.0 or 1.0; `None` if nobody is verified.

    Whoever carries a user's authorizer is a user, whatever else the context holds. Credentials
    of an identity pool are a user's too: they must not name other users' logins.
    """
    authorizer = _map(context.get("authorizer"))
    identity = _map(context.get("identity"))
    iam = _map(authorizer.get("iam"))
    if "jwt" in authorizer:
        return User(_map(_map(authorizer["jwt"]).get("claims")))
    if "lambda" in authorizer:
        return User(_map(authorizer["lambda"]))
    if isinstance(authorizer.get("claims"), Mapping):
        return User(authorizer["claims"])
    if authorizer and not iam:
        return User(authorizer)
    if _map(iam.get("cognitoIdentity")).get("identityId") or identity.get("cognitoIdentityId"):
        return User({})
    arn = iam.get("userArn") or identity.get("userArn")
    return Backend(arn) if isinstance(arn, str) else None


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
