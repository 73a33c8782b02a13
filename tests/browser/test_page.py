"""The whole page: its reference, and what it keeps to."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched


@pytest.mark.parametrize("operation", ["issueToken", "issueMyToken", "getMyCredentials"])
def test_the_reference_can_be_tried(whole: Page, operation: str) -> None:
    block = whole.locator(f"#operations-Tokens-{operation}")
    block.locator(".opblock-summary").click()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()
    answered = block.locator(".live-responses-table .response-col_status").last
    expect(answered).to_contain_text("200")


def test_nothing_can_be_fetched_from_elsewhere(watched: Watched) -> None:
    """Whatever a later change of the page does: the browser refuses it."""
    fetched = watched.page.evaluate(
        "fetch('http://127.0.0.2:9/').then(() => 'fetched', (error) => error.name)"
    )
    assert fetched == "TypeError"
    assert any("Content Security Policy" in text for text in watched.complaints)
    watched.complaints.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_follows_the_systems_colours(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    levels = [int(level) for level in ground.strip("rgb()").split(",")]
    assert (sum(levels) > 3 * 128) is (scheme == "light")


def test_every_field_and_button_has_a_name(page: Page) -> None:
    unnamed = page.locator("#panel").locator("input:visible, button:visible")
    for control in unnamed.all():
        assert control.evaluate(
            "(it) => it.labels?.length || it.ariaLabel || it.textContent.trim()"
        ), control.evaluate("(it) => it.outerHTML")
