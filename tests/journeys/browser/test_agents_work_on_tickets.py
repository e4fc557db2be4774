"""An agent writes a telephone call down, finds a ticket and urges it; a dispatcher finds what was handed over."""

import re

import pytest
from playwright.async_api import expect

from tests.journeys.browser.citizen import ask
from tests.journeys.browser.conftest import SitDown
from tests.journeys.browser.hands import Hands
from tests.journeys.browser.test_an_agent_turns_a_talk_into_a_ticket import PHONE_NUMBER, wants_a_person
from tests.journeys.house import Browser as Person

pytestmark = pytest.mark.browser

CALL = "祖庙街道同济路的路灯不亮三天了，晚上很黑，请派人来修。"


async def opened(writer: Person, text: str, **more: object) -> str:
    form = {"kind": "complaint", "text": text, "phone": "13800138000", "name": "陈大文"} | more
    return str((await writer.post("/tickets", form))["number"])


async def at_tickets(sit_down: SitDown) -> Hands:
    """An agent, turned from the talks to the tickets."""
    agent = await sit_down("/desk", "agent")
    await agent.press("Alt+w")
    await expect(agent.at("ticket-list")).to_be_visible()
    return agent


async def test_a_telephone_call_is_written_down_by_keyboard_alone(sit_down: SitDown, writer: Person) -> None:
    agent = await sit_down("/desk", "agent")
    agent.start_counting()
    await agent.press("Alt+n")
    await expect(agent.at("#open-text")).to_be_focused()
    await agent.write(CALL)
    await agent.press("Tab")
    await agent.press("Tab")
    await agent.write("陈大文")
    await agent.press("Tab")
    await agent.write("13800138000")
    await agent.press("Control+Enter")
    card = agent.at("new-ticket [role=status]")
    await expect(card).to_contain_text("查询码")
    await expect(card).to_contain_text("祖庙街道")
    assert agent.clicks == 0
    assert agent.keys == 5
    number = re.search(r"[A-Z]{2}\d{9,}", await card.inner_text())
    assert number
    kept = await writer.get(f"/tickets/{number[0]}")
    assert "同济路" in kept["title"]
    assert kept["requester"]["name"]
    await expect(agent.at("[data-act=again]")).to_be_focused()
    await agent.press("Enter")
    await expect(agent.at("#open-text")).to_have_value("")


async def test_a_caller_follows_what_others_told_by_one_key(sit_down: SitDown, writer: Person) -> None:
    """P38: seen while the call is written down, one ticket of many, and the caller's own number."""
    road = "祖庙街道汾江中路的井盖塌了一个大洞，电动车差点掉进去，请尽快来修。"
    first = await opened(writer, road, phone="13700137000")
    agent = await sit_down("/desk", "agent")
    await agent.press("Alt+n")
    await expect(agent.at("#open-text")).to_be_focused()
    await agent.write("祖庙街道汾江中路井盖塌了个大洞，电动车差点掉进去，麻烦尽快来修。")
    offer = agent.at("new-ticket .alike")
    await expect(offer).to_contain_text("已有 1 人反映同一问题")
    await expect(offer).to_contain_text(first)
    await expect(offer).not_to_contain_text("电动车")
    for _ in range(3):
        await agent.press("Tab")
    await agent.write("13900139000")
    await agent.press("Alt+f")
    card = agent.at("new-ticket [role=status]")
    await expect(card).to_contain_text("已跟进同一问题")
    await expect(card).to_contain_text(first)
    number = await card.locator(".number").first.inner_text()
    kept = await writer.get(f"/tickets/{number}")
    assert (kept["state"], kept["parent"]) == ("merged", first)


async def test_an_agent_finds_a_ticket_by_its_number_and_urges_it_for_the_caller(
    sit_down: SitDown, writer: Person
) -> None:
    number = await opened(writer, CALL)
    agent = await sit_down("/desk", "agent")
    agent.start_counting()
    await agent.press("Alt+w")
    await expect(agent.at("ticket-list")).to_be_visible()
    await agent.press("/")
    await agent.write(number)
    await agent.press("Enter")
    await expect(agent.at("ticket-pane .ticket-head")).to_contain_text(number)
    await agent.click(agent.at("[data-action=urge]"))
    await expect(agent.at(".timeline").first).to_contain_text("催办")
    assert (agent.clicks, agent.keys) == (1, 3)


async def test_an_agent_finds_it_by_words_and_among_what_they_had_in_hand(sit_down: SitDown, writer: Person) -> None:
    number = await opened(writer, "祖庙街道城门头路口有一棵榕树倒了压住人行道")
    agent = await at_tickets(sit_down)
    await expect(agent.at(".ticket-row").first).to_contain_text(number)
    await agent.press("/")
    await agent.write("榕树")
    await agent.press("Enter")
    await agent.click(agent.at(".ticket-row", has_text=number))
    await expect(agent.at("ticket-pane .ticket-head")).to_contain_text(number)


