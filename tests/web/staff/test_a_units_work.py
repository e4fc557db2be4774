"""A member unit works on a ticket with one hand, and gives one back that is not its own."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, expect

from tests.journeys.house import Browser as Person
from tests.web.staff.conftest import DESK, PHONE, Enter

pytestmark = pytest.mark.browser

TEXT = "禅城区祖庙街道同济路城门头路口的路灯不亮，晚上很黑，请派人来修。"
RESULT = {
    "findings": "现场有两档流动烧烤摊。",
    "measures": "已劝离并安排夜间值守。",
    "basis": "《城市市容和环境卫生管理条例》",
    "handler": "承办人甲",
    "phone": "12345",
}


async def opened(agent: Person) -> dict[str, str]:
    """A ticket that went to its unit by itself; ``login`` is that of the unit's liaison."""
    form = {"kind": "complaint", "text": TEXT, "where_text": "城门头路口", "phone": "13800138000", "name": "陈大文"}
    ticket: dict[str, str] = await agent.post("/tickets", form)
    assert ticket["state"] == "dispatched"
    shown = await agent.get(f"/tickets/{ticket['number']}")
    return {**ticket, "login": str(shown["unit"]).lower()}


async def next_step(page: Page, label: str) -> None:
    """Presses the one action under the thumb, which must be ``label``."""
    button = page.locator("unit-ticket .thumb-bar .btn--primary")
    await expect(button).to_have_text(label)
    await button.click()


async def test_a_ticket_goes_from_the_inbox_to_the_review_on_a_phone(
    agent: Person, enter: Enter, tmp_path: Path
) -> None:
    ticket = await opened(agent)
    photo = tmp_path / "after.jpg"
    Image.new("RGB", (640, 480), (90, 140, 120)).save(photo)
    page = await enter(ticket["login"], "/unit", PHONE)
    await page.locator(".ticket-row", has_text=ticket["number"]).click()
    await next_step(page, "签收")
    await next_step(page, "开始办理")
    await page.get_by_label("刚刚已联系").check()
    await page.locator("dialog .btn--primary").click()
    await expect(page.locator("dialog .field__error")).to_contain_text("没有首次联系的通话记录")
    await page.fill("#start-contact_how", "用办公座机打通并核对了地点")
    await page.locator("dialog .btn--primary").click()
    await next_step(page, "提交结果")
    for name, text in RESULT.items():
        await page.fill(f"#submit_result-{name}", text)
    await page.get_by_label("已解决").check()
    await page.locator("dialog .btn--primary").click()
    await expect(page.locator("dialog .field__error")).to_contain_text("须上传")
    await page.set_input_files("#submit_result-evidence", photo)
    await page.locator("dialog .btn--primary").click()
    await expect(page.locator(".ticket-head")).to_contain_text("热线审核")
    await expect(page.locator("ticket-view .ticket-photo img")).to_be_visible()
    await expect(page.locator("ticket-view")).to_contain_text(RESULT["findings"])
    assert await page.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    assert await page.evaluate("window.violations") == []


async def test_the_way_back_of_the_phone_leads_to_the_list(agent: Person, enter: Enter) -> None:
    ticket = await opened(agent)
    page = await enter(ticket["login"], "/unit", PHONE)
    await page.locator(".ticket-row", has_text=ticket["number"]).click()
    await expect(page.locator(".ticket-head")).to_be_visible()
    await page.go_back()
    await expect(page.locator(".ticket-head")).to_be_hidden()
    await expect(page.locator(".ticket-row", has_text=ticket["number"])).to_be_visible()


async def test_a_link_to_a_ticket_opens_it_after_signing_in(agent: Person, enter: Enter) -> None:
    ticket = await opened(agent)
    page = await enter(ticket["login"], f"/unit?t={ticket['number']}", anew=True)
    await expect(page.locator(".ticket-head")).to_contain_text(ticket["number"])


async def test_the_number_is_shown_only_when_it_is_said_what_for(agent: Person, enter: Enter) -> None:
    ticket = await opened(agent)
    page = await enter(ticket["login"], f"/unit?t={ticket['number']}")
    await expect(page.locator("ticket-view")).to_contain_text("138****8000")
    await expect(page.locator("ticket-view")).not_to_contain_text("13800138000")
    await page.get_by_role("button", name="查看联系方式").click()
    await page.fill("#purpose-words", "联系核实现场情况")
    await page.locator("dialog .btn--primary").click()
    await expect(page.locator("a[href='tel:13800138000']")).to_be_visible()


async def give_back(unit: Page, name: str) -> None:
    """Asks for the ticket's return and suggests the unit that is called so."""
    await unit.get_by_role("button", name="提出申请").click()
    await unit.locator("dialog [data-action=return]").click()
    await unit.get_by_label("不属本单位职责").check()
    await unit.locator("dialog x-picker input").fill(name)
    await unit.locator("dialog [role=option]", has_text=name).first.click()
    await unit.fill("#return-clause", "街道权责清单")
    await unit.fill("#return-reason", "不属本街道职责。")
    await unit.locator("dialog .btn--primary").click()
    await expect(unit.locator("ticket-view")).to_contain_text("待审批")


async def grant(dispatcher: Page, number: str) -> None:
    """Grants the open request of a ticket."""
    await dispatcher.get_by_role("tab", name=re.compile("申请")).click()
    await dispatcher.locator(".ticket-row", has_text=number).click()
    await expect(dispatcher.locator("ticket-view")).to_contain_text("不属本街道职责。")
    await dispatcher.get_by_role("button", name="同意", exact=True).click()
    await dispatcher.fill("dialog textarea", "情况属实")
    await dispatcher.locator("dialog .btn--primary").click()


async def test_a_returned_ticket_leaves_the_screen_of_the_unit_that_gave_it_back(agent: Person, enter: Enter) -> None:
    ticket = await opened(agent)
    unit = await enter(ticket["login"], f"/unit?t={ticket['number']}")
    await give_back(unit, "禅城区城市管理")
    dispatcher = await enter("dispatcher", "/dispatch")
    await grant(dispatcher, ticket["number"])
    await expect(dispatcher.locator(".ticket-head")).to_contain_text("禅城区城市管理")
    await expect(dispatcher.get_by_role("button", name="查看联系方式")).to_have_count(0)
    await expect(unit.locator(".ticket-row", has_text=ticket["number"])).to_have_count(0)
    await expect(unit.locator(".toast--warn")).to_contain_text("已不由本单位承办")
    await expect(unit.locator(".ticket-head")).to_have_count(0)
    for page in (unit, dispatcher):
        assert await page.evaluate("document.documentElement.scrollWidth") == DESK[0]
        assert await page.evaluate("window.violations") == []


async def test_a_unit_of_another_area_takes_a_returned_ticket_only_for_a_stated_reason(
    agent: Person, enter: Enter
) -> None:
    ticket = await opened(agent)
    await give_back(await enter(ticket["login"], f"/unit?t={ticket['number']}"), "石湾镇街道城市建设")
    dispatcher = await enter("dispatcher", "/dispatch")
    await grant(dispatcher, ticket["number"])
    await expect(dispatcher.locator("dialog")).to_contain_text("所选单位不负责该地点")
    await dispatcher.fill("dialog textarea", "两街道交界，由对方统一维护")
    await dispatcher.locator("dialog .btn--danger").click()
    await expect(dispatcher.locator(".ticket-head")).to_contain_text("石湾镇街道城市建设")
