"""Whether a connection on this machine comes from the user that runs us."""

import os
import sys
from pathlib import Path
from typing import Final

_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))


def is_ours(peer_port: int, own_port: int) -> bool:
    """Whether the other end of a loopback connection, at `peer_port`, is a socket of our user's.

    Where there is no such table, as on a Mac, nobody can tell, and it counts as ours.
    """
    if sys.platform != "linux":
        return True
    ports = f"{peer_port:04X}", f"{own_port:04X}"
    for table in _TABLES:
        for row in table.read_text().splitlines()[1:] if table.exists() else ():
            _, local, remote, _, _, _, _, uid, *_ = row.split()
            if (local[-4:], remote[-4:]) == ports:
                return int(uid) == os.getuid()
    return False
