"""What is late: the unit is told at once, then supervision rises by the days the table says, each level once."""

from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Tx
from kernel.journal import Journal
from ticketing.changing import TIMER, Changing, Course
from ticketing.events import TicketLate
from ticketing.facts import units_concerned
from ticketing.model import Form, SideAction
from ticketing.rules import agenda
from ticketing.rules.notices import Late
from ticketing.rules.side_actions import UNFINISHED
from ticketing.store.tickets import TicketStore
from ticketing.telling import Telling

REASONS = ("已超期", "超期1个工作日，通知单位负责人", "超期3个工作日，二级督办", "超期5个工作日，通报")


class Supervision:
    """Notices that a due time has passed."""

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
        """Tell the next level of lateness, if its moment has come."""
        ticket, loaded, now = course.ticket, course.loaded, self._clock.now()
        if loaded is None:
            return
        level = loaded.late_level
        moment = agenda.lateness(ticket, self._lookup.calendar(), self._changing.limits, level)
        clock = agenda.due_clock(ticket)
        if clock is None or moment is None or moment > now:
            await self._store.keep_agenda(tx, ticket, self._changing.agenda(ticket, ticket, level, loaded.reminded))
            return
        units = units_concerned(ticket)
        fact = TicketLate(ticket.number, now, TIMER.actor, TIMER.id, units, clock.kind, clock.due, level)
        await self._journal.state(tx, fact)
        if level == 0:
            await self._telling.event(tx, ticket, Late.OVERDUE)
        elif ticket.state in UNFINISHED:
            await self._changing.take(tx, course, SideAction.SUPERVISE, Form(reason=REASONS[level]), TIMER)
            await self._changing.save(tx, course)
        told = self._changing.agenda(course.ticket, course.ticket, level + 1, loaded.reminded)
        await self._store.keep_agenda(tx, course.ticket, told)
