"""P38, issue of repeats: the same event is found among open tickets, offered before another is opened, followed with a
number of one's own, answered on one's own channel, and undone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from kernel.messages import Address
from tests.ticketing.city import AGENT, DISPATCHER, GOOD, REPLY, Hotline, address, link
from tests.ticketing.test_raising import history
from ticketing.model.labels import Action, Cause, ClockKind, Flag, Outcome, Secrecy, State, TicketKind, Urgency
from ticketing.model.ticket import Alike, Draft, Ticket
from ticketing.rules.bands import BANDS
from ticketing.store import likes
from ticketing.store.tables import likes as rows
from ticketing.store.tickets import Agenda, Words

LAMP = "同济路25号门口的路灯坏了三天没人修，晚上很黑，老人出门容易摔倒"
AGAIN = "同济路25号门口路灯坏了三天了还没人修，晚上很黑，老人家容易摔倒"
SMS = Address("sms", "12345", "13900139000")
WECHAT = Address("wechat", "gh_1", "openid-3")


def draft(text: str = AGAIN, **more: Any) -> Draft:
    return replace(Draft(TicketKind.COMPLAINT, text, place=text, contact="13900139000", address=SMS), **more)


async def offered(desk: Hotline, text: str = AGAIN, **more: Any) -> Alike | None:
    async with desk.database.reading() as tx:
        return await desk.room.tickets.alike(tx, draft(text, citizen="somebody", **more))


async def follow(desk: Hotline, who: int, number: str, **more: Any) -> Ticket:
    given: dict[str, Any] = {"address": address(f"p{who}"), "contact": f"1380013{who:04}", "name": "李四"}
    return await desk.open(AGAIN, same_as=number, **(given | more))


async def signed(desk: Hotline, ticket: Ticket) -> int:
    async with desk.database.reading() as tx:
        return int(await tx.scalar(select(func.count()).where(rows.c.ticket == ticket.id)))


# -- offered ----------------------------------------------------------------------------------------------


async def test_what_others_told_is_offered_in_words_that_give_nobody_away(desk: Hotline) -> None:
    first = await desk.open(LAMP, name="王小明")
    found = await offered(desk)
    assert found is not None
    assert (found.number, found.persons, found.or_more, found.own) == (first.number, 1, False, False)
    assert found.since == first.received
    assert found.where
    assert "同济路" in found.where
    assert not any(word in found.where + found.what for word in ("25号", "门口", "王小明", "老人"))


async def test_how_many_people_told_counts_each_once_and_those_who_follow(desk: Hotline) -> None:
    first = await desk.open(LAMP)
    await desk.open(LAMP, address=address("one"))
    for who in (1, 2, 2):
        await follow(desk, who, first.number)
    found = await offered(desk)
    assert found is not None
    assert (found.number, found.persons) == (first.number, 3)


async def test_what_is_open_yet_is_found_weeks_later_behind_hundreds_of_the_town(desk: Hotline) -> None:
    """The bands find it: what was received within three days is far from enough."""
    first = await desk.open(LAMP)
    desk.clock.advance(timedelta(days=12))
    found = await offered(desk)
    assert found is not None
    assert found.number == first.number
    desk.clock.advance(timedelta(days=30))
    assert await offered(desk) is None


@pytest.mark.parametrize(
    "hidden",
    [
        {"secrecy": Secrecy.REPORT, "kind": TicketKind.REPORT},
        {"kind": TicketKind.REPORT},
        {"secrecy": Secrecy.CONFIDENTIAL},
        {"flags": frozenset({Flag.MINOR})},
    ],
)
async def test_nobody_learns_of_a_secret_report_nor_is_one_made_to_follow(
    desk: Hotline, hidden: dict[str, Any]
) -> None:
    secret = await desk.open(LAMP, **hidden)
    assert await offered(desk) is None
    followed = await follow(desk, 1, secret.number)
    assert followed.state is not State.MERGED
    await desk.open(LAMP, address=address("two"), contact="13700137000")
    assert await offered(desk, **hidden) is None


async def test_another_road_another_matter_and_what_is_answered_are_not_offered(desk: Hotline) -> None:
    first = await desk.open(LAMP)
    assert await offered(desk, LAMP.replace("同济路", "文昌路")) is None
    assert await offered(desk, "同济路25号的烧烤档每晚占道经营，油烟很大") is None
    await desk.act(first, Action.WITHDRAW, link(first), reason="修好了")
    assert await offered(desk) is None


async def test_one_s_own_ticket_is_offered_as_one_s_own_and_not_to_who_types_another_s_number(desk: Hotline) -> None:
    mine = await desk.open(LAMP)
    found = await offered(desk, "路灯坏了三天没人修，晚上很黑，老人出门容易摔倒", contact="13800138000")
    assert found is None
    async with desk.database.reading() as tx:
        own = await desk.room.tickets.alike(tx, draft(citizen=mine.citizen, address=mine.address))
    assert own is not None
    assert (own.number, own.own) == (mine.number, True)


async def test_an_emergency_is_not_put_behind_what_is_less_urgent(desk: Hotline) -> None:
    first = await desk.open(LAMP)
    assert await offered(desk, urgency=Urgency.P1) is None
    assert (await follow(desk, 1, first.number, urgency=Urgency.P1)).state is not State.MERGED


# -- followed ---------------------------------------------------------------------------------------------


async def test_who_follows_has_a_number_a_code_and_is_answered_on_the_own_channel(desk: Hotline) -> None:
    """Followers on two channels: each gets the reply once, where they wrote, under the own number."""
    first = await desk.open(LAMP)
    ways = ((SMS, "13900139000"), (WECHAT, "13700137000"))
    followers = [await desk.open(AGAIN, same_as=first.number, address=to, contact=phone) for to, phone in ways]
    for each in followers:
        assert (each.state, each.parent, each.lead) == (State.MERGED, first.number, None)
        assert each.number != first.number
        assert each.query_code
        assert desk.room.tickets._store.reach(each).phone
    await desk.act(await desk.to_reply(await dispatched(desk, first)), Action.RATE, link(first), **GOOD)
    for each, (to, _) in zip(followers, ways, strict=True):
        closed = await desk.now(each)
        assert (closed.state, closed.outcome) == (State.CLOSED, Outcome.DUPLICATE)
        [answer] = [mail.text for mail in await desk.mails(to) if REPLY in mail.text]
        assert each.number in answer


async def dispatched(desk: Hotline, ticket: Ticket) -> Ticket:
    now = await desk.now(ticket)
    if now.lead is not None:
        return now
    unit = (await desk.open()).lead
    assert unit is not None
    return await desk.act(now, Action.DISPATCH, DISPATCHER, unit=unit.unit, basis="目录")


async def test_following_is_undone_and_the_ticket_is_found_on_its_own_again(desk: Hotline) -> None:
    first = await desk.open(LAMP)
    follower = await follow(desk, 1, first.number)
    assert await signed(desk, follower) == 0
    alone = await desk.act(follower, Action.UNMERGE, DISPATCHER, reason="不是同一盏灯")
    assert (alone.state, alone.parent) == (State.TRIAGE, "")
    clock = alone.clock(ClockKind.TOTAL)
    assert clock is not None
    assert clock.running
    assert await signed(desk, alone) > 0
    await desk.act(first, Action.WITHDRAW, link(first), reason="修好了")
    found = await offered(desk)
    assert found is not None
    assert found.number == alone.number


async def test_what_is_no_longer_open_leaves_the_new_one_on_its_own(desk: Hotline) -> None:
    first = await desk.open(LAMP)
    await desk.act(first, Action.WITHDRAW, link(first), reason="修好了")
    for number in (first.number, "FS00000000001"):
        opened = await follow(desk, 1, number)
        assert opened.state in {State.TRIAGE, State.DISPATCHED}
        assert opened.parent == ""


async def test_an_agent_ties_a_caller_s_ticket_and_the_history_says_who(desk: Hotline) -> None:
    first = await desk.open(LAMP)
    follower = await follow(desk, 1, first.number, by=AGENT)
    merge = next(record for record in await history(desk, follower) if record.what == "merge")
    assert (merge.by, merge.why) == (AGENT.id, "诉求人选择跟进同一问题")


async def test_three_who_follow_raise_supervision_once_on_what_is_worked_on(desk: Hotline) -> None:
    """Auto-supervise: three or more repeats of the same matter, however far apart they were told."""
    first = await desk.open(LAMP)
    levels = []
    for who in range(1, 6):
        desk.clock.advance(timedelta(days=2))
        followed = await follow(desk, who, first.number)
        assert (followed.state, followed.supervision) == (State.MERGED, 0)
        levels.append((await desk.now(first)).supervision)
    assert levels == [0, 0, 1, 1, 1]
    assert (await desk.now(first)).supervised_for == frozenset({Cause.REPEATS})
    whys = [record.why for record in await history(desk, first) if record.what == "recognise"]
    assert whys == ["因：同一事项重复反映3次以上"]


# -- found ------------------------------------------------------------------------------------------------


async def test_only_what_can_be_joined_has_rows(desk: Hotline) -> None:
    first = await desk.open(LAMP)
    assert 0 < await signed(desk, first) <= BANDS
    await desk.act(first, Action.WITHDRAW, link(first), reason="修好了")
    assert await signed(desk, first) == 0


async def test_of_an_event_everybody_tells_a_few_of_the_newest_are_read(desk: Hotline) -> None:
    first = await desk.open(LAMP)
    agenda, crowd = Agenda(due=desk.clock.now() + timedelta(days=9)), 300
    async with desk.database.transaction() as tx:
        for n in range(crowd):
            other = replace(first, id=f"x{n}", number=f"X{n}", query_code="", received=desk.clock.now())
            await desk.room.queries._store.add(tx, other, [], agenda, Words(), "", None)
        since = desk.clock.now() - timedelta(days=30)
        found = await likes.alike(tx, replace(first, id="new"), "", since)
    assert len(found) <= likes.ANYWHERE


async def test_open_tickets_of_before_are_given_their_rows_some_at_a_time(desk: Hotline) -> None:
    told = [await desk.open(LAMP, address=address(f"p{n}")) for n in range(5)]
    async with desk.database.transaction() as tx:
        await tx.execute(rows.delete())
        after = await desk.room.queries._store.sign(tx, "", 3)
    assert [await signed(desk, each) > 0 for each in told].count(True) == 3
    async with desk.database.transaction() as tx:
        after = await desk.room.queries._store.sign(tx, after, 3)
        assert after
        assert await desk.room.queries._store.sign(tx, after, 3) == ""
    assert all([await signed(desk, each) > 0 for each in told])
    job = next(job for job in desk.room.room.jobs if job.name == "ticketing.sign_open")
    async with desk.database.transaction() as tx:
        await tx.execute(rows.delete().where(rows.c.ticket == told[4].id))
    await job.run()
    await job.run()
    assert await signed(desk, told[4]) > 0
