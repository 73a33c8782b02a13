"""HTTP to the function: what the deployed HTTP API does, for a client on this machine.

Left out is the one thing that needs AWS: `POST /token` takes every caller for an IAM one,
without looking at a signature. So whoever serves this guards it (`tools/local/web/server.py`).
"""

import logging
import time
from collections.abc import Mapping

from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from tools.environment import Answer, EmulationError
from tools.local.gateway.authorizers import Authorize, ForbiddenError, UnauthorizedError
from tools.local.gateway.event import CALLER, event_of
from tools.local.sharing import Invoke, OverloadedError
from tools.local.template import routes
from tools.local.web.response import Page, json_response, message
from tools.local.web.server import Application

LIMIT_BYTES = 10 * 1024 * 1024

log = logging.getLogger(__name__)


def http_api(
    invoke: Invoke, users: Authorize, more_pages: Mapping[str, Page] | None = None
) -> Application:
    """The WSGI application with the template's routes; `users` is the authorizer of those that IAM
    does not protect, and `more_pages` are by route key."""
    pages = dict(more_pages or {})
    for route_key, authorized_by in routes().items():
        authorize = (lambda _: {"iam": CALLER}) if authorized_by == "AWS_IAM" else users
        pages[route_key] = _door(route_key, authorize, invoke)
    rules = []
    for route_key in pages:
        method, _, path = route_key.partition(" ")
        rules.append(Rule(path, endpoint=route_key, methods=[method]))
    by_path = Map(rules, strict_slashes=True, merge_slashes=False, redirect_defaults=False)

    @Request.application
    def application(request: Request) -> Response:
        began = time.perf_counter()
        request.max_content_length = LIMIT_BYTES
        route_key, said = "(no route)", ""
        try:
            route_key, _ = by_path.bind_to_environ(request.environ).match()
            response = pages[route_key](request)
        except Exception as error:  # noqa: BLE001 - the outermost edge
            response, reason = _refusal(error)
            said = f": {reason}"
        milliseconds = (time.perf_counter() - began) * 1000
        # Never the path or the query as they came: a client may put anything there.
        log.info("%s: %d in %.0f ms%s", route_key, response.status_code, milliseconds, said)
        return response

    return application


def _door(route_key: str, authorize: Authorize, invoke: Invoke) -> Page:
    def page(request: Request) -> Response:
        event = event_of(request, route_key)
        context = event["requestContext"]
        context["authorizer"] = authorize(event)
        response = _response(invoke(event, event["headers"]["x-amzn-trace-id"]))
        response.headers["apigw-requestid"] = context["requestId"]
        return response

    return page


def _response(answer: Answer) -> Response:
    """What the function answered; without a `statusCode` it is the body itself. Cookies, repeated
    headers and binary bodies are left out: the function has none of them.

    Raises:
        EmulationError: it failed, or its answer has not the form of a response.
    """
    if answer.error_type is not None:
        raise EmulationError(f"the function failed with {answer.error_type}")
    if not isinstance(answer.payload, dict) or "statusCode" not in answer.payload:
        return json_response(answer.payload)
    match answer.payload:
        case {"statusCode": int(status), "headers": dict(headers), "body": str(body), **rest}:
            are_text = all(isinstance(value, str) for value in headers.values())
            if 100 <= status <= 599 and are_text and not rest.get("isBase64Encoded"):
                return Response(body, status, headers)
    raise EmulationError("statusCode, headers or body have the wrong form")


def _refusal(error: Exception) -> tuple[Response, str]:
    """What API Gateway says when there is no answer of the function to pass on, and why there was
    none, for whoever runs this."""
    match error:
        case UnauthorizedError():
            response = message(401, "Unauthorized")
            response.headers["www-authenticate"] = error.challenge
            return response, str(error)
        case ForbiddenError():
            return message(403, "Forbidden"), str(error)
        case BadRequest():
            return message(403, "Forbidden"), error.name
        case RequestEntityTooLarge():
            return message(413, "Request Entity Too Large"), error.name
        case HTTPException():
            return message(404, "Not Found"), error.name
        case OverloadedError():
            return message(503, "Service Unavailable"), str(error)
        case EmulationError():
            return message(500, "Internal Server Error"), str(error)
    log.error("the gateway failed", exc_info=error)
    return message(500, "Internal Server Error"), type(error).__name__
