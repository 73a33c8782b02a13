"""The local JWT issuer: signs users' JWTs here, in place of the identity provider that the users'
doors are deployed with."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

ALGORITHM = "RS256"
PATH = "/issuer"
"""Where a gateway has the pages of its JWT issuer."""


@dataclass(frozen=True, slots=True)
class JwtIssuer:
    """Its URL is the JWTs' `iss` and what its discovery document is under."""

    url: str
    key: RSAKey = field(repr=False)
    audience: str = "local-app"


def create(gateway: str) -> JwtIssuer:
    """The JWT issuer of the gateway at this URL, with a key that lives as long as this process."""
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
    return JwtIssuer(f"{gateway}{PATH}", key)


def registered(jwt_issuer: JwtIssuer, subject: str, seconds: int = 3600) -> dict[str, Any]:
    """The registered claims of a JWT for `subject` that is valid for so long."""
    now = int(time.time())
    own = {"iss": jwt_issuer.url, "aud": jwt_issuer.audience}
    return {**own, "sub": subject, "iat": now, "exp": now + seconds}


def sign(jwt_issuer: JwtIssuer, claims: Mapping[str, Any]) -> str:
    """A JWT with exactly these claims."""
    header = {"alg": ALGORITHM, "kid": jwt_issuer.key.kid}
    return jwt.encode(header, dict(claims), jwt_issuer.key, algorithms=[ALGORITHM])


def by_backend(key: str, claims: Mapping[str, Any]) -> str:
    """A session token with these claims, valid for an hour."""
    claims = {**claims, "exp": int(time.time()) + 3600}
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(key))
