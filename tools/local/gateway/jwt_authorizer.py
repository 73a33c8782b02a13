"""What the JWT authorizer of an HTTP API does with a request's `Authorization` header.

Source: "Control access to HTTP APIs with JWT authorizers" of API Gateway's documentation.
"""

from collections.abc import Mapping
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError
from joserfc.jwt import JWTClaimsRegistry

from tools.local.gateway.authorizers import Authorize, UnauthorizedError
from tools.local.jwt_issuer import ALGORITHM, JwtIssuer

# What API Gateway says of a token. The first is documented ("Troubleshooting issues with HTTP API
# JWT authorizers"), the next three are as its users report them, the other two are unconfirmed.
_AUDIENCE: Final = "the token does not have a valid audience"
_EXPIRED: Final = "the token has expired"
_ISSUER: Final = "issuer does not match"
_FORM: Final = "token contains an invalid number of segments"
_SIGNATURE: Final = "the token does not have a valid signature"
_CLAIM: Final = "the token does not have a valid claim {}"

_REGISTRY: Final = JWTClaimsRegistry(exp={"essential": True})


def by_jwt(jwt_issuer: JwtIssuer) -> Authorize:
    """The authorizer that takes JWTs of this issuer."""

    def authorize(event: Mapping[str, Any]) -> dict[str, Any]:
        scheme, _, rest = event["headers"].get("authorization", "").strip().partition(" ")
        token = rest.strip() if scheme.lower() == "bearer" else scheme
        if not token:
            raise UnauthorizedError("there is no token")
        try:
            claims = jwt.decode(token, jwt_issuer.key, algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, TypeError):
            raise _invalid(_SIGNATURE if token.count(".") == 2 else _FORM) from None
        if wrong := _wrong(claims, jwt_issuer):
            raise _invalid(wrong)
        return {"jwt": {"claims": {name: _text(v) for name, v in claims.items()}, "scopes": None}}

    return authorize


def _invalid(description: str) -> UnauthorizedError:
    said = f'Bearer scope="" error="invalid_token" error_description="{description}"'
    return UnauthorizedError(description, said)


def _wrong(claims: Mapping[str, Any], jwt_issuer: JwtIssuer) -> str | None:
    """What is wrong with them, in the order that the documentation has."""
    if claims.get("iss") != jwt_issuer.url:
        return _ISSUER
    # API Gateway looks at client_id only where there is no aud.
    audience = claims.get("aud", claims.get("client_id"))
    if jwt_issuer.audience not in (audience if isinstance(audience, list) else [audience]):
        return _AUDIENCE
    try:
        _REGISTRY.validate(dict(claims))
    except ExpiredTokenError:
        return _EXPIRED
    except ClaimError as error:
        return _CLAIM.format(error.claim)
    return None


def _text(value: object) -> str:
    """API Gateway hands every claim on as text: a list becomes `[a b]`, an object `map[k:v]`."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case list():
            return f"[{' '.join(_text(part) for part in value)}]"
        case dict():
            return f"map[{' '.join(f'{k}:{_text(v)}' for k, v in sorted(value.items()))}]"
        case None:
            return "<nil>"
        case _:
            return str(value).removesuffix(".0")
