"""The command that the page gives to copy."""

import json
import shlex
import subprocess

import pytest
from playwright.sync_api import Page, expect

from tests.browser.panel import be_the_user, issue, result


@pytest.mark.parametrize("user", [False, True])
def test_the_curl_does_the_same(page: Page, user: bool) -> None:
    if user:
        be_the_user(page)
    page.locator("[data-copies=curl]").click()
    command = page.evaluate("navigator.clipboard.readText()")
    assert ("authorization: Bearer $JWT" in command) is user
    run = subprocess.run(["sh", "-ec", command], capture_output=True, check=True)
    issue(page)
    shown = result(page, "issued")
    answer = json.loads(run.stdout)
    if not user:
        expect(shown).to_contain_text(answer["identity_pool_id"].partition(":")[0])
    assert answer["logins"] == {"login.example.com": "user-4711"}


def test_curl_quotes_what_a_shell_would_read(page: Page) -> None:
    name = """it's `$(x)` "\\" """
    page.get_by_label("provider, user identifier").fill(name)
    words = shlex.split(page.locator("#curl").inner_text().replace("\\\n", ""))
    assert json.loads(words[-1])["logins"] == {"login.example.com": name}
