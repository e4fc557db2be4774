"""An administrator changes the calendar: open tickets follow, one by one, whoever dies; citizens hear of later days."""

from collections.abc import Sequence

import pytest

from directory.model import DayKind
from directory.rules.calendars import CalendarOrder, DayOrder
from directory.store import reference
from kernel.room import Floor
from tests.schedule import local
from tests.ticketing.city import ADMIN, SUPERVISOR, City, Hotline, address, hotline, lead_staff
from tests.ticketing.test_api import Web
from ticketing.model.labels import Action, ClockKind
from ticketing.model.ticket import Ticket
from ticketing.recounting import Recounting
from ticketing.store import recount as rows

PHONES = ("13800138001", "13800138002", "13800138003")


@pytest.fixture
async def settled(desk: Hotline) -> Hotline:
    """A city written down, its calendar seen."""
    await desk.load_city()
    await counted(desk)
    return desk


async def counted(desk: Hotline) -> None:
    while await desk.room.recounting.step():
        pass


async def change(desk: Hotline, *days: tuple[str, DayKind | None]) -> None:
    """An administrator changes days."""
    order = CalendarOrder(tuple(DayOrder(local(f"{day} 12:00").date(), kind, "临时放假") for day, kind in days), "通知")
    async with desk.database.transaction() as tx:
        await desk.directory.calendars.change(tx, order, await reference.version(tx), ADMIN)
    await desk.lookup.load()


async def due(desk: Hotline, ticket: Ticket) -> str:
    clock = (await desk.now(ticket)).clock(ClockKind.TOTAL)
    assert clock is not None
    return f"{clock.due.astimezone(desk.lookup.calendar().zone):%m-%d %H:%M}"


async def told(desk: Hotline, ticket: Ticket) -> list[str]:
    """What was said of the calendar."""
    assert ticket.address is not None
    return [mail.text for mail in await desk.mails(ticket.address) if "节假日" in mail.text]


async def history(desk: Hotline, ticket: Ticket) -> Sequence[str]:
    async with desk.database.reading() as tx:
        found = await desk.room.queries.history(tx, ticket)
    return [record.why for record in found if record.what == "recount"]


async def test_a_holiday_more_moves_open_tickets_writes_it_down_and_tells_the_citizen(settled: Hotline) -> None:
    ticket = await settled.open()
    assert await due(settled, ticket) == "03-25 17:30"
    await change(settled, ("2026-03-20", DayKind.HOLIDAY))
    await counted(settled)
    assert await due(settled, ticket) == "03-26 17:30"
    assert await history(settled, ticket) == ["日历调整（3月20日改为放假）：到期由3月25日17:30改为3月26日17:30"]
    assert await told(settled, ticket) == [
        f"因节假日安排调整（3月20日改为放假），您的诉求（{ticket.number}）的答复时间由3月25日前改为3月26日前。"
    ]
    assert [fact.kind for fact in await settled.facts(ticket)][-1] == "ticketing.TicketNoted"


async def test_an_earlier_day_is_not_told_and_neither_is_the_way_back_to_what_was_told(settled: Hotline) -> None:
    ticket = await settled.open()
    await change(settled, ("2026-03-21", DayKind.MAKEUP))
    await counted(settled)
    assert await due(settled, ticket) == "03-24 17:30"
    await change(settled, ("2026-03-21", None))
    await counted(settled)
    assert await due(settled, ticket) == "03-25 17:30"
    assert await told(settled, ticket) == []
    await change(settled, ("2026-03-20", DayKind.HOLIDAY))
    await counted(settled)
    assert len(await told(settled, ticket)) == 1
    assert len(await history(settled, ticket)) == 3


async def test_a_closed_ticket_stays_as_it_was_and_so_does_one_that_was_answered(settled: Hotline) -> None:
    ticket = await settled.to_reply(await settled.open())
    before = await settled.now(ticket)
    await change(settled, ("2026-03-20", DayKind.HOLIDAY))
    await counted(settled)
    after = await settled.now(ticket)
    assert after.clock(ClockKind.TOTAL) == before.clock(ClockKind.TOTAL)


async def test_lateness_that_is_none_any_more_is_told_anew_when_it_comes(settled: Hotline) -> None:
    ticket = await settled.open()
    settled.clock.set(local("2026-03-25 17:31"))
    assert await settled.room.waking.note_late() == 1
    await change(settled, ("2026-03-25", DayKind.HOLIDAY))
    await counted(settled)
    assert await settled.room.waking.note_late() == 0
    settled.clock.set(local("2026-03-26 17:31"))
    assert await settled.room.waking.note_late() == 1
    view = await Web(settled)("GET", f"tickets/{ticket.number}", SUPERVISOR)
    assert len([each for each in view["notices"] if "已超期" in each["text"]]) == 2


