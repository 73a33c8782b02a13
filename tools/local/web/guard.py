"""Lets those through to an application who may talk to it."""

from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Request, Response

from tools.own_user import Address, may_ask

type Application = Callable[..., Any]


def guarded(application: Application, own: Address) -> Application:
    """The WSGI application at the address `own` for requests that may come; others are answered
    with 403, like API Gateway's."""

    def guard(environ: dict[str, Any], start_response: Any) -> Any:
        request, peer = Request(environ), (environ["REMOTE_ADDR"], int(environ["REMOTE_PORT"]))
        if may_ask(request.headers.get, request.scheme, peer, own):
            return application(environ, start_response)
        forbidden = Response('{"message":"Forbidden"}', 403, content_type="application/json")
        return forbidden(environ, start_response)

    return guard
