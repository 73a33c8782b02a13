"""MiniStack with a guard before its port and its functions': by itself it resets itself for
anybody, and takes `test` and every account's number for a root. Run by the Python that has it."""

import os
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

from ministack import app as ministack  # type: ignore[import-not-found]
from ministack.core import iam_evaluator  # type: ignore[import-not-found]

from tools.own_user import may_ask

_app, _parse_request = ministack.app, BaseHTTPRequestHandler.parse_request


async def _guarded(scope: dict[str, Any], receive: object, send: Callable[..., Any]) -> None:
    """The ASGI application, for requests that may come."""
    headers = {name.decode(): value.decode("latin-1") for name, value in scope.get("headers", ())}
    if scope["type"] == "lifespan" or may_ask(
        headers.get, scope["scheme"], scope["client"], scope["server"]
    ):
        await _app(scope, receive, send)
    elif scope["type"] == "http":
        await send({"type": "http.response.start", "status": 403, "headers": []})
        await send({"type": "http.response.body"})
    else:
        await send({"type": "websocket.close"})


def _guarded_request(self: BaseHTTPRequestHandler) -> bool:
    """Of the Runtime API that a function asks for its events."""
    if not _parse_request(self):
        return False
    own = self.connection.getsockname()
    comes = may_ask(self.headers.get, "http", self.client_address, own)
    if not comes:
        self.send_error(403)
    return comes


ministack.app = _guarded
# The empty one is nobody's.
iam_evaluator.is_root_access_key = lambda key: key in {"", None, os.environ["AWS_ACCESS_KEY_ID"]}
BaseHTTPRequestHandler.parse_request = _guarded_request  # type: ignore[method-assign]

if __name__ == "__main__":
    ministack.main()
