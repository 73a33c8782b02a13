"""A port of the local tools answers the user who runs them, and no web page."""

from collections.abc import Iterator

import pytest
import urllib3
from werkzeug.wrappers import Response

from tools.local import guard
from tools.local.gateway import server


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
