"""The page at the widths of a phone, a tablet and a laptop, by keyboard alone."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import watching
from tests.serving import Served

DOORS = ("POST /token", "POST /me/token", "GET /me/credentials")
WIDTHS = (390, 768, 1280)
# What has the focus: its name, where it is, and whether that can be seen.
_FOCUSED = """() => {
  const it = document.activeElement, { top, bottom, left } = it.getBoundingClientRect();
  if (it === document.body) return null;
  const outlined = getComputedStyle(it).outlineStyle !== "none";
  const name = it.ariaLabel ?? ((it.labels?.[0] ?? it).textContent.trim() || it.title);
  return { name, top: top + scrollY, bottom: bottom + scrollY, left, outlined };
}"""
_LIVE = "[aria-live], [role=alert], [role=status], [role=log], [role=timer], output"


def press(button: Locator) -> None:
    """By keyboard; that Tab comes to each control is shown below."""
    button.focus()
    button.press("Enter")


def ask(page: Page, door: str) -> None:
    """Open a door and ask there. The answer is in sight, and has the focus."""
    path = door.partition(" ")[2]
    press(page.locator(f".opblock-summary-control:has([data-path='{path}'])"))
    press(page.get_by_role("button", name=f"Try it out, {door}", exact=True))
    press(page.get_by_role("button", name=f"Execute, {door}", exact=True))
    expect(answer(page, door)).to_be_focused()
    expect(answer(page, door).locator("td.response-col_status").last).to_be_in_viewport()


def answer(page: Page, door: str) -> Locator:
    return page.get_by_role("group", name=f"Answer, 200, {door}", exact=True)


@pytest.fixture(scope="module", params=WIDTHS)
def asked(browser: Browser, served: Served, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page after each door was asked."""
    with watching(browser, served, request.param) as watched:
        for door in DOORS:
            ask(watched.page, door)
        yield watched.page


def test_each_door_answers(asked: Page) -> None:
    for door in DOORS:
        body: dict[str, Any] = json.loads(answer(asked, door).locator("td pre").first.inner_text())
        # No assertion may print a token.
        assert ({"token", "SecretAccessKey"} & body.keys()) == {
            "SecretAccessKey" if door.endswith("credentials") else "token"
        }


def test_axe_finds_nothing(asked: Page) -> None:
    assert not Axe().run(asked).generate_snapshot()


def test_axe_finds_nothing_at_first_and_in_the_schemas(browser: Browser, served: Served) -> None:
    with watching(browser, served, WIDTHS[0]) as watched:
        found = [Axe().run(watched.page)]
        for door in watched.page.locator(".opblock-summary-control").all():
            door.click()
        expect(watched.page.locator(".responses-table")).to_have_count(len(DOORS))
        # Every schema is that of a body, of a result, of a problem, or in one of them.
        for tab in watched.page.get_by_role("tab", name=re.compile(r"Schema,( [24]00,)? \D")).all():
            tab.click()
        found.append(Axe().run(watched.page))
    assert [each.generate_snapshot() for each in found] == ["", ""]


def test_tab_goes_as_the_eye_does_to_one_control_of_each_name(asked: Page) -> None:
    stops: list[dict[str, Any]] = []
    asked.locator("h1").click()
    asked.keyboard.press("Tab")
    while stop := asked.evaluate(_FOCUSED):
        stops.append(stop)
        asked.keyboard.press("Tab")
    assert {f"{kind}, {door}" for kind in ("Cancel", "Execute") for door in DOORS} <= {
        stop["name"] for stop in stops
    }
    assert all(stop["name"] and stop["outlined"] for stop in stops)
    assert len({stop["name"] for stop in stops}) == len(stops)
    for one, next_ in pairwise(stops):
        below, beside = next_["top"] >= one["bottom"], next_["left"] > one["left"]
        assert below or (beside and next_["bottom"] > one["top"]), (one["name"], next_["name"])


def test_nothing_is_read_aloud_unasked_or_lies_to_the_side(asked: Page) -> None:
    expect(asked.locator(_LIVE)).to_have_count(0)
    assert asked.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_nothing_can_be_fetched_from_elsewhere(browser: Browser, served: Served) -> None:
    """Whatever a later change of the page does: the browser refuses it."""
    with watching(browser, served, 1280) as watched:
        fetched = watched.page.evaluate(
            "fetch('http://127.0.0.2:9/').then(() => 'fetched', (error) => error.name)"
        )
        assert fetched == "TypeError"
        assert any("Content Security Policy" in text for text in watched.complaints)
        watched.complaints.clear()
