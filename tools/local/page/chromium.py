"""Debian's Chromium, without a window."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

COMMAND = shutil.which("chromium") or shutil.which("chromium-browser")
# The first start reads some hundred megabytes from the disk.
_START_MILLISECONDS = 180_000
_FLAGS = [
    # It runs as root in CI, and only the pages of this repository are in it.
    "--no-sandbox",
    "--disable-gpu",
    # What it would ask the network for by itself.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser until the block ends; `COMMAND` must not be `None`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=COMMAND, args=_FLAGS, timeout=_START_MILLISECONDS
        )
        try:
            yield browser
        finally:
            browser.close()
