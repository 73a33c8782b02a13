"""Who may talk to a port that a local tool opens: the user who runs it, and no web page, neither
one of another origin nor one that has got a name for this address."""

import os
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

_HOSTS: Final = ("127.0.0.1", "localhost")
# The kernel's tables, and what an IPv4 address begins with there.
_TABLES: Final = {"/proc/net/tcp": b"", "/proc/net/tcp6": bytes(10) + b"\xff\xff"}
_ESTABLISHED: Final = "01"

type Address = tuple[str, int]


def may_ask(header: Callable[[str], str | None], scheme: str, peer: Address, own: Address) -> bool:
    """Whether a request may come that the socket at `peer` sent to ours at `own`; `header` finds
    its headers by their names in small letters."""
    host = header("host") or ""
    if host.partition(":")[0] not in _HOSTS:
        return False
    if header("origin") not in {None, f"{scheme}://{host}"}:
        return False
    return header("sec-fetch-site") not in {"cross-site", "same-site"} and is_ours(peer, own)


def is_ours(peer: Address, own: Address) -> bool:
    """Whether the socket at `peer`, which is connected to ours at `own`, is our user's.

    Where there is no such table, as on a Mac, nobody can tell, and it counts as ours.
    """
    if sys.platform != "linux":
        return True
    for table, prefix in _TABLES.items():
        ends = [_written(prefix, *peer), _written(prefix, *own)]
        for row in Path(table).read_text().splitlines()[1:] if Path(table).exists() else ():
            _, local, remote, state, _, _, _, uid, *_ = row.split()
            if [local, remote, state] == [*ends, _ESTABLISHED]:
                return int(uid) == os.getuid()
    return False


def _written(prefix: bytes, host: str, port: int) -> str:
    """As the tables have an address: words of the machine's own byte order."""
    words = struct.iter_unpack("=I", prefix + socket.inet_aton(host))
    return "".join(f"{word:08X}" for (word,) in words) + f":{port:04X}"
