"""A real browser, and the page of `make serve` in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.kit.built import ROOT
from tests.kit.serving import Served, serving

# A cold start, and reading Chromium from the disk, on a machine that may be busy.
_PATIENCE_MILLISECONDS = 60_000
_START_MILLISECONDS = 180_000
_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if _CHROMIUM is None:
        pytest.skip("there is no Chromium on this machine: Debian's package is `chromium`")
    expect.set_options(timeout=_PATIENCE_MILLISECONDS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=_CHROMIUM, timeout=_START_MILLISECONDS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def served(browser: Browser) -> Iterator[Served]:
    """Depends on the browser, so that nothing is started without one."""
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def served_by_authorizer(browser: Browser) -> Iterator[Served]:
    """With the example authorizer, for session tokens, in place of JWTs."""
    example = str(ROOT / "examples" / "authorizer" / "app.py")
    with patch.dict(os.environ, AUTHORIZER=example), serving() as running:
        yield running


@contextmanager
def opened(browser: Browser, served: Served, width: int) -> Iterator[Page]:
    """The page, loaded in a window of so many pixels. At the end it has asked nobody else, and
    its console is empty."""
    requested: list[str] = []
    complaints: list[str] = []
    # Who prefers a dark page gets a light one that is readable; in motion, colours pass others.
    with browser.new_context(color_scheme="dark", reduced_motion="reduce") as context:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 800})
        page.set_default_timeout(_PATIENCE_MILLISECONDS)
        page.on("request", lambda request: requested.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(served.url)
        expect(page.locator(".opblock")).to_have_count(3)
        yield page
    own = (f"{served.url}/", "data:", "blob:")
    assert not [address for address in requested if not address.startswith(own)]
    assert not complaints
