"""An HTTP endpoint in Cognito's place that does what a test asks of it, well or badly.

It keeps connections open, as Cognito does. For what can't be said in a response, `environ` has
"socket", the connection's own, and "healed", which is set once the endpoint is to behave.
"""

import json
import re
import socket
import ssl
import struct
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any, Final

from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from tests.builders import POOL, token
from tests.fakes import CREDENTIALS
from tools.local.gateway.server import in_thread

type Act = Callable[[Request], Response]

ISSUE: Final = "GetOpenIdTokenForDeveloperIdentity"
EXCHANGE: Final = "GetCredentialsForIdentity"
_TYPE: Final = "application/x-amz-json-1.1"
_TRICKLE_SECONDS: Final = 0.5
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


def operation(request: Request) -> str:
    """What is asked for."""
    return request.headers["X-Amz-Target"].rpartition(".")[2]


def identity_of(logins: Mapping[str, str]) -> str:
    """The identity that these logins get."""
    return f"eu-central-1:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(logins, sort_keys=True))}"


def token_of(logins: Mapping[str, str], pool: str = POOL) -> str:
    """The token that is issued for these logins."""
    return token(sub=identity_of(logins), aud=pool)


def serves(end: str = "", credentials: Mapping[str, Any] = CREDENTIALS) -> Act:
    """Answer as Cognito does when all is well, with tokens that have this `end`: `credentials` only
    for one of those."""
    issued: dict[str, str] = {}

    def act(request: Request) -> Response:
        call = json.loads(request.get_data())
        if operation(request) != EXCHANGE:
            identity = identity_of(call["Logins"])
            issued[identity] = token_of(call["Logins"], call["IdentityPoolId"]) + end
            return _json(200, {"IdentityId": identity, "Token": issued[identity]})
        if call["Logins"] != {"cognito-identity.amazonaws.com": issued.get(call["IdentityId"])}:
            return error("NotAuthorizedException", message="Invalid login token.")(request)
        return _json(200, {"IdentityId": call["IdentityId"], "Credentials": dict(credentials)})

    return act


issues: Final = serves()


def error(name: str, status: int = 400, message: str = "as the test asked") -> Act:
    """Answer with an error in the form of AWS JSON 1.1."""
    return lambda _: _json(status, {"__type": name, "message": message})


def answers(status: int, body: bytes, kind: str = _TYPE) -> Act:
    """Answer with these bytes."""
    return lambda _: Response(body, status, content_type=kind)


def at_first(times: int, act: Act) -> Act:
    """`act` for as many attempts of each call, and what Cognito does for the rest."""

    def either(request: Request) -> Response:
        attempt = re.match(r"attempt=(\d+)", request.headers["amz-sdk-request"])
        assert attempt
        return act(request) if int(attempt[1]) <= times else issues(request)

    return either


def at_exchange(act: Act, before: Act = issues) -> Act:
    """`act` where the token is exchanged, and `before` where it is issued."""
    return lambda request: (act if operation(request) == EXCHANGE else before)(request)


