"""On /admin keys are made, shown once, replaced and revoked; webhooks are made, tested, followed and sent again."""

import re

import aiohttp
import pytest
from playwright.async_api import expect

from tests.journeys.browser.conftest import SitDown
from tests.journeys.browser.hands import Hands
from tests.journeys.browser.work import LAMP, Staff, unit_of, written_down
from tests.journeys.house import Browser as Person
from tests.journeys.house import RunningHouse

pytestmark = pytest.mark.browser

UNIT = "佛山市禅城区城市管理和综合执法局"


async def picked(admin: Hands, name: str) -> None:
    """Chooses a unit in the open form."""
    await admin.click(admin.at("dialog x-picker input"))
    await admin.write(name)
    await admin.click(admin.at("dialog [role=option]", has_text=name).first)


async def shown_once(admin: Hands) -> str:
    secret = await admin.at("[data-secret]").inner_text()
    await admin.click(admin.at("[data-close]"))
    await expect(admin.at("dialog")).to_have_count(0)
    return secret


async def status(house: RunningHouse, token: str) -> int:
    """What a program gets that shows a key."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{house.url}/api/v1/tickets", headers={"Authorization": f"Bearer {token}"}) as answer,
    ):
        return answer.status


async def test_a_key_is_made_used_replaced_and_revoked(sit_down: SitDown, house: RunningHouse) -> None:
    admin = await sit_down("/admin#keys", "admin")
    await expect(admin.at("keys-pane .pane__head")).to_be_visible()
    admin.start_counting()
    await admin.click(admin.at("keys-pane [data-new]"))
    await admin.page.fill("#key-name", "城管案件系统")
    await admin.page.fill("#key-purpose", "对接人：陈工")
    await admin.click(admin.at("dialog input[value='unit.read']"))
    await picked(admin, UNIT)
    await admin.click(admin.at("dialog [data-save]"))
    old = await shown_once(admin)
    assert admin.clicks == 6
    assert old.startswith("hk_")
    await expect(admin.at("keys-pane .facts")).to_contain_text("从未使用")
    assert await status(house, old) == 200
    await admin.page.reload()
    await admin.click(admin.at("keys-pane .list__item", has_text="城管案件系统").first)
    await expect(admin.at("keys-pane .facts")).not_to_contain_text("从未使用")
    assert old not in await admin.page.content()
    await admin.click(admin.at("[data-do=follow]"))
    await admin.click(admin.at("dialog [data-save]"))
    new = await shown_once(admin)
    assert [await status(house, each) for each in (old, new)] == [200, 200]
    await expect(admin.at("keys-pane .facts")).to_contain_text("换自")
    await admin.click(admin.at("keys-pane .facts .admin-link"))
    await expect(admin.at("keys-pane .facts")).to_contain_text("已换发为")
    await expect(admin.at("keys-pane .pane__head .badge", has_text="即将到期")).to_be_visible()
    await admin.click(admin.at("[data-do=revoke]"))
    await admin.click(admin.at("dialog button[value=yes]"))
    await expect(admin.at(".toast--good")).to_contain_text("已作废")
    assert [await status(house, each) for each in (old, new)] == [403, 200]
    await expect(admin.at("[data-do=follow]")).to_have_count(0)


async def test_a_key_without_its_unit_is_told_at_the_field(sit_down: SitDown) -> None:
    admin = await sit_down("/admin#keys", "admin")
    await admin.click(admin.at("keys-pane [data-new]"))
    await admin.page.fill("#key-name", "某系统")
    await admin.click(admin.at("dialog input[value='unit.act']"))
    await admin.click(admin.at("dialog [data-save]"))
    await expect(admin.at("dialog .field__error")).to_have_text("请填写此项")
    await expect(admin.at("#key-name")).to_have_value("某系统")
    admin.faults.remove("422 POST /api/v1/keys")


async def test_a_webhook_that_does_not_arrive_is_found_and_sent_again(
    sit_down: SitDown, staff: Staff, writer: Person
) -> None:
    """P16: what was not taken is found by its ticket, and the way to send it again is one click."""
    number = (await written_down(writer, LAMP))["number"]
    code = (await unit_of(staff, number)).upper()
    office = await staff.of("dispatcher")
    name = (await office.get(f"/units?q={code}"))["items"][0]["name"]
    admin = await sit_down("/admin#webhooks", "admin")
    await admin.click(admin.at("webhooks-pane [data-new]"))
    await picked(admin, name)
    # Nobody has this name: RFC 2606 keeps it free.
    await admin.page.fill("#hook-url", "https://cases.invalid/hook")
    await admin.click(admin.at("dialog [data-save]"))
    first = await shown_once(admin)
    await admin.click(admin.at("[data-do=test]"))
    await expect(admin.at(".toast--warn")).to_contain_text("对方未接收")
    await admin.click(admin.at(".toast--warn button"))
    officer = await staff.of(code.lower())
    version = (await officer.get(f"/tickets/{number}"))["version"]
    await officer.post(f"/tickets/{number}/actions/accept", {"version": version, "form": {}})
    sent = admin.at("hook-card .hook-send", has_text=number).first
    await expect(sent).to_contain_text("状态变化")
    await expect(sent).to_contain_text(re.compile(r"已试 \d+ 次"))
    await expect(admin.at("hook-card .facts")).to_contain_text("起未能送达")
    await expect(admin.at("webhooks-pane .list__item", has_text=name).first).to_contain_text("推送失败中")
    admin.start_counting()
    await admin.click(sent.locator("[data-do=again]"))
    assert admin.clicks == 1
    await expect(admin.at(".toast--good")).to_contain_text("已排队重发")
    await admin.click(sent.locator("[data-do=since]"))
    await admin.click(admin.at("dialog button[value=yes]"))
    await expect(admin.at("dialog")).to_have_count(0)
    await admin.click(admin.at("[data-do=secret]"))
    await admin.click(admin.at("dialog button[value=yes]"))
    assert await shown_once(admin) != first
    await expect(admin.at("hook-card .facts")).to_contain_text("旧密钥有效至")
    await admin.click(admin.at("[data-do=pause]"))
    await expect(admin.at("hook-card .pane__head .badge")).to_have_text("已暂停")
    await admin.click(admin.page.get_by_role("tab", name="已停止"))
    await expect(admin.at("hook-card")).to_contain_text("没有记录")
