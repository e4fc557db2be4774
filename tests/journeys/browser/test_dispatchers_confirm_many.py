"""A dispatcher confirms what is certain by the thirty, merges what is one matter, and brings a dispute to a ruling."""

import asyncio

import pytest
from playwright.async_api import Route, expect

from tests.journeys.browser.conftest import PHONE, SitDown
from tests.journeys.browser.hands import Hands
from tests.journeys.browser.work import LAMP, Staff, unit_of, written_down
from tests.journeys.house import Browser as Person

pytestmark = pytest.mark.browser

# One unit can be meant, yet the matter is not sure enough for the machine alone.
# What is ruled on is decided so from then on: no other story tells of lamps there.
ELSEWHERE = "禅城区石湾镇街道同华路路灯不亮，争议"
NEARLY_SURE = "乐平镇夜里很吵"
MANY = 30


async def choose_all(dispatcher: Hands) -> None:
    """What is unsure is not chosen with the first press, but with the same key again."""
    unsure = await dispatcher.at("certain-list [data-unsure]").count()
    for _ in range(2 if unsure else 1):
        await dispatcher.press("a")


async def test_thirty_certain_tickets_are_confirmed_with_four_keys(sit_down: SitDown, writer: Person) -> None:
    for _ in range(MANY):
        await written_down(writer, NEARLY_SURE)
    dispatcher = await sit_down("/dispatch", "dispatcher")
    dispatcher.start_counting()
    await dispatcher.press("c")
    rows = dispatcher.at("certain-list .ticket-row")
    await expect(rows.nth(MANY - 1)).to_be_attached()
    waiting = await rows.count()
    await expect(dispatcher.at("why-unit")).to_contain_text("职责条目")
    # What is chosen shows by itself, not only once the list has been read again.
    still = asyncio.Event()

    async def waits(route: Route) -> None:
        await still.wait()
        await route.continue_()

    await dispatcher.page.route("**/api/v1/proposals", waits)
    await choose_all(dispatcher)
    await expect(dispatcher.at("certain-list .btn--primary")).to_contain_text(f"{waiting} 件")
    await dispatcher.press(" ")
    await expect(dispatcher.at("certain-list .btn--primary")).to_contain_text(f"{waiting - 1} 件")
    still.set()
    await dispatcher.press("Enter")
    await expect(dispatcher.at(".batch-results")).to_contain_text(f"完成 {waiting - 1} 件，未完成 0 件")
    await expect(rows).to_have_count(1)
    assert (dispatcher.clicks, dispatcher.letters) == (0, 0)
    assert dispatcher.keys <= 5


async def test_what_is_unsure_stands_apart_says_why_and_is_not_chosen_with_the_first_key(
    sit_down: SitDown, writer: Person
) -> None:
    number = (await written_down(writer, NEARLY_SURE))["number"]
    dispatcher = await sit_down("/dispatch", "dispatcher")
    await dispatcher.press("c")
    apart = dispatcher.at("certain-list [data-unsure]")
    row = apart.locator(".ticket-row", has_text=number)
    await expect(row).to_contain_text("为何不确定：事项本身把握只有")
    await expect(apart).to_contain_text("把握不足，请逐件看")
    box = dispatcher.at(f"certain-list input[aria-label*={number}]")
    await dispatcher.press("a")
    await expect(dispatcher.at("certain-list .certain-bar")).to_contain_text("再选中把握不足的")
    await expect(box).not_to_be_checked()
    await dispatcher.press("a")
    await expect(box).to_be_checked()


async def test_after_a_click_on_the_tab_the_printed_key_confirms_all_the_same(
    sit_down: SitDown, writer: Person
) -> None:
    number = (await written_down(writer, NEARLY_SURE))["number"]
    dispatcher = await sit_down("/dispatch", "dispatcher")
    await dispatcher.click(dispatcher.at("x-tabs [data-id=certain]"))
    row = dispatcher.at("certain-list .ticket-row", has_text=number)
    await expect(row).to_contain_text(NEARLY_SURE)
    await expect(row).to_contain_text("因为")
    await dispatcher.click(dispatcher.at(f"certain-list input[aria-label*={number}]"))
    await dispatcher.press("Enter")
    await expect(dispatcher.at(".batch-results")).to_contain_text("完成 1 件，未完成 0 件")
    await expect(row).to_have_count(0)