async def test_what_an_agent_may_do_is_on_the_ticket(sit_down: SitDown, writer: Person) -> None:
    """Answer, decline, hand over, ask: every move the API offers an agent has its button."""
    number = await opened(writer, "请问异地就医备案怎么办理，需要什么材料", kind="consult")
    offered = {one["action"] for one in (await writer.get(f"/tickets/{number}"))["actions"]}
    assert {"answer", "propose_decline", "hand_over", "ask_info", "withdraw", "merge"} <= offered
    agent = await at_tickets(sit_down)
    await agent.click(agent.at(".ticket-row", has_text=number))
    await expect(agent.at(".actions-bar [data-action]").first).to_be_visible()
    buttons = agent.at(".actions-bar [data-action]")
    shown = {await buttons.nth(n).get_attribute("data-action") for n in range(await buttons.count())}
    assert shown == offered
    await agent.click(agent.at("[data-action=hand_over]"))
    await expect(agent.at("#hand_over-platform, [id^=hand_over-platform]").first).to_be_visible()


async def test_danger_stands_first_with_the_number_to_hand_it_to_as_soon_as_it_is_written_down(
    sit_down: SitDown,
) -> None:
    agent = await sit_down("/desk", "agent")
    await agent.press("Alt+n")
    await expect(agent.at("#open-text")).to_be_focused()
    await agent.write("祖庙街道某小区三楼着火，有人被困")
    for _ in range(3):
        await agent.press("Tab")
    await agent.write("13800138000")
    await agent.press("Control+Enter")
    await expect(agent.at("new-ticket [data-danger]").first).to_contain_text("先转 119")
    await agent.click(agent.at("new-ticket .btn-row .btn").last)
    await expect(agent.at("ticket-pane [data-danger]").first).to_contain_text("先转 119")


async def test_a_dispatcher_finds_what_was_handed_over_and_an_agent_notes_its_receipt(
    sit_down: SitDown, writer: Person
) -> None:
    number = await opened(writer, "想反映另一个问题", kind="other")
    version = (await writer.get(f"/tickets/{number}"))["version"]
    form = {"platform": "110", "reason": "警情"}
    await writer.post(f"/tickets/{number}/actions/hand_over", {"version": version, "form": form})
    dispatcher = await sit_down("/dispatch", "dispatcher")
    dispatcher.start_counting()
    await dispatcher.click(dispatcher.page.get_by_role("tab", name="待回应"))
    await dispatcher.click(dispatcher.at("[data-state=handed_over]"))
    await dispatcher.click(dispatcher.at(".ticket-row", has_text=number))
    await expect(dispatcher.at("ticket-pane .ticket-head")).to_contain_text(number)
    assert dispatcher.clicks == 3
    agent = await at_tickets(sit_down)
    agent.start_counting()
    await agent.click(agent.page.get_by_role("tab", name="待回应"))
    await agent.click(agent.at(".ticket-row", has_text=number))
    await agent.click(agent.at("[data-action=receipt]"))
    await agent.page.fill("#receipt-handler", "110指挥中心 032号")
    await agent.page.fill("#receipt-reason", "已派警到场处理")
    await agent.press("Control+Enter")
    await expect(agent.at("ticket-pane .ticket-head")).to_contain_text("办结")
    assert agent.clicks == 3


async def test_a_former_ticket_opens_beside_the_talk(sit_down: SitDown, writer: Person) -> None:
    agent = await sit_down("/desk", "agent")
    citizen = await sit_down("/chat")
    await wants_a_person(citizen, "禅城区祖庙街道同济路路灯不亮八天了")
    await agent.click(agent.at(".talk-row", has_text=PHONE_NUMBER[-4:]).first)
    await agent.click(agent.page.get_by_role("tab", name="建单"))
    await agent.click(agent.page.get_by_role("button", name="提交工单"))
    await expect(agent.at("desk-assist .card--accent")).to_be_visible()
    agent.start_counting()
    await agent.click(agent.page.get_by_role("tab", name="历史工单"))
    await agent.click(agent.at("[data-former]").first)
    await expect(agent.at("desk-assist ticket-pane .ticket-head")).to_be_visible()
    await expect(agent.at("desk-assist [data-action=urge]")).to_be_visible()
    await expect(agent.at("#answer")).to_be_visible()
    assert agent.clicks == 2
    await agent.click(agent.page.get_by_role("button", name="结束会话"))
    await agent.click(agent.at("dialog .btn--primary"))
    await expect(citizen.at("hotline-chat .thread")).to_contain_text("已结束")


async def test_p39_an_agent_says_with_one_click_that_two_are_one_person_and_takes_it_back(sit_down: SitDown) -> None:
    """The browser's part of P39: who left the same number stands beside the talk; the rules are in tests/desk."""
    agent = await sit_down("/desk", "agent")
    for told in ("乐平镇范湖村的路灯不亮", "西樵镇朝山村的路灯不亮"):
        citizen = await sit_down("/chat")
        for text in (told, "昨天晚上", "13800138077", "确认提交"):
            heard = await ask(citizen, text)
        assert "查询码" in heard
    await citizen.click(citizen.page.get_by_role("button", name="转人工"))
    await agent.click(agent.at(".talk-row", has_text="转人工"))
    line = agent.at("desk-same-person li")
    await expect(line).to_contain_text("留有同一电话")
    agent.start_counting()
    await agent.click(line.get_by_role("button", name="是同一人"))
    await expect(line).to_contain_text("已确认为同一人")
    assert (agent.clicks, agent.letters) == (1, 0)
    await agent.click(line.get_by_role("button", name="撤销"))
    await expect(line).to_contain_text("是同一人吗")
    await agent.click(agent.page.get_by_role("button", name="结束会话"))
    await agent.click(agent.at("dialog .btn--primary"))
    await expect(agent.at(".talk-row", has_text="转人工")).to_have_count(0)
