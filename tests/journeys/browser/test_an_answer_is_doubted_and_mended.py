"""A citizen says on a phone that an answer is wrong; an editor mends it with a file, and the next answer brings it."""

import io

import pytest
from PIL import Image
from playwright.async_api import FilePayload, expect

from tests.journeys.browser.citizen import say
from tests.journeys.browser.conftest import PHONE, SitDown
from tests.journeys.browser.hands import Hands

pytestmark = pytest.mark.browser

ENTRY, LEADER = "info-disclosure", "fs-zs-leader"
QUESTION = "政府信息公开怎么申请"
ELDER = "document.documentElement.dataset.elder = ''; dispatchEvent(new CustomEvent('hotline:look'))"


def picture(name: str) -> FilePayload:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return FilePayload(name=name, mimeType="image/png", buffer=out.getvalue())


async def step(hands: Hands, action: str, state: str) -> None:
    """One button of the entry that is open."""
    await hands.click(hands.at(f"[data-action={action}]"))
    await expect(hands.at("entry-pane .pane__head .badge")).to_have_text(state)


async def test_what_a_citizen_doubts_is_mended(sit_down: SitDown) -> None:
    citizen = await sit_down("/chat", "", PHONE)
    await citizen.page.evaluate(ELDER)
    await say(citizen, QUESTION)
    await citizen.click(citizen.at("[data-doubt]").last)
    await citizen.click(citizen.at("[data-reason=old]"))
    assert await citizen.width() == PHONE[0]
    await citizen.at("[data-send]").dblclick()
    await expect(citizen.at(".doubt__done")).to_be_visible()
    await citizen.page.reload()
    await expect(citizen.at(".doubt__done")).to_be_visible()

    editor = await sit_down("/knowledge", "editor")
    await editor.click(editor.page.get_by_role("tab", name="有误"))
    wrong = editor.at(f"[data-wrong={ENTRY}]")
    await expect(wrong.locator("[data-correction]")).to_have_count(1)
    await expect(wrong).to_contain_text("内容过时了")
    await expect(wrong).to_contain_text(QUESTION)
    await editor.click(wrong.locator("[data-do=mend]"))
    files = editor.at("entry-form input[type=file]")
    await files.set_input_files(FilePayload(name="a.txt", mimeType="text/plain", buffer=b"no picture"))
    await expect(editor.at("entry-form .field__error")).to_contain_text("a.txt")
    assert [fault.partition(" /")[0] for fault in editor.faults] == ["422 POST"]
    editor.faults.clear()
    await files.set_input_files([picture("流程图.png"), picture("错的.png")])
    await expect(editor.at("[data-file]")).to_have_count(2)
    await editor.click(editor.at("[data-file]", has_text="错的").get_by_role("button"))
    await editor.click(editor.at("[data-keep]"))
    await expect(editor.at("entry-pane .entry-links a")).to_have_text(["流程图.jpg"])
    await step(editor, "submit", "单位审核")

    leader = await sit_down("/knowledge", LEADER, PHONE)
    await leader.page.goto(f"/knowledge?entry={ENTRY}")
    await step(leader, "approve", "热线审核")
    admin = await sit_down("/knowledge", "admin")
    await admin.page.goto(f"/knowledge?entry={ENTRY}")
    await step(admin, "publish", "已发布")
    await admin.click(admin.at("[data-version]").last)
    await expect(admin.at("entry-pane .entry-links")).to_have_count(0)

    guide = await sit_down(f"/guide?id={ENTRY}", "", PHONE)
    file = guide.at(".facts a[href*='/files/']")
    while not await file.count():
        await guide.page.reload()
        await expect(guide.at("[data-doubt]")).to_be_visible()
    await expect(file).to_have_text("流程图.jpg")
    other = await sit_down("/chat", "", PHONE)
    await say(other, QUESTION)
    await expect(other.at(".msg--bot a[href*='/files/']")).to_have_count(1)
    await guide.click(guide.at("[data-doubt]"))
    await guide.click(guide.at("[data-send]"))
    await expect(guide.at(".doubt__done")).to_be_visible()
