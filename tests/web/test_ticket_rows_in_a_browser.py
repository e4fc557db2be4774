"""Rows and headings of tickets say what makes one stand out."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

pytestmark = pytest.mark.browser

DRAW = """async ([site, one]) => {
  const { loadTexts } = await import(`${site}/shared/i18n.js`);
  await loadTexts("ticket");
  const { html, render } = await import(`${site}/vendor/lit.js`);
  const { ticketHead, ticketRow } = await import(`${site}/shared/ticket-view.js`);
  const box = document.createElement("section");
  box.id = "drawn";
  document.body.append(box);
  render(html`${ticketHead(one, () => {})}<ul class="list">${ticketRow(one, false, () => {})}</ul>`, box);
}"""
ROW: dict[str, Any] = {
    "number": "20260316-000001",
    "title": "路灯不亮",
    "kind_label": "投诉",
    "urgency": "p2",
    "urgency_label": "一般",
    "state": "in_progress",
    "state_label": "办理中",
    "area_name": "",
    "matter_name": "",
    "unit": "",
    "unit_name": "",
    "due_at": None,
    "light": "none",
    "remaining_text": "",
    "flags": [],
    "supervision": 0,
    "part_label": "",
    "step": None,
    "vote": None,
    "moves": 0,
    "moves_used_up": False,
    "rehandles": 0,
}


async def drawn(page: Page, site: str, **told: Any) -> None:
    await page.goto(f"{site}/shared/gallery.html")
    await page.locator(".stat__value").first.wait_for()
    await page.evaluate(DRAW, [site, ROW | told])


async def test_how_often_it_moved_stands_on_the_row_and_on_the_page(page: Page, site: str) -> None:
    await drawn(page, site, moves=3, moves_used_up=True)
    for place in ("#drawn .ticket-row", "#drawn .ticket-head"):
        await expect(page.locator(f"{place} [data-moves]")).to_have_text("已流转3次")
    await expect(page.locator("#drawn .ticket-head [data-moves-used-up]")).to_have_text("只有督办员可再改派")


async def test_what_is_handled_again_says_for_the_how_manieth_time(page: Page, site: str) -> None:
    await drawn(page, site, rehandles=2)
    for place in ("#drawn .ticket-row", "#drawn .ticket-head"):
        await expect(page.locator(f"{place} [data-rehandles]")).to_have_text("重办（第2次）")


async def test_what_never_moved_nor_was_handled_again_says_nothing_of_it(page: Page, site: str) -> None:
    await drawn(page, site)
    await expect(page.locator("#drawn .ticket-row")).to_contain_text("路灯不亮")
    await expect(page.locator("#drawn")).not_to_contain_text("流转")
    await expect(page.locator("#drawn")).not_to_contain_text("重办")
