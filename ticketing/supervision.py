"""What becomes late: whoever has to act is told, each level once; once the reply is overdue supervision rises."""

from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Tx
from kernel.journal import Journal
from ticketing.changing import TIMER, Changing, Course
from ticketing.events import TicketLate
from ticketing.facts import units_concerned
from ticketing.model.acting import Form
from ticketing.model.labels import SideAction
from ticketing.rules.alarms import Alarm, alarms, due_now, newest_of_each
from ticketing.rules.notices import Late
from ticketing.rules.side_actions import UNFINISHED
from ticketing.store.tickets import TicketStore
from ticketing.telling import Telling

# Who approves may have gone away since the result was handed in.
APPROVING = frozenset({Late.APPROVAL_SOON, Late.APPROVAL_LATE})


class Supervision:
    """Notices that a time is nearly over or has passed."""

    def __init__(
        self, clock: Clock, journal: Journal, lookup: Lookup, store: TicketStore, changing: Changing, telling: Telling
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._lookup = lookup
        self._store = store
        self._changing = changing
        self._telling = telling

    async def note(self, tx: Tx, course: Course) -> None:
        """Tell what is due to be told, and remember it."""
        loaded, now = course.loaded, self._clock.now()
        if loaded is None:
            return
        found = alarms(course.ticket, self._lookup.calendar(), self._changing.limits)
        due = due_now(found, loaded.late_told, now)
        for alarm in due:
            await self._rise(tx, course, alarm)
        for alarm in newest_of_each(due):
            await self._telling.event(tx, course.ticket, alarm.event, alarm.pings, alarm.until)
            if alarm.event in APPROVING:
                await self._changing.tell_who_approves(tx, course.ticket)
        await self._changing.save(tx, course)
        told = (*loaded.late_told, *(alarm.key for alarm in due))
        agenda = self._changing.agenda(course.ticket, course.ticket, told, loaded.reminded)
        await self._store.keep_agenda(tx, course.ticket, agenda)

    async def _rise(self, tx: Tx, course: Course, alarm: Alarm) -> None:
        """State how late the reply is, and supervise it at least as closely as that asks for."""
        if alarm.level is None or alarm.clock is None:
            return
        ticket, now = course.ticket, self._clock.now()
        units, clock = units_concerned(ticket), alarm.clock
        fact = TicketLate(ticket.number, now, TIMER.actor, TIMER.id, units, clock.kind, clock.due, alarm.level)
        await self._journal.state(tx, fact)
        if ticket.supervision < alarm.supervision and ticket.state in UNFINISHED:
            form = Form(reason=alarm.event.label)
            await self._changing.take(tx, course, SideAction.SUPERVISE, form, TIMER)
