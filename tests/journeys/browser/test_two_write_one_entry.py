"""Two people write one entry: who saves late sees both texts, puts them together, and a reload takes nothing away."""

import pytest
from playwright.async_api import expect

from tests.journeys.browser.conftest import PHONE, SitDown
from tests.journeys.browser.hands import Hands

pytestmark = pytest.mark.browser

ENTRY = "house-warranty"
ADDRESS = f"/knowledge?entry={ENTRY}"


async def writing(hands: Hands) -> None:
    """The form of the newest version is open."""
    await hands.click(hands.at("[data-edit]"))
    await expect(hands.at("#entry-short")).to_be_visible()


async def test_who_saves_late_loses_nothing(sit_down: SitDown) -> None:
    editor = await sit_down("/knowledge", "editor")
    await editor.page.goto(ADDRESS)
    await writing(editor)
    await editor.at("#entry-fee").fill("不收费")
    await editor.click(editor.at("[data-keep]"))
    await expect(editor.at("entry-pane .pane__head .badge")).to_have_text("草稿")

    await writing(editor)
    begun = await editor.at("#entry-short").input_value()
    await editor.at("#entry-short").fill(f"您好，{begun}")
    await editor.at("#entry-hours").fill("工作日")

    other = await sit_down("/knowledge", "admin")
    await other.page.goto(ADDRESS)
    await writing(other)
    await other.at("#entry-short").fill(f"{begun}节假日顺延。")
    await other.at("#entry-place").fill("网上")
    await other.click(other.at("[data-keep]"))
    await expect(other.at("[data-edit]")).to_be_visible()

    await editor.page.reload()
    await editor.click(editor.at("[data-left] [data-go-on]"))
    await expect(editor.at("#entry-short")).to_have_value(f"您好，{begun}")
    await editor.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    await editor.click(editor.at("[data-keep]"))
    await expect(editor.at("[data-late]")).to_contain_text("管理员")
    assert [fault.partition(" /")[0] for fault in editor.faults] == ["409 PUT"]
    editor.faults.clear()
    assert await editor.width() == PHONE[0]

    short = editor.at("[data-field=short]")
    await expect(short.locator("mark[data-change=gone]")).to_have_text("节假日顺延。")
    await expect(short.locator("mark[data-change=new]")).to_have_text("您好，")
    await expect(editor.at("[data-field=place] input[value=theirs]")).to_be_checked()
    await expect(editor.at("[data-field=hours] input[value=mine]")).to_be_checked()
    await editor.click(short.locator("input[value=both]"))
    await editor.click(editor.at("[data-take]"))
    fields = editor.at("entry-pane .entry-fields")
    for said in (f"您好，{begun}节假日顺延。", "工作日", "网上", "不收费"):
        await expect(fields).to_contain_text(said)
    assert await editor.page.evaluate("Object.keys(localStorage).filter((key) => key.includes('entry'))") == []
