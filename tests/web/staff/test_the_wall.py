"""The supervisor at the wall: the most overdue ticket is taken up with two clicks and a reason."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from playwright.async_api import Page, expect

from tests.journeys.house import Browser as Person
from tests.journeys.house import RunningHouse
from tests.web.staff.conftest import DESK, PHONE, Enter

pytestmark = pytest.mark.browser

WALL = (1920, 1080)


def make_overdue(house: RunningHouse, number: str, days: int) -> None:
    """Let a ticket have been due so many days ago, as if the clock had been moved on."""
    with closing(sqlite3.connect(house.folder / "hotline.sqlite3", timeout=20)) as database, database:
        (body,) = database.execute("SELECT body FROM ticket WHERE number = ?", [number]).fetchone()
        ticket: dict[str, Any] = msgspec.json.decode(body)
        past = datetime.now(UTC) - timedelta(days=days)
        for clock in [*ticket["clocks"], *(each["clock"] for each in ticket["assignments"])]:
            if clock["kind"] in {"total", "unit"}:
                clock["due"] = past.isoformat()
        row = (msgspec.json.encode(ticket).decode(), past.replace(tzinfo=None).isoformat(" "), number)
        database.execute("UPDATE ticket SET body = ?, due = ? WHERE number = ?", row)


async def opened(agent: Person) -> str:
    """A ticket; its number."""
    text = "禅城区祖庙街道同济路城门头路口的路灯不亮，晚上很黑，请派人来修。"
    form = {"kind": "complaint", "text": text, "where_text": "城门头路口", "phone": "13800138000", "name": "陈大文"}
    return str((await agent.post("/tickets", form))["number"])


async def fits(page: Page) -> bool:
    fitting: bool = await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return fitting


async def test_numbers_of_the_wall_stand_on_one_line_and_its_figures_are_whole(agent: Person, enter: Enter) -> None:
    await opened(agent)
    page = await enter("supervisor", "/supervise")
    silent = page.locator("[data-list=unreached] .wall-number__value")
    await expect(page.locator(".wall-rates div")).to_have_count(6)
    # The hundreds of units nobody has come to use yet, and nothing was sent to, are none to see to.
    await expect(page.locator("[data-list=unreached]")).to_be_enabled()
    assert int(await silent.inner_text()) < 50
    await silent.evaluate("number => (number.textContent = '657')")
    heights = "[...document.querySelectorAll('.wall-number__value')].map((one) => Math.round(one.offsetHeight))"
    assert len(set(await page.evaluate(heights))) == 1
    rates = page.locator(".wall-rates")
    await page.locator("[data-all-figures]").click()
    for name, label in (("outdated", "知识过期率"), ("calls_answered", "接通率"), ("calls_at_once", "15秒接通率")):
        await expect(page.locator(f"dialog [data-figure={name}]")).to_contain_text(label)
    await expect(page.locator("dialog [data-figure=calls_answered] td").nth(1)).to_contain_text("—")
    assert await page.evaluate("window.violations") == []
    await page.locator("dialog").get_by_label("关闭").click()
    assert await rates.evaluate("one => one.scrollHeight <= one.clientHeight")


async def test_the_most_overdue_ticket_is_taken_up_with_two_clicks(
    house: RunningHouse, agent: Person, enter: Enter
) -> None:
    number = await opened(agent)
    make_overdue(house, number, days=400)
    page = await enter("supervisor", "/supervise")
    first = page.locator(".wall__overdue .wall-item").first
    await expect(first).to_contain_text(number)
    await expect(first).to_contain_text("责任方")
    await expect(first).to_contain_text("下一步")
    clicks = 0
    await first.locator("[data-do=supervise]").click()
    clicks += 1
    await expect(page.locator("#supervise-reason")).to_be_visible()
    await page.keyboard.press("Tab")
    await expect(page.locator("#supervise-reason")).to_be_focused()
    await page.keyboard.insert_text("超期未办结，请今日内报告进展。")
    await page.locator("dialog .btn--primary").click()
    clicks += 1
    await expect(first).to_contain_text("1级督办")
    await expect(page.locator("[data-list=level_1] .wall-number__value")).not_to_have_text("0")
    assert clicks == 2
    assert await page.evaluate("window.violations") == []


async def test_every_number_opens_its_tickets_and_each_ticket_opens(
    house: RunningHouse, agent: Person, enter: Enter
) -> None:
    number = await opened(agent)
    make_overdue(house, number, days=300)
    page = await enter("supervisor", "/supervise")
    await page.locator("[data-list=red]").click()
    await page.locator("dialog .wall-item__face", has_text=number).click()
    await expect(page.locator("dialog ticket-view").last).to_contain_text("路灯")
    await expect(page.locator("dialog .actions-bar")).to_contain_text("督办")


@pytest.mark.parametrize("size", [WALL, DESK, PHONE])
async def test_the_wall_is_no_wider_than_the_screen(
    house: RunningHouse, agent: Person, enter: Enter, size: tuple[int, int]
) -> None:
    make_overdue(house, await opened(agent), days=200)
    page = await enter("supervisor", "/supervise", size)
    await expect(page.locator(".wall__overdue .wall-item").first).to_be_visible()
    assert await fits(page)
    if size != PHONE:
        assert await page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
