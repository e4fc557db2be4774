"""Rows and headings of tickets say what makes one stand out."""

from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

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
    await expect(page.locator("#drawn .ticket-head [data-moves-used-up]")).to_have_text("再流转须指定督办员")


async def test_what_is_handled_again_says_for_the_how_manieth_time(page: Page, site: str) -> None:
    await drawn(page, site, rehandles=2)
    for place in ("#drawn .ticket-row", "#drawn .ticket-head"):
        await expect(page.locator(f"{place} [data-rehandles]")).to_have_text("重办（第2次）")


async def test_what_never_moved_nor_was_handled_again_says_nothing_of_it(page: Page, site: str) -> None:
    await drawn(page, site)
    await expect(page.locator("#drawn .ticket-row")).to_contain_text("路灯不亮")
    await expect(page.locator("#drawn")).not_to_contain_text("流转")
    await expect(page.locator("#drawn")).not_to_contain_text("重办")


DRAW_REQUEST = """async ([site, ticket]) => {
  const { loadTexts } = await import(`${site}/shared/i18n.js`);
  await loadTexts("ticket", "action", "work");
  const { html, render } = await import(`${site}/vendor/lit.js`);
  await import(`${site}/shared/ticket-view.js`);
  const box = document.createElement("section");
  box.id = "drawn";
  document.body.append(box);
  render(html`<ticket-view .ticket=${ticket} .parts=${["open requests"]}></ticket-view>`, box);
}"""
WHY = "此工单已流转3次，本次起须填写一位督办员的姓名或账号，督办升一级"
RETURN: dict[str, Any] = {
    "id": "asked",
    "kind": "return",
    "kind_label": "退单",
    "state": "open",
    "state_label": "待审批",
    "unit_name": "城管局",
    "reason": "归他家",
    "clause": "",
    "suggested_unit_name": "",
    "asked_at": "2026-03-16T10:00:00+08:00",
    "decide_by": "2026-03-16T15:30:00+08:00",
    "new_due": None,
    "decided_at": None,
    "decision": "",
    "attachments": [],
    "can_decide": True,
    "can_rule": False,
    "names_supervisor": WHY,
}


async def test_a_return_beyond_the_limit_asks_for_the_supervisor_and_says_why(page: Page, site: str) -> None:
    await page.goto(f"{site}/shared/gallery.html")
    await page.locator(".stat__value").first.wait_for()
    ticket = {"number": ROW["number"], "requests": [RETURN], "decision": {"conflicts": []}}
    sent: list[Any] = []

    async def take(route: Route) -> None:
        sent.append(route.request.post_data_json)
        await route.fulfill(json=ticket | {"requests": []})

    await page.route("**/requests/asked", take)
    await page.evaluate(DRAW_REQUEST, [site, ticket])
    await page.locator("#drawn .btn--primary").click()
    await expect(page.locator("dialog #grant-supervisor-hint")).to_have_text(WHY)
    await page.locator("dialog .btn--primary").click()
    await expect(page.locator("dialog #grant-supervisor-error")).to_be_visible()
    assert sent == []
    await page.locator("dialog #grant-supervisor").fill("督办甲")
    await page.locator("dialog .btn--primary").click()
    await expect(page.locator("dialog")).to_have_count(0)
    assert [body["form"] for body in sent] == [{"supervisor": "督办甲"}]


async def test_a_dispute_on_the_ticket_offers_the_ruling_and_no_grant(page: Page, site: str) -> None:
    await page.goto(f"{site}/shared/gallery.html")
    await page.locator(".stat__value").first.wait_for()
    disputed = RETURN | {"state": "disputed", "state_label": "争议裁决中", "can_decide": False, "can_rule": True}
    ticket = {"number": ROW["number"], "requests": [disputed], "decision": {"conflicts": []}}
    await page.evaluate(DRAW_REQUEST, [site, ticket])
    link = page.locator("#drawn .btn")
    await expect(link).to_have_text("作出裁定")
    await expect(link).to_have_attribute("href", f"/dispatch?t={ROW['number']}&view=disputes")
