"""P38: merging keeps every message, clock and number; it can be undone; everybody who told of it is answered on their
own channel."""

from datetime import timedelta

from kernel.messages import Address
from tests.ticketing.city import DISPATCHER, GOOD, REPLY, VENDING, Hotline, link
from tests.ticketing.test_api import Web
from ticketing.model.labels import Action, ClockKind, Outcome, SideAction, State

SMS = Address("sms", "12345", "13900139000")
WECHAT = Address("wechat", "gh_1", "openid-3")
TEXT = "同济路25号旁边烧烤档占道"


async def test_p38_what_was_merged_keeps_number_words_and_clock(desk: Hotline) -> None:
    parent, child = await desk.open(), await desk.open(TEXT, address=SMS, contact="13900139000")
    before = child.clock(ClockKind.TOTAL)
    desk.clock.advance(timedelta(hours=3))
    merged = await desk.act(child, Action.MERGE, DISPATCHER, parent=parent.number, reason="同一事件")
    assert (merged.number, merged.text, merged.received) == (child.number, child.text, child.received)
    assert merged.clock(ClockKind.TOTAL) == before
    assert [mail.text for mail in await desk.mails(SMS) if child.number in mail.text]


async def test_p38_undone_it_is_as_if_it_had_never_been_merged(desk: Hotline) -> None:
    parent, child = await desk.open(), await desk.open(TEXT, address=SMS, contact="13900139000")
    before = child.clock(ClockKind.TOTAL)
    await desk.act(child, Action.MERGE, DISPATCHER, parent=parent.number, reason="同一事件")
    desk.clock.advance(timedelta(hours=5))
    alone = await desk.act(child, Action.UNMERGE, DISPATCHER, reason="不是同一件")
    assert (alone.state, alone.parent, alone.clock(ClockKind.TOTAL)) == (State.TRIAGE, "", before)
    await desk.to_reply(parent)
    assert REPLY not in (await desk.mails(SMS))[-1].text
    assert (await desk.now(child)).state is State.TRIAGE


async def test_p38_everybody_is_answered_each_on_their_own_channel(desk: Hotline) -> None:
    parent = await desk.open()
    children = [
        await desk.open(TEXT, address=SMS, contact="13900139000"),
        await desk.open(VENDING, address=WECHAT, contact="13700137000"),
    ]
    for child in children:
        await desk.act(child, Action.MERGE, DISPATCHER, parent=parent.number, reason="同一事件")
    await desk.act(await desk.to_reply(parent), Action.RATE, link(parent), **GOOD)
    for child, to in zip(children, (SMS, WECHAT), strict=True):
        closed = await desk.now(child)
        assert (closed.state, closed.outcome) == (State.CLOSED, Outcome.DUPLICATE)
        answered = [mail.text for mail in await desk.mails(to) if REPLY in mail.text]
        assert len(answered) == 1
        assert child.number in answered[0]


async def test_p38_whoever_was_merged_sees_how_the_work_comes_on_and_nothing_of_the_other_citizen(
    desk: Hotline,
) -> None:
    web = Web(desk)
    parent = await desk.open("同济路25号旁边烧烤档占道，我是三楼住户", contact="13700137000")
    child = await desk.open(TEXT, address=SMS, contact="13900139000")
    await desk.act(child, Action.MERGE, DISPATCHER, parent=parent.number, reason="同一事件")
    desk.clock.advance(timedelta(hours=1))
    await desk.act(parent, SideAction.ADD_EVIDENCE, link(parent), text="我家在302房")
    before = await web("GET", f"track/{child.number}", link(child))
    reviewed = await desk.to_review(parent)
    seen = await web("GET", f"track/{child.number}", link(child))
    theirs = await web("GET", f"track/{parent.number}", link(parent))
    assert (seen["state"], seen["step"]) == ("merged", theirs["step"])
    assert (seen["unit_name"], seen["due_at"]) == (theirs["unit_name"], theirs["due_at"])
    came_on = [line["label"] for line in seen["timeline"][len(before["timeline"]) :]]
    assert came_on == ["承办单位已接单", "办理中", "结果审核中"]
    assert not any(words in str(seen) for words in ("三楼", "302", "补充了材料", parent.number))
    assert reviewed.number == parent.number != seen["number"]
