"""What a person does with the panel."""

from playwright.sync_api import Locator, Page, expect


def issue(page: Page) -> None:
    """Press the button."""
    page.get_by_role("button", name="Issue a token").click()


def result(page: Page, state: str) -> Locator:
    """The result, once it is in this state."""
    found = page.locator("#result")
    expect(found).to_have_attribute("data-state", state)
    return found


def be_the_user(page: Page) -> None:
    """Choose the users' door."""
    page.get_by_text("Signed-in user", exact=True).click()
