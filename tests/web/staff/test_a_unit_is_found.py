"""Whoever picks a unit sees those of the ticket's matter and place first, and finds any other by a few letters."""

import re

import pytest
from playwright.async_api import expect

from tests.journeys.house import Browser as Person
from tests.web.staff.conftest import Enter
from tests.web.staff.test_a_units_work import opened

pytestmark = pytest.mark.browser


async def test_a_unit_is_picked_by_initials_and_keys_alone(agent: Person, enter: Enter) -> None:
    ticket = await opened(agent)
    page = await enter("dispatcher", f"/dispatch?t={ticket['number']}", (1366, 768))
    await page.get_by_role("button", name="改派", exact=True).click()
    field = page.locator("dialog x-picker input").first
    await field.focus()
    options = page.locator("dialog x-picker").first.get_by_role("option")
    await expect(options).to_have_count(10)
    await expect(options.first).to_contain_text(re.compile("市|区|镇街|村居"))
    await expect(options.first).to_contain_text("禅城区")
    await field.fill("ccqcsgl")
    await expect(options.first).to_contain_text("禅城区城市管理")
    await expect(options.first.locator(".badge")).to_have_text("区")
    await field.press("ArrowDown")
    await expect(options.first).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(field).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("dialog x-picker").first).to_contain_text("禅城区城市管理")


async def test_a_unit_it_was_taken_from_is_shown_with_why_and_not_chosen(agent: Person, enter: Enter) -> None:
    ticket = await opened(agent)
    dispatcher = await enter("dispatcher", f"/dispatch?t={ticket['number']}", (1366, 768))
    shown = await agent.get(f"/tickets/{ticket['number']}")
    await dispatcher.get_by_role("button", name="改派", exact=True).click()
    field = dispatcher.locator("dialog x-picker input").first
    await field.fill("ccqcsgl")
    await expect(dispatcher.locator("dialog x-picker").first.get_by_role("option").first).to_contain_text("禅城区城市")
    await field.press("Enter")
    form = dispatcher.locator("dialog")
    await form.locator("#reassign-reason").fill("现场核实属区城管管养路段")
    await form.locator("#reassign-basis").fill("《佛山市城市照明管理规定》第五条")
    await form.locator(".btn--primary").click()
    await expect(form).to_have_count(0)
    await dispatcher.get_by_role("button", name="改派", exact=True).click()
    field = dispatcher.locator("dialog x-picker input").first
    await field.fill(str(shown["unit"]))
    was = dispatcher.locator("dialog x-picker").first.get_by_role("option", disabled=True)
    await expect(was).to_contain_text("曾由其主办后改派")
    await expect(dispatcher.locator("dialog x-picker").first.get_by_role("option")).to_have_count(1)
    await was.click(force=True)
    await field.press("Enter")
    await expect(field).to_be_visible()
