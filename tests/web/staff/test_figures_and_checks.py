"""A unit's leader at the own figures, and a reviewer with the list that a look at the reply gave."""

import asyncio
import re
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from playwright.async_api import expect

from tests.journeys.browser.work import UNSURE, Staff, worked_on
from tests.journeys.house import Browser as Person
from tests.journeys.house import RunningHouse
from tests.journeys.test_a_broken_street_lamp_is_reported_and_answered import act
from tests.web.staff.conftest import DESK, PHONE, Enter

pytestmark = pytest.mark.browser


async def written(agent: Person, text: str) -> str:
    form = {"kind": "complaint", "text": text, "phone": "13800138000", "name": "陈大文"}
    ticket: dict[str, Any] = await agent.post("/tickets", form)
    return str(ticket["number"])


def leader_of(house: RunningHouse) -> tuple[str, str]:
    """Login and unit of a leader of the demo."""
    with closing(sqlite3.connect(house.folder / "hotline.sqlite3")) as database:
        login, unit = database.execute("SELECT login, unit FROM staff WHERE login LIKE '%-leader'").fetchone()
    return str(login), str(unit)


async def counted(leader: Person, number: str) -> None:
    """Wait until the figures, which follow the journal, know of a ticket."""
    for _ in range(100):
        if number in str(await leader.get("/indicators/signed/tickets?days=30")):
            return
        await asyncio.sleep(0.2)
    pytest.fail(f"the figures never knew of {number}")


NO_TAB_IS_OUT_OF_SIGHT = """() => {
  const tabs = document.querySelector(".unit-head .tabs");
  return tabs.scrollWidth <= tabs.clientWidth;
}"""


@pytest.mark.parametrize("size", [DESK, PHONE])
async def test_a_leader_sees_the_own_units_figures_and_the_tickets_behind_them(
    house: RunningHouse, agent: Person, enter: Enter, size: tuple[int, int]
) -> None:
    login, unit = leader_of(house)
    number = await written(agent, UNSURE)
    async with Staff(house.url) as staff:
        form = {"unit": unit, "basis": "职责清单"}
        await act(await staff.of("dispatcher"), number, "dispatch", form)
        await act(await staff.of(unit.lower()), number, "accept", {})
        await counted(await staff.of(login), number)
    page = await enter(login, "/unit", size)
    await page.get_by_text("本单位指标").click()
    await expect(page.locator("unit-figures tbody")).to_contain_text("按时办结率")
    late = page.locator("unit-figures tr", has=page.locator("[data-name=outdated]"))
    await expect(late).to_contain_text(re.compile(r"知识过期率.*\d/\d", re.DOTALL))
    await expect(late.get_by_role("button")).to_have_count(0)
    assert await page.evaluate(NO_TAB_IS_OUT_OF_SIGHT)
    await page.locator("unit-figures [data-rate=signed]").click()
    await expect(page.locator("unit-figures tbody")).to_contain_text(number)
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert await page.evaluate("window.violations") == []
    await page.locator("unit-figures button", has_text=number).click()
    await expect(page.locator("unit-ticket:visible")).to_contain_text("大树")


async def test_a_reviewer_sees_what_a_look_at_the_reply_found_and_decides_alone(
    house: RunningHouse, agent: Person, enter: Enter
) -> None:
    number = await written(agent, f"{UNSURE}另外路灯杆也歪了，希望扶正。")
    async with Staff(house.url) as staff:
        form = {"unit": leader_of(house)[1], "basis": "职责清单"}
        await act(await staff.of("dispatcher"), number, "dispatch", form)
        await worked_on(staff, number, submitted=True)
    page = await enter("reviewer", "/dispatch")
    await page.locator(".ticket-row", has_text=number).click()
    check = page.locator("reply-check")
    await expect(check).to_contain_text("灯杆")
    await expect(check.locator("x-light[light=red]").first).to_be_visible()
    await check.locator(".reply-check__line", has_text="实质内容").click()
    await expect(check.locator("mark").first).to_be_visible()
    await page.locator(".actions-bar [data-action=release]").click()
    await expect(page.get_by_label("已核对")).not_to_be_checked()


async def test_the_release_dialog_judges_what_is_typed_and_lets_no_leak_out(
    house: RunningHouse, agent: Person, enter: Enter
) -> None:
    number = await written(agent, UNSURE)
    async with Staff(house.url) as staff:
        form = {"unit": leader_of(house)[1], "basis": "职责清单"}
        await act(await staff.of("dispatcher"), number, "dispatch", form)
        await worked_on(staff, number, submitted=True)
        reviewer = await staff.of("reviewer")
        page = await enter("reviewer", "/dispatch")
        await page.locator(".ticket-row", has_text=number).click()
        await page.locator(".actions-bar [data-action=release]").click()
        dialog = page.locator("dialog")
        text, send = dialog.locator("#release-text"), dialog.get_by_role("button", name="审核通过并答复")
        found = dialog.locator("[data-verdicts=text]")
        draft = await text.input_value()
        await dialog.get_by_label("已核对").check()
        await text.fill(f"{draft}请与13800138000联系，我们会把对方的电话提供给您。")
        await expect(found.locator("[data-stops=never]")).to_have_count(3)
        await expect(found).to_contain_text("诉求人信息")
        await expect(found.locator("mark").first).to_contain_text("13800138000")
        await send.click()
        await expect(dialog.locator("#release-text-error")).to_contain_text("修改后才能发布")
        assert (await reviewer.get(f"/tickets/{number}"))["state"] == "review"
        await text.fill(f"{draft}你自己看。")
        await expect(found.locator("[data-stops=never]")).to_have_count(0)
        await expect(found.locator("[data-stops=reason]", has_text="用语")).to_be_visible()
        await send.click()
        await expect(dialog.locator("#release-reason-error")).to_contain_text("写明仍然发布的理由")
        await dialog.locator("#release-reason").fill("可以可以可以可以")
        await send.click()
        await expect(dialog.locator("#release-reason-error")).to_contain_text("不要重复")
        await dialog.locator("#release-reason").fill("已与承办单位核实答复完整准确")
        await send.click()
        await expect(dialog).to_have_count(0)
        released = await reviewer.get(f"/tickets/{number}")
    assert released["state"] in {"replied", "call_back"}
    assert any("仍予发布" in line["note"] for line in released["timeline"])
    assert await page.evaluate("window.violations") == []
