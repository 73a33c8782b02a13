"""What the JWT authorizer of an HTTP API does with a request's `Authorization` header.

Source: "Control access to HTTP APIs with JWT authorizers" of API Gateway's documentation.
"""

from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from tools.local.gateway.authorizers import Authorize, UnauthorizedError
from tools.local.jwt_issuer.signing import ALGORITHM, JwtIssuer


def by_jwt(jwt_issuer: JwtIssuer) -> Authorize:
    """The authorizer that takes JWTs of this issuer."""
    registry = JWTClaimsRegistry(
        iss={"essential": True, "value": jwt_issuer.url}, exp={"essential": True}
    )

    def authorize(event: Mapping[str, Any]) -> dict[str, Any]:
        scheme, _, rest = event["headers"].get("authorization", "").strip().partition(" ")
        token = rest.strip() if scheme.lower() == "bearer" else scheme
        try:
            claims = jwt.decode(token, jwt_issuer.key, algorithms=[ALGORITHM]).claims
            registry.validate(claims)
        except (JoseError, ValueError, TypeError) as error:
            raise UnauthorizedError(type(error).__name__) from None
        # API Gateway looks at client_id only where there is no aud.
        audience = claims.get("aud", claims.get("client_id"))
        if jwt_issuer.audience not in (audience if isinstance(audience, list) else [audience]):
            raise UnauthorizedError("audience")
        return {"jwt": {"claims": {name: _text(v) for name, v in claims.items()}, "scopes": None}}

    return authorize


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
