"""Replays past tickets against another catalogue or threshold; writes nothing but a model in a folder of its own."""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from pathlib import Path

from directory.lookup import Lookup
from kernel.database import Database
from kernel.errors import Invalid, NotFound
from ticketing.catalogue import Catalogue
from ticketing.deciding import Deciding
from ticketing.model.duties import Matter
from ticketing.model.ticket import Draft
from ticketing.rules import whatifpage
from ticketing.rules.whatif import Outcome, Replayed, Tally
from ticketing.store import replay as rows
from ticketing.store.replay import Batch, PastCase

BATCH = 200
# How many are done, of how many.
Tell = Callable[[int, int], None]


class WhatIf:
    """Decides past tickets twice: as the hotline does at present, and as it would otherwise."""

    def __init__(
        self, database: Database, lookup: Lookup, catalogue: Catalogue, threshold: Callable[[], float]
    ) -> None:
        self._database = database
        self._lookup = lookup
        self._catalogue = catalogue
        self._threshold = threshold

    async def replay(
        self,
        since: datetime,
        matters: Sequence[Matter] | None,
        threshold: float | None,
        folder: Path,
        tell: Tell = lambda _done, _all: None,
    ) -> Outcome:
        """What ``matters`` and ``threshold`` (None: as at present) would have done with tickets since then, our own and
        those of other systems. A model the matters need is trained and kept in ``folder``."""
        other = self._catalogue if matters is None else await self._catalogue.tried(matters, folder)
        now = Deciding(self._lookup, self._catalogue, self._threshold)
        then = Deciding(self._lookup, other, self._threshold if threshold is None else lambda: threshold)
        tally, done = Tally(), 0
        async with self._database.reading() as tx:
            altogether = await rows.count(tx, since)
        async for batch in self._batches(since):
            for case in batch.cases:
                tally.add(self._decided(case, now, then))
            done += batch.rows
            tell(done, altogether)
        return tally.outcome()

    def page(self, outcome: Outcome) -> str:
        """What came of a replay, as a table for people."""
        return whatifpage.table(outcome, self._name)

    def line(self, outcome: Outcome) -> str:
        """The same as one line of JSON."""
        return whatifpage.json_line(outcome)

    def _name(self, code: str) -> str:
        try:
            return self._lookup.unit(code).name
        except NotFound:
            return code

    async def _batches(self, since: datetime) -> AsyncIterator[Batch]:
        for read in (rows.own, rows.imported):
            place: rows.Place | None = None
            while True:
                # One short view a batch: a replay of hours would hold back what the database cleans up.
                async with self._database.reading() as tx:
                    batch = await read(tx, since, place, BATCH)
                yield batch
                place = batch.place
                if place is None:
                    break

    def _decided(self, case: PastCase, now: Deciding, then: Deciding) -> Replayed:
        ended = self._heir(case) if case.ended else ""
        return Replayed(case.number, ended, case.moved, _goes_to(now, case), _goes_to(then, case))

    def _heir(self, case: PastCase) -> str:
        """Where it ended, as that unit is called today."""
        matter = self._catalogue.known(case.matter)
        try:
            return self._lookup.heir(case.ended, matter.function if matter else "", case.area) or case.ended
        except NotFound:
            return case.ended


def _goes_to(deciding: Deciding, case: PastCase) -> str:
    draft = Draft(case.kind, case.text, area=case.area, place=case.place, secrecy=case.secrecy)
    try:
        decision = deciding.read(draft).decision
    except Invalid:  # an area there is no more
        decision = deciding.read(Draft(case.kind, case.text, place=case.place, secrecy=case.secrecy)).decision
    return decision.candidates[0].unit if decision.automatic and decision.candidates else ""
