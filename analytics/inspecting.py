"""Quality inspection: replies are drawn by lot, somebody looks at each, and what they find counts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from analytics.events import ReplyInspected
from analytics.model import Finding
from analytics.rules.sampling import draw
from analytics.store import inspections
from analytics.store.inspections import Inspection
from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Database, Tx
from kernel.errors import Conflict, NotFound
from kernel.journal import Journal
from kernel.people import Principal
from kernel.privacy import mask_text

WHOLE = 100
# What a draw is made from: every reply let go, and apart from that those the citizen called satisfying.
DRAWN_FROM = ("rehandled", "satisfied")
DRAW_AT = "20 1 * * *"  # once yesterday's facts are counted


class Inspecting:
    """Draws and settles inspections."""

    def __init__(
        self, database: Database, clock: Clock, journal: Journal, lookup: Lookup, share: float, least: int
    ) -> None:
        self._database = database
        self._clock = clock
        self._journal = journal
        self._lookup = lookup
        self._share = share
        self._least = least

    async def draw(self) -> None:
        """Put a share of yesterday's replies on the list; done again it draws the same. A job."""
        day = self._lookup.calendar().local_date(self._clock.now()) - timedelta(days=1)
        async with self._database.transaction() as tx:
            for measure in DRAWN_FROM:
                known = await inspections.released_on(tx, measure, day)
                await inspections.add(tx, day, [(number, known[number]) for number in draw(day, known, self._share)])

    async def listed(self, tx: Tx, *, done: bool, limit: int) -> list[Inspection]:
        """What waits, or what is done."""
        return await inspections.listed(tx, done=done, limit=limit)

    async def settle(self, tx: Tx, number: str, failed: Sequence[Finding], note: str, by: Principal) -> Inspection:
        """What somebody found; NotFound when it was not drawn, Conflict when it is done."""
        found = await inspections.one(tx, number)
        if found is None:
            raise NotFound("inspection")
        if found.done_at is not None:
            raise Conflict("inspected_already", current={"number": number})
        wrong = [each.value for each in Finding if each in failed]
        points = WHOLE - WHOLE * len(wrong) // len(Finding)
        now = self._clock.now()
        done = replace(found, inspector=by.id, done_at=now, points=points, failed=wrong, note=mask_text(note.strip()))
        await inspections.settle(tx, done)
        units = (found.unit,) if found.unit else ()
        passed = points >= self._least
        await self._journal.state(tx, ReplyInspected(number, now, by.id, units, points, passed, tuple(wrong)))
        return done
