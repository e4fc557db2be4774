"""Ritual call-backs (P41): the worker calls from the pane, sees how long they talked, puts down what was said; the
citizen's own vote stands, and their page says so."""

import os
from pathlib import Path

import pytest
from playwright.async_api import expect

from channels.sandbox.sms import SmsServer
from channels.sandbox.sms_platform import ANSWERS, BUSY
from tests.journeys.browser.conftest import PHONE, SitDown
from tests.journeys.browser.hands import Hands
from tests.journeys.browser.work import LAMP, Staff, released, worked_on
from tests.journeys.house import Browser as Person

pytestmark = pytest.mark.browser

CITIZEN, BUSY_CITIZEN, OFFICER = "13800138000", "13600136001", "13700137000"
# Where to keep pictures of the screens for somebody to look at.
PICTURES = os.environ.get("HOTLINE_PICTURES", "")
POOR = """async ([token]) => {
  const { api } = await import("/web/shared/api.js");
  await api.post(`/track/${token}/rate`, { score: "dissatisfied", solved: "no" });
}"""


async def pictured(hands: Hands, name: str) -> None:
    if PICTURES:
        await hands.page.screenshot(path=Path(PICTURES) / f"{name}.png")


async def voted_badly(
    staff: Staff, sit_down: SitDown, writer: Person, where: str, phone: str = CITIZEN
) -> tuple[str, Hands]:
    """A ticket whose citizen voted badly on the reply, with their page open."""
    form = {"kind": "complaint", "text": f"{LAMP}，{where}。晚上看不见路。", "name": "陈大文", "phone": phone}
    ticket = await writer.post("/tickets", form)
    await worked_on(staff, ticket["number"], submitted=True)
    await released(staff, ticket["number"])
    citizen = await sit_down(ticket["link"], size=PHONE)
    await citizen.page.evaluate(POOR, [ticket["link"].rsplit("/", 1)[-1]])
    await citizen.page.reload()
    return ticket["number"], citizen


