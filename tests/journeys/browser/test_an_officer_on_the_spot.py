"""An officer in the street with a telephone: a text message leads to the ticket; call, photograph, dictate by thumb."""

import asyncio
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import expect

from channels.sandbox.sms import SmsServer
from channels.sandbox.sms_platform import BUSY
from tests.journeys.browser.conftest import PHONE, SitDown
from tests.journeys.browser.hands import Hands
from tests.journeys.browser.test_a_unit_works_with_one_hand import FINGER, THUMB, fits_the_thumb, sends, taps
from tests.journeys.browser.work import FILLED, LAMP, Staff, unit_of, worked_on
from tests.journeys.house import Browser as Person

pytestmark = pytest.mark.browser

CITIZEN, OFFICER = "13800138000", "13700137000"
TOOLS = "unit-ticket .thumb-tools"

# The browser's own recognition, played by the test.
RECOGNITION = """
globalThis.SpeechRecognition = globalThis.webkitSpeechRecognition = class {
  start() { globalThis.heard = this; }
  stop() { this.onend?.(); }
  say(transcript, isFinal) {
    this.onresult({ resultIndex: 0, results: [Object.assign([{ transcript }], { isFinal })] });
  }
};
"""
NO_RECOGNITION = "delete globalThis.SpeechRecognition; delete globalThis.webkitSpeechRecognition;"


async def urgent(writer: Person, text: str, **more: object) -> str:
    """A ticket that is told at once; its number."""
    form = {"kind": "complaint", "text": text, "name": "陈大文", "phone": CITIZEN, "urgency": "p1", **more}
    ticket: dict[str, str] = await writer.post("/tickets", form)
    return ticket["number"]


async def nobody_is_named(hands: Hands) -> None:
    """Nobody's number is on the page, nor in its address."""
    shown = await hands.page.content() + hands.page.url
    assert CITIZEN not in shown
    assert OFFICER not in shown


async def test_the_text_message_leads_to_the_ticket_and_the_citizen_is_called_in_four_taps(
    staff: Staff, sit_down: SitDown, writer: Person, exchange: SmsServer
) -> None:
    login = await unit_of(staff, await urgent(writer, f"{LAMP}，灯罩掉了"))
    await (await staff.of(login)).call("PUT", "/my/notices", {"ways": {"sms": OFFICER}})
    phone = exchange.platform.phone(f"+86{OFFICER}")
    known = len(phone.texts)
    number = await urgent(writer, f"{LAMP}，整条街都是黑的")
    unit = await sit_down("/unit", login, PHONE)
    async with asyncio.timeout(60):
        while len(phone.texts) == known:
            await unit.page.wait_for_timeout(200)
    text = phone.texts[-1].body
    assert text.startswith("【12345】【紧急】新工单待签收")
    assert CITIZEN not in text
    link = re.search(r"/unit\?t=\S+", text)
    assert link is not None
    unit.start_counting()
    await unit.page.goto(link[0])
    await expect(unit.at(".ticket-head")).to_contain_text(number)
    await taps(unit, "签收")
    await expect(unit.at(THUMB)).to_have_text("开始办理")
    call = unit.at(f"{TOOLS} [data-call-citizen]")
    await fits_the_thumb(unit, call)
    await unit.click(call)
    await expect(unit.at("[data-call=answered]")).to_contain_text("已接通")
    assert exchange.platform.phone(f"+86{CITIZEN}").saw[-1] == "+8675712345000"
    await nobody_is_named(unit)
    reached = unit.at("citizen-calls [data-heard=reached]")
    await unit.click(reached)
    await expect(unit.at("citizen-calls .badge--green")).to_contain_text("已与市民通话")
    # That it was the citizen who picked up is theirs to say; then nothing has to be said about it again.
    await unit.page.reload()
    await unit.page.goto(link[0])
    await taps(unit, "开始办理")
    await expect(unit.at(".ticket-head")).to_contain_text("办理中")
    assert unit.clicks == 4


