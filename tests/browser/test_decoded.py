"""A token that is a JWT, as the real Cognito's is."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, Request, expect

from tests.browser.panel import issue, result


def test_a_jwt_is_decoded_and_counted_down_to_its_end(page: Page) -> None:
    """The embedded Cognito has no JWT, so this answer is made here."""
    page.clock.install(time=datetime.now(UTC))
    page.route("**/token", lambda route: route.fulfill(json=_with_jwt(route.request)))
    issue(page)
    shown = result(page, "issued")
    expect(shown.get_by_text("Decoded: the token's header and claims")).to_be_visible()
    expect(shown).to_contain_text('"kid": "eu-central-11"')
    expect(shown).to_contain_text("login.ü.example")
    expect(shown).not_to_contain_text("is not a JWT")
    page.clock.run_for(31_000)
    result(page, "expired")
    expect(shown.get_by_role("timer")).to_have_text("expired")


def _with_jwt(request: Request) -> dict[str, Any]:
    header = {"kid": "eu-central-11", "typ": "JWS", "alg": "RS512"}
    claims = {"sub": "eu-central-1:an-identity", "amr": ["authenticated", "login.ü.example"]}
    parts = [json.dumps(part, ensure_ascii=False).encode() for part in (header, claims)]
    token = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in [*parts, b"signed"])
    asked = json.loads(request.post_data or "")
    return {
        "identity_pool_id": asked["identity_pool_id"],
        "identity_id": "eu-central-1:an-identity",
        "logins": asked["logins"],
        "token_duration": 30,
        "token": token.decode(),
        "expires_at": (datetime.now(UTC) + timedelta(seconds=30)).isoformat(),
    }
