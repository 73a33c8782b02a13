"""Serves a WSGI application on a loopback port, in threads of this process, to its own user."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from socketserver import BaseServer
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request

from tools.local.web.response import message
from tools.own_user import Address, may_ask

LOOPBACK = "127.0.0.1"
type Application = Callable[..., Any]


class _QuietHandler(WSGIRequestHandler):
    """Werkzeug's own request log has paths with their queries, which may hold a login."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: the gateway logs its requests itself."""


def opened(port: int = 0) -> socket.socket:
    """A listening socket; 0 picks a free port.

    Its port is known before there is an application, which may have to know it.

    Raises:
        OSError: the port is taken or not allowed.
    """
    return socket.create_server((LOOPBACK, port))


def url_of(listening: socket.socket, scheme: str = "http") -> str:
    """The address that clients use."""
    return f"{scheme}://{LOOPBACK}:{listening.getsockname()[1]}"


@contextmanager
def serving(application: Application) -> Iterator[str]:
    """Serve on a free port until the block ends; yields the address."""
    with opened() as listening, served(application, listening):
        yield url_of(listening)


@contextmanager
def served(
    application: Application, listening: socket.socket, tls: ssl.SSLContext | None = None
) -> Iterator[None]:
    """Serve on `listening` until the block ends; the socket stays the caller's to close."""
    own = listening.getsockname()
    server = make_server(
        own[0],
        own[1],
        _guarded(application, own),
        threaded=True,
        request_handler=_QuietHandler,
        ssl_context=tls,
        fd=listening.fileno(),
    )
    with in_thread(server):
        yield


@contextmanager
def in_thread(server: BaseServer) -> Iterator[None]:
    """Serve in a thread of its own until the block ends."""
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


def _guarded(application: Application, own: Address) -> Application:
    """The application for requests that may come to this address; others get 403, like API
    Gateway's."""

    def guard(environ: dict[str, Any], start_response: Any) -> Any:
        request, peer = Request(environ), (environ["REMOTE_ADDR"], int(environ["REMOTE_PORT"]))
        comes = may_ask(request.headers.get, request.scheme, peer, own)
        return (application if comes else message(403, "Forbidden"))(environ, start_response)

    return guard
