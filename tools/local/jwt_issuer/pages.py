"""The local JWT issuer's pages: its discovery document, its keys, and JWTs for the asking."""

from collections.abc import Callable
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from tools.local.gateway.response import json_response
from tools.local.jwt_issuer import signing
from tools.local.jwt_issuer.signing import PATH, JwtIssuer, registered


def pages(jwt_issuer: JwtIssuer) -> dict[str, Callable[[Request], Response]]:
    """The pages by route key. `GET /issuer/token?sub=…` answers a signed JWT as plain text, without
    a line break, so that it can be stored as it is; further query parameters become claims."""

    def token(request: Request) -> Response:
        claims = request.args.to_dict()
        subject = claims.pop("sub", "")
        if not subject:
            raise NotFound
        response = Response(signing.sign(jwt_issuer, claims | registered(jwt_issuer, subject)))
        response.headers["cache-control"] = "no-store"
        return response

    def document(content: Callable[[JwtIssuer], Any]) -> Callable[[Request], Response]:
        return lambda _: json_response(content(jwt_issuer))

    return {
        f"GET {PATH}/.well-known/openid-configuration": document(signing.discovery),
        f"GET {PATH}/.well-known/jwks.json": document(signing.jwks),
        f"GET {PATH}/token": token,
    }
