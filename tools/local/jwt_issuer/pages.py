"""The embedded issuer's pages: its discovery document, its keys, and tokens for the asking."""

from collections.abc import Callable
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from tools.local.gateway.response import json_response
from tools.local.jwt_issuer import signing as issuer
from tools.local.jwt_issuer.signing import Issuer

PREFIX = "/issuer"


def pages(known: Issuer) -> dict[str, Callable[[Request], Response]]:
    """The pages by route key. `GET /issuer/token?sub=…` answers a signed JWT as plain text;
    further query parameters become claims."""

    def token(request: Request) -> Response:
        claims = request.args.to_dict()
        subject = claims.pop("sub", "")
        if not subject:
            raise NotFound
        return _uncached(Response(f"{issuer.signed(known, subject, claims)}\n"))

    def document(content: Callable[[Issuer], Any]) -> Callable[[Request], Response]:
        return lambda _: json_response(content(known))

    return {
        f"GET {PREFIX}/.well-known/openid-configuration": document(issuer.discovery),
        f"GET {PREFIX}/.well-known/jwks.json": document(issuer.jwks),
        f"GET {PREFIX}/token": token,
    }


def _uncached(response: Response) -> Response:
    response.headers["cache-control"] = "no-store"
    return response
