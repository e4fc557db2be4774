"""Replays past tickets against another catalogue or threshold; writes nothing but a model in a folder of its own."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from directory.lookup import Lookup
from kernel.database import Database
from kernel.errors import Invalid, NotFound
from ticketing.catalogue import Catalogue
from ticketing.classifier import Classifier
from ticketing.deciding import Deciding, Reading
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
        readers = self._catalogue.classifier, other.classifier
        tally, done = Tally(), 0
        async with self._database.reading() as tx:
            altogether = await rows.count(tx, since)
        async for batch in self._batches(since):
            for case in batch.cases:
                tally.add(self._decided(case, now, then, readers))
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

    def _decided(self, case: PastCase, now: Deciding, then: Deciding, readers: Sequence[Classifier]) -> Replayed:
        ended = self._heir(case) if case.ended else ""
        draft = Draft(case.kind, case.text, area=case.area, place=case.place, secrecy=case.secrecy)
        try:
            where = now.locate(draft)
        except Invalid:  # an area there is no more
            draft = replace(draft, area="")
            where = now.locate(draft)
        # Place and words are the same both times, and reading them is nearly all of the work.
        guesses = readers[0].rank(case.text)
        others = guesses if readers[1] is readers[0] else readers[1].rank(case.text)
        sent = [_goes_to(each.read(draft, where, ranked)) for each, ranked in ((now, guesses), (then, others))]
        return Replayed(case.number, ended, case.moved, *sent)

    def _heir(self, case: PastCase) -> str:
        """Where it ended, as that unit is called today."""
        matter = self._catalogue.known(case.matter)
        try:
            return self._lookup.heir(case.ended, matter.function if matter else "", case.area) or case.ended
        except NotFound:
            return case.ended


def _goes_to(reading: Reading) -> str:
    decision = reading.decision
    return decision.candidates[0].unit if decision.automatic and decision.candidates else ""
