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

HOST = "cognito-identity.amazonaws.com"
ISSUER = f"https://{HOST}"
DEFAULT_SECONDS = 900
ALGORITHM = "RS512"
KEY_ID = "embedded-cognito-on-this-machine"
_TAGS = "https://aws.amazon.com/tags"
_KEY = RSAKey.generate_key(2048, {"use": "sig", "alg": ALGORITHM, "kid": KEY_ID})


def issued(
    pool_arn: str,
    identity_id: str,
    logins: Mapping[str, str],
    tags: Mapping[str, str] | None,
    seconds: int | None,
) -> str:
    """A token for an identity of the pool, valid for `seconds`, or 15 minutes."""
    pool, now = pool_arn.rpartition("/")[2], int(time.time())
    methods = [(provider, f"{provider}:{pool}:{user}") for provider, user in logins.items()]
    claims: dict[str, Any] = {
        "sub": identity_id,
        "aud": pool,
        "amr": ["authenticated", *(each for pair in methods for each in pair)],
        "iss": ISSUER,
        f"{ISSUER}/identity-pool-arn": pool_arn,
        "exp": now + (seconds or DEFAULT_SECONDS),
        "iat": now,
    }
    if tags:
        claims[_TAGS] = {"principal_tags": {name: [value] for name, value in tags.items()}}
    header = {"kid": KEY_ID, "typ": "JWS", "alg": ALGORITHM}
    return jwt.encode(header, claims, _KEY, algorithms=[ALGORITHM])


def verified(token: str) -> dict[str, Any]:
    """The claims of one of these tokens.

    Raises:
        ExpiredTokenError: it is one of them no longer.
        JoseError, ValueError: it is none.
    """
    claims: dict[str, Any] = jwt.decode(token, _KEY, algorithms=[ALGORITHM]).claims
    JWTClaimsRegistry(exp={"essential": True}).validate(claims)
    return claims


def documents() -> dict[str, Any]:
    """What verifies the tokens, by the path where the real Cognito has it."""
    discovery = {
        "issuer": ISSUER,
        "jwks_uri": f"{ISSUER}/.well-known/jwks_uri",
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "response_types_supported": ["token"],
        "subject_types_supported": ["public"],
    }
    return {
        "/.well-known/openid-configuration": discovery,
        "/.well-known/jwks_uri": {"keys": [_KEY.as_dict(private=False)]},
    }
