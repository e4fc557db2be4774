"""Each at their commonest task, and two at one ticket: bulk signing, inner approval, presence, drafts."""

import pytest
from playwright.async_api import expect

from tests.journeys.browser.conftest import PHONE, SitDown
from tests.journeys.browser.work import LAMP, Staff, unit_of, worked_on, written_down
from tests.journeys.house import Browser as Person
from tests.journeys.test_a_broken_street_lamp_is_reported_and_answered import act

pytestmark = pytest.mark.browser


async def test_a_unit_signs_many_with_three_taps(staff: Staff, sit_down: SitDown, writer: Person) -> None:
    numbers = [(await written_down(writer, f"{LAMP}，批量{n}"))["number"] for n in range(3)]
    unit = await sit_down("/unit", await unit_of(staff, numbers[0]), PHONE)
    await expect(unit.at(".ticket-row", has_text=numbers[2])).to_be_visible()
    unit.start_counting()
    await unit.click(unit.at("unit-list [data-select]"))
    await unit.click(unit.at(".sign-bar .check"))
    await unit.click(unit.at(".sign-bar .btn--primary"))
    await expect(unit.at(".batch-results")).to_contain_text("未完成 0 件")
    for number in numbers:
        await expect(unit.at(".ticket-row", has_text=number)).to_contain_text("已签收")
    assert (unit.clicks, unit.letters) == (3, 0)
    assert await unit.width() == PHONE[0]


async def test_two_at_one_ticket_see_each_other_and_a_late_save_shows_what_changed(
    staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    number = (await written_down(writer, f"{LAMP}，两人同办"))["number"]
    login = await unit_of(staff, number)
    await worked_on(staff, number, submitted=False)
    unit = await sit_down(f"/unit?t={number}", login)
    supervisor = await sit_down("/dispatch", "supervisor")
    await supervisor.click(supervisor.page.get_by_role("tab", name="全部"))
    await supervisor.click(supervisor.at(".ticket-row", has_text=number))
    await expect(unit.at("x-together")).to_contain_text("督办员")
    await expect(supervisor.at("x-together")).to_contain_text("正在查看")
    await unit.click(unit.page.get_by_role("button", name="提交结果").locator("visible=true"))
    await expect(supervisor.at("x-together")).to_contain_text("正在填写“提交结果”")
    await unit.page.fill("#submit_result-findings", "现场查明灯具老化")
    # Meanwhile the supervisor raises its urgency.
    version = (await (await staff.of("supervisor")).get(f"/tickets/{number}"))["version"]
    raised = {"version": version, "form": {"urgency": "p1", "reason": "行人被绊倒"}}
    await (await staff.of("supervisor")).post(f"/tickets/{number}/actions/raise_urgency", raised)
    rest = (("measures", "已更换灯具并恢复照明"), ("basis", "管养规定"), ("handler", "甲"), ("phone", "12345"))
    for name, text in rest:
        await unit.page.fill(f"#submit_result-{name}", text)
    await unit.page.get_by_label("解释说明").check()
    await unit.click(unit.at("dialog .btn--primary"))
    await expect(unit.at("dialog .what-changed")).to_contain_text("紧急程度")
    await expect(unit.at("dialog .what-changed")).to_contain_text("紧急")
    await expect(unit.at("#submit_result-findings")).to_have_value("现场查明灯具老化")
    unit.faults.clear()
    await unit.page.wait_for_timeout(900)
    await unit.page.goto(f"/unit?t={number}")
    await unit.click(unit.page.get_by_role("button", name="提交结果").locator("visible=true"))
    await expect(unit.at("#submit_result-findings")).to_have_value("现场查明灯具老化")
    await unit.page.get_by_label("解释说明").check()
    await unit.click(unit.at("dialog .btn--primary"))
    await expect(unit.at(".ticket-head")).to_contain_text("热线审核")


async def test_a_leader_approves_from_the_inbox_with_two_clicks(
    staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    number = (await written_down(writer, f"{LAMP}，内审"))["number"]
    admin = await staff.of("admin")
    leaders = [
        one
        for one in (await admin.get("/staff?role=unit_leader&limit=200"))["items"]
        if one["login"].endswith("-leader")
    ]
    login = leaders[-1]["login"].removesuffix("-leader")
    moved = {"unit": login.upper(), "reason": "内审演练", "basis": "区领导批示", "beyond_area": "演练"}
    await act(await staff.of("dispatcher"), number, "reassign", moved)
    setting = f"/units/{login.upper()}/approval"
    await admin.call("PUT", setting, {"wanted": True})
    await worked_on(staff, number, submitted=True)
    await admin.call("PUT", setting, {"wanted": False})
    leader = await sit_down("/unit", f"{login}-leader")
    await expect(leader.page.get_by_role("tab", name="待内审")).to_have_attribute("aria-selected", "true")
    leader.start_counting()
    await leader.click(leader.at(".ticket-row", has_text=number))
    await leader.click(leader.page.get_by_role("button", name="内审通过").locator("visible=true"))
    await expect(leader.at(".ticket-head")).to_contain_text("热线审核")
    assert (leader.clicks, leader.letters) == (2, 0)
