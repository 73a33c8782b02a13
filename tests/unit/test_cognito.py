"""The client's configuration, and its connection, opened before the first call.

What the connection costs and saves is for `tests/runtime/test_connection.py`, with real sockets.
"""

import ssl
from typing import Any
from unittest.mock import Mock, call

import pytest
from botocore.awsrequest import AWSHTTPConnection, AWSHTTPSConnection
from botocore.httpsession import get_cert_path

from openid_token.cognito import (
    ATTEMPTS,
    CONNECT_SECONDS,
    READ_SECONDS,
    create_client,
    open_connection,
    reopen_connection,
)


def test_the_client_is_in_the_pools_region_whatever_the_environment_says() -> None:
    client = create_client("eu-central-1")

    assert client.meta.region_name == "eu-central-1"
    assert client.meta.endpoint_url == "https://cognito-identity.eu-central-1.amazonaws.com"


@pytest.mark.parametrize(
    ("variable", "text"), [("AWS_MAX_ATTEMPTS", "9"), ("AWS_RETRY_MODE", "legacy"), ("X", "")]
)
def test_the_client_is_bounded_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, variable: str, text: str
) -> None:
    monkeypatch.setenv(variable, text)
    config: Any = create_client("eu-central-1").meta.config

    assert (config.connect_timeout, config.read_timeout) == (CONNECT_SECONDS, READ_SECONDS)
    assert config.retries == {"mode": "standard", "total_max_attempts": ATTEMPTS}


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The connections that were told to connect."""
    connections: list[Any] = []

    def note(connection: object) -> None:
        connections.append(connection)

    for kind in AWSHTTPConnection, AWSHTTPSConnection:
        monkeypatch.setattr(kind, "connect", note)
    return connections


def pool_of(client: Any) -> Any:
    """Where botocore looks for a connection of this client's."""
    url, session = client.meta.endpoint_url, client._endpoint.http_session
    return session._get_connection_manager(url).connection_from_url(url)


def test_the_connection_that_is_opened_is_the_one_that_a_call_takes(connected: list[Any]) -> None:
    """botocore's and urllib3's insides are as `_connect` needs them: it fails in silence."""
    client: Any = create_client("eu-central-1")
    open_connection(client).join()
    pool, verify = pool_of(client), client._endpoint.http_session._verify

    assert connected == [pool._get_conn()]
    assert (pool.cert_reqs, pool.ca_certs) == ("CERT_REQUIRED", get_cert_path(verify))
    assert pool.timeout.connect_timeout == CONNECT_SECONDS


def test_none_is_opened_past_a_proxy(monkeypatch: pytest.MonkeyPatch, connected: list[Any]) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example")
    open_connection(create_client("eu-central-1")).join()

    assert not connected


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_after_a_restore_it_is_another_one(
    monkeypatch: pytest.MonkeyPatch, connected: list[Any], scheme: str
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_COGNITO_IDENTITY", f"{scheme}://localhost")
    client = create_client("eu-central-1")
    open_connection(client).join()
    reopen_connection(client)

    assert len(connected) == 2
    assert connected[0] is not connected[1] is pool_of(client)._get_conn()


def test_a_connection_that_fails_is_left_to_the_first_call(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(connection: AWSHTTPSConnection) -> None:
        # urllib3 leaves it there, also where TLS fails.
        connection.sock = Mock()
        raise ConnectionRefusedError

    monkeypatch.setattr(AWSHTTPSConnection, "connect", refuse)
    client = create_client("eu-central-1")
    open_connection(client).join()

    assert not caplog.records
    # A request would go over a bare socket in the clear, to whoever answers there.
    assert pool_of(client).pool.get().sock is None


@pytest.mark.parametrize(
    ("read", "connected"),
    [(ssl.SSLWantReadError, True), ([b""], False), ([b"x"], False), (ConnectionResetError, False)],
    ids=["tickets alone", "closed", "not asked for", "reset"],
)
def test_session_tickets_do_not_cost_the_connection(
    monkeypatch: pytest.MonkeyPatch, connected: bool, read: object
) -> None:
    monkeypatch.setattr(AWSHTTPSConnection, "connect", lambda _: None)
    readable = iter([False, True])
    monkeypatch.setattr("urllib3.connection.wait_for_read", lambda *_, **__: next(readable))
    client = create_client("eu-central-1")
    open_connection(client).join()
    connection = pool_of(client)._get_conn()
    connection.sock = Mock(**{"gettimeout.return_value": 3, "recv.side_effect": read})

    assert connection.is_connected
    assert connection.is_connected is connected
    assert connection.sock.settimeout.mock_calls == [call(0), call(3)]