async def test_p41_a_call_back_is_called_and_put_down_from_one_screen_in_three_clicks(
    staff: Staff, sit_down: SitDown, writer: Person, exchange: SmsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, citizen = await voted_badly(staff, sit_down, writer, "回访一")
    await expect(citizen.at(".now")).to_contain_text("已收到您的评价")
    await expect(citizen.at(".now")).to_contain_text("打电话")
    await expect(citizen.at("main")).not_to_contain_text("等待您的评价")
    await pictured(citizen, "track-voted")
    await (await staff.of("callback")).call("PUT", "/my/notices", {"phone": OFFICER})
    caller = await sit_down("/dispatch", "callback")
    caller.start_counting()
    await caller.click(caller.at(".ticket-row", has_text=number))
    pane = caller.at("call-back")
    await expect(pane).to_contain_text("晚上看不见路")
    await expect(pane).to_contain_text("恢复照明")
    await pictured(caller, "callback-before")
    monkeypatch.setattr(exchange.platform, "talk", 133)
    await caller.click(pane.locator("[data-call-citizen]"))
    await expect(pane.locator("[data-call=answered]")).to_contain_text("已接通")
    await expect(pane.locator("[data-call=answered]")).to_contain_text("2分13秒")
    assert exchange.platform.phone(f"+86{CITIZEN}").saw[-1] == "+8675712345000"
    form = pane.locator("action-form")
    await expect(form.get_by_label("电话")).to_be_checked()
    await expect(form.get_by_label("已与本人通话")).to_be_checked()
    await expect(form.get_by_label("未通过热线拨打的说明")).to_have_count(0)
    await pictured(caller, "callback-answered")
    await form.get_by_label("回访记录").fill("市民说灯还是不亮")
    await caller.click(form.locator(".btn--primary"))
    await expect(pane).to_contain_text("1/3 次")
    await expect(pane.locator("[data-attempt=reached]")).to_contain_text("市民说灯还是不亮")
    await expect(pane.locator("[data-unproven]")).to_have_count(0)
    # That the citizen picked up is said thereby, and put right only while nothing rests on it.
    await expect(pane.locator("citizen-calls .badge--green")).to_contain_text("已与市民通话")
    assert caller.clicks == 3
    assert CITIZEN not in await caller.page.content()


async def test_p41_what_is_told_on_the_phone_waits_for_the_citizens_own_word(
    staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    number, citizen = await voted_badly(staff, sit_down, writer, "回访二")
    caller = await sit_down("/dispatch", "callback")
    await caller.click(caller.at(".ticket-row", has_text=number))
    pane = caller.at("call-back")
    form = pane.locator("action-form")
    await caller.click(form.get_by_label("电话"))
    await caller.click(form.get_by_label("已与本人通话"))
    await caller.click(form.get_by_label("满意", exact=True))
    await caller.click(form.get_by_label("已解决"))
    await form.get_by_label("回访记录").fill("市民说昨晚灯已经亮了")
    # Without a call and without a reason nothing is put down.
    await caller.click(form.locator(".btn--primary"))
    await expect(form.locator(".field__error")).to_contain_text("未通过热线拨打的说明")
    await form.get_by_label("未通过热线拨打的说明").fill("办公座机拨打")
    await pictured(caller, "callback-no-call")
    await caller.click(form.locator(".btn--primary"))
    await expect(pane.locator("[data-waits]")).to_contain_text("以本人评价为准")
    await expect(pane.locator("[data-vote]")).to_contain_text("不满意")
    await expect(pane.locator("[data-unproven]")).to_have_text("无通话记录")
    await expect(caller.at(".ticket-head")).to_contain_text("回访中")
    await pictured(caller, "callback-waits")
    await citizen.page.reload()
    await expect(citizen.at(".now")).to_contain_text("请确认您的评价")
    await pictured(citizen, "track-confirm")
    supervisor = await sit_down("/dispatch", "supervisor")
    await supervisor.click(supervisor.page.get_by_role("tab", name="回访"))
    await supervisor.click(supervisor.at(".ticket-row", has_text=number))
    await expect(supervisor.at("[data-attempts] [data-unproven]")).to_have_text("无通话记录")
    await supervisor.click(supervisor.page.get_by_role("tab", name="质检"))
    row = supervisor.at("inspect-list .ticket-row", has_text=number)
    await expect(row.locator("[data-because]")).to_contain_text("回访或代为撤回无通话记录")
    await supervisor.click(row)
    await expect(supervisor.at("inspect-pane [data-unproven]")).to_be_visible()
    await pictured(supervisor, "inspect-unproven")
    await citizen.click(citizen.at("[data-confirm-vote]"))
    await citizen.click(citizen.at("label.vote").nth(1))
    await citizen.click(citizen.at("rating-form label.check").first)
    await citizen.click(citizen.page.get_by_role("button", name="提交评价"))
    await expect(citizen.at(".now")).to_contain_text("已办结")
    seen = await (await staff.of("callback")).get(f"/tickets/{number}")
    assert [(vote["score_label"], vote["way_label"]) for vote in seen["votes"]] == [("满意", "进度页")]


async def test_who_picked_up_is_put_right_in_two_clicks_and_who_is_busy_is_not_reached(
    staff: Staff, sit_down: SitDown, writer: Person, exchange: SmsServer
) -> None:
    exchange.platform.phone(f"+86{BUSY_CITIZEN}").answers = BUSY
    await (await staff.of("callback")).call("PUT", "/my/notices", {"phone": OFFICER})
    number, _ = await voted_badly(staff, sit_down, writer, "回访三", BUSY_CITIZEN)
    caller = await sit_down("/dispatch", "callback")
    await caller.click(caller.at(".ticket-row", has_text=number))
    pane = caller.at("call-back")
    await caller.click(pane.locator("[data-call-citizen]"))
    await expect(pane.locator("[data-call=busy]")).to_contain_text("市民忙线")
    exchange.platform.phone(f"+86{BUSY_CITIZEN}").answers = ANSWERS
    await caller.click(pane.locator("[data-call-citizen]"))
    await caller.click(pane.locator("[data-heard=voicemail]"))
    await expect(pane.locator("action-form").get_by_label("未联系到本人")).to_be_checked()
    caller.start_counting()
    await caller.click(pane.locator("[data-correct]"))
    await caller.click(pane.locator("[data-heard=reached]"))
    await expect(pane.locator("[data-call=answered]")).to_contain_text("已更正，原登记：语音信箱")
    await expect(pane.locator("action-form").get_by_label("已与本人通话")).to_be_checked()
    assert caller.clicks == 2
    await pictured(caller, "callback-corrected")


async def test_one_worker_would_refuse_by_law_and_a_colleague_closes_it(
    staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    number, _ = await voted_badly(staff, sit_down, writer, "回访四")
    caller = await sit_down("/dispatch", "callback")
    await caller.click(caller.at(".ticket-row", has_text=number))
    pane = caller.at("call-back")
    form = pane.locator("action-form")
    await caller.click(form.get_by_label("短信"))
    await caller.click(form.get_by_label("未联系到本人"))
    await form.get_by_label("未通过热线拨打的说明").fill("用办公手机发送短信")
    await caller.click(form.locator(".btn--primary"))
    await expect(pane.locator("[data-attempt=missed] [data-unproven]")).to_have_text("无通话记录")
    await caller.click(form.get_by_label("电话"))
    await caller.click(form.get_by_label("已与本人通话"))
    await form.get_by_label("未通过热线拨打的说明").fill("办公座机拨打")
    await pictured(caller, "callback-owed")
    await caller.click(form.locator(".btn--primary"))
    await caller.click(caller.page.get_by_role("button", name="提出依法不能满足"))
    dialog = caller.page.get_by_role("dialog")
    await dialog.get_by_label("不能满足的法律依据").fill("《城市照明管理规定》第十条")
    await dialog.get_by_label("不能满足的理由").fill("属私人庭院，不在公共照明范围")
    await pictured(caller, "refusal-proposed-form")
    await caller.click(dialog.locator(".btn--primary, .btn--danger").first)
    await expect(caller.at("[data-refusal]")).to_contain_text("第十条")
    await expect(caller.page.get_by_role("button", name="同意依法不予支持")).to_have_count(0)
    colleague = await sit_down("/dispatch", "callback2")
    row = colleague.at(".ticket-row", has_text=number)
    await expect(row.locator("[data-second]")).to_contain_text("待第二人同意")
    await colleague.click(row)
    await expect(colleague.at("[data-refusal]")).to_contain_text("不在公共照明范围")
    await pictured(colleague, "refusal-colleague")
    await colleague.click(colleague.page.get_by_role("button", name="同意依法不予支持"))
    await colleague.click(colleague.page.get_by_role("dialog").locator(".btn--primary, .btn--danger").first)
    await expect(colleague.at(".ticket-head")).to_contain_text("办结")
    seen = await (await staff.of("callback")).get(f"/tickets/{number}")
    assert (seen["state"], seen["outcome_label"]) == ("closed", "解释说明")
