"""A Cognito that answers at once and always the same, in a process of its own.

It speaks just enough HTTP for botocore, so that no candidate waits for the endpoint's own work.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tools.benchmarks.request import ANSWER

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_RESPONSE: Final = (
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: application/x-amz-json-1.1\r\n"
    "x-amzn-RequestId: 00000000-0000-4000-8000-000000000000\r\n"
    f"Content-Length: {len(ANSWER)}\r\n"
    f"\r\n{ANSWER}"
).encode()


class _Connection(asyncio.Protocol):
    def __init__(self) -> None:
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101, for mypy
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if end and len(body) >= int(length[1] if length else 0):
            self._received = b""
            self._transport.write(_RESPONSE)


@contextmanager
def running() -> Iterator[str]:
    """Run the endpoint until the block ends; gives its URL."""
    command = [sys.executable, "-m", "tools.benchmarks.endpoint"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None  # noqa: S101, for mypy
        assert process.stdout is not None  # noqa: S101, for mypy
        with process.stdin:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    async with await loop.create_server(_Connection, "127.0.0.1", 0) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        # It closes when the parent ends, however the parent ends.
        await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_serve())
