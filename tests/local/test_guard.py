"""A port of the local tools answers the user who runs them, and no web page."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3
from werkzeug.wrappers import Response

from tests.kit.serving import serving
from tools.local.web import guard, server


@pytest.fixture
def url() -> Iterator[str]:
    with server.serving(Response("secret")) as address:
        yield address


def _status(url: str, **headers: str) -> int:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    response = urllib3.request("GET", url, headers=given)
    assert (response.data == b"secret") is (response.status == 200)
    return response.status


def test_a_client_and_a_page_of_its_own_get_an_answer(url: str) -> None:
    port = url.rpartition(":")[2]
    assert _status(url) == _status(url, Host=f"localhost:{port}") == 200
    assert _status(url, Origin=url, Sec_Fetch_Site="same-origin") == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example.com"},
        {"Host": ""},
        {"Origin": "https://example.com"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_a_web_page_of_elsewhere_gets_none(url: str, headers: dict[str, str]) -> None:
    assert _status(url, **headers) == 403


def test_another_user_gets_none(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(guard, "is_ours", lambda peer, own: asked.append((peer, own)))
    assert _status(url) == 403
    [(peer, own)] = asked
    assert own == int(url.rpartition(":")[2]) != peer


# Another user, who asks at each port. Imports first: that user may not be able to read them.
ASK = """
import encodings.idna, http.client, os, sys
os.setuid(65534)
for port in sys.argv[1:]:
    for method, path in (("GET", "/"), ("POST", "/"), ("POST", "/token"),
                         ("GET", "/issuer/token?sub=victim"), ("GET", "/.well-known/jwks_uri")):
        asked = http.client.HTTPConnection("127.0.0.1", int(port), timeout=20)
        asked.request(method, path, "{}")
        answer = asked.getresponse()
        print(answer.status, answer.read().decode())
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
def test_another_user_gets_nothing_at_any_port_of_make_serve() -> None:
    with serving() as served:
        ports = _ports(served.pid)
        assert served.url.rpartition(":")[2] in ports
        said = subprocess.check_output([sys.executable, "-c", ASK, *ports], text=True)
    assert said.splitlines() == ['403 {"message":"Forbidden"}'] * 5 * len(ports)
