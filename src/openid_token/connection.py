"""The connection to Cognito: opened before the first call, kept, and opened anew.

botocore has no call for that. What is private in this module's calls, and where it was read:

    botocore 1.43.127, 1.44.8   _endpoint, _get_connection_manager, _pool_classes_by_scheme,
                                _proxy_config, _setup_ssl_cert, _verify
    urllib3 2.8.0               _get_conn, _put_conn
"""

import ssl
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any, Final

from botocore.awsrequest import AWSHTTPSConnection, AWSHTTPSConnectionPool
from botocore.httpsession import DEFAULT_CA_BUNDLE

# The packager's: in it OpenSSL finds one CA without parsing all of them.
_CA_DIRECTORY: Final = Path(f"{DEFAULT_CA_BUNDLE}.d")
# How long the init phase waits for the connection: longer than a handshake across an ocean takes.
OPENING_SECONDS: Final = 0.8


def open_connection(client: Any) -> Thread:
    """Begin to open the connection that the first call will take: name, TCP, CA bundle and TLS.
    This one and all that follow are as `_Connection` says.

    Nothing is sent over it. Where it fails, the first call opens one itself, and says why not.
    Whoever joins the thread waits no longer than `OPENING_SECONDS`.
    """
    client._endpoint.http_session._pool_classes_by_scheme["https"] = _Pool
    opening = Thread(target=_connect, args=(client,), daemon=True)
    opening.start()
    return opening


def reopen_connection(client: Any) -> None:
    """After a snapshot is restored: its connections are another machine's."""
    client.close()
    open_connection(client).join(OPENING_SECONDS)


def _connect(client: Any) -> None:
    # The steps of botocore's `URLLib3Session.send` before it sends.
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

    def connect(self) -> None:
        """Trust whom botocore trusts; a bundle that the environment names is another."""
        if self.ca_certs == DEFAULT_CA_BUNDLE and _CA_DIRECTORY.is_dir():
            self.ca_certs, self.ca_cert_dir = None, str(_CA_DIRECTORY)
        super().connect()

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
