"""The panel: a token, or why there is none."""

import re
from datetime import UTC, datetime

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Watched
from tests.browser.panel import be_the_users, issue, result
from tests.serving import Served


def test_a_backend_gets_a_token(page: Page, served: Served) -> None:
    pool = served.json("/page/stack.json")["identity_pool_id"]
    expect(page.get_by_label("Identity pool")).to_have_value(pool)
    issue(page)
    shown = result(page, "issued")
    region = pool.partition(":")[0]
    expect(shown.locator("dd").first).to_contain_text(f"{region}:")
    expect(shown).to_contain_text("login.example.com = user-4711")
    expect(shown).to_contain_text("department = legal")
    expect(shown.get_by_role("timer")).to_contain_text(re.compile(r"expires in 1[34]:\d\d"))


def test_the_token_is_hidden_until_asked_for(page: Page) -> None:
    with page.expect_response("**/token") as response:
        issue(page)
    token = response.value.json()["token"]
    shown = result(page, "issued")
    # No assertion may print a token.
    assert (token in shown.inner_text()) is False
    shown.get_by_role("button", name="Show").click()
    assert (token in shown.inner_text()) is True
    shown.get_by_role("button", name="Copy").click()
    expect(shown.get_by_role("button", name="Copied")).to_be_visible()
    assert (page.evaluate("navigator.clipboard.readText()") == token) is True


def test_a_user_gets_a_token_for_the_jwt_that_the_page_fetches(page: Page) -> None:
    be_the_users(page, "app")
    expect(page.locator("#logins")).to_be_hidden()
    page.get_by_label("User", exact=True).fill("user-17")
    issue(page)
    shown = result(page, "issued")
    expect(shown).to_contain_text("login.example.com = user-17")
    expect(shown).to_contain_text("department = legal")
    expect(shown.get_by_text("the JWT that the user's app sent")).to_be_visible()
    expect(shown).to_contain_text('"alg": "RS256"')
    expect(shown).to_contain_text('"sub": "user-17"')


def test_a_users_sdk_gets_credentials(page: Page) -> None:
    be_the_users(page, "AWS SDK")
    expect(page.get_by_label("Identity pool")).to_be_hidden()
    with page.expect_response("**/me/credentials") as response:
        issue(page)
    answer = response.value.json()
    shown = result(page, "issued")
    expect(shown).to_contain_text(answer["AccessKeyId"])
    expect(shown.get_by_role("timer")).to_contain_text(
        re.compile(r"expires in (01:00:00|5\d:\d\d)")
    )
    expect(shown.get_by_text("the JWT that the user's SDK sent")).to_be_visible()
    assert (answer["SecretAccessKey"] in shown.inner_text()) is False
    shown.get_by_role("button", name="Show").click()
    assert (answer["SecretAccessKey"] in shown.inner_text()) is True


def test_the_token_is_decoded_and_counted_down_to_its_end(page: Page) -> None:
    page.clock.install(time=datetime.now(UTC))
    page.get_by_label("provider, user identifier").fill("user-ü")
    page.get_by_label("Duration in seconds").fill("30")
    issue(page)
    shown = result(page, "issued")
    expect(shown.get_by_text("Decoded: the token")).to_be_visible()
    expect(shown).to_contain_text('"kid": "embedded-cognito-on-this-machine"')
    expect(shown).to_contain_text(":user-ü")
    page.clock.run_for(31_000)
    result(page, "expired")
    expect(shown.get_by_role("timer")).to_have_text("expired")


def test_a_refusal_marks_the_arguments(page: Page) -> None:
    page.get_by_label("Identity pool").fill("nowhere")
    page.get_by_label("Duration in seconds").fill("86401")
    page.get_by_label("provider, user identifier").fill("")
    issue(page)
    shown = result(page, "refused")
    expect(shown).to_contain_text("400 Bad Request")
    expect(shown).to_contain_text("InvalidParameterException")
    for argument, message in (
        ("identity_pool_id", "must have the form REGION:GUID"),
        ("token_duration", "must be between 1 and 86400 seconds"),
        ("logins", "must have names between 1 and 128 characters"),
    ):
        expect(shown.get_by_text(argument)).to_be_visible()
        field = page.locator(f'[data-argument="{argument}"]')
        expect(field.locator(".error")).to_contain_text(message)
        expect(field.locator("input").first).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Identity pool")).to_be_focused()
    expect(page.locator('[data-argument="principal_tags"] .error')).to_have_count(0)
    page.reload()
    page.get_by_label("Duration in seconds").fill("soon")
    issue(page)
    expect(page.locator(".error")).to_have_text(["must be an integer"])
    page.get_by_label("Duration in seconds").fill("60")
    issue(page)
    expect(result(page, "issued")).to_contain_text("60 s, until")
    expect(page.locator(".error, [aria-invalid]")).to_have_count(0)


def test_a_refusal_of_the_deployment_says_what_is_allowed(watched: Watched) -> None:
    be_the_users(watched.page, "app")
    watched.page.get_by_label("Duration in seconds").fill("901")
    issue(watched.page)
    shown = result(watched.page, "refused")
    expect(shown).to_contain_text("403 Forbidden")
    expect(shown).to_contain_text("this deployment allows at most 900 seconds")
    watched.complaints[:] = [text for text in watched.complaints if "status of 403 " not in text]


def test_rows_come_and_go(page: Page) -> None:
    page.get_by_role("button", name="Add a tag").click()
    page.keyboard.type("tenant")
    page.keyboard.press("Tab")
    page.keyboard.type("<b>17</b>")
    page.get_by_role("button", name="Remove this tag").first.click()
    issue(page)
    shown = result(page, "issued")
    expect(shown).to_contain_text("tenant = <b>17</b>")
    expect(shown).not_to_contain_text("department")


def test_no_answer_is_said_plainly(watched: Watched) -> None:
    def abort(route: Route) -> None:
        route.abort()

    watched.page.route("**/token", abort)
    issue(watched.page)
    expect(result(watched.page, "refused")).to_contain_text("There is no answer")
    watched.complaints.clear()