class DiedError(Exception):
    """The process."""


async def test_a_worker_that_dies_on_the_way_is_followed_by_another_and_no_ticket_moves_twice(
    settled: Hotline, floor: Floor, city: City
) -> None:
    opened = [await settled.open(contact=phone, address=address(phone)) for phone in PHONES]
    first, second, _ = sorted(opened, key=lambda ticket: ticket.id)
    await change(settled, ("2026-03-20", DayKind.HOLIDAY))
    recounting = settled.room.recounting
    await recounting._begin()
    await recounting._one(first.id, first.number)
    with pytest.raises(DiedError):
        await _dies_in(settled, recounting, second)
    other = hotline(floor, settled.clock, city)
    await other.lookup.load()
    await recounting._one(first.id, first.number)  # a slow twin of the first worker
    await counted(other)
    assert [await due(other, ticket) for ticket in opened] == ["03-26 17:30"] * 3
    assert [len(await history(other, ticket)) for ticket in opened] == [1, 1, 1]
    async with settled.database.reading() as tx:
        state = await rows.load(tx)
    assert state is not None
    assert (state.target, state.changed, len(state.applied)) == (None, 3, 1)


async def _dies_in(desk: Hotline, recounting: Recounting, ticket: Ticket) -> None:
    async with desk.database.transaction() as tx:
        await recounting._count(tx, ticket.id, ticket.number)
        raise DiedError


async def test_a_calendar_that_changes_on_the_way_begins_it_again(settled: Hotline) -> None:
    opened = [await settled.open(contact=phone, address=address(phone)) for phone in PHONES]
    first = min(opened, key=lambda ticket: ticket.id)
    await change(settled, ("2026-03-20", DayKind.HOLIDAY))
    await settled.room.recounting._begin()
    assert await settled.room.recounting._one(first.id, first.number)
    await change(settled, ("2026-03-23", DayKind.HOLIDAY))
    assert not await settled.room.recounting._one(first.id, first.number)
    await counted(settled)
    assert [await due(settled, ticket) for ticket in opened] == ["03-27 17:30"] * 3
    assert len(await history(settled, first)) == 2


async def test_a_ticket_opened_meanwhile_needs_nothing(settled: Hotline) -> None:
    await change(settled, ("2026-03-20", DayKind.HOLIDAY))
    ticket = await settled.open()
    await counted(settled)
    assert (await due(settled, ticket), await history(settled, ticket)) == ("03-26 17:30", [])


async def test_the_citizens_page_and_the_units_inbox_say_it(settled: Hotline) -> None:
    ticket = await settled.open()
    await settled.act(ticket, Action.ACCEPT, lead_staff(ticket))
    await change(settled, ("2026-03-20", DayKind.HOLIDAY))
    await counted(settled)
    view = await Web(settled)("GET", f"tickets/{ticket.number}", lead_staff(ticket))
    (line,) = [notice["text"] for notice in view["notices"] if "日历调整" in notice["text"]]
    assert line == f"日历调整（3月20日改为放假），工单{ticket.number}由3月25日前办结改为3月26日前办结。"


async def test_the_citizen_is_told_the_time_they_were_told_last_and_which_days_changed_since(settled: Hotline) -> None:
    ticket = await settled.open()
    await change(settled, ("2026-03-21", DayKind.MAKEUP))
    await counted(settled)
    days_said = "3月17日改为放假、3月18日改为放假、3月19日改为放假等4天调整"
    days = [(f"2026-03-{day}", DayKind.HOLIDAY) for day in (17, 18, 19, 20)]
    await change(settled, *days)
    await counted(settled)
    assert await told(settled, ticket) == [
        f"因节假日安排调整（{days_said}），您的诉求（{ticket.number}）的答复时间由3月25日前改为3月30日前。"
    ]
    assert "到期由3月24日17:30改为3月30日17:30" in (await history(settled, ticket))[-1]


async def test_a_unit_is_not_told_of_a_calendar_that_moves_a_step_and_not_the_reply(settled: Hotline) -> None:
    ticket = await settled.open()
    before = await due(settled, ticket)
    # A holiday and a working day for it, both before the reply is due: signing has a day more, the reply as long.
    await change(settled, ("2026-03-17", DayKind.HOLIDAY), ("2026-03-21", DayKind.MAKEUP))
    await counted(settled)
    assert await due(settled, ticket) == before
    assert await history(settled, ticket) == ["日历调整（3月17日改为放假、3月21日改为上班）：环节时限重新计算"]
    view = await Web(settled)("GET", f"tickets/{ticket.number}", lead_staff(ticket))
    assert not any("日历调整" in notice["text"] for notice in view["notices"])
