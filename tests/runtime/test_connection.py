"""The connection that the init phase opens, with real sockets: what it saves, and what it may cost.

The function runs in this process: loading its entry point is the init phase.
"""

import importlib
import json
import select
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import snapshot_restore_py
import trustme
from botocore.retries.standard import ExponentialBackoff

from openid_token.doors import Handler
from tests.builders import IDENTITY, TOKEN, arguments
from tests.doors import invoke
from tests.emitted import emitted

PATIENCE = 60  # seconds until a thread that does not end fails the test


class Cognito(ThreadingHTTPServer):
    """An endpoint that counts its connections and its requests."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.tls, self.requests = tls, 0
        self.url = f"http{'s' if tls else ''}://localhost:{self.server_port}"
        self.open: list[socket.socket] = []
        self.seen = threading.Semaphore(0)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """In a thread of the connection's own."""
        if self.tls:
            request = self.tls.wrap_socket(request, server_side=True)
        self.open.append(request)
        self.seen.release()
        with closing(request), suppress(OSError):
            super().finish_request(request, client_address)

    @property
    def connections(self) -> int:
        return len(self.open)

    def hang_up(self) -> None:
        """As a server does with a connection that was idle for too long."""
        for connection in self.open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Cognito

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests += 1
        body = json.dumps({"IdentityId": IDENTITY, "Token": TOKEN}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the test counts."""


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(params=["plain", "tls"])
def cognito(
    request: pytest.FixtureRequest, authority: trustme.CA, environment: Callable[[str], None]
) -> Iterator[Cognito]:
    tls = None
    if request.param == "tls":
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("localhost").configure_cert(tls)
    with Cognito(tls) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        environment(server.url)
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def environment(
    monkeypatch: pytest.MonkeyPatch, authority: trustme.CA, tmp_path: Path
) -> Callable[[str], None]:
    """Where the function finds Cognito, and whom it trusts."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "ca.pem"))
    return lambda url: monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY", url)


@pytest.fixture
def backoffs(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The retries, none of which is waited for."""
    made: list[object] = []

    def at_once(_: object, context: object) -> float:
        made.append(context)
        return 0

    monkeypatch.setattr(ExponentialBackoff, "delay_amount", at_once)
    return made


@contextmanager
def loaded() -> Iterator[tuple[Handler, Any]]:
    """The entry point after its init phase, and the client that it restores after a snapshot."""
    sys.modules.pop("openid_token.handler", None)
    before = set(threading.enumerate())
    handler: Handler = importlib.import_module("openid_token.handler").handler
    client = snapshot_restore_py.get_after_restore()[-1][1][0]
    with closing(client):
        yield handler, client
    for opening in set(threading.enumerate()) - before:
        if opening.name.endswith("(_connect)"):
            opening.join(PATIENCE)
            assert not opening.is_alive()


def restore() -> None:
    """What Lambda's runtime client does after restoring a snapshot."""
    function, given, named = snapshot_restore_py.get_after_restore()[-1]
    function(*given, **named)


def test_the_first_call_takes_the_connection_of_the_init_phase(cognito: Cognito) -> None:
    with loaded() as (handler, _):
        assert cognito.seen.acquire(timeout=PATIENCE)
        assert (cognito.connections, cognito.requests) == (1, 0)

        for calls in 1, 2:
            assert invoke(handler, arguments()).result
            assert (cognito.connections, cognito.requests) == (1, calls)


def test_after_a_restore_it_is_a_new_one(cognito: Cognito) -> None:
    with loaded() as (handler, _):
        assert cognito.seen.acquire(timeout=PATIENCE)
        restore()
        assert cognito.seen.acquire(timeout=PATIENCE)
        assert (cognito.connections, cognito.requests) == (2, 0)

        assert invoke(handler, arguments()).result
        assert (cognito.connections, cognito.requests) == (2, 1)


def test_one_that_was_closed_meanwhile_costs_no_attempt(
    cognito: Cognito, backoffs: list[object]
) -> None:
    with loaded() as (handler, client):
        assert cognito.seen.acquire(timeout=PATIENCE)
        url = client.meta.endpoint_url
        pool = client._endpoint.http_session._manager.connection_from_url(url)
        idle = pool.pool.queue[-1].sock
        cognito.hang_up()
        assert select.select([idle], [], [], PATIENCE)[0]

        assert invoke(handler, arguments()).result
        assert (cognito.connections, cognito.requests) == (2, 1)
    assert not backoffs


@pytest.mark.parametrize(
    ("scheme", "listens"),
    [("http", False), ("https", False), ("https", True)],
    ids=["dead", "dead, TLS", "slow, TLS"],
)
def test_an_endpoint_that_is_not_there_fails_in_silence(
    scheme: str,
    listens: bool,
    environment: Callable[[str], None],
    backoffs: list[object],
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The init phase waits for it no longer than `OPENING_SECONDS`, by how it waits."""
    with ExitStack() as stack:
        there = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=8))
        if not listens:
            there.close()
            there = stack.enter_context(socket.socket())
            there.bind(("127.0.0.1", 0))
        environment(f"{scheme}://127.0.0.1:{there.getsockname()[1]}")
        with emitted() as output, loaded() as (handler, _):
            restore()
            assert not output.text + "".join(capfd.readouterr())
            told = invoke(handler, arguments())

    assert (told.code, told.detail) == (
        "ServiceUnavailable",
        "Cognito could not be reached in time. Try again.",
    )
    assert len(backoffs) == 2
