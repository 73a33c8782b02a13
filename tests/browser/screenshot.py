"""`python -m tests.browser.screenshot` writes `docs/page.png`, the same for the same page.

Nothing runs behind the page: the answers are the description's examples, at their time.
"""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route
from werkzeug.test import Client
from werkzeug.wrappers import Response

from openid_token.audit import Door
from tests.browser.chromium import chromium
from tools.apidocs import answers
from tools.local.cognito.embedded import PROVIDER, Cognito
from tools.local.commands.samples import POOL
from tools.local.gateway.bridge import bridge
from tools.local.jwt_issuer import signing as issuer
from tools.local.page.pages import pages
from tools.local.runtime.environment import Answer

PICTURE = Path(__file__).parents[2] / "docs" / "page.png"
URL = "http://127.0.0.1:3000"
SECONDS_LATER = 28
NOTICE = "In AWS's Lambda runtime client under AWS's runtime interface emulator."


def main() -> None:
    """Take the picture."""
    client = _client()
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 1090}, color_scheme="light")
        page.route("**/*", lambda route: _file(client, route))
        page.route("**/issuer/token?*", lambda route: route.fulfill(body=_jwt()))
        token = answers.tokens(Door.USER_API)[0].body
        page.route("**/me/token", lambda route: route.fulfill(json=token))
        page.clock.set_fixed_time(datetime.fromtimestamp(answers.NOW + SECONDS_LATER, UTC))
        _ask(page)
        page.screenshot(path=PICTURE)


def _ask(page: Page) -> None:
    page.goto(URL)
    page.locator(".opblock").first.wait_for()
    page.get_by_text("Signed-in user", exact=True).click()
    page.get_by_label("Duration in seconds").fill("300")
    page.get_by_role("button", name="Issue a token").click()
    page.locator("[data-state=issued]").wait_for()
    page.mouse.move(0, 0)


def _client() -> Client:
    def invoke(event: Any, trace_id: str, limit_seconds: float) -> Answer:
        raise AssertionError("the page's files alone are asked for here")

    shown = pages(Cognito("embedded", POOL, PROVIDER), NOTICE)
    return Client(bridge(invoke, more_pages=shown), Response)


def _file(client: Client, route: Route) -> None:
    answer = client.get(route.request.url.removeprefix(URL), base_url=URL)
    route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.data)


def _jwt() -> str:
    header = {"typ": "JWT", "alg": "RS256", "kid": "local"}
    times = {"iat": answers.NOW, "exp": answers.NOW + issuer.LIFETIME_SECONDS}
    claims = {"custom:department": "legal", "iss": f"{URL}/issuer", "aud": issuer.AUDIENCE}
    parts = (header, {**claims, "sub": "user-4711", **times})
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join([*encoded, b"signature"]).decode()


if __name__ == "__main__":
    main()