async def test_who_is_not_reached_is_told_apart_and_may_be_called_again(
    staff: Staff, sit_down: SitDown, writer: Person, exchange: SmsServer
) -> None:
    number = await urgent(writer, f"{LAMP}，灯杆漏电", phone="13600136000")
    login = await unit_of(staff, number)
    await (await staff.of(login)).call("PUT", "/my/notices", {"phone": OFFICER})
    exchange.platform.phone("+8613600136000").answers = BUSY
    unit = await sit_down(f"/unit?t={number}", login, PHONE)
    await unit.click(unit.at(f"{TOOLS} [data-call-citizen]"))
    await expect(unit.at("[data-call=busy]")).to_contain_text("市民忙线")
    await expect(unit.at("[data-call=busy]")).to_contain_text("可稍后再拨")
    await expect(unit.at(f"{TOOLS} [data-call-citizen]")).to_be_enabled()


async def test_a_photograph_taken_in_a_dead_spot_is_sent_later_and_goes_with_the_result(
    staff: Staff, sit_down: SitDown, writer: Person, tmp_path: Path
) -> None:
    number = await urgent(writer, f"{LAMP}，灯泡闪烁")
    await worked_on(staff, number, submitted=False)
    picture = tmp_path / "spot.jpg"
    Image.new("RGB", (640, 480), (90, 140, 120)).save(picture)
    unit = await sit_down(f"/unit?t={number}", await unit_of(staff, number), PHONE)
    context = unit.page.context
    await context.grant_permissions(["geolocation"])
    await context.set_geolocation({"latitude": 23.03, "longitude": 113.11, "accuracy": 12})
    await fits_the_thumb(unit, unit.at(f"{TOOLS} [data-shoot]"))
    await unit.page.route("**/attachments", lambda route: route.abort())
    unit.start_counting()
    await unit.page.set_input_files(f"{TOOLS} input[type=file]", picture)
    await unit.click(unit.at("dialog[open] .btn--primary"))
    await expect(unit.at("photo-tray [data-state=waiting]")).to_be_visible()
    await unit.page.unroute("**/attachments")
    await unit.page.evaluate("dispatchEvent(new Event('online'))")
    await expect(unit.at("photo-tray [data-state=sent]")).to_be_visible()
    await taps(unit, "提交结果")
    await expect(unit.at("dialog [role=group] .badge", has_text="spot.jpg")).to_be_visible()
    for name in ("findings", "measures", "basis", "handler", "phone"):
        await unit.page.fill(f"#submit_result-{name}", FILLED[name])
    await unit.tick(unit.page.get_by_label("已解决"))
    await sends(unit)
    await expect(unit.at(".ticket-head")).to_contain_text("热线审核")
    await expect(unit.at("ticket-view [data-taken]")).to_contain_text("拍摄于")
    await expect(unit.at("photo-tray [data-tray]")).to_have_count(0)
    assert unit.clicks <= 4
    seen = await (await staff.of("reviewer")).get(f"/tickets/{number}/photographs")
    assert (seen["items"][0]["latitude"], seen["items"][0]["accuracy"]) == (23.03, 12)


async def begun(staff: Staff, sit_down: SitDown, writer: Person, text: str, script: str) -> Hands:
    """A phone with the form of the result open; ``script`` says what its browser can."""
    number = await urgent(writer, text)
    await worked_on(staff, number, submitted=False)
    unit = await sit_down("/unit", await unit_of(staff, number), PHONE)
    await unit.page.context.grant_permissions(["microphone"])
    await unit.page.add_init_script(script)
    await unit.page.goto(f"/unit?t={number}")
    await taps(unit, "提交结果")
    return unit


