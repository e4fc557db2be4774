"""Staff pages carry a mark of who looks; an identity goes out of sight by itself; the privacy officer's page."""

import re

import pytest
from playwright.async_api import expect

from tests.journeys.house import Browser as Person
from tests.web.staff.conftest import DESK, PHONE, Enter

pytestmark = pytest.mark.browser

TEXT = "我是给他们送货的，每周二送一次，祖庙街道城门头路口东侧人行道上有烧烤摊占道经营，请处理。"
TIMER = 'document.querySelector("mask-timer")'


async def reported(agent: Person) -> str:
    """A report at CC-ZM; its number."""
    form = {
        "kind": "report",
        "text": TEXT,
        "where_text": "城门头路口",
        "phone": "13800138000",
        "name": "陈大文",
        "matter": "street-vending",
        "area": "440604012",
    }
    ticket: dict[str, str] = await agent.post("/tickets", form)
    return ticket["number"]


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_mark_names_the_account_is_there_on_paper_and_lets_every_press_through(
    agent: Person, enter: Enter, theme: str
) -> None:
    number = await reported(agent)
    page = await enter("dispatcher", "/dispatch", DESK)
    await page.evaluate(f"localStorage.setItem('hotline.theme', '{theme}')")
    await page.reload()
    mark = page.locator(".watermark")
    await expect(mark).to_have_count(1)
    await expect(mark).to_contain_text(re.compile(r"dispatcher\s*\d{4}/\d\d/\d\d \d\d:\d\d"))
    box = await mark.bounding_box()
    assert box == {"x": 0, "y": 0, "width": DESK[0], "height": DESK[1]}
    shown = await mark.locator("text").first.evaluate(
        "e => [getComputedStyle(e).fill, getComputedStyle(e).fillOpacity]"
    )
    assert shown[0] == ("rgb(231, 240, 243)" if theme == "dark" else "rgb(18, 37, 46)")
    assert 0 < float(shown[1]) < 0.2
    assert await mark.evaluate("e => getComputedStyle(e).pointerEvents") == "none"
    await page.get_by_role("tab", name="全部").click()
    await page.locator(".ticket-row", has_text=number).click()
    await expect(page.locator(".ticket-head")).to_contain_text(number)
    await mark.evaluate("e => e.remove()")
    await expect(mark).to_have_count(1)
    await page.emulate_media(media="print")
    assert await mark.evaluate("e => getComputedStyle(e).display") != "none"
    assert await mark.locator("text").first.evaluate("e => getComputedStyle(e).fill") == "rgb(0, 0, 0)"
    assert await page.evaluate("window.violations") == []


async def test_citizens_pages_and_the_sign_in_page_carry_no_mark(visit: Enter) -> None:
    for path in ("/", "/login"):
        page = await visit(path, DESK)
        await expect(page.locator("main").first).to_be_visible()
        await expect(page.locator(".watermark")).to_have_count(0)


async def test_a_unit_states_a_purpose_and_the_identity_goes_out_of_sight_again(agent: Person, enter: Enter) -> None:
    number = await reported(agent)
    unit = (await agent.get(f"/tickets/{number}"))["unit"].lower()
    page = await enter(unit, "/unit", DESK)
    await page.locator(".ticket-row", has_text=number).click()
    await expect(page.locator("ticket-view .lead")).to_have_text(re.compile("举报人信息已隐去"))
    await expect(page.locator("ticket-view")).not_to_contain_text("送货")
    await expect(page.locator("[data-hidden-wait]")).to_contain_text("部分内容待隐私专员核定")
    await page.get_by_role("button", name="查看联系方式").click()
    await page.select_option("#purpose-kind", "contact")
    await page.fill("#purpose-words", "电话联系核对具体位置")
    await page.locator("dialog .btn--primary").click()
    await expect(page.locator("ticket-view")).to_contain_text("13800138000")
    await expect(page.locator("mask-timer")).to_contain_text("后自动隐藏")
    # The five minutes are over.
    await page.evaluate(f"{TIMER}.until = Date.now() - 1")
    await expect(page.locator("ticket-view")).not_to_contain_text("13800138000")
    await expect(page.locator("ticket-view")).not_to_contain_text("送货")
    assert await page.evaluate("window.violations") == []


@pytest.mark.parametrize("size", [DESK, PHONE])
async def test_what_has_to_be_said_for_a_look_and_what_it_opens_stands_there_before_it_is_pressed(
    agent: Person, enter: Enter, size: tuple[int, int]
) -> None:
    number = await reported(agent)
    unit = (await agent.get(f"/tickets/{number}"))["unit"].lower()
    page = await enter(unit, f"/unit?t={number}", size)
    await page.get_by_role("button", name="查看联系方式").click()
    dialog = page.locator("dialog")
    needs, send = dialog.locator("#purpose-needs"), dialog.locator(".btn--primary")
    assert await dialog.locator("option").all_text_contents() == ["联系诉求人办理", "核实情况与现场"]
    await expect(dialog.locator("[data-shows]")).to_have_text("查看后将显示：姓名、电话")
    await dialog.locator("#purpose-kind").select_option("verify")
    await expect(dialog.locator("[data-shows]")).to_have_text("查看后将显示：地址")
    await expect(needs).to_contain_text("至少 8 个汉字（已写 0 个）")
    await expect(send).to_be_disabled()
    await dialog.locator("#purpose-words").fill("核对现场位置ok")
    await expect(needs).to_contain_text("已写 6 个")
    await expect(send).to_be_disabled()
    await dialog.locator("#purpose-words").fill("核实核实核实核实核实")
    await expect(needs).to_have_text("请写明具体理由，不要重复同一个字词")
    await expect(send).to_be_disabled()
    await dialog.locator("#purpose-words").fill("上门核对占道的具体位置")
    await expect(send).to_be_enabled()
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await send.click()
    await expect(page.locator("mask-timer")).to_be_visible()
    await expect(page.locator("ticket-view")).not_to_contain_text("13800138000")
    assert await page.evaluate("window.violations") == []


@pytest.mark.parametrize("size", [DESK, PHONE])
async def test_the_privacy_officer_decides_traces_and_freezes(
    agent: Person, enter: Enter, size: tuple[int, int]
) -> None:
    number = await reported(agent)
    page = await enter("privacy", "/privacy", size)
    card = page.locator("spans-tab section", has_text=number)
    await expect(card.locator("mark")).to_have_text("每周二送一次")
    await expect(card.locator("[data-due]")).to_be_visible()
    await expect(page.locator("my-notices [data-notices]")).to_be_visible()
    await card.get_by_role("button", name="可显示").click()
    await expect(card).to_contain_text("已核定：显示")
    await expect(card.locator("[data-due]")).to_have_count(0)
    await page.get_by_role("tab", name="泄露事件").click()
    await page.fill("#leak-number", number)
    await page.fill("#leak-why", "群里出现举报人姓名")
    await page.locator("leaks-tab form .btn--danger").click()
    leak = page.locator("leaks-tab section", has_text=number)
    await expect(leak).to_contain_text("已冻结")
    await leak.get_by_role("button", name="告知诉求人").click()
    await page.fill("#asked-text", "已电话告知")
    await page.locator("dialog .btn--primary").click()
    await expect(leak).to_contain_text("已告知")
    assert (await agent.get(f"/tickets/{number}"))["frozen"] is True
    await leak.get_by_text("查看该工单的记录").click()
    await expect(page.locator("looks-tab tbody")).to_contain_text(number)
    assert await page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert await page.evaluate("window.violations") == []
