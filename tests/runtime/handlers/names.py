"""The function, where a name that does not resolve may begin to.

The file in HOSTS is this process's own /etc/hosts: one name and its address. As long as it is
empty, every name goes to the real resolver.
"""

import os
import socket
from pathlib import Path
from typing import Any

from openid_token.handler import handler

__all__ = ["handler"]
_resolve = socket.getaddrinfo


def _with_hosts(host: Any, *arguments: Any, **options: Any) -> Any:
    name, _, address = Path(os.environ["HOSTS"]).read_text().partition(" ")
    return _resolve(address if host == name else host, *arguments, **options)


socket.getaddrinfo = _with_hosts
