"""Who may talk to a port that a local tool opens: the user who runs it, and no web page, neither
one of another origin nor one that has got a name for this address."""

from collections.abc import Callable
from typing import Any

from werkzeug.sansio.utils import host_is_trusted
from werkzeug.wrappers import Request, Response

from tools.own_user import is_ours

HOSTS = ("127.0.0.1", "localhost")

type Application = Callable[..., Any]


def guarded(application: Application, own_port: int) -> Application:
    """The WSGI application for requests that may come; others are answered with 403, like API
    Gateway's."""

    def guard(environ: dict[str, Any], start_response: Any) -> Any:
        if _may_come(Request(environ), own_port):
            return application(environ, start_response)
        forbidden = Response('{"message":"Forbidden"}', 403, content_type="application/json")
        return forbidden(environ, start_response)

    return guard


def _may_come(request: Request, own_port: int) -> bool:
    if not host_is_trusted(request.headers.get("Host"), HOSTS):
        return False
    own = f"{request.scheme}://{request.headers['Host']}"
    site = request.headers.get("Sec-Fetch-Site")
    if request.headers.get("Origin", own) != own or site in {"cross-site", "same-site"}:
        return False
    return is_ours(int(request.environ["REMOTE_PORT"]), own_port)
