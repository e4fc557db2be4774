"""Words of secret tickets that wait for a decision: by when, and who is told while nobody decides."""

from dataclasses import dataclass
from datetime import datetime

from directory.lookup import Lookup
from kernel.database import Tx
from kernel.room import Floor
from ticketing.guarding import Guarding
from ticketing.limiting import LimitKeeper
from ticketing.model.ticket import Clock, Ticket
from ticketing.rules.alarms import Alarm, due_now, newest_of_each, span_alarms
from ticketing.rules.awaiting import span_clock
from ticketing.rules.notices import Late
from ticketing.store import secrets as rows
from ticketing.store.tables import UNDER_WAY
from ticketing.telling import Telling

BATCH = 200


@dataclass(frozen=True, slots=True)
class Wait:
    """Until when it is to be decided about words of a ticket; ``late``: that is over."""

    until: datetime
    late: bool


class Unveiling:
    """Tells the privacy officer before the time is over, and the supervisors once it is. The ticket's own clocks run on
    as they do: what a unit does not read yet does not move them."""

    def __init__(self, floor: Floor, lookup: Lookup, limits: LimitKeeper, guarding: Guarding, telling: Telling) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._lookup = lookup
        self._limits = limits
        self._guarding = guarding
        self._telling = telling

    async def clock(self, tx: Tx, ticket: Ticket) -> Clock | None:
        """The time there is to decide; None while nothing waits."""
        since = await self._guarding.waits_since(tx, ticket)
        return None if since is None else span_clock(ticket, since, self._lookup.calendar(), self._limits.now())

    async def wait(self, tx: Tx, ticket: Ticket) -> Wait | None:
        """Until when words wait; None when none do."""
        clock = await self.clock(tx, ticket)
        return None if clock is None else Wait(clock.due, self._clock.now() > clock.due)

    async def note_late(self) -> None:
        """Tell what is due to be told of each ticket, once. A job."""
        async with self._database.transaction() as tx:
            for each in await rows.untold(tx, BATCH, Late.SPANS_LATE.value, UNDER_WAY):
                await self._note(tx, each)

    async def _note(self, tx: Tx, each: rows.Undecided) -> None:
        calendar, limits = self._lookup.calendar(), self._limits.now()
        found = span_alarms(span_clock(each.ticket, each.since, calendar, limits), calendar, limits)
        for alarm in newest_of_each(due_now(found, _told(found, each.told), self._clock.now())):
            await self._telling.event(tx, each.ticket, alarm.event, until=alarm.until)
            await rows.keep_told(tx, each.ticket.id, alarm.event.value)


def _told(found: list[Alarm], last: str) -> list[str]:
    """The keys of all that needs no telling any more: the last told, and what comes before it."""
    events = [alarm.event.value for alarm in found]
    return [alarm.key for alarm in found[: events.index(last) + 1]] if last in events else []
