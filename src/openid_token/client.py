"""The client of Cognito, its time-outs and its connection.

Three attempts of a second to connect and three to read, with backoffs of at most 1 s and 2 s
between them, end within 15 seconds. That holds in both of botocore's standard modes: the one of
2026 waits as long after a throttle, and less after a failure. What no time-out of botocore's ends,
such as an answer that trickles in, or a second for each of many addresses, the function's own
timeout of 20 seconds does.
"""

import random
import ssl
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, cast

import botocore.session
from botocore.awsrequest import AWSHTTPSConnection, AWSHTTPSConnectionPool, AWSResponse
from botocore.config import Config
from snapshot_restore_py import register_after_restore

if TYPE_CHECKING:
    from mypy_boto3_cognito_identity import CognitoIdentityClient

# boto3's stubs are not deployed; nothing evaluates the name at run time.
type Client = CognitoIdentityClient

CONNECT_SECONDS: Final = 1
READ_SECONDS: Final = 3
ATTEMPTS: Final = 3
# How long the init phase waits for the connection: longer than a handshake across an ocean takes.
OPENING_SECONDS: Final = 0.8

# Environments restored from one snapshot would all wait the same "random" backoff.
register_after_restore(random.seed)


def create_client(region: str) -> Client:
    """A client for the pool's region: standard retries with jitter, bounded time-outs.

    It checks no parameters, because the argument rules have, and because botocore's messages
    would repeat the values. A user agent of its own saves botocore composing one twice a call.
    """
    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        parameter_validation=False,
        tcp_keepalive=True,
        user_agent="cognito-openid-token-issuer",
    )
    session = botocore.session.get_session()
    client: Any = session.create_client("cognito-identity", region_name=region, config=config)
    client.meta.events.register_first("needs-retry.cognito-identity", _forget_retry_after)
    client._endpoint.http_session._pool_classes_by_scheme["https"] = _Pool
    return cast("Client", client)


def _forget_retry_after(response: tuple[AWSResponse, Any] | None, **_: object) -> None:
    """Cognito may ask for five seconds more between two attempts, which would outlast the function.
    The caller is told to wait instead."""
    if response:
        response[0].headers.pop("x-amz-retry-after", None)


def open_connection(client: Client) -> Thread:
    """Begin to open the connection that the first call will take: name, TCP, CA bundle and TLS.

    Nothing is sent over it. Where it fails, the first call opens one itself, and says why not.
    Whoever joins the thread waits no longer than `OPENING_SECONDS`.
    """
    opening = Thread(target=_connect, args=(client,), daemon=True)
    opening.start()
    return opening


def drop_connections(client: Any) -> None:
    """No later call takes a connection that is open now."""
    client._endpoint.http_session.close()


def reopen_connection(client: Client) -> None:
    """After a snapshot is restored: its connections are another machine's."""
    drop_connections(client)
    open_connection(client).join(OPENING_SECONDS)


def _connect(client: Any) -> None:
    # botocore has no call for it: these are the steps of its `URLLib3Session.send` before it sends.
    with suppress(Exception):
        session, url = client._endpoint.http_session, client.meta.endpoint_url
        if session._proxy_config.proxy_url_for(url):
            # Calls go through the proxy, and would leave this one unused.
            return
        pool = session._get_connection_manager(url).connection_from_url(url)
        session._setup_ssl_cert(pool, url, session._verify)
        connection = pool._get_conn()
        try:
            connection.connect()
        except Exception:  # noqa: BLE001 - urllib3 leaves the bare socket in it: no TLS, no checks
            connection.close()
        pool._put_conn(connection)


class _Connection(AWSHTTPSConnection):
    """A connection that outlives what a TLS 1.3 server sends unasked after the handshake: session
    tickets. urllib3 takes any connection with something to read for a closed one.

    It does not outlive bytes of an answer that nobody asked for: the next caller would get them.
    """

    sock: ssl.SSLSocket | None

    @property
    def is_connected(self) -> bool:
        """Whether it is open, asked before it is taken for a request."""
        # What TLS has decrypted already, nobody sees at the socket.
        if self.sock is None or self.sock.pending():
            return False
        if super().is_connected:
            return True
        timeout = self.sock.gettimeout()
        try:
            self.sock.settimeout(0)
            self.sock.recv(1)
        except OSError as nothing:
            # There were tickets and no more.
            return isinstance(nothing, ssl.SSLWantReadError)
        finally:
            self.sock.settimeout(timeout)
        return False


class _Pool(AWSHTTPSConnectionPool):
    ConnectionCls = _Connection
