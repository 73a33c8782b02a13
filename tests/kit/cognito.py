"""Cognito, played: the one that every test has. What it does with a call is an `Act`.

It is asked in this process, by a client of botocore's whose requests are answered before they are
sent, or over a socket, by whoever knows its address. There it keeps connections open, as Cognito
does.
"""

import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.retries.quota import RetryQuota
from botocore.retries.standard import ExponentialBackoff
from mypy_boto3_cognito_identity import CognitoIdentityClient

from openid_token.client import create_client
from tests.kit.acts import ISSUE, Act, Call, HangUpError, Reply, SentError, issues
from tests.kit.builders import Json
from tools.local.web.server import in_thread, url_of


@dataclass
class Cognito:
    """Does what `act` says; `calls` is what it was asked, `connections` are those that were made to
    it, and `dropped` is how often its client gave up those that it had."""

    act: Act = issues
    calls: list[Call] = field(default_factory=list)
    connections: list[socket.socket] = field(default_factory=list)
    dropped: int = 0
    healed: threading.Event = field(default_factory=threading.Event)

    def asked(self, operation: str = ISSUE) -> list[Json]:
        """What was asked of one operation, in order."""
        return [call.given for call in self.calls if call.operation == operation]

    def answer(self, call: Call) -> Reply:
        """Note the call, and act."""
        self.calls.append(call)
        return self.act(call)

    def heal(self) -> None:
        """Behave from now on, and end what still hangs or trickles."""
        self.act = issues
        self.healed.set()
        self.healed = threading.Event()

    def client(self) -> CognitoIdentityClient:
        """A client that asks here: what it signs, parses and tries again is botocore's doing."""
        client: Any = create_client("eu-central-1")
        client.meta.events.register("before-send.cognito-identity", self._before_send)
        client._endpoint.http_session.close = self._drop
        found: CognitoIdentityClient = client
        return found

    def _before_send(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        sent: Any = request.headers
        headers = {n: t.decode() if isinstance(t, bytes) else t for n, t in sent.items()}
        reply = self.answer(_call(headers, request.body or b""))
        raw: Any = SimpleNamespace(stream=lambda **_: iter([reply.body]))
        named = HTTPHeaders.from_dict(dict(reply.headers))
        return AWSResponse(request.url, reply.status, named, raw)

    def _drop(self) -> None:
        self.dropped += 1


def retrying_at_once(patch: pytest.MonkeyPatch) -> None:
    """No client waits between two attempts, and one that many tests have never runs out of them."""
    patch.setattr(ExponentialBackoff, "delay_amount", lambda *_: 0)
    patch.setattr(RetryQuota, "acquire", lambda *_: True)


def _call(headers: Mapping[str, str], body: Any, **more: Any) -> Call:
    operation = headers.get("X-Amz-Target", "").rpartition(".")[2]
    return Call(operation, json.loads(body or "{}"), headers, **more)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "_Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        cognito = self.server.cognito
        more = {"wire": self.connection, "healed": cognito.healed}
        try:
            reply = cognito.answer(_call(self.headers, body, **more))  # type: ignore[arg-type]
            self.send_response_only(reply.status)
            for name, text in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(reply.body)
        except SentError:
            pass
        except (HangUpError, ConnectionError):
            self.close_connection = True

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Nothing: the test has the calls."""


class _Server(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, cognito: Cognito, listening: socket.socket) -> None:
        super().__init__(listening.getsockname(), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket, self.cognito = listening, cognito

    def get_request(self) -> Any:
        """Accept a connection, and note it."""
        connection, address = super().get_request()
        self.cognito.connections.append(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """Close without announcing it: a reset that follows an announced end is none."""
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that gives up is what is expected here."""


@contextmanager
def serving(
    cognito: Cognito, listening: socket.socket, tls: ssl.SSLContext | None = None
) -> Iterator[None]:
    """Serve until the block ends; the socket stays the caller's to close."""
    own = listening.dup()
    server = _Server(cognito, tls.wrap_socket(own, server_side=True) if tls else own)
    with server, in_thread(server):
        try:
            yield
        finally:
            cognito.heal()


@contextmanager
def served(cognito: Cognito, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Serve on a free port; the block gets the URL."""
    with bound() as listening:
        listening.listen()
        with serving(cognito, listening, tls):
            yield url_of(listening)


def bound() -> socket.socket:
    """A port of our own that refuses connections until the socket listens."""
    one = socket.socket()
    one.bind(("127.0.0.1", 0))
    return one
