"""The process of the stub of Cognito. It serves until standard input ends, so that it can't outlive
whoever started it. Its first line on standard output is its address, its second, at the end, how
many tokens it issued."""

import json
import socket
import sys
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

import gevent  # type: ignore[import-untyped]
from gevent.pywsgi import WSGIServer  # type: ignore[import-untyped]

from tools.load.derived import identity_of, token_of

issued = count()


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """`GetOpenIdTokenForDeveloperIdentity`."""
    call = json.load(environ["wsgi.input"])
    logins, tags, duration = call["Logins"], call.get("PrincipalTags"), call.get("TokenDuration")
    answer = {"IdentityId": identity_of(logins), "Token": token_of(logins, tags, duration)}
    next(issued)
    start("200 OK", [("Content-Type", "application/x-amz-json-1.1")])
    return [json.dumps(answer).encode()]


if __name__ == "__main__":
    server = WSGIServer(("127.0.0.1", 0), application, log=None)
    server.start()
    # Its connections inherit it. An answer goes out in two parts: else the second one would wait
    # for the client's delayed acknowledgement of the first.
    server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    # On a thread of its own: it would keep the server from serving.
    gevent.get_hub().threadpool.spawn(sys.stdin.read).get()
    print(next(issued), flush=True)
