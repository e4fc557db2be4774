"""Editors judge the bot's answers that were drawn, and read how many were wrong with how sure that is."""

import re

import pytest
from playwright.async_api import expect

from tests.journeys.house import RunningHouse, Visitor
from tests.web.staff.conftest import DESK, PHONE, Enter

pytestmark = pytest.mark.browser

QUESTION = "居住证怎么办理"


async def test_an_answer_is_judged_and_the_report_tells_how_sure_the_share_is(
    house: RunningHouse, enter: Enter
) -> None:
    async with Visitor(house.url) as citizen:
        assert (await citizen.ask(QUESTION))["citations"]
    page = await enter("editor", "/knowledge")
    report = page.locator("bot-report [data-rate=bot_wrong]")
    await page.get_by_role("tab", name="成效").click()
    await expect(report).to_contain_text("待核实")
    samples = page.locator("bot-samples [data-sample]")
    await page.get_by_role("tab", name="抽查").click()
    for _ in range(20):
        if await samples.count():
            break
        await page.wait_for_timeout(500)
        await page.get_by_role("tab", name="成效").click()
        await page.get_by_role("tab", name="抽查").click()
    await expect(samples.first).to_contain_text(QUESTION)
    await expect(samples.first).to_contain_text("待核实")
    await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    await page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    await samples.first.locator("[data-verdict=wrong]").click()
    await page.locator("dialog textarea").fill("办理地点已变更")
    await page.locator("dialog .btn--primary").click()
    await expect(page.get_by_text("没有应答")).to_be_visible()
    await page.get_by_role("tab", name="已判定").click()
    await expect(samples.first).to_contain_text("办理地点已变更")
    await page.get_by_role("tab", name="成效").click()
    await expect(report).to_contain_text(re.compile(r"100\.0%"))
    await expect(report).to_contain_text("95%置信区间")
    assert await page.evaluate("window.violations") == []
