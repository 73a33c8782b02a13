"""A port of the local tools answers the user who runs them, and no web page."""

import io
import os
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import boto3
import pytest
import urllib3
from botocore.exceptions import ClientError
from werkzeug.wrappers import Response

from tests.kit.serving import serving
from tools import ROOT, own_user
from tools.emulated_aws import ministack
from tools.local.web import server


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
    monkeypatch.setattr(own_user, "is_ours", lambda peer, own: asked.append((peer, own)))
    assert _status(url) == 403
    [(peer, own)] = asked
    assert own == ("127.0.0.1", int(url.rpartition(":")[2])) != peer


root_on_linux = pytest.mark.skipif(
    sys.platform != "linux" or os.getuid() != 0, reason="only root can be another user on Linux"
)
# Another user. Imports first: that user may not be able to read them.
ANOTHER = "import encodings.idna, http.client, os, sys; os.setuid(65534)\n"
# Who asks at each port.
ASK = """
for port in sys.argv[1:]:
    for method, path in (("GET", "/"), ("POST", "/"), ("POST", "/token"),
                         ("GET", "/issuer/token?sub=victim"), ("GET", "/.well-known/jwks_uri"),
                         ("POST", "/_ministack/reset"), ("GET", "/runtime/invocation/next")):
        asked = http.client.HTTPConnection("127.0.0.1", int(port), timeout=20)
        asked.request(method, path, "{}")
        answer = asked.getresponse()
        print(answer.status, "orbidden" in answer.read().decode())
"""
# Who asks at one port, from an address of his choice.
ASK_FROM = """
port, *sources = map(int, sys.argv[1:])
for source in sources:
    asked = http.client.HTTPConnection("127.0.0.1", port, 20, ("127.0.0.9", source))
    asked.request("GET", "/")
    print(asked.getresponse().status)
"""


def _another(program: str, *arguments: object) -> list[str]:
    command = [sys.executable, "-c", ANOTHER + program, *map(str, arguments)]
    return subprocess.check_output(command, text=True).splitlines()


@root_on_linux
def test_another_user_with_a_port_of_the_owners_gets_none(url: str) -> None:
    own = urllib3.util.parse_url(url).port
    assert own
    mapped = f"http://[::ffff:127.0.0.1]:{own}"
    assert not Path("/proc/net/tcp6").exists() or _status(mapped, Host=f"127.0.0.1:{own}") == 200
    with ExitStack() as stack:
        ports = [own]  # whose rows are the owner's, the other way around
        for ended in [False, True] * 10:
            connected = socket.create_connection(("127.0.0.1", own), 20, ("127.0.0.2", 0))
            stack.enter_context(connected)
            ports.append(connected.getsockname()[1])
            if ended:
                connected.close()  # its row stays, with root's uid
        assert set(_another(ASK_FROM, *ports)) == {"403"}


def _family(pid: int) -> set[int]:
    """A process and its descendants."""
    children = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    return {pid}.union(*(_family(int(child)) for found in children for child in found))


def _ports(pids: set[int]) -> set[str]:
    """Where these processes listen."""
    files = (file for each in pids for file in Path(f"/proc/{each}/fd").iterdir())
    sockets = {str(file.readlink()) for file in files if file.is_symlink()}
    tables = (Path(f"/proc/net/{name}").read_text() for name in ("tcp", "tcp6"))
    rows = [row.split() for table in tables for row in table.splitlines()[1:]]
    return {
        str(int(row[1].rpartition(":")[2], 16))
        for row in rows
        if row[3] == "0A" and f"socket:[{row[9]}]" in sockets
    }


@root_on_linux
def test_another_user_gets_nothing_at_any_port_of_make_serve() -> None:
    with serving() as served:
        ports = _ports(_family(served.pid))
        assert served.url.rpartition(":")[2] in ports
        assert _another(ASK, *ports) == ["403 True"] * 7 * len(ports)


TRUST = """{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
  "Principal": {"Service": "lambda.amazonaws.com"}}}"""


emulating = pytest.mark.skipif(
    not (ROOT / ".venv-deployed").exists(), reason="no emulated AWS: make .venv-deployed/.ready"
)


@pytest.fixture(scope="module")
def emulated_aws() -> Iterator[str]:
    with ministack.running() as endpoint:
        yield endpoint


@emulating
@pytest.mark.parametrize("key", ["root", "test", "000000000000", "123456789012"])
def test_the_emulated_aws_believes_this_runs_root_alone(emulated_aws: str, key: str) -> None:
    assert ministack.root_client("iam", emulated_aws).list_users()["Users"] == []
    keys = {"aws_access_key_id": key, "aws_secret_access_key": "root"}
    for service, call in (("iam", "list_users"), ("lambda", "list_functions")):
        client = boto3.client(service, endpoint_url=emulated_aws, **keys)  # type: ignore[call-overload]
        with pytest.raises(ClientError, match="security token included in the request is invalid"):
            getattr(client, call)()


@emulating
def test_the_emulated_aws_answers_no_web_page(emulated_aws: str) -> None:
    for headers in ({"Host": "rebound.example.com"}, {"Origin": "https://example.com"}):
        for method, path in (("POST", "/_ministack/reset"), ("OPTIONS", "/"), ("GET", "/")):
            assert urllib3.request(method, emulated_aws + path, headers=headers).status == 403


@emulating
@root_on_linux
def test_another_user_gets_nothing_at_any_port_of_the_emulated_aws() -> None:
    """Its functions' one, from which each fetches its events, included."""
    before, packed = _family(os.getpid()), io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("bootstrap", "#!/bin/sh\nexec sleep 60")
    with ministack.running() as endpoint:
        iam, aws = (ministack.root_client(name, endpoint) for name in ("iam", "lambda"))
        role = iam.create_role(RoleName="any", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        given = {"Role": role, "Code": {"ZipFile": packed.getvalue()}, "Timeout": 60}
        aws.create_function(FunctionName="f", Handler="-", Runtime="provided.al2023", **given)
        aws.invoke(FunctionName="f", InvocationType="Event")
        while len(ports := _ports(_family(os.getpid()) - before)) < 2:
            time.sleep(0.05)
        assert {said[:3] for said in _another(ASK, *ports)} == {"403"}
