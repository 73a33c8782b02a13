"""An HTTP endpoint in Cognito's place that does what a test asks of it, well or badly.

Werkzeug serves it. What no application can do (reset a connection, cut an answer short) it does
to werkzeug's own socket.
"""

import base64
import json
import socket
import ssl
import struct
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Request, Response

type Act = Callable[[Request], Response]

EXCHANGE: Final = "GetCredentialsForIdentity"
CREDENTIALS: Final[Mapping[str, Any]] = {
    "AccessKeyId": "ASIAPLAYEDBYTHETEST1",
    "SecretKey": "secret-key-of-the-played-cognito",
    "SessionToken": "session-token-of-the-played-cognito",
    "Expiration": 1795385700,
}
_TYPE: Final = "application/x-amz-json-1.1"
_TRICKLE_SECONDS: Final = 0.5
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


def jwt(mark: str, host: str = "cognito-identity.amazonaws.com") -> str:
    """A token in the form of Cognito's own, as far as anybody here reads it."""
    claims = json.dumps({"iss": f"https://{host}"}).encode()
    return f"eyJhbGciOiJSUzUxMiJ9.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.{mark}"


TOKEN: Final = jwt("the-token-of-the-played-cognito")


def identity_of(logins: Mapping[str, str]) -> str:
    """The identity that these logins always get."""
    name = json.dumps(logins, sort_keys=True)
    return f"eu-central-1:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def operation(request: Request) -> str:
    """What is asked for."""
    return request.headers["X-Amz-Target"].rpartition(".")[2]


def serves(token: str = TOKEN, credentials: Mapping[str, Any] = CREDENTIALS) -> Act:
    """Answer as Cognito does when all is well: `credentials` only for `token`."""

    def act(request: Request) -> Response:
        call = json.loads(request.get_data())
        if operation(request) != EXCHANGE:
            return _json(200, {"IdentityId": identity_of(call["Logins"]), "Token": token})
        if call["Logins"] != {"cognito-identity.amazonaws.com": token}:
            return error("NotAuthorizedException", "Invalid login token.")(request)
        return _json(200, {"IdentityId": call["IdentityId"], "Credentials": dict(credentials)})

    return act


issues: Final = serves()


def error(name: str, message: str = "as the test asked", status: int = 400) -> Act:
    """Answer with an error in the form of AWS JSON 1.1."""
    return lambda _: _json(status, {"__type": name, "message": message})


def answers(status: int, body: bytes, kind: str = _TYPE) -> Act:
    """Answer with these bytes."""
    return lambda _: Response(body, status, content_type=kind)


def at_first(times: int, act: Act, then: Act = issues) -> Act:
    """`act` for as many requests, and `then` for the rest."""
    left = iter(range(times))
    return lambda request: then(request) if next(left, None) is None else act(request)


def at_exchange(act: Act, before: Act = issues) -> Act:
    """`act` where the token is exchanged, and `before` where it is issued."""
    return lambda request: (act if operation(request) == EXCHANGE else before)(request)


def resets(request: Request) -> Response:
    """Reset the connection."""
    option = (socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    request.environ["werkzeug.socket"].setsockopt(*option)
    raise ConnectionAbortedError


def hangs_up(request: Request) -> Response:
    """Close the connection without a word."""
    raise ConnectionAbortedError


def speaks_another_protocol(request: Request) -> Response:
    """Answer with what is not HTTP."""
    request.environ["werkzeug.socket"].sendall(b"SSH-2.0-OpenSSH_9.9\r\n")
    raise ConnectionAbortedError


def cuts_off(request: Request) -> Response:
    """Announce more than the answer holds, and close."""
    whole = issues(request)
    return Response(iter([whole.get_data()[:-9]]), headers=whole.headers)


def _json(status: int, content: object) -> Response:
    return Response(json.dumps(content), status, content_type=_TYPE)


@dataclass
class Endpoint:
    """Answers each request as `act` says; `requests` is what came, headers included."""

    act: Act = issues
    requests: list[Request] = field(default_factory=list)
    _healed: threading.Event = field(default_factory=threading.Event)

    def answer(self, request: Request) -> Response:
        """Note the request, and act."""
        request.get_data()
        self.requests.append(request)
        return self.act(request)

    def heal(self) -> None:
        """Behave from now on, and end what still hangs or trickles."""
        self.act = issues
        self._healed.set()
        self._healed = threading.Event()

    def never_answers(self, _: Request) -> Response:
        """Say nothing for as long as the fault lasts."""
        self._healed.wait()
        raise ConnectionAbortedError

    def trickles(self, request: Request) -> Response:
        """Send the body byte by byte, each sooner than a read times out."""
        whole = issues(request)
        return Response(self._slowly(whole.get_data()), headers=whole.headers)

    def trickles_headers(self, request: Request) -> Response:
        """Send one header after the other, and never the last."""
        wire, healed = request.environ["werkzeug.socket"], self._healed
        wire.sendall(b"HTTP/1.1 200 OK\r\n")
        while not healed.wait(_TRICKLE_SECONDS):
            wire.sendall(b"X-More: to come\r\n")
        raise ConnectionAbortedError

    def _slowly(self, body: bytes) -> Iterator[bytes]:
        healed = self._healed
        for byte in body:
            healed.wait(_TRICKLE_SECONDS)
            yield bytes([byte])


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        """Hang up, which is what an act that raises `ConnectionAbortedError` asks for."""
        self.close_connection = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: the test has the requests."""


class _Server(ThreadedWSGIServer):
    daemon_threads = True

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
    host, port = listening.getsockname()
    fd = listening.fileno()
    server = _Server(
        host, port, Request.application(endpoint.answer), _Handler, ssl_context=tls, fd=fd
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        endpoint.heal()
        server.shutdown()
        thread.join()
        server.server_close()
