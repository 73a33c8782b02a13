"""The local JWT issuer's pages: its discovery document, its keys, and JWTs for the asking."""

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from tools.local.jwt_issuer.signing import ALGORITHM, PATH, JwtIssuer, by_backend, registered, sign
from tools.local.web.response import Page, json_response


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
