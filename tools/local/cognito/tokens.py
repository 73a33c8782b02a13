"""The embedded Cognito's tokens: the claims of the real one's, under a key of this process.

Their header says where they come from. For the tags' form see "Pass session tags in AWS STS" in
the IAM user guide.
"""

import time
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.jwt import JWTClaimsRegistry

from tools.environment import ACCOUNT

HOST = "cognito-identity.amazonaws.com"
KEYS_PATH = "/.well-known/jwks_uri"
_ISSUER = f"https://{HOST}"
_DEFAULT_SECONDS = 900
_HEADER = {"alg": "RS512", "typ": "JWS", "kid": "embedded-cognito-on-this-machine"}
_KEY = RSAKey.generate_key(2048, {"use": "sig", "alg": _HEADER["alg"], "kid": _HEADER["kid"]})


def issued(
    pool: str,
    identity_id: str,
    logins: Mapping[str, str],
    tags: Mapping[str, str] | None = None,
    seconds: int | None = None,
) -> str:
    """A token for an identity of the pool, valid for `seconds`, or 15 minutes."""
    region, now = pool.partition(":")[0], int(time.time())
    methods = [(provider, f"{provider}:{pool}:{user}") for provider, user in logins.items()]
    claims: dict[str, Any] = {
        "sub": identity_id,
        "aud": pool,
        "amr": ["authenticated", *(each for pair in methods for each in pair)],
        "iss": _ISSUER,
        f"{_ISSUER}/identity-pool-arn": (
            f"arn:aws:cognito-identity:{region}:{ACCOUNT}:identitypool/{pool}"
        ),
        "exp": now + (seconds or _DEFAULT_SECONDS),
        "iat": now,
    }
    if tags:
        principal_tags = {name: [value] for name, value in tags.items()}
        claims["https://aws.amazon.com/tags"] = {"principal_tags": principal_tags}
    return jwt.encode(_HEADER, claims, _KEY, algorithms=[_HEADER["alg"]])


def verified(token: str) -> dict[str, Any]:
    """The claims of one of these tokens.

    Raises:
        ExpiredTokenError: it is one of them no longer.
        JoseError, ValueError: it is none.
    """
    claims: dict[str, Any] = jwt.decode(token, _KEY, algorithms=[_HEADER["alg"]]).claims
    JWTClaimsRegistry(exp={"essential": True}).validate(claims)
    return claims


def keys() -> dict[str, Any]:
    """What verifies the tokens, as the real Cognito answers it at `KEYS_PATH`."""
    return {"keys": [_KEY.as_dict(private=False)]}
