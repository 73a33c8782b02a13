"""Cognito, played well or badly: the one that every test has.

What it does with a call is an `Act`. It is asked in this process, by a client of botocore's whose
requests are answered before they are sent, or over a socket, by whoever knows its address. There it
keeps connections open, as Cognito does, and an act may do what no response can say.
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
from types import SimpleNamespace
from typing import Any, Final

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from mypy_boto3_cognito_identity import CognitoIdentityClient

from openid_token.client import create_client
from tests.kit.builders import IDENTITY, LOGIN, POOL, PROVIDER, Json, token
from tools.local.web.server import in_thread

ISSUE: Final = "GetOpenIdTokenForDeveloperIdentity"
EXCHANGE: Final = "GetCredentialsForIdentity"
CREDENTIALS: Final[Json] = {
    "AccessKeyId": "ASIAEXAMPLE000000002",
    "SecretKey": "canary-9e31/secret+key",
    "SessionToken": "canary-c0de/session+token==",
    "Expiration": 1_795_696_592,
}
_TRICKLE_SECONDS: Final = 0.5
_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Reply:
    """One HTTP response."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, content: object, status: int = 200, **headers: str) -> "Reply":
        """A JSON response; header names are given with underscores."""
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        kind = {"Content-Type": "application/x-amz-json-1.1"}
        return cls(status, json.dumps(content).encode(), kind | named)


@dataclass(frozen=True)
class Call:
    """What was asked. Over a socket `wire` is the connection's own, and `healed` is set once the
    fault is over."""

    operation: str
    given: Json
    headers: Mapping[str, str]
    wire: Any = None
    healed: threading.Event = field(default_factory=threading.Event)


type Act = Callable[[Call], Reply]


def identity_of(logins: Mapping[str, str]) -> str:
    """The identity that these logins get; the samples' user has the samples' identity."""
    if logins == {PROVIDER: LOGIN}:
        return IDENTITY
    return f"eu-central-1:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(logins, sort_keys=True))}"


def token_of(logins: Mapping[str, str], pool: str = POOL) -> str:
    """The token that is issued for these logins."""
    return token(sub=identity_of(logins), aud=pool)


def serves(end: str = "", /, **credentials: object) -> Act:
    """Do as Cognito does when all is well: tokens have this `end`, and only such a token is
    exchanged, for `CREDENTIALS` but for these changes; `...` leaves one out."""
    given = {name: part for name, part in (CREDENTIALS | credentials).items() if part is not ...}
    issued: dict[str, str] = {}

    def act(call: Call) -> Reply:
        if call.operation == ISSUE:
            identity = identity_of(call.given["Logins"])
            issued[identity] = token_of(call.given["Logins"], call.given["IdentityPoolId"]) + end
            return Reply.json({"IdentityId": identity, "Token": issued[identity]})
        identity, logins = call.given["IdentityId"], call.given["Logins"]
        if logins != {"cognito-identity.amazonaws.com": issued.get(identity)}:
            return refuses("NotAuthorizedException")(call)
        return Reply.json({"IdentityId": identity, "Credentials": given})

    return act


issues: Final = serves()


def refuses(name: str, message: str = "as the test asked", status: int = 400) -> Act:
    """Answer with an error in the form of AWS JSON 1.1."""
    return answers(Reply.json({"__type": name, "message": message}, status))


def answers(*replies: Reply | Exception) -> Act:
    """Each of these in turn, and the last from then on. An exception is the transport's."""
    left = list(replies)

    def act(_: Call) -> Reply:
        reply = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(reply, Exception):
            raise reply
        return reply

    return act


def in_turn(*acts: Act) -> Act:
    """Each of these for one token, then what Cognito does; every token can be exchanged."""
    left = list(acts)
    return lambda call: (left.pop(0) if left and call.operation == ISSUE else issues)(call)


def at_first(times: int, act: Act) -> Act:
    """`act` for as many attempts of each call, and what Cognito does for the rest."""

    def either(call: Call) -> Reply:
        [attempt] = re.findall(r"attempt=(\d+)", call.headers["amz-sdk-request"])
        return (act if int(attempt) <= times else issues)(call)

    return either


def at_exchange(act: Act, before: Act = issues) -> Act:
    """`act` where the token is exchanged, and `before` where it is issued."""
    return lambda call: (act if call.operation == EXCHANGE else before)(call)


class HangUpError(Exception):
    """Nothing more is sent, and the connection is closed."""


class SentError(Exception):
    """All has been sent already, and the connection is kept."""


def resets(call: Call) -> Reply:
    """Reset the connection."""
    call.wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    raise HangUpError


def never_answers(call: Call) -> Reply:
    """Say nothing for as long as the fault lasts."""
    call.healed.wait()
    raise HangUpError


def says(part: bytes, *, of_good: int = 0, each: int = 0) -> Act:
    """Send `part`, then so many bytes of the good answer's body, in pieces of `each` with a pause
    shorter than a read may take; then hang up."""

    def act(call: Call) -> Reply:
        call.wire.sendall(part)
        body = issues(call).body[:of_good] if of_good else b""
        for start in range(0, len(body), each or len(body) or 1):
            call.wire.sendall(body[start : start + (each or len(body))])
            if each:
                call.healed.wait(_TRICKLE_SECONDS)
        raise HangUpError

    return act


def trickles_headers(call: Call) -> Reply:
    """Send one header after the other, and never the last."""
    call.wire.sendall(b"HTTP/1.1 200 OK\r\n")
    while not call.healed.wait(_TRICKLE_SECONDS):
        call.wire.sendall(b"X-More: to come\r\n")
    raise HangUpError


# What http.client reads at once: bytes behind it stay where TLS has decrypted them.
_AT_ONCE: Final = 8192


def answers_twice(*, in_one_record: bool) -> Act:
    """Send the answer, and right behind it one that nobody asked for: another user's."""
    last = b""

    def twice(call: Call) -> Reply:
        nonlocal last
        body = issues(call).body
        own, surplus = _raw(body), _raw(last or body)
        padded = _raw(body, b"x" * (_AT_ONCE - len(own)))
        for part in (padded + surplus,) if in_one_record else (padded, surplus):
            call.wire.sendall(part)
        last = body
        raise SentError

    return twice


def _raw(body: bytes, pad: bytes = b"") -> bytes:
    head = b"HTTP/1.1 200 OK\r\nX-Pad: %b\r\nContent-Length: %d\r\n\r\n%b"
    return head % (pad, len(body), body)


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

    def client(self, region: str = "eu-central-1") -> CognitoIdentityClient:
        """A client that asks here: what it signs, parses and tries again is botocore's doing."""
        client: Any = create_client(region)
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


def url_of(bound: socket.socket) -> str:
    """Its address."""
    return f"http://127.0.0.1:{bound.getsockname()[1]}"
