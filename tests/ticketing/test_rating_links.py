"""P41: one vote a closing, by a link that needs no sign-in, changed by the same link until its date; never counted
twice, and kept when the matter is handled again."""

import re
from datetime import timedelta
from typing import Any

import pytest

from analytics.rules.indicators import counts
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.people import GUEST
from tests.ticketing.city import (
    BAD,
    CALLBACK,
    CHECKED,
    DISPATCHER,
    PHONE,
    REPLY,
    RESULT,
    REVIEWER,
    VENDING,
    Hotline,
    address,
    lead_staff,
    link,
)
from tests.ticketing.test_api import Web
from ticketing.events import TicketRated
from ticketing.model.labels import Action, RehandleGround, Score, SideAction, Solved, State
from ticketing.model.ticket import Ticket

GOOD = {"score": "satisfied", "solved": "yes"}
POOR = {"score": "dissatisfied", "solved": "no"}
GOOD_FORM = {"score": Score.SATISFIED, "solved": Solved.YES}
BY_DESK_PHONE = {"channel": "phone", "reached": True, "no_call_reason": "办公座机拨打"}
LINK = re.compile(r"http://[^/]+/rate/([\w.~-]+)")


@pytest.fixture
def web(desk: Hotline) -> Web:
    return Web(desk)


async def links(desk: Hotline, user: str = "one") -> list[str]:
    """The tokens of all rating links a citizen was sent, in order."""
    return [found[1] for mail in await desk.mails(address(user)) if (found := LINK.search(mail.text))]


async def show(web: Web, token: str) -> Any:
    return await web("GET", f"rate/{token}", GUEST)


async def vote(web: Web, token: str, form: dict[str, Any]) -> Any:
    return await web("POST", f"rate/{token}", GUEST, form)


async def votes(web: Web, ticket: Ticket) -> list[Any]:
    seen = await web("GET", f"tickets/{ticket.number}", CALLBACK)
    return list(seen["votes"])


async def rated(desk: Hotline, ticket: Ticket) -> list[TicketRated]:
    return [each.fact for each in await desk.facts(ticket) if isinstance(each.fact, TicketRated)]


async def test_p41_a_reply_brings_one_link_and_its_vote_closes_the_ticket(web: Web) -> None:
    ticket = await web.desk.to_reply(await web.desk.open())
    (token,) = await links(web.desk)
    before = await show(web, token)
    assert (before["open"], before["score"]) == (True, "")
    after = await vote(web, token, GOOD)
    assert (after["score"], after["solved"], after["open"]) == ("satisfied", "yes", True)
    assert (await web.desk.now(ticket)).state is State.CLOSED
    (kept,) = await votes(web, ticket)
    assert (kept["way_label"], kept["score_label"], kept["changes"]) == ("评价链接", "满意", 0)


async def test_p41_the_vote_is_changed_by_the_same_link_and_counted_once(web: Web) -> None:
    ticket = await web.desk.to_reply(await web.desk.open())
    (token,) = await links(web.desk)
    await vote(web, token, GOOD)
    web.desk.clock.advance(timedelta(days=1))
    changed = await vote(web, token, POOR)
    assert changed["score"] == "dissatisfied"
    (kept,) = await votes(web, ticket)
    assert (kept["round"], kept["score_label"], kept["changes"]) == (1, "不满意", 1)
    assert kept["at"] > kept["first_at"]
    facts = await rated(web.desk, ticket)
    assert [fact.again for fact in facts] == [False, True]
    counted = [
        each
        for fact in facts
        for each in counts("ticketing.TicketRated", {"again": fact.again, "score": fact.score, "solved": fact.solved})
    ]
    assert sum(each.amount for each in counted if each.name == "tickets_rated" and "=" not in each.key) == 1


