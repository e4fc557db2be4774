"""An agent takes a talk, answers and opens the ticket from it in a few presses; the citizen reads it at once."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from tests.journeys.browser.citizen import LAMP, say
from tests.journeys.browser.conftest import SitDown
from tests.journeys.browser.hands import Hands
from tests.journeys.house import Browser as Person

pytestmark = pytest.mark.browser

PHONE_NUMBER = "13912345678"


async def wants_a_person(citizen: Hands, words: str) -> None:
    """Say what it is about and ask for a person."""
    await say(citizen, words)
    await expect(citizen.at(".quick")).to_be_visible()
    await citizen.click(citizen.page.locator("button.btn--soft", has_text="转人工"))
    await expect(citizen.at("hotline-chat .thread")).to_contain_text("转接")
    await say(citizen, f"电话{PHONE_NUMBER}")


async def reads_number_and_code(citizen: Hands) -> None:
    """The agent's message with the ticket's number, code and link has come."""
    told = citizen.at(".msg:not(.msg--own)", has_text="查询码")
    await expect(told).to_be_visible()
    assert re.search(r"工单编号 [A-Z]{2}\d{9,}，查询码 \w{4,}", await told.inner_text())
    await expect(told.get_by_role("link", name="查看办理进度")).to_have_attribute("href", re.compile("/track/"))


async def test_a_ticket_is_opened_from_a_talk_with_two_clicks_and_nothing_retyped(
    sit_down: SitDown, writer: Person
) -> None:
    agent = await sit_down("/desk", "agent")
    await agent.page.evaluate("window.sameDocument = true")
    citizen = await sit_down("/chat")
    await wants_a_person(citizen, f"{LAMP}三天了")
    await expect(agent.at(".talk-row", has_text=PHONE_NUMBER[-4:])).to_be_visible()
    assert await agent.page.evaluate("window.sameDocument"), "it came without a reload"
    agent.start_counting()
    await agent.click(agent.at(".talk-row", has_text=PHONE_NUMBER[-4:]))
    await expect(agent.at("#answer")).to_be_focused()
    await expect(agent.at("#talk")).to_contain_text(LAMP)
    await agent.write("您好，马上为您登记。")
    await agent.press("Enter")
    await expect(citizen.at("hotline-chat .thread")).to_contain_text("马上为您登记")

    agent.start_counting()
    await agent.click(agent.page.get_by_role("tab", name="建单"))
    await expect(agent.at("#ticket-text")).to_have_value(re.compile(LAMP))
    await expect(agent.at(".goes")).to_contain_text("祖庙街道城市建设办公室")
    await expect(agent.at(".goes")).to_be_in_viewport(ratio=1)
    await agent.click(agent.page.get_by_role("button", name="提交工单"))
    await expect(agent.at("desk-assist .card--accent")).to_contain_text("祖庙街道城市建设办公室")
    assert (agent.clicks, agent.letters) == (2, 0)

    await agent.click(agent.page.get_by_role("button", name="告知市民编号与查询码"))
    await agent.click(agent.page.get_by_role("button", name="发送"))
    assert (agent.clicks, agent.letters) == (4, 0)
    await reads_number_and_code(citizen)
    await agent.click(agent.page.get_by_role("button", name="结束会话"))
    await agent.click(agent.at("dialog .btn--primary"))
    await expect(citizen.at("hotline-chat .thread")).to_contain_text("已结束")


async def test_the_whole_of_it_needs_no_mouse(sit_down: SitDown, writer: Person) -> None:
    agent = await sit_down("/desk", "agent", anew=True)
    await agent.tab_to(agent.page.get_by_role("button", name="小休"))
    await agent.press("Enter")
    await expect(agent.page.get_by_role("button", name="小休")).to_have_attribute("aria-pressed", "true")
    citizen = await sit_down("/chat")
    await wants_a_person(citizen, f"{LAMP}五天了")
    await agent.press("Alt+1")
    await expect(agent.at(".talk-row", has_text=PHONE_NUMBER[-4:])).to_be_visible()

    agent.start_counting()
    await agent.press("j")
    await expect(agent.at("#talk")).to_contain_text(f"{LAMP}五天了")
    await agent.press("Alt+c")
    await expect(agent.at("#answer")).to_be_focused()
    await agent.write("您好，马上为您登记。")
    await agent.press("Enter")
    await expect(citizen.at("hotline-chat .thread")).to_contain_text("马上为您登记")
    await agent.press("Alt+t")
    await expect(agent.at("#ticket-title")).to_be_focused()
    await expect(agent.at("#ticket-text")).to_have_value(re.compile(LAMP))
    await agent.press("Enter")
    await expect(agent.page.get_by_role("button", name="告知市民编号与查询码")).to_be_focused()
    await agent.press("Enter")
    await expect(agent.at("#answer")).to_have_value(re.compile("查询码"))
    await agent.press("Enter")
    await reads_number_and_code(citizen)
    assert (agent.clicks, agent.keys) == (0, 7)
    await agent.press("Alt+e")
    await agent.tab_to(agent.at("dialog .btn--primary"))
    await agent.press("Enter")
    await expect(citizen.at("hotline-chat .thread")).to_contain_text("已结束")
    assert (agent.clicks, agent.keys) == (0, 10)


async def test_what_the_agent_typed_is_still_there_after_looking_elsewhere(sit_down: SitDown, writer: Person) -> None:
    agent = await sit_down("/desk", "agent")
    first, second = await sit_down("/chat"), await sit_down("/chat")
    await wants_a_person(first, "第一件事，人行道积水")
    await wants_a_person(second, "第二件事，公交站牌倒了")
    await expect(agent.at(".talk-row")).to_have_count(2)
    rows = agent.at(".talk-row")
    # By their names: whose words come last stands first, and the rows may still change places.
    one, other = [(await rows.nth(n).inner_text()).split("\n")[0] for n in (0, 1)]
    await agent.click(agent.at(".talk-row", has_text=one))
    await expect(agent.at("#answer")).to_be_focused()
    await agent.write("正在核实")
    await agent.click(agent.at(".talk-row", has_text=other))
    await expect(agent.at("#answer")).to_have_value("")
    await agent.click(agent.at(".talk-row", has_text=one))
    await expect(agent.at("#answer")).to_have_value("正在核实")
    for left in (1, 0):
        await agent.click(agent.page.get_by_role("button", name="结束会话"))
        await agent.click(agent.at("dialog .btn--primary"))
        await expect(rows).to_have_count(left)
        if left:
            await agent.click(rows)
    await expect(first.at("hotline-chat .thread")).to_contain_text("已结束")


async def test_a_talk_is_said_to_be_seen_once_at_a_time(sit_down: SitDown) -> None:
    """However slowly the server takes it, and however much comes meanwhile; at the end no page has complained."""
    agent = await sit_down("/desk", "agent")
    citizen = await sit_down("/chat")
    await wants_a_person(citizen, "想问一下桥头那棵歪脖子树归谁管")
    row = agent.at(".talk-row", has_text=PHONE_NUMBER[-4:]).first
    await expect(row).to_be_visible()
    await agent.click(row)
    await expect(agent.at("#answer")).to_be_focused()
    begun, may_go_on = 0, asyncio.Event()

    async def held(route: Route) -> None:
        nonlocal begun
        begun += 1
        await may_go_on.wait()
        await route.continue_()

    await agent.page.route("**/seen", held)
    for words in ("就在桥头", "树干裂了", "怕它倒下来"):
        await say(citizen, words)
        await expect(agent.at("#talk")).to_contain_text(words)
        await agent.page.wait_for_timeout(500)
    assert begun == 1
    may_go_on.set()
    await agent.page.unroute_all(behavior="wait")
    await agent.click(agent.at("[data-act=close]"))
    await agent.click(agent.page.get_by_role("button", name="结束会话").last)
