"""`python -m tools.local.page.picture` writes `docs/page.png`, the same for the same page.

Nothing runs behind the page: the answers are the description's examples, at their time.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from unittest.mock import Mock, patch

from joserfc.jwk import RSAKey
from playwright.sync_api import Page, Route
from werkzeug.test import Client
from werkzeug.wrappers import Response

from openid_token.audit import Door
from tools import ROOT
from tools.apidocs import examples
from tools.local.cognito import tokens
from tools.local.cognito.embedded import PROVIDER, Cognito
from tools.local.commands.samples import POOL
from tools.local.gateway.bridge import bridge
from tools.local.jwt_issuer.signing import create, registered, sign
from tools.local.page.chromium import chromium
from tools.local.page.pages import pages

PICTURE = ROOT / "docs" / "page.png"
URL = "http://127.0.0.1:3000"
USER = "user-4711"
TAGS = {"department": "legal"}
SECONDS_LATER = 28
NOTICE = "In AWS's Lambda runtime client under AWS's runtime interface emulator."


def main() -> None:
    """Take the picture."""
    client = _client()
    with chromium() as browser, patch("time.time", lambda: examples.NOW):
        page = browser.new_page(viewport={"width": 1280, "height": 1190}, color_scheme="light")
        page.route("**/*", lambda route: _file(client, route))
        page.route("**/issuer/token?*", lambda route: route.fulfill(body=_jwt()))
        page.route("**/me/token", lambda route: route.fulfill(json=_answer()))
        page.clock.set_fixed_time(datetime.fromtimestamp(examples.NOW + SECONDS_LATER, UTC))
        _ask(page)
        page.screenshot(path=PICTURE, animations="disabled")


def _ask(page: Page) -> None:
    page.goto(URL)
    page.locator(".opblock").first.wait_for()
    page.get_by_text("User's app", exact=True).click()
    page.get_by_label("Duration in seconds").fill("300")
    page.get_by_role("button", name="Issue a token").click()
    page.locator("[data-state=issued]").wait_for()
    page.mouse.move(0, 0)


def _client() -> Client:
    """For the page's files: nothing is invoked."""
    shown = pages(Cognito("http://127.0.0.1:4000", POOL, PROVIDER), NOTICE)
    return Client(bridge(Mock(), create(URL), shown), Response)


def _file(client: Client, route: Route) -> None:
    answer = client.get(route.request.url.removeprefix(URL), base_url=URL)
    route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.data)


def _jwt() -> str:
    issuer = replace(create(URL), key=RSAKey.generate_key(2048, {"kid": "local"}))
    claims = {f"custom:{name}": value for name, value in TAGS.items()}
    return sign(issuer, claims | registered(issuer, USER))


def _answer() -> dict[str, Any]:
    answer = examples.successes(Door.USER_API)[0].body
    arn = f"arn:aws:cognito-identity:eu-central-1:123456789012:identitypool/{POOL}"
    token = tokens.issued(arn, answer["identity_id"], {PROVIDER: USER}, TAGS, 300)
    return {**answer, "token": token}


if __name__ == "__main__":
    main()
