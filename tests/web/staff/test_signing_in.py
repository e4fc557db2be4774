"""The sign-in page: who is let in where, and what is said to those who are not."""

import pytest
from playwright.async_api import Page, expect

from tests.journeys.house import PASSWORD
from tests.web.staff.conftest import PHONE, Enter

pytestmark = pytest.mark.browser

OWN, STAFF = ["/unit"], ["/desk", "/dispatch", "/unit"]
NEXT = """async ([search, staff, own]) => {
  const { nextPath } = await import("/web/login/next.js");
  return nextPath({ search, origin: location.origin }, staff, own);
}"""


async def try_in(page: Page, login: str, password: str) -> None:
    await page.fill("#login", login)
    await page.fill("#password", password)
    await page.click("form .btn--primary")


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("/unit?t=FS1", "/unit?t=FS1"),
        ("/desk", None),
        ("//evil.example/unit", None),
        ("/\\evil.example", None),
        ("/\t/evil.example", None),
        ("https://evil.example/unit", None),
        ("javascript:alert(1)", None),
        ("/login", None),
        ("", None),
    ],
)
async def test_after_signing_in_only_a_page_of_this_site_and_of_ones_role_follows(
    visit: Enter, given: str, path: str | None
) -> None:
    page = await visit("/login")
    search = await page.evaluate("(given) => `?${new URLSearchParams({ next: given })}`", given)
    assert await page.evaluate(NEXT, [search, STAFF, OWN]) == path


async def test_nothing_typed_is_said_at_the_fields(visit: Enter) -> None:
    page = await visit("/login")
    await page.click("form .btn--primary")
    await expect(page.locator(".field__error")).to_have_text(["请输入账号", "请输入密码"])
    await expect(page.locator("#login")).to_be_focused()


async def test_a_wrong_password_is_said_and_the_password_is_selected_again(visit: Enter) -> None:
    page = await visit("/login")
    await try_in(page, "callback", "wrong")
    await expect(page.get_by_role("alert")).to_contain_text("账号或密码不正确")
    await expect(page.locator("#password")).to_be_focused()
    await expect(page.locator("#login")).to_have_value("callback")


async def test_who_failed_too_often_is_told_that_the_login_is_locked(visit: Enter) -> None:
    page = await visit("/login")
    for _ in range(20):
        async with page.expect_response("**/api/v1/session"):
            await try_in(page, "nobody-here", "wrong")
        await expect(page.locator("form .btn--primary")).to_have_attribute("aria-busy", "false")
        if "锁定" in await page.get_by_role("alert").inner_text():
            break
    await expect(page.get_by_role("alert")).to_contain_text("已暂时锁定")


async def test_an_agent_who_wanted_the_units_page_comes_to_the_desk(visit: Enter) -> None:
    page = await visit("/unit")
    await page.wait_for_url("**/login?next=%2Funit")
    await try_in(page, "agent", PASSWORD)
    await page.wait_for_url("**/desk")


async def test_who_has_no_page_is_told_so_and_can_sign_out(visit: Enter) -> None:
    page = await visit("/login")
    await try_in(page, "analyst", PASSWORD)
    await expect(page.get_by_role("alert")).to_contain_text("没有可用的工作页面")
    await page.get_by_role("button", name="退出登录").click()
    await expect(page.locator("#login")).to_be_visible()


async def test_the_password_can_be_shown(visit: Enter) -> None:
    page = await visit("/login", PHONE)
    await page.fill("#password", "a secret")
    await page.get_by_role("button", name="显示密码").click()
    await expect(page.locator("#password")).to_have_attribute("type", "text")
    assert await page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    assert await page.evaluate("window.violations") == []
