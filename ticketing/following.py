"""Open work follows its unit: what was merged, split or closed hands its tickets on, one transaction a ticket."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

import structlog

from directory.lookup import Lookup
from directory.model import Route
from kernel.database import Tx
from kernel.errors import HotlineError
from kernel.room import Floor
from ticketing.changing import Changing
from ticketing.deciding import Deciding
from ticketing.store import follow as rows
from ticketing.store.follow import Follow
from ticketing.store.tickets import TicketStore

log = structlog.get_logger()

TOPIC = "ticketing.follow"
BATCH = 50
TRY_AGAIN = timedelta(minutes=10)


class Following:
    """Writes down what is to follow in the transaction of the change, and works that off."""

    def __init__(
        self, floor: Floor, lookup: Lookup, store: TicketStore, changing: Changing, deciding: Deciding
    ) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._bell = floor.bell
        self._lookup = lookup
        self._store = store
        self._changing = changing
        self._deciding = deciding

    async def held(self, tx: Tx, units: Collection[str]) -> Mapping[str, int]:
        """How many tickets each of some units has open work on, or will have once all have followed."""
        here = await rows.open_work(tx, units)
        there = [work for _, work in await rows.coming(tx, units)]
        return Counter(unit for unit, _ in {(work.unit, work.ticket) for work in (*here, *there)})

    async def wanted(self, tx: Tx, routes: Mapping[str, Route]) -> Sequence[Follow]:
        """Which open parts of the units of ``routes`` go where, by the function of each ticket's matter."""
        found = []
        for work in await rows.open_work(tx, routes):
            target = self._deciding.heir_by(routes[work.unit], work.matter, work.area)
            if target != work.unit:
                found.append(Follow(work.ticket, work.unit, target))
        for coming, work in await rows.coming(tx, routes):
            target = self._deciding.heir_by(routes[work.unit], work.matter, work.area)
            if target != work.unit:
                found.append(Follow(coming.ticket, coming.source, target))
        return found

    async def order(self, tx: Tx, wanted: Sequence[Follow], change: str) -> None:
        """Let open parts follow: written down in the transaction of the change, done soon after it."""
        await rows.add(tx, wanted, change, self._clock.now())
        tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))

    async def step(self) -> bool:
        """Let some tickets follow; whether there may be more."""
        async with self._database.reading() as tx:
            numbers = await rows.next_numbers(tx, self._clock.now(), BATCH)
        for number in numbers:
            await self._one(number)
        return len(numbers) == BATCH

    async def _one(self, number: str) -> None:
        try:
            async with self._database.transaction() as tx:
                course = await self._changing.load(tx, number)
                await self._changing.follow(tx, course)
                await self._changing.save(tx, course)
        except HotlineError as error:
            # One ticket the rules refuse must not hold up the others; its unit's successor can act on it meanwhile.
            log.warning("ticketing.follow_refused", ticket=number, error=error.code)
            async with self._database.transaction() as tx:
                ticket = await self._store.by_number(tx, number)
                await rows.postpone(tx, ticket.id, self._clock.now() + TRY_AGAIN)
