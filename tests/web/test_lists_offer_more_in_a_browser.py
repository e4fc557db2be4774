"""Lists that grow show their first page and offer the next; what is shown stays."""

from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page, expect

from tests.web.conftest import Recorder
from tests.web.test_shared_modules_in_a_browser import gallery

pytestmark = pytest.mark.browser

TERMS: dict[str, Any] = {"findings": [], "worth": 20, "share": 0.05, "least": 80}


def found(*numbers: str, behind: str | None = None) -> web.Response:
    """A page of inspections."""
    about = {
        "unit_name": "甲局",
        "drawn": "2026-03-16",
        "done_at": "2026-03-17T01:00:00Z",
        "points": 100,
        "passed": True,
    }
    rest: dict[str, Any] = {"points": 100, "failed": [], "note": "", "second": None, "may_ask": False}
    items = [{"number": number, **about, **rest} for number in numbers]
    return web.json_response({"items": items, **TERMS, "next": behind})


async def test_the_list_of_inspections_is_read_on_and_read_again_as_long_as_it_is(
    page: Page, site: str, recorder: Recorder
) -> None:
    await gallery(page, site)
    recorder.answers = [found("N1", "N2", behind="c"), found("N3")]
    script = """async (site) => {
      await import(`${site}/desk/inspect-pane.js`);
      document.body.replaceChildren(document.createElement("inspect-list"));
    }"""
    await page.evaluate(script, site)
    rows = page.locator("inspect-list .ticket-row")
    await expect(rows).to_have_count(2)
    await page.locator("inspect-list [data-more]").click()
    await expect(rows).to_have_count(3)
    await expect(page.locator("inspect-list [data-more]")).to_have_count(0)
    assert "cursor=c" in recorder.asked[-1][1]


async def test_a_units_findings_are_read_on(page: Page, site: str, recorder: Recorder) -> None:
    await gallery(page, site)
    recorder.answers = [found("N1", behind="c"), found("N2", behind="d"), found("N3")]
    await page.evaluate("async (site) => (await import(`${site}/unit/findings.js`)).openFindings()", site)
    for many in (2, 3):
        await page.locator("dialog [data-more]").click()
        await expect(page.locator("dialog section.card")).to_have_count(many)
    await expect(page.locator("dialog [data-more]")).to_have_count(0)
    assert ["cursor=c" in recorder.asked[1][1], "cursor=d" in recorder.asked[2][1]] == [True, True]


async def test_what_became_of_an_account_is_read_on(page: Page, site: str, recorder: Recorder) -> None:
    await gallery(page, site)
    script = """async (site) => {
      await import(`${site}/admin/user-card.js`);
      const card = document.createElement("user-card");
      card.user = { id: "s1", name: "甲", login: "a", roles: [], unit: "", unit_active: true, active: true };
      card.me = { id: "s2" };
      document.body.replaceChildren(card);
    }"""

    def told(name: str, behind: str | None) -> dict[str, Any]:
        return {"items": [{"at": "2026-03-16T01:00:00Z", "change": "reset", "by": name, "fields": []}], "next": behind}

    async def answer(route: Any) -> None:
        if "history" not in route.request.url:
            await route.fulfill(json={"may": [], "sessions": []})
        else:
            await route.fulfill(json=told("乙", None) if "cursor=c" in route.request.url else told("丙", "c"))

    await page.route("**/api/v1/staff/**", answer)
    await page.evaluate(script, site)
    await page.locator("user-card [data-more]").click()
    await expect(page.locator("user-card [data-history] li")).to_have_count(2)
    await expect(page.locator("user-card [data-more]")).to_have_count(0)
    assert recorder.asked == []