async def test_p41_after_its_date_a_link_takes_no_vote_and_shows_the_last(web: Web) -> None:
    ticket = await web.desk.to_reply(await web.desk.open())
    (token,) = await links(web.desk)
    await vote(web, token, GOOD)
    days = web.desk.floor.settings.security.rating_link_days
    assert ticket.replied is not None
    web.desk.clock.advance(timedelta(days=days) - (web.desk.clock.now() - ticket.replied) - timedelta(minutes=1))
    assert (await vote(web, token, GOOD | {"score": "very_satisfied"}))["open"] is True
    web.desk.clock.advance(timedelta(minutes=2))
    with pytest.raises(NotAllowed) as refused:
        await vote(web, token, POOR)
    assert refused.value.code == "token_expired"
    shown = await show(web, token)
    assert (shown["open"], shown["why"], shown["score"]) == (False, "token_expired", "very_satisfied")


async def test_p41_a_second_closing_has_its_own_link_and_the_former_vote_stays(web: Web) -> None:
    desk = web.desk
    ticket = await desk.to_reply(await desk.open())
    (first,) = await links(desk)
    await vote(web, first, POOR)
    await desk.act(ticket, Action.REHANDLE, CALLBACK, reason="没有解决", reason_code=RehandleGround.UNSOLVED.value)
    with pytest.raises(Conflict) as refused:
        await vote(web, first, GOOD)
    assert refused.value.code == "reply_superseded"
    unit = lead_staff(await desk.now(ticket))
    await desk.act(ticket, Action.RESTART, unit)
    await desk.act(ticket, Action.SUBMIT_RESULT, unit, **RESULT)
    await desk.act(ticket, Action.RELEASE, REVIEWER, text=REPLY, checked=CHECKED)
    first_again, second = await links(desk)
    assert (first_again, second != first) == (first, True)
    await vote(web, second, GOOD)
    with pytest.raises(Conflict):
        await vote(web, first, GOOD)
    assert [(each["round"], each["score_label"]) for each in await votes(web, ticket)] == [(1, "不满意"), (2, "满意")]
    assert (await show(web, first))["score"] == "dissatisfied"
    assert [fact.again for fact in await rated(desk, ticket)] == [False, False]


async def test_p41_each_merged_requester_has_a_link_and_a_vote_of_their_own(web: Web) -> None:
    desk = web.desk
    parent = await desk.open()
    child = await desk.open(address=address("two"), contact="13900139000", name="李四")
    await desk.act(child, Action.MERGE, DISPATCHER, parent=parent.number, reason="同一件事")
    await desk.to_reply(parent)
    (token,) = await links(desk)
    await vote(web, token, GOOD)
    (other,) = await links(desk, "two")
    await vote(web, other, POOR)
    assert [each["score_label"] for each in await votes(web, parent)] == ["满意"]
    assert [each["score_label"] for each in await votes(web, child)] == ["不满意"]


async def test_p41_a_link_that_is_passed_on_shows_nobody(web: Web) -> None:
    text = f"我叫李四，电话{PHONE}，{VENDING}"
    ticket = await web.desk.to_reply(await web.desk.open(text))
    (token,) = await links(web.desk)
    shown = str(await show(web, token))
    for secret in (PHONE, "138****", "李四", "李*", "张三", "同济路", "烧烤", REPLY):
        assert secret not in shown, secret
    assert ticket.number in shown
    for made_up in (token[:-2] + "xx", (await track_token(web, ticket))):
        with pytest.raises(NotAllowed):
            await show(web, made_up)


async def track_token(web: Web, ticket: Ticket) -> str:
    """A tracking link's token: worthless as a rating link."""
    return web.desk.room.tickets.link_for(ticket.number).rsplit("/", 1)[1]


async def test_p41_other_ways_to_vote_change_the_same_vote(web: Web) -> None:
    ticket = await web.desk.to_reply(await web.desk.open())
    (token,) = await links(web.desk)
    await web.desk.act(ticket, Action.RATE, link(ticket), **BAD)
    await vote(web, token, GOOD)
    (kept,) = await votes(web, ticket)
    assert (kept["changes"], kept["way_label"]) == (1, "评价链接")


