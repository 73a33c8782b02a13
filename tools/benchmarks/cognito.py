"""A Cognito that costs next to nothing, to measure beside: it has one answer to one request. With
the embedded one a call takes six milliseconds more of these cores: connection and signature."""

import json
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import trustme

from tools import ROOT
from tools.local.cognito.tokens import issued
from tools.local.template import function
from tools.local.web.server import LOOPBACK, in_thread

API_EVENT: Final[dict[str, Any]] = json.loads((ROOT / "events" / "http-api.json").read_text())
ARGUMENTS: Final[dict[str, Any]] = json.loads(API_EVENT["body"])
_POOL: Final[str] = ARGUMENTS["identity_pool_id"]
_IDENTITY: Final = _POOL.replace("1", "6")
_PROVIDER: Final = next(iter(ARGUMENTS["logins"]))
_ASKED: Final = [ARGUMENTS[name] for name in ("logins", "principal_tags", "token_duration")]
TOKEN: Final = issued(_POOL, _IDENTITY, *_ASKED)
_BODY: Final = json.dumps({"IdentityId": _IDENTITY, "Token": TOKEN})
_ANSWER: Final = (
    "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\n"
    "x-amzn-RequestId: 00000000-0000-4000-8000-000000000000\r\n"
    f"Content-Length: {len(_BODY)}\r\n\r\n{_BODY}"
).encode()
# There and back: of one of cities not far apart, and what a network within a region stays below.
_ROUND_TRIP_SECONDS: Final = 0.001


@contextmanager
def running(authority: trustme.CA) -> Iterator[dict[str, str]]:
    """Serve with a certificate of `authority`'s until the block ends; yields the environment of
    every candidate, which takes from it what it knows."""
    deployed = function(IdentityPoolId=_POOL, DeveloperProviderName=_PROVIDER)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(LOOPBACK).configure_cert(context)
    with _Server((LOOPBACK, 0), _Handler) as server:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        with in_thread(server):
            yield {
                **deployed.variables,
                "AWS_ENDPOINT_URL_COGNITO_IDENTITY": f"https://{LOOPBACK}:{server.server_port}",
                "POWERTOOLS_METRICS_NAMESPACE": "OpenIdTokenIssuer",
                "POWERTOOLS_TRACER_CAPTURE_ERROR": "false",
                "POWERTOOLS_TRACER_CAPTURE_RESPONSE": "false",
            }


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that went away or did not trust us: it says so itself."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self) -> None:
        """Shake hands for TLS, and make up for TCP, for which the kernel did so at once."""
        time.sleep(2 * _ROUND_TRIP_SECONDS)
        self.request.do_handshake()
        super().setup()

    def do_POST(self) -> None:
        """Give the answer, as one part."""
        self.rfile.read(int(self.headers["Content-Length"]))
        time.sleep(_ROUND_TRIP_SECONDS)
        self.wfile.write(_ANSWER)
