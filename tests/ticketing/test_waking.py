"""What the timer does by itself: each thing once, not before its moment, and nothing holds up the rest."""

from datetime import timedelta

from tests.ticketing.city import AGENT, Hotline, address
from ticketing.model.labels import Action, Flag, State, TicketKind
from ticketing.store.tickets import TicketStore


async def test_what_no_unit_signs_for_is_accepted_by_the_timer_and_marked(desk: Hotline) -> None:
    ticket = await desk.open()
    assert await desk.room.waking.wake() == 0
    desk.clock.advance(timedelta(hours=6))
    assert await desk.room.waking.wake() == 1
    accepted = await desk.now(ticket)
    assert accepted.state is State.ACCEPTED
    assert Flag.LATE_ACCEPT in accepted.flags
    assert await desk.room.waking.wake() == 0


async def test_silence_confirms_an_answer_after_a_day(desk: Hotline) -> None:
    ticket = await desk.open("问一下办证的事", place="", placeless=True, kind=TicketKind.CONSULT)
    await desk.act(ticket, Action.ANSWER, AGENT, text="可以在网上办理。", citations=("entry",))
    desk.clock.advance(timedelta(hours=23))
    await desk.room.waking.wake()
    assert (await desk.now(ticket)).state is State.ANSWERED
    desk.clock.advance(timedelta(hours=2))
    await desk.room.waking.wake()
    assert (await desk.now(ticket)).state is State.CLOSED


async def test_each_level_of_lateness_is_told_once_and_raises_supervision(desk: Hotline) -> None:
    ticket = await desk.open()
    due = ticket.clocks[0].due
    desk.clock.set(due - timedelta(minutes=1))
    await desk.room.waking.note_late()
    assert not [f for f in await desk.facts(ticket) if f.kind == "ticketing.TicketLate"]
    levels = []
    for days in (0, 1, 4, 8, 20):
        desk.clock.set(due + timedelta(days=days, minutes=1))
        for _ in range(3):
            await desk.room.waking.note_late()
        late = [f.fact.level for f in await desk.facts(ticket) if f.kind == "ticketing.TicketLate"]
        levels.append(late)
    assert levels[0] == [0]
    assert levels[-1] == [0, 1, 2, 3]
    assert (await desk.now(ticket)).supervision == 3


async def test_a_citizen_who_owes_an_answer_is_reminded_twice(desk: Hotline) -> None:
    ticket = await desk.open("烧烤档占道经营，走鬼很多", place="", placeless=True)
    await desk.act(ticket, Action.ASK_INFO, AGENT, question="在哪条路？")
    before = len(await desk.mails(address("one")))
    for _ in range(4):
        desk.clock.advance(timedelta(days=1, hours=1))
        await desk.room.waking.remind()
        await desk.room.waking.remind()
    reminders = (await desk.mails(address("one")))[before:]
    assert [mail.text.startswith("提醒") for mail in reminders] == [True, True]


async def test_a_ticket_the_rules_refuse_does_not_hold_up_the_others(desk: Hotline) -> None:
    broken, sound = await desk.open(), await desk.open(address=address("two"), contact="13900139000")
    store = TicketStore(desk.floor.vault)
    async with desk.database.transaction() as tx:
        loaded = await store.load(tx, broken.number)
        early = desk.room.tickets._changing.agenda(loaded.ticket, loaded.ticket, (), 0)
        await store.keep_agenda(tx, loaded.ticket, type(early)(early.due, desk.clock.now(), "accept"))
    await desk.room.waking.wake()
    assert (await desk.now(broken)).state is State.DISPATCHED
    desk.clock.advance(timedelta(hours=6))
    await desk.room.waking.wake()
    assert (await desk.now(sound)).state is State.ACCEPTED
    assert (await desk.now(broken)).state is State.ACCEPTED
