"""The client's configuration, its time budget, and its connection, opened before the first call.

What the connection costs and saves is for `tests/runtime/test_connection.py`, with real sockets.
"""

import ssl
import time
from pathlib import Path
from typing import Any
from unittest.mock import Mock, call

import pytest
from botocore.awsrequest import AWSHTTPConnection, AWSHTTPSConnection
from botocore.httpsession import DEFAULT_CA_BUNDLE, get_cert_path
from botocore.retries import standard

from openid_token import connection as connections
from openid_token.arguments import parse
from openid_token.client import ATTEMPTS, CONNECT_SECONDS, READ_SECONDS, create_client
from openid_token.cognito import get_token
from openid_token.connection import OPENING_SECONDS, open_connection, reopen_connection
from openid_token.errors import TokenIssuerError
from openid_token.issuing import LATEST_EXCHANGE_SECONDS
from tests.kit.acts import Reply, answers
from tests.kit.builders import arguments
from tests.kit.cognito import Cognito
from tests.kit.template import SOURCE

# What the function needs besides the call: the record, the answer.
REST_SECONDS = 3
# As botocore has it: during a unit test it is none.
_delay = standard.ExponentialBackoff.delay_amount


def longest_delay(backoff: Any, context: standard.RetryContext) -> float:
    """The delay, where chance makes it as long as it can be."""
    backoff._random = lambda: 1.0
    return _delay(backoff, context)


def test_the_client_is_as_we_say_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "9")
    monkeypatch.setenv("AWS_RETRY_MODE", "legacy")
    meta: Any = create_client("eu-central-1").meta
    config = meta.config

    assert meta.endpoint_url == "https://cognito-identity.eu-central-1.amazonaws.com"
    assert (config.connect_timeout, config.read_timeout) == (CONNECT_SECONDS, READ_SECONDS)
    assert config.retries == {"mode": "standard", "total_max_attempts": ATTEMPTS}


def test_botocore_checks_no_values_since_its_messages_would_repeat_them() -> None:
    cognito = Cognito()
    cognito.client().get_open_id_token_for_developer_identity(IdentityPoolId="", Logins={})

    assert cognito.calls


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The connections that were told to connect."""
    connections: list[Any] = []

    def note(connection: object) -> None:
        time.sleep(0.01)
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


@pytest.mark.parametrize("named", [None, "/of/the/environment.pem"])
def test_the_packages_directory_stands_in_for_botocores_bundle_alone(
    monkeypatch: pytest.MonkeyPatch, connected: list[Any], tmp_path: Path, named: str | None
) -> None:
    monkeypatch.setattr(connections, "_CA_DIRECTORY", tmp_path)
    monkeypatch.setenv("AWS_CA_BUNDLE", named or DEFAULT_CA_BUNDLE)
    open_connection(create_client("eu-central-1")).join()
    [connection] = connected

    read = (connection.ca_certs, connection.ca_cert_dir)
    assert read == ((named, None) if named else (None, str(tmp_path)))


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
    ("read", "pending", "connected"),
    [
        *((ssl.SSLWantReadError, 0, True), ([b""], 0, False), ([b"x"], 0, False)),
        *((ConnectionResetError, 0, False), ([b"x"], 9, False)),
    ],
    ids=["tickets alone", "closed", "not asked for", "reset", "not asked for, and decrypted"],
)
def test_session_tickets_do_not_cost_the_connection_and_surplus_does(
    monkeypatch: pytest.MonkeyPatch, connected: bool, pending: int, read: object
) -> None:
    monkeypatch.setattr(AWSHTTPSConnection, "connect", lambda _: None)
    readable = iter([False, True])
    monkeypatch.setattr("urllib3.connection.wait_for_read", lambda *_, **__: next(readable))
    client = create_client("eu-central-1")
    open_connection(client).join()
    connection = pool_of(client)._get_conn()
    said = {"gettimeout.return_value": 3, "recv.side_effect": read, "pending.return_value": 0}
    connection.sock = Mock(**said)

    assert connection.is_connected
    connection.sock.pending.return_value = pending
    assert connection.is_connected is connected
    assert connection.sock.settimeout.mock_calls == ([] if pending else [call(0), call(3)])


@pytest.mark.parametrize("of_2026", [False, True])
@pytest.mark.parametrize("code", ["TooManyRequestsException", "InternalErrorException"])
@pytest.mark.parametrize("retry_after", ["60000", "1", "x"])
def test_who_waits_gets_an_answer(
    monkeypatch: pytest.MonkeyPatch, of_2026: bool, code: str, retry_after: str
) -> None:
    """Attempts < the function's timeout < the API's, in both of botocore's standard modes, whatever
    Cognito says of when to come back."""
    slept: list[float] = []
    monkeypatch.setattr(standard, "NEW_RETRIES_ENABLED", of_2026)
    monkeypatch.setattr(standard.ExponentialBackoff, "delay_amount", longest_delay)
    monkeypatch.setattr("time.sleep", slept.append)
    reply = Reply.json({"__type": code}, 500, x_amz_retry_after=retry_after)
    with pytest.raises(TokenIssuerError):
        get_token(Cognito(answers(reply)).client(), parse(arguments()))
    worst = ATTEMPTS * (CONNECT_SECONDS + READ_SECONDS) + sum(slept)
    function = SOURCE["Resources"]["IssueTokenFunction"]["Properties"]["Timeout"]
    integration = SOURCE["Resources"]["FunctionIntegration"]["Properties"]

    assert len(slept) == ATTEMPTS - 1
    assert 0 < sum(slept) <= 3
    assert worst + REST_SECONDS < function < integration["TimeoutInMillis"] / 1000
    # The exchange is a second call, and begins only if the first was quick.
    assert worst + LATEST_EXCHANGE_SECONDS < function
    # The init phase waits for a connection no longer than a call would.
    assert 0 < OPENING_SECONDS <= CONNECT_SECONDS
