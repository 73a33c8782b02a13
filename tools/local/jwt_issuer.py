"""The local JWT issuer, in place of the identity provider that the users' doors are deployed with:
signs users' JWTs, and has its pages, which are its discovery document, its keys, and JWTs for the
asking."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from tools.local.web.response import Page, json_response

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


def pages(jwt_issuer: JwtIssuer, session_key: str | None = None) -> dict[str, Page]:
    """The pages by route key. `GET /issuer/token?sub=…` answers a signed JWT as plain text, without
    a line break, so that it can be stored as it is; further query parameters become claims. With a
    `session_key` it is a session token, as a backend of one's own would give it to its user."""
    discovery = {
        "issuer": jwt_issuer.url,
        "jwks_uri": f"{jwt_issuer.url}/.well-known/jwks.json",
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
    }
    keys = {"keys": [jwt_issuer.key.as_dict(private=False)]}

    def token(request: Request) -> Response:
        claims = request.args.to_dict()
        subject = claims.pop("sub", "")
        if not subject:
            raise NotFound
        if session_key:
            text = by_backend(session_key, {**claims, "sub": subject})
        else:
            text = sign(jwt_issuer, claims | registered(jwt_issuer, subject))
        response = Response(text)
        response.headers["cache-control"] = "no-store"
        return response

    return {
        f"GET {PATH}/.well-known/openid-configuration": lambda _: json_response(discovery),
        f"GET {PATH}/.well-known/jwks.json": lambda _: json_response(keys),
        f"GET {PATH}/token": token,
    }
