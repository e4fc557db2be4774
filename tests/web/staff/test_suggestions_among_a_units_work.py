"""Suggestions editors sent to a unit stand among its tickets and are answered there."""

import pytest
from playwright.async_api import expect

from tests.journeys.house import Browser as Person
from tests.journeys.house import RunningHouse
from tests.web.staff.conftest import Enter

pytestmark = pytest.mark.browser


async def sent_to(house: RunningHouse, unit: str) -> str:
    """A suggestion an editor gave to a unit; its number."""
    async with Person(house.url) as citizen:
        words = {"title": "步行街增设遮阳座椅", "text": "步行街夏天没有遮阳的地方，建议每一百米设一处带遮阳的座椅。"}
        number = str((await citizen.post("/suggestions", words))["number"])
    async with Person(house.url) as editor:
        await editor.sign_in("admin")
        for action, form in (("publish", {}), ("study", {}), ("assign", {"unit": unit, "reason": "请研究后答复"})):
            await editor.post(f"/suggestions/{number}/actions/{action}", {"form": form})
    return number


async def test_a_suggestion_is_answered_from_the_inbox(house: RunningHouse, enter: Enter) -> None:
    number = await sent_to(house, "CC-ZM-CJ")
    page = await enter("cc-zm-cj", "/unit")
    row = page.locator(f"[data-suggestion='{number}']")
    await expect(row).to_contain_text("建言")
    await row.click()
    await expect(page.locator("unit-suggestion")).to_contain_text("请研究后答复")
    await page.click("unit-suggestion [data-action=keep]")
    await page.fill("#keep-reason", "已列入明年的步行街改造方案")
    await page.click("dialog .btn--primary")
    await expect(row).to_have_count(0)
    async with Person(house.url) as anybody:
        shown = await anybody.get(f"/suggestions/{number}")
    assert shown["state"] == "kept"
    assert shown["decision"]["reason"] == "已列入明年的步行街改造方案"
