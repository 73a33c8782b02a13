"""A real browser, and the page of `make serve` in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.serving import Served, serving
from tools.local.page.chromium import COMMAND, chromium

# The first request waits for a cold start, on a machine that may be busy.
_PATIENCE_MILLISECONDS = 60_000
# The page's own, made in the browser.
_NO_NETWORK = ("data:", "blob:")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if COMMAND is None:
        pytest.skip("there is no Chromium on this machine: Debian's package is `chromium`")
    expect.set_options(timeout=_PATIENCE_MILLISECONDS)
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def served(browser: Browser) -> Iterator[Served]:
    """Depends on the browser, so that nothing is started without one."""
    with serving() as running:
        yield running


@dataclass
class Watched:
    """A page, and what it must not do."""

    page: Page
    served: Served
    requested: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def abroad(self) -> list[str]:
        """The addresses elsewhere that it asked for."""
        own = (f"{self.served.url}/", *_NO_NETWORK)
        return [address for address in self.requested if not address.startswith(own)]


@contextmanager
def watching(browser: Browser, served: Served) -> Iterator[Watched]:
    """A page to be loaded. At the end it has asked nobody else, and its console is empty."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(_PATIENCE_MILLISECONDS)
    found = Watched(page, served)
    page.on("request", lambda request: found.requested.append(request.url))
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("console", lambda message: found.complaints.append(message.text))
    yield found
    context.close()
    assert not found.abroad()
    # Chromium reports each refused request by itself; the page can't prevent it.
    assert not [text for text in found.complaints if "status of 400 " not in text]


@pytest.fixture
def whole(browser: Browser, served: Served) -> Iterator[Page]:
    """All of the page."""
    with watching(browser, served) as found:
        found.page.goto(served.url)
        expect(found.page.locator(".opblock")).to_have_count(3)
        yield found.page


@pytest.fixture
def watched(browser: Browser, served: Served) -> Iterator[Watched]:
    """The page without the reference, whose viewer takes most of the time to load."""
    with watching(browser, served) as found:
        viewer = "window.SwaggerUIBundle = () => ({});"
        found.page.route(
            "**/swagger-ui-bundle.js",
            lambda route: route.fulfill(body=viewer, content_type="text/javascript"),
        )
        found.page.goto(served.url)
        expect(found.page.locator("#identity_pool_id")).not_to_have_value("")
        yield found


@pytest.fixture
def page(watched: Watched) -> Page:
    return watched.page
