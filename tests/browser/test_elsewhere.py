"""A page of another origin, in the same browser, gets nothing out of this machine's gateway."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from werkzeug.wrappers import Request, Response

from tests.serving import Served
from tools.local.gateway import server

# What a page may send anywhere without being asked for leave first.
_SENT = {
    "fetch": "fetch(url, {method: 'POST', mode: 'no-cors', body}).catch(() => null)",
    "form": """
        document.body.innerHTML = '<form method=post enctype=text/plain><input></form>';
        Object.assign(document.forms[0], {action: url});
        document.forms[0][0].name = body;
        document.forms[0].submit()
    """,
}


@pytest.fixture(scope="module")
def port() -> Iterator[str]:
    """Where the other page is."""
    page = Response("<!doctype html><title>Elsewhere</title>", content_type="text/html")
    with server.serving(Request.application(lambda _: page)) as url:
        yield url.rpartition(":")[2]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])  # the same site, and another
@pytest.mark.parametrize("sent", _SENT)
def test_is_refused(browser: Browser, served: Served, port: str, host: str, sent: str) -> None:
    body = json.dumps(served.arguments())
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"http://{host}:{port}/")
        with page.expect_response(f"{served.url}/token") as answered:
            page.evaluate(f"([url, body]) => {{ {_SENT[sent]} }}", [f"{served.url}/token", body])
        assert answered.value.status == 403
