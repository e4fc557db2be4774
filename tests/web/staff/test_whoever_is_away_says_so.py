"""An officer says on the unit's page that they are away; units nobody answers for are seen by who watches over them."""

import pytest
from playwright.async_api import expect

from tests.journeys.house import Browser as Person
from tests.web.staff.conftest import DESK, PHONE, Enter
from tests.web.staff.test_a_units_work import opened
from tests.web.staff.test_the_wall import fits

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [DESK, PHONE])
async def test_an_absence_is_said_seen_and_taken_back(agent: Person, enter: Enter, size: tuple[int, int]) -> None:
    ticket = await opened(agent)
    page = await enter(ticket["login"], "/unit", size)
    await page.locator("[data-absences]").click()
    dialog = page.locator("dialog[open]")
    await expect(dialog).to_contain_text("没有登记不在岗")
    await dialog.locator("#absence-since").fill("2020-01-01")
    await dialog.locator("#absence-until").fill("2020-01-02")
    await dialog.locator("[data-say]").click()
    await expect(dialog.locator(".field__error")).to_be_visible()
    await dialog.locator("#absence-since").fill("2099-01-01")
    await dialog.locator("#absence-until").fill("2099-01-03")
    await dialog.locator("[data-say]").click()
    await expect(dialog.locator("[data-absence]")).to_contain_text("2099-01-01 至 2099-01-03 · 无人代班")
    await expect(dialog.locator(".field__error")).to_have_count(0)
    assert await fits(page)
    await dialog.locator("[data-take-back]").click()
    await expect(dialog).to_contain_text("没有登记不在岗")
    assert await page.evaluate("window.violations") == []


async def test_units_nobody_answers_for_stand_on_the_wall_and_among_the_accounts(agent: Person, enter: Enter) -> None:
    await opened(agent)
    wall = await enter("supervisor", "/supervise")
    number = wall.locator("[data-list=unreached]")
    await expect(number).to_contain_text("联系不上的单位")
    await number.click()
    sheet = wall.locator("dialog[open]")
    await expect(sheet.locator("[data-unit]").last).to_contain_text("未启用")
    assert await fits(wall)
    admin = await enter("admin", "/admin#users")
    await admin.get_by_role("tab", name="联系不上的单位").click()
    await expect(admin.locator("[data-unit]").last).to_contain_text("从未登录")
    code = await admin.locator("[data-unit]").first.get_attribute("data-unit")
    await admin.locator("[data-accounts]").first.click()
    await expect(admin.locator(f"[data-login={str(code).lower()}]")).to_be_visible()
    for page in (wall, admin):
        assert await page.evaluate("window.violations") == []
