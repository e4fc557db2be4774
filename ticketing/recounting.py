"""After a change of the calendar every open ticket's clocks are counted anew, ticket by ticket, surviving any crash."""

from dataclasses import replace

import structlog

from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import HotlineError, NotFound
from kernel.ids import new_id
from kernel.room import Floor
from kernel.workcalendar import WorkCalendar
from ticketing.changing import Changing, Course
from ticketing.model.acting import Form
from ticketing.model.ticket import Ticket
from ticketing.rules.agenda import due_clock
from ticketing.rules.deadlines import BY_THE_CLOCK
from ticketing.rules.recounting import calendar_words, data_of, days_changed, recounted
from ticketing.rules.situation import Around
from ticketing.rules.telling import moment_words
from ticketing.store import recount as rows
from ticketing.store.recount import Recount

log = structlog.get_logger()

BATCH = 50


class Recounting:
    """Sees that the calendar is another than the one clocks were counted by, and works off the difference.

    One ticket a transaction, the cursor with it: a ticket is counted once, whoever dies, however many workers there
    are. A calendar that changes meanwhile begins it again from the first ticket.
    """

    def __init__(self, floor: Floor, lookup: Lookup, changing: Changing) -> None:
        self._database = floor.database
        self._lookup = lookup
        self._changing = changing
        self._settled: WorkCalendar | None = None

    async def step(self) -> bool:
        """Count some tickets anew; whether there may be more."""
        try:
            calendar = self._lookup.calendar()
        except NotFound:
            return False
        # Nothing to read as long as the calendar is the very one that was found settled.
        if calendar is self._settled:
            return False
        state = await self._begin()
        if state.target is None:
            self._settled = calendar
            return False
        async with self._database.reading() as tx:
            waiting = await rows.next_ones(tx, state.cursor, BATCH)
        for ticket_id, number in waiting:
            if not await self._one(ticket_id, number):
                return True
        if len(waiting) < BATCH:
            await self._finish(state)
        return True

    async def _begin(self) -> Recount:
        """Where it stands, after the calendar of now was compared with the one that is under way or done."""
        async with self._database.transaction() as tx:
            await self._lookup.hold(tx)
            state, now = await rows.load(tx, lock=True), data_of(self._lookup.calendar())
            if state is None:
                state = Recount((now,), None, "", 0)
                await rows.save(tx, state)
            elif state.target is None and state.applied[-1] != now:
                state = Recount(state.applied, now, "", 0)
                await rows.save(tx, state)
            elif state.target is not None and state.target != now:
                # Some are counted by the calendar that was under way, others still by those before.
                state = Recount((*state.applied, state.target), now, "", state.changed)
                await rows.save(tx, state)
        return state

    async def _one(self, ticket_id: str, number: str) -> bool:
        """Count one ticket anew; False when the calendar has changed meanwhile."""
        try:
            async with self._database.transaction() as tx:
                return await self._count(tx, ticket_id, number)
        except HotlineError as error:
            log.warning("ticketing.recount_refused", ticket=number, error=error.code)
        async with self._database.transaction() as tx:
            state = await rows.load(tx, lock=True)
            if state is not None and state.cursor < ticket_id:
                await rows.move(tx, ticket_id, state.changed)
        return True

    async def _count(self, tx: Tx, ticket_id: str, number: str) -> bool:
        await self._lookup.hold(tx)
        state, calendar = await rows.load(tx, lock=True), self._lookup.calendar()
        if state is None or state.target != data_of(calendar):
            return False
        if state.cursor >= ticket_id:
            return True
        course = await self._changing.load(tx, number)
        moved = await self._move(tx, course, calendar, tuple(each.calendar() for each in state.applied))
        await rows.move(tx, ticket_id, state.changed + moved)
        return True

    async def _move(self, tx: Tx, course: Course, calendar: WorkCalendar, before: tuple[WorkCalendar, ...]) -> bool:
        made = recounted(course.ticket, calendar, before, self._changing.limits)
        if made != course.ticket:
            changed = calendar_words(days_changed(course.ticket, made, calendar, before), calendar)
            form = Form(reason=_why(course.ticket, made, calendar, changed), text=changed)
            await self._changing.recount(tx, course, form, Around(new_id=new_id, calendars=before))
            return True
        await self._changing.keep_agenda(tx, course)
        return False

    async def _finish(self, seen: Recount) -> None:
        """All are done, unless the calendar has changed meanwhile."""
        async with self._database.transaction() as tx:
            state = await rows.load(tx, lock=True)
            if state is None or state.target is None or state.target != seen.target:
                return
            if await rows.next_ones(tx, state.cursor, 1):
                return
            await rows.save(tx, replace(state, applied=(state.target,), target=None, cursor=""))
        log.info("ticketing.recounted", changed=state.changed)


def _why(before: Ticket, after: Ticket, calendar: WorkCalendar, changed: str) -> str:
    old, new = due_clock(before), due_clock(after)
    if old is None or new is None or old.due == new.due or old.limit.unit in BY_THE_CLOCK:
        return f"日历调整（{changed}）：环节时限重新计算"
    return f"日历调整（{changed}）：到期由{moment_words(calendar, old.due)}改为{moment_words(calendar, new.due)}"
