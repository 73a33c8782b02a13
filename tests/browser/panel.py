"""What a person does with the panel."""

from playwright.sync_api import Locator, Page, expect


def issue(page: Page) -> None:
    """Press the button."""
    page.locator("#ask").click()


def result(page: Page, state: str) -> Locator:
    """The result, once it is in this state."""
    found = page.locator("#result")
    expect(found).to_have_attribute("data-state", state)
    return found


def be_the_users(page: Page, program: str) -> None:
    """Choose one of the users' doors, for their `app` or `AWS SDK`."""
    page.get_by_text(f"User's {program}", exact=True).click()
