"""The page at the widths of a phone, a tablet and a laptop, by keyboard alone; and what a page of
elsewhere gets in the same browser.

One file, so that all of it shares one browser and one `make serve`.
"""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug.wrappers import Request, Response

from tests.browser.conftest import opened
from tests.kit.serving import Served
from tools.local.web import server

DOORS = ("POST /token", "POST /me/token", "GET /me/credentials")
PHONE, TABLET, LAPTOP = 390, 768, 1280
# What has the focus: its name, where it is, and whether that can be seen.
_FOCUSED = """() => {
  const it = document.activeElement, { top, bottom, left } = it.getBoundingClientRect();
  if (it === document.body) return null;
  const outlined = getComputedStyle(it).outlineStyle !== "none";
  const name = it.ariaLabel ?? ((it.labels?.[0] ?? it).textContent.trim() || it.title);
  return { name, top: top + scrollY, bottom: bottom + scrollY, left, outlined };
}"""
_LIVE = "[aria-live], [role=alert], [role=status], [role=log], [role=timer], output"
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


def press(button: Locator) -> None:
    """By keyboard; that Tab comes to each control is shown below."""
    button.focus()
    button.press("Enter")


def answer(page: Page, door: str) -> Locator:
    return page.get_by_role("group", name=f"Answer, 200, {door}", exact=True)


def ask(page: Page, door: str) -> None:
    path = door.partition(" ")[2]
    press(page.locator(f".opblock-summary-control:has([data-path='{path}'])"))
    press(page.get_by_role("button", name=f"Try it out, {door}", exact=True))
    press(page.get_by_role("button", name=f"Execute, {door}", exact=True))


@pytest.fixture(scope="module", params=[PHONE, LAPTOP])
def asked(browser: Browser, served: Served, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page after each door was opened and asked; the answer was in sight and had the focus."""
    with opened(browser, served, request.param) as page:
        for door in DOORS:
            ask(page, door)
            expect(answer(page, door)).to_be_focused()
            expect(answer(page, door).locator("td.response-col_status").last).to_be_in_viewport()
        yield page


def test_each_door_answers(asked: Page) -> None:
    for door in DOORS:
        body: dict[str, Any] = json.loads(answer(asked, door).locator("td pre").first.inner_text())
        # No assertion may print a token.
        assert ({"token", "SecretAccessKey"} & body.keys()) == {
            "SecretAccessKey" if door.endswith("credentials") else "token"
        }


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


def check(page: Page) -> None:
    """Axe finds nothing, nothing is read aloud unasked, and nothing lies to the side."""
    # To name each element costs more than to check it.
    found = Axe().run(page, options={"resultTypes": ["violations"], "selectors": False})
    assert not found.generate_snapshot()
    expect(page.locator(_LIVE)).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_answer_is_accessible(asked: Page) -> None:
    check(asked)


def test_so_are_the_page_at_first_and_the_schemas(browser: Browser, served: Served) -> None:
    with opened(browser, served, TABLET) as page:
        check(page)
        for door in page.locator(".opblock-summary-control").all():
            door.click()
        expect(page.locator(".responses-table")).to_have_count(len(DOORS))
        # Every schema is that of a body, of a result, of a problem, or in one of them.
        for tab in page.get_by_role("tab", name=re.compile(r"Schema,( [24]00,)? \D")).all():
            tab.click()
        check(page)


@pytest.mark.parametrize(
    "header", ["", "{}", "Authorization: Bearer {}", "cookie: __Host-session={}"]
)
def test_a_login_of_ones_own_is_sent(
    browser: Browser, served_by_authorizer: Served, header: str
) -> None:
    session = served_by_authorizer.get("/issuer/token?sub=user-0815")
    with opened(browser, served_by_authorizer, PHONE) as page:
        page.get_by_label("The header with a user's login").fill(header.format(session))
        ask(page, "POST /me/token")
        body = answer(page, "POST /me/token").locator("td pre").first.inner_text()
        assert ("user-0815" in body, "user-4711" in body) == (bool(header), not header)
        check(page)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])  # the same site, and another
@pytest.mark.parametrize("sent", _SENT)
def test_a_page_of_elsewhere_is_refused(
    browser: Browser, served: Served, host: str, sent: str
) -> None:
    body = json.dumps(served.arguments())
    elsewhere = Response("<!doctype html><title>Elsewhere</title>", content_type="text/html")
    with (
        server.serving(Request.application(lambda _: elsewhere)) as url,
        browser.new_context() as context,
    ):
        page = context.new_page()
        page.goto(url.replace("127.0.0.1", host))
        with page.expect_response(f"{served.url}/token") as answered:
            page.evaluate(f"([url, body]) => {{ {_SENT[sent]} }}", [f"{served.url}/token", body])
        assert answered.value.status == 403
