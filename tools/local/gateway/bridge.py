"""HTTP to the function: what the deployed HTTP API does, for a client on this machine.

Left out is the one thing that needs AWS: `POST /token` takes every caller for an IAM one,
without looking at a signature. So a web page from elsewhere must not reach this: neither through
a name of its own nor, as any page may send a request anywhere, as a foreign origin.
"""

import logging
import secrets
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from tools.local.gateway import jwt_authorizer
from tools.local.gateway.event import CALLER, event_of
from tools.local.gateway.jwt_authorizer import UnauthorizedError
from tools.local.gateway.response import MalformedAnswerError, message, response_of
from tools.local.jwt_issuer import pages as issuer_pages
from tools.local.jwt_issuer.signing import JwtIssuer
from tools.local.runtime.emulator import new_trace_id
from tools.local.runtime.environment import EmulationError
from tools.local.runtime.sharing import Invoke, OverloadedError

LIMIT_BYTES = 10 * 1024 * 1024
BACKENDS_ROUTE = "POST /token"
USERS_ROUTES = ("POST /me/token", "GET /me/credentials")
HOSTS = ("127.0.0.1", "localhost")

type Application = Callable[..., Any]
type Page = Callable[[Request], Response]
type _Authorize = Callable[[Request], dict[str, Any]]

log = logging.getLogger(__name__)


def bridge(
    invoke: Invoke, jwt_issuer: JwtIssuer, more_pages: Mapping[str, Page] | None = None
) -> Application:
    """The WSGI application, with the pages of the `jwt_issuer`, whose JWTs the users' doors take;
    `more_pages` are by route key."""

    def by_jwt(request: Request) -> dict[str, Any]:
        return jwt_authorizer.authorized(jwt_issuer, request.headers.get("Authorization"))

    pages = {key: _door(key, by_jwt, invoke) for key in USERS_ROUTES}
    pages[BACKENDS_ROUTE] = _door(BACKENDS_ROUTE, lambda _: {"iam": CALLER}, invoke)
    pages |= issuer_pages.pages(jwt_issuer) | dict(more_pages or {})
    routes = _routes(pages)

    @Request.application
    def application(request: Request) -> Response:
        began = time.perf_counter()
        route_key, response = _respond(request, routes, pages)
        milliseconds = (time.perf_counter() - began) * 1000
        # Never the path or the query as they came: a client may put anything there.
        log.info("%s: %d in %.0f ms", route_key, response.status_code, milliseconds)
        return response

    return application


def _door(route_key: str, authorize: _Authorize, invoke: Invoke) -> Page:
    def page(request: Request) -> Response:
        trace_id = request.headers.get("X-Amzn-Trace-Id") or new_trace_id()
        request_id = f"{secrets.token_urlsafe(11)}="
        event = event_of(
            request,
            route_key,
            authorize(request),
            request_id=request_id,
            trace_id=trace_id,
            now=datetime.now(UTC),
        )
        response = response_of(invoke(event, trace_id))
        response.headers["apigw-requestid"] = request_id
        return response

    return page


def _routes(route_keys: Collection[str]) -> Map:
    rules = []
    for route_key in route_keys:
        method, _, path = route_key.partition(" ")
        rules.append(Rule(path, endpoint=route_key, methods=[method]))
    return Map(rules, strict_slashes=True, merge_slashes=False, redirect_defaults=False)


def _respond(request: Request, routes: Map, pages: dict[str, Page]) -> tuple[str, Response]:
    request.trusted_hosts = list(HOSTS)
    request.max_content_length = LIMIT_BYTES
    route_key = "(no route)"
    try:
        if not request.host or _is_of_elsewhere(request):
            return route_key, message(403, "Forbidden")
        route_key, _ = routes.bind_to_environ(request.environ).match()
        return route_key, pages[route_key](request)
    except Exception as error:  # noqa: BLE001 - the outermost edge
        return route_key, _refusal(route_key, error)


def _is_of_elsewhere(request: Request) -> bool:
    """Whether a browser sends it for a page that is not one of ours."""
    origin = request.headers.get("Origin", request.host_url.rstrip("/"))
    site = request.headers.get("Sec-Fetch-Site")
    return origin != request.host_url.rstrip("/") or site in {"cross-site", "same-site"}


def _refusal(route_key: str, error: Exception) -> Response:
    """What API Gateway says when there is no answer of the function to pass on."""
    match error:
        case UnauthorizedError():
            response = message(401, "Unauthorized")
            response.headers["www-authenticate"] = "Bearer"
            return response
        case BadRequest():
            return message(403, "Forbidden")
        case RequestEntityTooLarge():
            return message(413, "Request Entity Too Large")
        case HTTPException():
            return message(404, "Not Found")
        case OverloadedError():
            return message(503, "Service Unavailable")
        case EmulationError() | MalformedAnswerError():
            log.error("%s: %s", route_key, error)
        case _:
            log.error("%s: the bridge failed", route_key, exc_info=error)
    return message(500, "Internal Server Error")
