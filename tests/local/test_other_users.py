"""Another user of this machine asks each port that a running `make serve` listens at."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import serving

NOBODY = 65_534
# Imports first: that user may not be able to read them.
ASK = """
import encodings.idna, http.client, itertools, os, sys
os.setuid(int(sys.argv[1]))
for port in map(int, sys.argv[2:]):
    own = f"127.0.0.1:{port}"
    for host, origin, (method, path) in itertools.product(
        (own, f"localhost:{port}", "rebound.example.com"),
        (None, f"http://{own}", "https://example.com"),
        (("GET", "/"), ("POST", "/"), ("POST", "/token"), ("GET", "/issuer/token?sub=victim"),
         ("GET", "/2018-06-01/runtime/invocation/next"),
         ("POST", "/2018-06-01/runtime/invocation/1/response")),
    ):
        asked = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        headers = {"Host": host, "Origin": origin} if origin else {"Host": host}
        asked.request(method, path, "{}", headers)
        answer = asked.getresponse()
        print(answer.status, answer.read() == b'{"message":"Forbidden"}')
"""


def _family(pid: int) -> list[int]:
    """A process and its descendants."""
    children = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return [pid, *(each for found in children for child in found for each in _family(int(child)))]


def _ports(pid: int) -> set[str]:
    """Where a process and its descendants listen."""
    files = (file for each in _family(pid) for file in Path(f"/proc/{each}/fd").iterdir())
    sockets = {str(file.readlink()) for file in files if file.is_symlink()}
    tables = (Path(f"/proc/net/{name}").read_text() for name in ("tcp", "tcp6"))
    rows = [row.split() for table in tables for row in table.splitlines()[1:]]
    return {
        str(int(row[1].rpartition(":")[2], 16))
        for row in rows
        if row[3] == "0A" and f"socket:[{row[9]}]" in sockets
    }


@pytest.mark.skipif(
    sys.platform != "linux" or os.getuid() != 0, reason="only root can be another user on Linux"
)
def test_gets_nothing_at_any_port() -> None:
    with serving() as served:
        ports = _ports(served.pid)
        assert served.url.rpartition(":")[2] in ports
        command = [sys.executable, "-c", ASK, str(NOBODY), *ports]
        said = subprocess.check_output(command, text=True).splitlines()
    assert len(said) == 54 * len(ports)
    assert set(said) == {"403 True"}