async def test_what_is_dictated_goes_in_at_the_cursor_and_nothing_typed_is_lost(
    staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    unit = await begun(staff, sit_down, writer, f"{LAMP}，灯亮度不够", RECOGNITION)
    field, microphone = unit.at("#submit_result-findings"), unit.at("dialog [data-dictate]")
    await fits_the_thumb(unit, microphone)
    await field.fill("现场核查：。已拍照。")
    await field.evaluate("(field) => field.setSelectionRange(5, 5)")
    unit.start_counting()
    await unit.click(microphone)
    await expect(unit.at(".speak-strip")).to_contain_text("正在听写到")
    await expect(microphone).to_have_attribute("aria-pressed", "true")
    assert await unit.page.evaluate("heard.lang") == "zh-CN"
    await unit.page.evaluate("heard.say('两盏路灯', false)")
    await expect(unit.at(".speak-strip")).to_contain_text("两盏路灯")
    await expect(field).to_have_value("现场核查：。已拍照。")
    await unit.page.evaluate("heard.say('两盏路灯不亮', true)")
    await expect(field).to_have_value("现场核查：两盏路灯不亮。已拍照。")
    await unit.page.evaluate("heard.say('，已更换', true)")
    await expect(field).to_have_value("现场核查：两盏路灯不亮，已更换。已拍照。")
    tongue = unit.at("[data-tongue=yue-Hant-HK]")
    box = await tongue.bounding_box()
    assert box is not None
    assert box["height"] >= FINGER
    await unit.click(tongue)
    assert await unit.page.evaluate("heard.lang") == "yue-Hant-HK"
    await unit.click(microphone)
    await expect(unit.at(".speak-strip")).to_have_count(0)
    assert await unit.page.evaluate("localStorage.getItem('hotline-tongue')") == "yue-Hant-HK"
    assert unit.clicks == 3
    # What the form keeps is what stands in it.
    assert (
        await unit.page.evaluate("document.querySelector('action-form').values.findings") == await field.input_value()
    )


async def test_a_browser_that_cannot_listen_records_a_note_that_goes_with_the_form(
    staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    unit = await begun(staff, sit_down, writer, f"{LAMP}，灯罩破损", NO_RECOGNITION)
    microphone = unit.at("dialog [data-dictate]")
    await unit.page.fill("#submit_result-findings", "已写的字")
    await unit.click(microphone)
    await expect(unit.at(".speak-strip")).to_contain_text("正在录音")
    await unit.page.wait_for_timeout(1200)
    await unit.click(microphone)
    await expect(unit.at("dialog [role=group] .badge", has_text="voice.webm")).to_be_visible()
    await expect(unit.at(".speak-strip")).to_contain_text("录音已保存")
    await expect(unit.at("#submit_result-findings")).to_have_value("已写的字")


async def test_where_the_browsers_service_is_out_of_reach_the_next_press_records(
    staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    unit = await begun(staff, sit_down, writer, f"{LAMP}，晚上十点就灭", RECOGNITION)
    microphone = unit.at("dialog [data-dictate]")
    await unit.click(microphone)
    await unit.page.evaluate("heard.onerror({ error: 'network' })")
    await expect(unit.at(".speak-strip")).to_contain_text("改为录音")
    await unit.click(microphone)
    await expect(unit.at(".speak-strip")).to_contain_text("正在录音")
    await unit.click(microphone)
    await expect(unit.at("dialog [role=group] .badge", has_text="voice.webm")).to_be_visible()


async def test_everything_an_officer_does_on_the_spot_is_under_the_thumb(
    staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    number = await urgent(writer, f"{LAMP}，闪一下又灭")
    unit = await sit_down(f"/unit?t={number}", await unit_of(staff, number), PHONE)
    await fits_the_thumb(unit, unit.at(THUMB))
    tools = await unit.at(f"{TOOLS} .tool:visible").all()
    assert [" ".join((await tool.inner_text()).split()) for tool in tools] == [
        "联系市民",
        "拍照",
        "申请退单",
        "更多操作",
    ]
    for tool in tools:
        await fits_the_thumb(unit, tool)
        box = await tool.bounding_box()
        assert box is not None
        assert box["width"] >= FINGER