async def test_one_that_a_colleague_was_faster_with_is_told_and_stops_no_other(
    staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    numbers = [(await written_down(writer, NEARLY_SURE))["number"] for _ in range(2)]
    dispatcher = await sit_down("/dispatch", "dispatcher")
    await dispatcher.press("c")
    for number in numbers:
        await expect(dispatcher.at("certain-list .ticket-row", has_text=number)).to_be_visible()
    await choose_all(dispatcher)
    # What is sent was read before a colleague asked the citizen.
    sent = "**/api/v1/batches/tickets"
    colleague = await staff.of("agent")
    version = (await colleague.get(f"/tickets/{numbers[0]}"))["version"]

    async def late(route: Route) -> None:
        form = {"version": version, "form": {"question": "哪一栋？"}}
        await colleague.post(f"/tickets/{numbers[0]}/actions/ask_info", form)
        await route.continue_()

    await dispatcher.page.route(sent, late)
    await dispatcher.press("Enter")
    told = dispatcher.at(".batch-results")
    await expect(told).to_contain_text("未完成 1 件")
    await expect(told).to_contain_text(f"{numbers[0]} 已被他人处理")
    await expect(dispatcher.at("certain-list .ticket-row", has_text=numbers[1])).to_have_count(0)


async def test_several_tickets_of_one_matter_are_merged_and_set_free_again(
    staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    numbers = [(await written_down(writer, f"{LAMP}，并单{n}"))["number"] for n in range(3)]
    dispatcher = await sit_down("/dispatch", "dispatcher")
    await dispatcher.click(dispatcher.page.get_by_role("tab", name="全部"))
    await expect(dispatcher.at(".ticket-row", has_text=numbers[0])).to_be_visible()
    dispatcher.start_counting()
    await dispatcher.click(dispatcher.at("[data-select]"))
    for number in numbers:
        await dispatcher.click(dispatcher.page.get_by_label(f"选择工单 {number}"))
    await dispatcher.click(dispatcher.at(".merge-bar .btn--primary"))
    await dispatcher.click(dispatcher.at("dialog label", has_text=numbers[0]))
    await dispatcher.click(dispatcher.at("dialog .btn--primary"))
    await expect(dispatcher.at("ticket-pane")).to_contain_text("已并入 2 件")
    assert (dispatcher.clicks, dispatcher.letters) == (7, 0)
    await dispatcher.click(dispatcher.at(f"[data-unmerge='{numbers[1]}']"))
    await dispatcher.write("不是同一处")
    await dispatcher.click(dispatcher.at("dialog .btn--primary"))
    await expect(dispatcher.at("ticket-pane")).to_contain_text("已并入 1 件")
    freed = await (await staff.of("dispatcher")).get(f"/tickets/{numbers[1]}")
    assert freed["parent"] == ""


async def test_a_dispute_is_ruled_on_one_screen_and_becomes_a_precedent(
    staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    number = (await written_down(writer, ELSEWHERE))["number"]
    unit = await staff.of(await unit_of(staff, number))
    wish = {"reason_code": "not_our_duty", "clause": "区权责清单", "reason": "灯杆归镇街", "suggested_unit": "CC-SW"}
    asked = await unit.post(f"/tickets/{number}/requests", {"kind": "return", "form": wish})
    dispatcher = await staff.of("dispatcher")
    path = f"/tickets/{number}/requests/{asked['requests'][0]['id']}"
    await dispatcher.post(path, {"disputed": True, "form": {"reason": "双方均不认领"}})
    supervisor = await sit_down(f"/dispatch?t={number}", "supervisor")
    supervisor.start_counting()
    await expect(supervisor.page.get_by_role("button", name="同意")).to_have_count(0)
    await supervisor.click(supervisor.at("ticket-view [data-rule]"))
    tab = supervisor.page.get_by_role("tab", name="争议裁定")
    await expect(tab).to_have_attribute("aria-selected", "true")
    await expect(supervisor.at(".side")).to_have_count(2)
    await supervisor.click(supervisor.at("[data-lead='CC-SW']"))
    await supervisor.click(supervisor.at("#ruling-reason"))
    await supervisor.write("谁许可谁监管")
    await supervisor.click(supervisor.at("#ruling-clause"))
    await supervisor.write("镇街权责清单第3条")
    await supervisor.click(supervisor.at("dispute-pane form .btn--primary"))
    await expect(supervisor.at("dispute-pane")).to_contain_text("由佛山市禅城区石湾镇街道办事处主办")
    assert supervisor.clicks <= 6
    await supervisor.click(supervisor.page.get_by_role("tab", name="先例"))
    await expect(supervisor.at("precedent-list")).to_contain_text("建议修订")


@pytest.mark.parametrize("login", ["dispatcher", "supervisor"])
async def test_every_list_fits_a_phone(sit_down: SitDown, login: str) -> None:
    person = await sit_down("/dispatch", login, PHONE)
    for tab in await person.at("ticket-list [role=tab]").all():
        await tab.click()
        await expect(tab).to_have_attribute("aria-selected", "true")
        assert await person.width() == PHONE[0]
        if await person.at("precedent-list").is_visible():
            break
