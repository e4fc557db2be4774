"""Administrators set limits and the calendar; an officer says how to be told and reads what was said."""

import os
from typing import Any

import pytest
from playwright.async_api import Route, expect

from tests.journeys.house import Browser as Person
from tests.web.staff.conftest import PHONE, Enter

pytestmark = pytest.mark.browser

TABLE = "2031-01-01 放假 元旦\n2031-01-05 上班 元旦\n不知道"


async def test_a_version_of_the_limits_is_refused_by_its_value_and_then_saved(enter: Enter) -> None:
    page = await enter("admin", "/admin")
    await page.click("a[href='#limits']")
    await page.click("[data-new]")
    await page.fill("#limits-day", "2099-01-05")
    await page.fill("#limits-why", "市府办〔2098〕1号")
    await page.fill("[data-key='handle.help.1'] input", "11")
    await page.click("limits-pane [data-save]")
    await expect(page.locator("[data-key='handle.help.1'] .field__error")).to_have_text("超过法定最长期限")
    await page.fill("[data-key='handle.help.1'] input", "4")
    await page.click("limits-pane [data-save]")
    await expect(page.locator("[data-version='1']")).to_contain_text("待生效")
    await expect(page.locator("limits-pane tbody tr")).to_have_text(["求助 · 承诺54"])
    assert await page.evaluate("violations") == []


async def test_a_limit_above_its_ceiling_is_warned_of_by_its_rule_and_saved_with_a_reason_only(enter: Enter) -> None:
    page = await enter("admin", "/admin")
    await page.click("a[href='#limits']")
    await page.click("[data-new]")
    await page.fill("#limits-day", "2099-03-05")
    await page.fill("#limits-why", "市府办〔2098〕2号")
    await page.fill("[data-key='handle.complaint.0'] input", "30")
    warning = page.locator("[data-beyond]")
    await expect(warning).to_contain_text("超过上限 15")
    await expect(warning).to_contain_text("政务服务便民热线管理办法")
    if folder := os.environ.get("PICTURES"):
        await warning.scroll_into_view_if_needed()
        await page.screenshot(path=f"{folder}/limits.png")
    await page.click("limits-pane [data-save]")
    await expect(warning).to_be_visible()
    await page.fill("#limits-beyond", "上级批准的试点")
    await page.check("[data-sure]")
    await page.click("limits-pane [data-save]")
    await expect(page.locator("[data-beyond-why]")).to_contain_text("上级批准的试点")
    assert await page.evaluate("violations") == []


async def test_a_limit_below_its_floor_is_warned_of_in_words_that_fit(enter: Enter) -> None:
    page = await enter("admin", "/admin")
    await page.click("a[href='#limits']")
    await page.click("[data-new]")
    await expect(page.locator("[data-key='callback_attempts'] .limit-row__error")).to_contain_text("下限 3")
    await page.fill("[data-key='callback_attempts'] input", "4")
    await expect(page.locator("[data-beyond]")).to_have_count(0)
    await page.fill("[data-key='callback_attempts'] input", "2")
    warning = page.locator("[data-beyond]")
    await expect(warning).to_contain_text("回访次数：改为 2，低于下限 3，依据 工单流转规则")
    if folder := os.environ.get("PICTURES"):
        await warning.scroll_into_view_if_needed()
        await page.screenshot(path=f"{folder}/limits-floor.png")
    await page.fill("#limits-day", "2099-04-05")
    await page.fill("#limits-why", "市府办〔2098〕3号")
    await page.fill("#limits-beyond", "回访系统停机检修")
    await page.check("[data-sure]")
    await page.click("limits-pane [data-save]")
    await expect(page.locator("[data-beyond-why]")).to_contain_text("比规定宽松的理由：回访系统停机检修")
    assert await page.evaluate("violations") == []


async def test_a_year_is_pasted_read_back_and_saved(enter: Enter) -> None:
    page = await enter("admin", "/admin")
    await page.click("a[href='#calendar']")
    await page.fill("#calendar-paste", TABLE)
    await page.click("calendar-pane [data-read]")
    await expect(page.locator(".calendar-wrong li")).to_contain_text("第 3 行")
    await expect(page.locator("[data-announce]")).to_be_checked()
    await expect(page.locator("[data-date='2031-01-01']")).to_have_attribute("data-kind", "holiday")
    await page.click("[data-date='2031-01-02']")
    await page.click("[data-date='2031-01-02']")
    await page.fill("#calendar-why", "国办通知")
    await page.click("calendar-pane [data-save]")
    await expect(page.locator(".calendar-change").first).to_contain_text("国办通知")
    await expect(page.locator("calendar-pane .badge--green")).to_have_text("已公布")
    assert await page.evaluate("violations") == []


async def test_staff_pages_say_which_year_is_missing_and_nothing_overflows(enter: Enter) -> None:
    page = await enter("gm-jy", "/unit", PHONE)

    async def answer(route: Route) -> None:
        await route.fulfill(json={"missing": [2027]})

    await page.route("**/api/v1/calendar/status", answer)
    await page.reload()
    await expect(page.locator(".strip")).to_contain_text("2027年放假安排未录入")
    assert await page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_an_officer_sees_the_notice_and_opening_it_reads_it(enter: Enter, agent: Person) -> None:
    page = await enter("gm-rs", "/unit")
    await page.click("[data-notices]")
    await page.fill("dialog #way-wecom", "LiSi")
    await page.fill("dialog [name=quiet_from]", "22:00")
    await page.click("dialog [data-save]")
    await expect(page.locator("dialog .field__error")).to_have_text("请填写此项")
    await page.fill("dialog [name=quiet_to]", "07:30")
    await page.click("dialog [data-save]")
    await expect(page.locator("dialog")).to_have_count(0)
    form: dict[str, Any] = {
        "kind": "complaint",
        "text": "高明区某厂用童工。",
        "matter": "child-labour",
        "area": "440608",
    }
    number = (await agent.post("/tickets", form | {"name": "陈大文", "phone": "13800138000"}))["number"]
    await expect(page.locator("my-notices .count")).to_have_text("1")
    await page.click("[data-notices]")
    await page.click(f"dialog .list__item:has-text('{number}')")
    await expect(page.locator("my-notices .count")).to_have_count(0)
    await expect(page.locator("unit-ticket")).to_contain_text(number)
    assert await page.evaluate("violations") == []


async def test_a_dispatcher_says_in_the_bar_how_to_be_told_and_a_link_opens_the_ticket(
    enter: Enter, agent: Person
) -> None:
    page = await enter("dispatcher", "/dispatch")
    await page.click("x-shell [data-notices]")
    await page.fill("dialog #way-wecom", "ZhaoLiu")
    await page.click("dialog [data-save]")
    await expect(page.locator("dialog")).to_have_count(0)
    form: dict[str, Any] = {"kind": "complaint", "text": "楼上的事想投诉一下", "placeless": True}
    number = (await agent.post("/tickets", form | {"name": "陈大文", "phone": "13800138000"}))["number"]
    await page.goto(f"{page.url.split('/dispatch')[0]}/dispatch?t={number}")
    await expect(page.locator("ticket-pane")).to_contain_text(number)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate("violations") == []
