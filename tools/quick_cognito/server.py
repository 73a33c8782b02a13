"""The process of the quick Cognito.

It serves until standard input ends, so that it can't outlive whoever started it. Its first line on
standard output is its address, its last one how many tokens it issued.
"""

import asyncio
import json
import re
import ssl
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final

from tools.quick_cognito.answers import credentials_of, identity_of, token_of

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_HEAD: Final = (
    "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\n"
    "x-amzn-RequestId: 00000000-0000-4000-8000-000000000000\r\nContent-Length: {}\r\n\r\n"
)


class _Connection(asyncio.Protocol):
    issued = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if end and len(body) >= int(length[1] if length else 0):
            self._received = b""
            self._transport.write(_answer(json.loads(body)))


def _answer(call: Mapping[str, Any]) -> bytes:
    logins = call["Logins"]
    if "IdentityPoolId" in call:
        token = token_of(logins, call.get("PrincipalTags"), call.get("TokenDuration"))
        answer: dict[str, Any] = {"IdentityId": identity_of(logins), "Token": token}
        _Connection.issued += 1
    else:
        [token] = logins.values()
        answer = {"IdentityId": call["IdentityId"], "Credentials": credentials_of(token)}
    body = json.dumps(answer)
    return (_HEAD.format(len(body)) + body).encode()


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
    if milliseconds:
        relay = partial(_relay, server.sockets[0].getsockname()[1], milliseconds / 1000)
        server = await asyncio.start_server(relay, "127.0.0.1", 0)
    print(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    print(_Connection.issued, flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], float(sys.argv[2])))