def resets(request: Request) -> Response:
    """Reset the connection."""
    option = (socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    request.environ["socket"].setsockopt(*option)
    raise ConnectionAbortedError


def hangs_up(request: Request) -> Response:
    """Close the connection without a word."""
    raise ConnectionAbortedError


def speaks_another_protocol(request: Request) -> Response:
    """Answer with what is not HTTP."""
    request.environ["socket"].sendall(b"SSH-2.0-OpenSSH_9.9\r\n")
    raise ConnectionAbortedError


def cuts_off(request: Request) -> Response:
    """Announce more than the answer holds, and close."""

    def some() -> Iterator[bytes]:
        yield whole.get_data()[:-9]
        raise ConnectionAbortedError

    whole = issues(request)
    return Response(some(), headers=whole.headers)


def never_answers(request: Request) -> Response:
    """Say nothing for as long as the fault lasts."""
    request.environ["healed"].wait()
    raise ConnectionAbortedError


def trickles(request: Request) -> Response:
    """Send the body byte by byte, each sooner than a read times out."""

    def slowly() -> Iterator[bytes]:
        for byte in whole.get_data():
            request.environ["healed"].wait(_TRICKLE_SECONDS)
            yield bytes([byte])

    whole = issues(request)
    return Response(slowly(), headers=whole.headers)


def trickles_headers(request: Request) -> Response:
    """Send one header after the other, and never the last."""
    wire = request.environ["socket"]
    wire.sendall(b"HTTP/1.1 200 OK\r\n")
    while not request.environ["healed"].wait(_TRICKLE_SECONDS):
        wire.sendall(b"X-More: to come\r\n")
    raise ConnectionAbortedError


class AnsweredError(Exception):
    """The act has sent its answer itself, and keeps the connection."""


# What http.client reads at once: bytes behind it stay where TLS has decrypted them.
_AT_ONCE: Final = 8192


def answers_twice(*, in_one_record: bool) -> Act:
    """Send the answer, and right behind it one that nobody asked for: another user's."""
    last = b""

    def twice(request: Request) -> Response:
        nonlocal last
        wire, body = request.environ["socket"], issues(request).get_data()
        own, surplus = _raw(body), _raw(last or body)
        padded = _raw(body, b"x" * (_AT_ONCE - len(own)))
        for part in (padded + surplus,) if in_one_record else (padded, surplus):
            wire.sendall(part)
        last = body
        raise AnsweredError

    return twice


def _raw(body: bytes, pad: bytes = b"") -> bytes:
    head = b"HTTP/1.1 200 OK\r\nX-Pad: %b\r\nContent-Length: %d\r\n\r\n%b"
    return head % (pad, len(body), body)


def _json(status: int, content: object) -> Response:
    return Response(json.dumps(content), status, content_type=_TYPE)


@dataclass
class Endpoint:
    """Answers each request as `act` says; `requests` is what came, headers included, and
    `connections` are those that were made, first to last."""

    act: Act = issues
    requests: list[Request] = field(default_factory=list)
    connections: list[socket.socket] = field(default_factory=list)
    healed: threading.Event = field(default_factory=threading.Event)

    def answer(self, request: Request) -> Response:
        """Note the request, and act."""
        request.get_data()
        self.requests.append(request)
        return self.act(request)

    def heal(self) -> None:
        """Behave from now on, and end what still hangs or trickles."""
        self.act = issues
        self.healed.set()
        self.healed = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "_Server"

    def do_POST(self) -> None:
        """Answer. An act that raises `ConnectionAbortedError` asks to hang up."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = Headers(list(self.headers.items()))
        made = EnvironBuilder(self.path, method=self.command, headers=headers, data=body)
        request = made.get_request()
        request.environ |= {"socket": self.connection, "healed": self.server.endpoint.healed}
        try:
            self._send(self.server.endpoint.answer(request))
        except AnsweredError:
            pass
        except ConnectionError:
            self.close_connection = True

    do_GET = do_POST  # noqa: N815

    def _send(self, response: Response) -> None:
        self.send_response_only(response.status_code)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        for part in response.iter_encoded():
            self.wfile.write(part)

    def log_message(self, *_: object) -> None:
        """Nothing: the test has the requests."""


class _Server(ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, endpoint: Endpoint, listening: socket.socket) -> None:
        super().__init__(listening.getsockname(), _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket, self.endpoint = listening, endpoint

    def get_request(self) -> Any:
        """Accept a connection, and note it."""
        connection, address = super().get_request()
        self.endpoint.connections.append(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """Close without announcing it: a reset that follows an announced end is none."""
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: a client that gives up is what is expected here."""


@contextmanager
def serving(
    endpoint: Endpoint, listening: socket.socket, tls: ssl.SSLContext | None = None
) -> Iterator[None]:
    """Serve until the block ends; the socket stays the caller's to close."""
    own = listening.dup()
    server = _Server(endpoint, tls.wrap_socket(own, server_side=True) if tls else own)
    with server, in_thread(server):
        try:
            yield
        finally:
            endpoint.heal()
