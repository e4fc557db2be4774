"""Folds the journal into cases, what they count for and the sums. A case is worked out anew from all its facts, so
that what changes later — an exclusion, a second vote, a rehandling — is put right on its own day."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from analytics.counting import attributes
from analytics.rules.cases import CAME_AGAIN_WITHIN, Case, concerns, follow, same_again
from analytics.rules.parts import Part, look_again, parts
from analytics.rules.scoring import OF_LAWFUL_REFUSALS
from analytics.store import rollups
from analytics.store.figures import ROLL_UPS, move_to, position
from analytics.store.rollups import Row
from directory.lookup import Lookup
from directory.model import Level
from kernel.clock import Clock
from kernel.database import Database, Tx
from kernel.errors import NotFound
from kernel.journal import Recorded

READER = "analytics.rollup"
LOOK_EVERY = timedelta(minutes=10)
BATCH = 200


class Rolling:
    """The observer of the journal, and the job that looks at what changes by time alone."""

    def __init__(self, database: Database, clock: Clock, lookup: Lookup) -> None:
        self._database = database
        self._clock = clock
        self._lookup = lookup

    async def fold(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        """Follow the facts not followed before."""
        reached = await position(tx, ROLL_UPS)
        fresh = [fact for fact in facts if fact.position is not None and fact.position > reached]
        if not fresh:
            return
        about = [(fact, each, concerns(fact.kind, each)) for fact in fresh for each in [attributes(fact.fact)]]
        about = [(fact, each, number) for fact, each, number in about if number]
        cases = await rollups.cases_of(tx, {number for _, _, number in about})
        opened = set()
        for fact, each, number in about:
            # What was opened before analytics was there is not counted by halves.
            if number not in cases and fact.kind != "ticketing.TicketOpened":
                continue
            before = cases.get(number, Case(number))
            cases[number] = follow(before, fact.kind, {**each, "at": fact.at}, fact.person)
            if before.opened is None and cases[number].opened is not None:
                opened.add(number)
        for again in await self._told_again(tx, cases, opened):
            cases[again.number] = replace(cases.get(again.number, again), came_again=True)
        await self._count(tx, cases.values())
        await move_to(tx, max(fact.position for fact in fresh if fact.position is not None), ROLL_UPS)

    async def look(self) -> None:
        """Count anew what counts differently by now; a job."""
        while True:
            async with self._database.transaction() as tx:
                found = await rollups.waiting(tx, self._clock.now(), BATCH)
                await self._count(tx, found)
            if len(found) < BATCH:
                return

    async def _told_again(self, tx: Tx, cases: dict[str, Case], opened: set[str]) -> list[Case]:
        """Ended cases that somebody just opened once more."""
        fresh = [cases[number] for number in sorted(opened) if cases[number].person]
        if not fresh:
            return []
        since = min(case.opened for case in fresh if case.opened) - CAME_AGAIN_WITHIN
        known = {case.number: case for case in await rollups.cases_of_people(tx, {c.person for c in fresh}, since)}
        known |= {number: case for number, case in cases.items() if case.person}
        return [earlier for earlier in known.values() if any(same_again(case, earlier) for case in fresh)]

    async def _count(self, tx: Tx, cases: Iterable[Case]) -> None:
        now, known = self._clock.now(), list(cases)
        if not known:
            return
        before = await rollups.parts_of(tx, {case.number for case in known})
        after = [row for case in known for row in self.rows(case, now)]
        await rollups.replace_parts(tx, before, after)
        await rollups.keep_cases(tx, [(case, look_again(case, now)) for case in known])

    def rows(self, case: Case, now: datetime) -> list[Row]:
        """What a case counts for, as things stand ``now``."""
        places: dict[str, int] = {}
        town = self._town(case.area)
        rows = []
        for part in parts(case, now):
            place = places[part.measure] = places.get(part.measure, -1) + 1
            rows.append(self._row(case, part, place, town))
        return rows

    def _row(self, case: Case, part: Part, place: int, town: str) -> Row:
        day = self._lookup.calendar().local_date(part.at)
        lawful = case.lawful and part.measure not in OF_LAWFUL_REFUSALS
        # The count of exclusions is the one number that must not lose what was excluded.
        excluded = case.excluded is not None and part.measure != "excluded"
        return Row(
            case.number,
            part.measure,
            place,
            day,
            part.unit,
            case.matter,
            town,
            case.channel,
            float(part.numerator),
            part.denominator,
            excluded,
            lawful,
        )

    def _town(self, code: str) -> str:
        """The town an area lies in; the area itself when it is no part of one."""
        try:
            return next((area.code for area in self._lookup.lineage(code) if area.level is Level.TOWN), code)
        except NotFound:
            return code
