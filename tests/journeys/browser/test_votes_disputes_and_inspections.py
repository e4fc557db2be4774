"""A vote by link without signing in, words in a dispute, an inspection and its appeal, a look at who talks: each in a
few presses."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect

from hotline.house import _signing_key
from kernel.clock import ManualClock
from kernel.signing import Signer
from kernel.vault import load_or_make_key
from tests.journeys.browser.citizen import LAMP as LAMP_SAID
from tests.journeys.browser.conftest import SitDown
from tests.journeys.browser.test_an_agent_turns_a_talk_into_a_ticket import PHONE_NUMBER, wants_a_person
from tests.journeys.browser.work import LAMP, Staff, released, unit_of, worked_on, written_down
from tests.journeys.house import Browser as Person
from tests.journeys.house import RunningHouse
from ticketing.links import RATING

pytestmark = pytest.mark.browser

OTHER = "CC-CG"
RETURN = {"reason_code": "not_our_duty", "clause": "镇街权责清单", "reason": "归区城管", "suggested_unit": OTHER}


def rating_path(house: RunningHouse, number: str) -> str:
    """The link a citizen gets with the first reply; tickets an agent wrote down have nowhere to send it to."""
    now = datetime.now(UTC)
    signer = Signer(_signing_key(load_or_make_key(Path(house.folder) / "keys" / "key")), ManualClock(now))
    return f"/rate/{signer.sign(RATING, f'{number}~1~{int((now + timedelta(days=15)).timestamp())}')}"


def draw(house: RunningHouse, number: str, unit: str) -> None:
    """Put a reply on the inspectors' list, as the night's lot would."""
    row = (number, date.today().isoformat(), unit, "", None, None, "[]", "", "lot")  # noqa: DTZ011 - any day will do
    with closing(sqlite3.connect(Path(house.folder) / "hotline.sqlite3", timeout=30)) as base, base:
        names = "number, drawn, unit, inspector, done_at, points, failed, note, why"
        base.execute(f"INSERT INTO inspection ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)  # noqa: S608


async def replied(staff: Staff, writer: Person, where: str) -> str:
    """The number of a ticket whose reply is out."""
    number = (await written_down(writer, f"{LAMP}，{where}"))["number"]
    await worked_on(staff, number, submitted=True)
    await released(staff, number)
    return number


async def test_p41_a_vote_takes_three_clicks_and_is_changed_by_the_same_link(
    house: RunningHouse, staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    number = await replied(staff, writer, "靠近北门")
    citizen = await sit_down(rating_path(house, number))
    await expect(citizen.at("rating-form")).to_be_visible()
    await expect(citizen.at("main")).not_to_contain_text("图书馆")
    citizen.start_counting()
    await citizen.click(citizen.at("label.vote", has_text="满意").first)
    await citizen.click(citizen.at("rating-form label.check").first)
    await citizen.click(citizen.page.get_by_role("button", name="提交评价"))
    await expect(citizen.at("main")).to_contain_text("您的评价")
    assert (citizen.clicks, citizen.letters) == (3, 0)
    await citizen.click(citizen.page.get_by_role("button", name="修改评价"))
    await citizen.click(citizen.at("label.vote").nth(3))
    await citizen.click(citizen.at("rating-form label.check").nth(2))
    await citizen.click(citizen.page.get_by_role("button", name="提交评价"))
    await expect(citizen.at("main .badge--primary")).to_have_text("不满意")
    seen = await (await staff.of("callback")).get(f"/tickets/{number}")
    assert [(vote["score_label"], vote["changes"], vote["way_label"]) for vote in seen["votes"]] == [
        ("不满意", 1, "评价链接")
    ]


async def test_a_unit_says_its_words_in_a_dispute_with_two_clicks(
    staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    number = (await written_down(writer, f"{LAMP}，靠近车站"))["number"]
    login = await unit_of(staff, number)
    officer, dispatcher = await staff.of(login), await staff.of("dispatcher")
    asked = await officer.post(f"/tickets/{number}/requests", {"kind": "return", "form": RETURN})
    request = asked["requests"][0]["id"]
    body = {"disputed": True, "form": {"reason": "区城管不认领"}}
    await dispatcher.post(f"/tickets/{number}/requests/{request}", body)
    unit = await sit_down("/unit", OTHER.lower())
    unit.start_counting()
    await unit.click(unit.at("[data-hearings]"))
    card = unit.at(f"dialog section[aria-label={number}]")
    await expect(card).to_contain_text("归区城管")
    await card.locator("textarea[name=text]").fill("该路段由镇街管养")
    await card.locator("textarea[name=clause]").fill("管养清单第7项")
    await unit.click(card.get_by_role("button", name="提交意见"))
    await expect(card).to_contain_text("该路段由镇街管养")
    assert unit.clicks == 2
    seen = await (await staff.of("supervisor")).get(f"/tickets/{number}/disputes/{request}")
    (said,) = [each for side in seen["sides"] if side["unit"] == OTHER for each in side["arguments"]]
    assert (said["text"], said["own"]) == ("该路段由镇街管养", True)


async def test_a_reply_is_inspected_beside_what_was_asked_and_the_unit_appeals(
    house: RunningHouse, staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    number = await replied(staff, writer, "靠近邮局")
    login = await unit_of(staff, number)
    draw(house, number, login.upper())
    # Not the reviewer, who let it go.
    inspector = await sit_down("/dispatch", "supervisor")
    await inspector.click(inspector.page.get_by_role("tab", name="质检"))
    inspector.start_counting()
    await inspector.click(inspector.at("inspect-list .ticket-row", has_text=number))
    pane = inspector.at("inspect-pane")
    await expect(pane).to_contain_text("靠近邮局")
    await expect(pane).to_contain_text("更换灯泡")
    await inspector.click(inspector.at("inspect-pane input[name=basis]"))
    await expect(pane).to_contain_text("80 分")
    await pane.locator("#inspect-note").fill("没有写明依据")
    await inspector.click(inspector.page.get_by_role("button", name="提交结果"))
    await expect(pane).to_contain_text("依据充分")
    assert inspector.clicks == 3
    unit = await sit_down("/unit", login)
    await unit.click(unit.at("[data-findings]"))
    card = unit.at(f"dialog section[aria-label={number}]")
    await expect(card).to_contain_text("没有写明依据")
    await unit.click(card.locator("[data-appeal]"))
    await unit.page.locator("dialog[open] textarea, dialog[open] input").last.fill("依据写在办理结果里")
    await unit.click(unit.at("dialog[open] .btn--primary").last)
    await expect(card).to_contain_text("已提请复核")
    await expect(card.locator("[data-appeal]")).to_have_count(0)


async def test_p44_an_agent_sees_who_talks_with_one_click_and_it_is_kept(
    staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    agent = await sit_down("/desk", "agent")
    citizen = await sit_down("/chat")
    await wants_a_person(citizen, f"{LAMP_SAID}两天了")
    await agent.click(agent.at(".talk-row", has_text=PHONE_NUMBER[-4:]))
    await expect(agent.at("#talk")).to_contain_text("两天了")
    await expect(agent.at("desk-talk")).not_to_contain_text(PHONE_NUMBER)
    agent.start_counting()
    await agent.click(agent.at("desk-caller [data-act=unmask]"))
    await expect(agent.at("desk-caller mask-timer")).to_be_visible()
    assert (agent.clicks, agent.letters) == (1, 0)
    now = datetime.now(UTC)
    stretch = f"since={(now - timedelta(hours=1)).isoformat()}&until={(now + timedelta(hours=1)).isoformat()}"
    looks = await (await staff.of("privacy")).get(f"/privacy/looks?{stretch.replace('+', '%2B')}&kind=unmask")
    assert [each["purpose_label"] for each in looks["items"] if each["number"].startswith("会话")] == [
        "正在与诉求人对话"
    ]
    await agent.click(agent.page.get_by_role("button", name="结束会话"))
    await agent.click(agent.at("dialog .btn--primary"))
