"""What was handed over before a clock waited for the other side's receipt gets that clock once, counted from now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kernel.clock import ManualClock
from kernel.errors import Conflict
from kernel.room import Floor
from kernel.settings import Settings
from tests.schedule import ZONE
from tests.ticketing.city import AGENT, PHONE, City, Hotline, hotline
from tests.ticketing.making import RECEIVED
from tests.ticketing.test_actions import UNCLEAR, without_receipt_clock
from tests.ticketing.test_lateness import Watch
from ticketing.changing import TIMER
from ticketing.model.acting import Form, Record
from ticketing.model.labels import Action, Actor, ClockKind, SideAction, State, Urgency
from ticketing.model.ticket import Ticket


@pytest.fixture
async def watch(floor: Floor, clock: ManualClock, city: City) -> Watch:
    """A hotline whose people are told of what is late."""
    channels: dict[str, dict[str, Any]] = {"wecom": {}}
    return await Watch(hotline(replace(floor, settings=Settings(channels=channels)), clock, city)).move_in()


async def handed_over(desk: Hotline, **more: Any) -> Ticket:
    ticket = await desk.open(**(UNCLEAR | {"urgency": Urgency.P0, "contact": PHONE} | more))
    return await desk.act(ticket, Action.HAND_OVER, AGENT, platform="119", reason="起火，已三方通话转接")


async def repair(desk: Hotline) -> None:
    """The job as a process that has just begun runs it, twice."""
    job = next(each for each in desk.room.room.jobs if each.name == "ticketing.start_receipts")
    desk.room.receipting._after = ""
    for _ in range(2):
        await job.run()


async def started(desk: Hotline, ticket: Ticket) -> Sequence[Record]:
    async with desk.database.reading() as tx:
        found = await desk.room.queries.history(tx, ticket)
    return [each for each in found if each.what == SideAction.START_RECEIPT.value]


async def test_what_was_handed_over_before_gets_its_clock_from_now_on_and_is_told_of_late(watch: Watch) -> None:
    desk = watch.desk
    ticket = await without_receipt_clock(desk, await handed_over(desk))
    assert ticket.clock(ClockKind.RECEIPT) is None
    desk.clock.advance(timedelta(days=3))
    now = desk.clock.now()
    await repair(desk)
    clock = (await desk.now(ticket)).clock(ClockKind.RECEIPT)
    assert clock is not None
    assert (clock.started, clock.due, clock.running) == (now, now + timedelta(minutes=15), True)
    (record,) = await started(desk, ticket)
    assert (record.at, record.actor, record.before, record.after) == (now, Actor.TIMER, *2 * (State.HANDED_OVER,))
    assert record.why == "系统补设对方接收时限：转出时尚无此时限，自现在起计"
    assert (await desk.facts(ticket))[-1].kind == "ticketing.TicketNoted"
    await watch.until(f"{(now + timedelta(minutes=20)).astimezone(ZONE):%Y-%m-%d %H:%M}", step=timedelta(minutes=1))
    assert {what for _, _, what in await watch.told(ticket)} >= {"对方接收即将超时", "对方超时未接收"}
    ticket = await desk.act(ticket, Action.RECEIPT, AGENT, **RECEIVED)
    assert (ticket.state, ticket.runs(ClockKind.RECEIPT)) == (State.CLOSED, False)


async def test_the_clock_is_given_once_however_often_and_by_whomever_the_job_runs(desk: Hotline) -> None:
    old, new = (
        await without_receipt_clock(desk, await handed_over(desk)),
        await handed_over(desk, contact="13900139000"),
    )
    for _ in range(3):
        desk.clock.advance(timedelta(minutes=1))
        await repair(desk)
    assert [len(await started(desk, each)) for each in (old, new)] == [1, 0]
    kinds = [each.kind for each in (await desk.now(old)).clocks]
    assert kinds.count(ClockKind.RECEIPT) == 1
    async with desk.database.transaction() as tx:
        changing = desk.room.recounting._changing
        course = await changing.load(tx, old.number)
        with pytest.raises(Conflict, match="receipt_is_waited_for"):
            await changing.take(tx, course, SideAction.START_RECEIPT, Form(reason="再来一次"), TIMER)


async def test_a_process_looks_once_and_then_rests(desk: Hotline) -> None:
    job = next(each for each in desk.room.room.jobs if each.name == "ticketing.start_receipts")
    await job.run()
    late = await without_receipt_clock(desk, await handed_over(desk))
    await job.run()
    assert (await desk.now(late)).clock(ClockKind.RECEIPT) is None
