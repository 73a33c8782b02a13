"""Cross-origin answers, as an HTTP API's `CorsConfiguration` gives them.

API Gateway answers preflights itself, for every path, and puts its own headers in the place
of the function's.
"""

from collections.abc import Collection

from werkzeug.wrappers import Request, Response

METHODS = "POST,OPTIONS"
HEADERS = "authorization,content-type"
MAX_AGE_SECONDS = 3600
_PREFIX = "access-control-"


def is_preflight(request: Request, origins: Collection[str]) -> bool:
    """Whether API Gateway answers this request itself."""
    asks = "Origin" in request.headers and "Access-Control-Request-Method" in request.headers
    return bool(origins) and request.method == "OPTIONS" and asks


def preflight(request: Request, origins: Collection[str]) -> Response:
    """The answer to a preflight; without a word about access for an origin that has none."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    if request.headers["Origin"] in origins:
        response.headers["access-control-allow-origin"] = request.headers["Origin"]
        response.headers["access-control-allow-methods"] = METHODS
        response.headers["access-control-allow-headers"] = HEADERS
        response.headers["access-control-max-age"] = str(MAX_AGE_SECONDS)
    return response


def allow(request: Request, response: Response, origins: Collection[str]) -> None:
    """Put API Gateway's headers in place of the function's, where origins are configured."""
    if not origins:
        return
    for name in [name for name, _ in response.headers if name.lower().startswith(_PREFIX)]:
        response.headers.remove(name)
    if request.headers.get("Origin") in origins:
        response.headers["access-control-allow-origin"] = request.headers["Origin"]
