"""A Cognito that costs next to nothing, to measure beside: it has the one answer.

As a process it serves until standard input ends, so that it can't outlive whoever started it; its
one line on standard output is its address.
"""

import asyncio
import re
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

import botocore
import trustme

from tools.benchmarks.request import ANSWER

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_ANSWER: Final = (
    "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\n"
    "x-amzn-RequestId: 00000000-0000-4000-8000-000000000000\r\n"
    f"Content-Length: {len(ANSWER)}\r\n\r\n{ANSWER}"
).encode()


@contextmanager
def running(round_trip_milliseconds: float) -> Iterator[dict[str, str]]:
    """Run it until the block ends; yields the variables that lead a client to it.

    Its certificate's CA stands at the end of a copy of botocore's own bundle: a client reads as
    much, and searches as far, as it would for Cognito's own.
    """
    with tempfile.TemporaryDirectory() as directory:
        bundle, certificate = Path(directory) / "bundle.pem", Path(directory) / "server.pem"
        authority = trustme.CA()
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(certificate)
        botocores = Path(botocore.__file__).with_name("cacert.pem").read_bytes()
        bundle.write_bytes(botocores + authority.cert_pem.bytes())
        command = [sys.executable, "-m", __name__, str(certificate), str(round_trip_milliseconds)]
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
            address = process.stdout.readline().strip() if process.stdout else ""
            yield {"AWS_ENDPOINT_URL_COGNITO_IDENTITY": address, "AWS_CA_BUNDLE": str(bundle)}
            process.terminate()


class _Connection(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if end and len(body) >= int(length[1] if length else 0):
            self._received = b""
            self._transport.write(_ANSWER)


async def _relay(port: int, seconds: float, near: Any, writer: asyncio.StreamWriter) -> None:
    """Pass a connection on to `port`; what comes back is `seconds` late. The first part is twice
    as late, because the kernel shakes hands for TCP at once."""
    far, far_writer = await asyncio.open_connection("127.0.0.1", port)

    async def forward() -> None:
        with suppress(ConnectionError):
            while part := await near.read(65536):
                far_writer.write(part)
        far_writer.close()

    forwarding, late = asyncio.create_task(forward()), 2 * seconds
    while part := await far.read(65536):
        asyncio.get_running_loop().call_later(late, writer.write, part)
        late = seconds
    await forwarding
    writer.close()


async def _serve(certificate: str, milliseconds: float) -> None:
    loop = asyncio.get_running_loop()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = await loop.create_server(_Connection, "127.0.0.1", 0, ssl=context)
    relay = partial(_relay, server.sockets[0].getsockname()[1], milliseconds / 1000)
    relayed = await asyncio.start_server(relay, "127.0.0.1", 0)
    print(f"https://127.0.0.1:{relayed.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], float(sys.argv[2])))
