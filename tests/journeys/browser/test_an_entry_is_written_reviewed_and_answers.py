"""An editor changes an entry, its unit's leader approves by thumb, the hotline publishes: the next question hits it."""

import pytest
from playwright.async_api import expect

from tests.journeys.browser.citizen import say
from tests.journeys.browser.conftest import PHONE, SitDown
from tests.journeys.browser.hands import Hands

pytestmark = pytest.mark.browser

ENTRY, OWNER = "complaint-time", "fs-zs-leader"
WAY = "诉求登记之后要等几个工作日才有回音"


async def opened(hands: Hands, q: str = ENTRY) -> None:
    """The newest version of the entry is on the right."""
    await hands.at("knowledge-list input[type=search]").fill(q)
    row = hands.at(f"[data-entry={ENTRY}]").first
    await expect(hands.at("knowledge-list [data-entry]").first).to_have_attribute("data-entry", ENTRY)
    await hands.click(row)
    await expect(hands.at("entry-pane [data-version]").first).to_be_visible()


async def test_a_changed_entry_passes_unit_and_hotline_and_answers(sit_down: SitDown) -> None:
    editor = await sit_down("/knowledge", "editor")
    await opened(editor)
    await editor.click(editor.at("[data-edit]"))
    variants = editor.at("#entry-variants")
    await variants.fill(f"{await variants.input_value()}\n{WAY}")
    await editor.click(editor.at("[data-keep]"))
    await expect(editor.at("entry-pane .entry-change ins").last).to_contain_text(WAY[-8:])
    await editor.click(editor.at("[data-action=submit]"))
    await expect(editor.at("entry-pane .pane__head .badge")).to_have_text("单位审核")

    leader = await sit_down("/knowledge", OWNER, PHONE)
    leader.start_counting()
    await leader.click(leader.at(f"[data-entry={ENTRY}]").first)
    await expect(leader.at("entry-pane .entry-change ins").last).to_contain_text(WAY[-8:])
    assert await leader.width() == PHONE[0]
    await leader.click(leader.at("[data-action=approve]"))
    await expect(leader.at("entry-pane .pane__head .badge")).to_have_text("热线审核")
    assert (leader.clicks, leader.keys) == (2, 0)

    admin = await sit_down("/knowledge", "admin")
    await opened(admin)
    await admin.click(admin.at("[data-action=publish]"))
    await expect(admin.at("entry-pane .pane__head .badge")).to_have_text("已发布")

    await editor.click(editor.page.get_by_role("tab", name="试查"))
    await editor.at("knowledge-list input[name=q]").fill(WAY)
    async with editor.page.expect_response("**/knowledge/search*"):
        await editor.press("Enter")
    hit = editor.at("knowledge-list [data-hit]").first
    await expect(hit).to_have_attribute("data-hit", ENTRY)
    await expect(editor.at("knowledge-list [role=status]")).to_contain_text("直接解答")


async def test_an_agents_answer_becomes_a_draft_with_one_key(sit_down: SitDown) -> None:
    asked = "请问陶艺工作室的旧窑炉报废要去哪里备案"
    agent = await sit_down("/desk", "agent")
    citizen = await sit_down("/chat")
    await say(citizen, asked)
    await say(citizen, "转人工")
    row = agent.at(".talk-row", has_text="转人工").first
    await expect(row).to_be_visible()
    await agent.click(row)
    await expect(agent.at("#talk")).to_contain_text(asked)
    await expect(agent.at("#answer")).to_be_focused()
    await agent.write("旧窑炉报废向属地环保部门备案，可先电话咨询。")
    await agent.press("Enter")
    await expect(citizen.at("hotline-chat .thread")).to_contain_text("向属地环保部门备案")
    agent.start_counting()
    await agent.press("Alt+k")
    await expect(agent.at(".toast", has_text="已起草")).to_be_visible()
    assert (agent.clicks, agent.keys) == (0, 1)
    await agent.click(agent.at("[data-act=close]"))
    await agent.click(agent.page.get_by_role("button", name="结束会话").last)

    editor = await sit_down("/knowledge", "editor")
    kept = editor.at("knowledge-list [data-entry]", has_text="旧窑炉")
    await expect(kept.first).to_be_visible()
    await editor.click(kept.first)
    await expect(editor.at("entry-pane")).to_contain_text("坐席答复")
    await expect(editor.at("entry-pane")).to_contain_text("向属地环保部门备案")