async def test_what_a_call_back_worker_notes_down_is_told_as_theirs(web: Web) -> None:
    desk = web.desk
    ticket = await desk.to_reply(await desk.open())
    desk.clock.advance(timedelta(days=4))
    await desk.room.waking.wake()
    await desk.act(ticket, SideAction.LOG_CALL, CALLBACK, **BY_DESK_PHONE, **BAD)
    (kept,) = await votes(web, ticket)
    assert kept["way_label"] == "回访员代记"
    (fact,) = await rated(desk, ticket)
    assert fact.noted
    # Given by themselves it is their own from then on.
    (token,) = await links(desk)
    await vote(web, token, POOR | {"score": "very_dissatisfied"})
    (kept,) = await votes(web, ticket)
    assert (kept["way_label"], kept["score_label"]) == ("评价链接", "非常不满意")


async def test_p41_what_was_heard_in_a_call_back_waits_for_the_citizens_own_link(web: Web) -> None:
    desk = web.desk
    ticket = await desk.to_reply(await desk.open())
    (token,) = await links(desk)
    await vote(web, token, POOR)
    desk.clock.advance(timedelta(days=14))
    said = BY_DESK_PHONE | GOOD_FORM | {"text": "市民说摊档已经不见了"}
    waits = await desk.act(ticket, SideAction.LOG_CALL, CALLBACK, **said)
    assert waits.state is State.CALL_BACK
    (kept,) = await votes(web, ticket)
    assert (kept["score_label"], kept["way_label"], kept["changes"]) == ("不满意", "评价链接", 0)
    assert [fact.score.value for fact in await rated(desk, ticket)] == ["dissatisfied"]
    mail = (await desk.mails(address("one")))[-1]
    assert "满意，已解决" in mail.text
    assert "仍以您原来的评价为准" in mail.text
    found = LINK.search(mail.text)
    assert found is not None
    seen = (await web("GET", f"tickets/{ticket.number}", CALLBACK))["call_back"]
    assert seen["to_confirm"] == "满意，已解决"
    # The link of the reply would have run out by then.
    desk.clock.advance(timedelta(days=2))
    with pytest.raises(NotAllowed):
        await vote(web, token, GOOD)
    await vote(web, found[1], GOOD)
    assert (await desk.now(ticket)).state is State.CLOSED
    (kept,) = await votes(web, ticket)
    assert (kept["score_label"], kept["way_label"], kept["changes"]) == ("满意", "评价链接", 1)


async def test_p41_after_a_bad_vote_the_tracking_page_says_that_it_is_in_and_what_comes_next(web: Web) -> None:
    desk = web.desk
    ticket = await desk.to_reply(await desk.open())
    await desk.act(ticket, Action.RATE, link(ticket), **BAD)
    page = await web("GET", "track/x", link(ticket))
    assert (page["awaits"], page["state_label"]) == ("calling", "已收到您的评价，热线将回访")
    assert "等待您的评价" not in [line["label"] for line in page["timeline"]]
    await desk.act(ticket, SideAction.LOG_CALL, CALLBACK, text="说修好了", **BY_DESK_PHONE, **GOOD_FORM)
    page = await web("GET", "track/x", link(ticket))
    assert (page["awaits"], page["told"], page["state_label"]) == ("confirming", "满意，已解决", "请确认您的评价")


async def test_without_a_vote_the_tracking_page_still_waits_for_one(web: Web) -> None:
    ticket = await web.desk.to_reply(await web.desk.open())
    web.desk.clock.advance(timedelta(days=4))
    await web.desk.room.waking.wake()
    page = await web("GET", "track/x", link(ticket))
    assert (page["awaits"], page["state_label"]) == ("", "等待您的评价")


async def test_too_many_words_are_refused_and_the_vote_is_not_taken(web: Web) -> None:
    await web.desk.to_reply(await web.desk.open())
    (token,) = await links(web.desk)
    with pytest.raises(Invalid):
        await vote(web, token, GOOD | {"text": "字" * 2001})
