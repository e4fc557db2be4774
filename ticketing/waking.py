"""What the timer does to tickets by itself: each in its own transaction, each only once its moment has come."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import Conflict, HotlineError
from kernel.room import Floor
from ticketing.changing import TIMER, Changing, Course
from ticketing.model.acting import Form
from ticketing.model.labels import Action, State
from ticketing.rules import agenda
from ticketing.rules.notices import Late
from ticketing.rules.timers import next_wake, reminders
from ticketing.store.due import Task, due_numbers
from ticketing.store.tickets import TicketStore
from ticketing.supervision import Supervision
from ticketing.telling import Telling

log = structlog.get_logger()

BATCH = 200
MOST_BATCHES = 25
TRY_AGAIN = timedelta(hours=1)


class Waking:
    """Looks for tickets whose time has come and does what is due."""

    def __init__(
        self,
        floor: Floor,
        lookup: Lookup,
        store: TicketStore,
        changing: Changing,
        telling: Telling,
        supervision: Supervision,
    ) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._lookup = lookup
        self._store = store
        self._changing = changing
        self._telling = telling
        self._supervision = supervision

    async def wake(self) -> int:
        """Accept unsigned ones, give up unanswered questions, confirm, let stand, resume, begin call-backs, restart,
        archive: whatever the table of wakes says. Gives how many."""
        return await self._each(Task.WAKE, self._wake)

    async def remind(self) -> int:
        """Remind citizens who owe an answer."""
        return await self._each(Task.REMIND, self._remind)

    async def note_late(self) -> int:
        """Tell whoever has to act of what becomes late, each level once."""
        return await self._each(Task.LATE, self._supervision.note)

    async def _each(self, task: Task, do: Callable[[Tx, Course], Awaitable[None]]) -> int:
        done = 0
        for _ in range(MOST_BATCHES):
            async with self._database.reading() as tx:
                numbers = await due_numbers(tx, task, self._clock.now(), BATCH)
            for number in numbers:
                await self._one(number, do)
            done += len(numbers)
            if len(numbers) < BATCH:
                break
        return done

    async def _one(self, number: str, do: Callable[[Tx, Course], Awaitable[None]]) -> None:
        try:
            async with self._database.transaction() as tx:
                await do(tx, await self._changing.load(tx, number))
        except HotlineError as error:
            # One ticket the rules refuse must not hold up the others; a person finds it in the log.
            log.warning("ticketing.timer_refused", ticket=number, error=error.code)
            await self._postpone(number)

    async def _postpone(self, number: str) -> None:
        async with self._database.transaction() as tx:
            loaded = await self._store.load(tx, number, lock=True)
            await self._store.postpone(tx, loaded.ticket, self._clock.now() + TRY_AGAIN, self._clock.now())

    async def _wake(self, tx: Tx, course: Course) -> None:
        calendar, now = self._lookup.calendar(), self._clock.now()
        due = agenda.next_look(course.ticket, next_wake(course.ticket, calendar, self._changing.limits), calendar)
        if due is None or due[0] > now:
            raise Conflict("too_early", current=course.ticket.state.value)
        if due[1] is Action.TRIAGE and course.ticket.state is State.RECEIVED:
            await self._changing.forward(tx, course)
        else:
            await self._changing.take(tx, course, due[1], Form(), TIMER)
            if due[1] is Action.ACCEPT:
                await self._telling.event(tx, course.ticket, Late.SIGN_LATE)
        await self._changing.save(tx, course)

    async def _remind(self, tx: Tx, course: Course) -> None:
        ticket, loaded = course.ticket, course.loaded
        if loaded is None:
            return
        moments = reminders(ticket, self._lookup.calendar(), self._changing.limits)
        if loaded.reminded < len(moments) and moments[loaded.reminded] <= self._clock.now():
            await self._telling.event(tx, ticket, Late.REMIND_INFO)
        told = self._changing.agenda(ticket, ticket, loaded.late_told, loaded.reminded + 1)
        await self._store.keep_agenda(tx, ticket, told)
