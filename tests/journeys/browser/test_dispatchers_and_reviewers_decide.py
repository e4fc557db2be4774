"""A dispatcher sends what the program was not sure of; a reviewer lets a reply go to the citizen."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.journeys.browser.conftest import SitDown
from tests.journeys.browser.hands import Hands
from tests.journeys.browser.work import LAMP, UNSURE, Staff, worked_on, written_down
from tests.journeys.house import Browser as Person

pytestmark = pytest.mark.browser

CANDIDATE = "佛山市城市管理和综合执法局"


async def test_an_uncertain_ticket_is_sent_with_three_clicks(sit_down: SitDown, writer: Person) -> None:
    dispatcher = await sit_down("/dispatch", "dispatcher")
    number = (await written_down(writer, UNSURE))["number"]
    row = dispatcher.at(".ticket-row", has_text=number)
    await expect(row).to_be_visible()
    dispatcher.start_counting()
    await dispatcher.click(row)
    await expect(dispatcher.at("why-unit")).to_contain_text("需人工判断")
    await dispatcher.click(dispatcher.page.get_by_role("button", name="派单", exact=True))
    await expect(dispatcher.at("dialog #dispatch-unit .badge")).to_have_text(CANDIDATE)
    await dispatcher.click(dispatcher.at("dialog .btn--primary"))
    await expect(dispatcher.at(".ticket-head")).to_contain_text("已派单")
    await expect(dispatcher.at(".ticket-head")).to_contain_text(CANDIDATE)
    await expect(row).to_have_count(0)
    assert (dispatcher.clicks, dispatcher.letters) == (3, 0)


async def test_a_report_is_sent_only_with_its_matter_and_to_a_unit_with_the_power(
    staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    form = {"kind": "report", "text": "我要举报这件事，请你们尽快查一查。", "name": "陈大文", "phone": "13800138000"}
    number = (await writer.post("/tickets", form))["number"]
    dispatcher = await sit_down(f"/dispatch?t={number}", "dispatcher")
    await dispatcher.click(dispatcher.page.get_by_role("button", name="派单", exact=True))
    matter, unit = dispatcher.at("dialog #dispatch-matter"), dispatcher.at("dialog #dispatch-unit")
    if await unit.locator(".badge").count():
        await dispatcher.click(unit.get_by_role("button", name="更换"))
    await pick(dispatcher, unit, "禅城区教育局")
    await dispatcher.page.fill("#dispatch-basis", "领导批示")
    await dispatcher.click(dispatcher.at("dialog .btn--primary"))
    await expect(matter.locator("xpath=..").locator(".field__error")).to_be_visible()
    await pick(dispatcher, matter, "流动摊贩占道")
    await dispatcher.click(dispatcher.at("dialog .btn--primary"))
    error = unit.locator("xpath=..").locator(".field__error")
    await expect(error).to_contain_text("没有该事项所需的执法权")
    await dispatcher.click(unit.get_by_role("button", name="更换"))
    await pick(dispatcher, unit, CANDIDATE)
    await dispatcher.click(dispatcher.at("dialog .btn--primary"))
    await expect(dispatcher.at(".ticket-head")).to_contain_text(CANDIDATE)
    seen = await (await staff.of("dispatcher")).get(f"/tickets/{number}")
    assert (seen["state"], seen["matter"]) == ("dispatched", "street-vending")
    dispatcher.faults.remove(f"422 POST /api/v1/tickets/{number}/actions/dispatch")


async def pick(person: Hands, picker: Locator, name: str) -> None:
    await person.click(picker.locator("input"))
    await person.write(name)
    await person.click(picker.locator("[role=option]", has_text=name).first)


async def test_an_uncertain_ticket_is_sent_by_keyboard(sit_down: SitDown, writer: Person) -> None:
    number = (await written_down(writer, f"{UNSURE}昨晚开始的。"))["number"]
    dispatcher = await sit_down("/dispatch", "dispatcher")
    rows = await dispatcher.at(".ticket-row").all_inner_texts()
    for _ in range(1 + next(at for at, text in enumerate(rows) if number in text)):
        await dispatcher.press("j")
        await expect(dispatcher.at(".ticket-head")).to_be_visible()
    await expect(dispatcher.at(".ticket-head")).to_contain_text(number)
    dispatcher.start_counting()
    await dispatcher.press("Control+Enter")
    await expect(dispatcher.at("dialog #dispatch-unit .badge")).to_have_text(CANDIDATE)
    await dispatcher.press("Control+Enter")
    await expect(dispatcher.at(".ticket-head")).to_contain_text("已派单")
    assert (dispatcher.clicks, dispatcher.keys, dispatcher.letters) == (0, 2, 0)


async def test_a_reply_is_released_as_the_unit_gave_it(staff: Staff, sit_down: SitDown, writer: Person) -> None:
    ticket = await written_down(writer, f"{LAMP}，有三盏")
    await worked_on(staff, ticket["number"], submitted=True)
    reviewer = await sit_down("/dispatch", "reviewer")
    reviewer.start_counting()
    await reviewer.click(reviewer.at(".ticket-row", has_text=ticket["number"]))
    await reviewer.click(reviewer.at(".actions-bar [data-action=release]"))
    await expect(reviewer.at("#release-text")).to_have_value(re.compile("更换灯泡"))
    await reviewer.tick(reviewer.page.get_by_label("已核对"))
    await reviewer.click(reviewer.at("dialog .btn--primary"))
    await expect(reviewer.at("ticket-view .notice--green")).to_contain_text("更换灯泡")
    assert (reviewer.clicks, reviewer.letters) == (4, 0)
    citizen = await sit_down(ticket["link"])
    await expect(citizen.at("main")).to_contain_text("更换灯泡")
