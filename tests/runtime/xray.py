"""The X-Ray daemon's place: collects the segments that the function emits."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.builders import Json


@dataclass(frozen=True)
class Daemon:
    """A UDP port. The kernel keeps what comes until it is read; what a process sent before it
    answered is there."""

    port: socket.socket = field(repr=False)

    @property
    def address(self) -> str:
        """For `AWS_XRAY_DAEMON_ADDRESS`."""
        host, number = self.port.getsockname()
        return f"{host}:{number}"

    def segments(self) -> list[Json]:
        """Those that came since the last look."""
        found: list[Json] = []
        while True:
            try:
                datagram = self.port.recv(65536)
            except BlockingIOError:
                return found
            # The first line is the protocol's, the second the segment.
            found.append(json.loads(datagram.partition(b"\n")[2]))


@contextmanager
def listening() -> Iterator[Daemon]:
    """Listen on a free port until the block ends."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as port:
        port.bind(("127.0.0.1", 0))
        port.setblocking(False)
        yield Daemon(port)
