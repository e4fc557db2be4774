"""The figures held to what they are of: cases to parts, parts to sums, the second version to the exclusions alone."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from sqlalchemy import select

from analytics.rolling import Rolling
from analytics.rules.cases import Case
from analytics.rules.indicators import RATE, Shape
from analytics.store import rollups
from analytics.store.figures import FIGURES, ROLL_UPS, position
from analytics.store.rollups import KEY, SUMS, Row
from kernel.clock import Clock
from kernel.database import Database, Tx
from kernel.journal import Journal
from kernel.room import Audit, Fault

RULES = (
    "parts_are_of_the_case",
    "sums_are_of_the_parts",
    "exclusion_changes_the_second_version_only",
    "numerators_within_denominators",
    "every_fact_is_counted",
)
ROUNDING = 1e-6


class Auditing:
    """Reads cases, parts and sums; changes nothing."""

    def __init__(self, database: Database, clock: Clock, journal: Journal, rolling: Rolling) -> None:
        self._database = database
        self._clock = clock
        self._journal = journal
        self._rolling = rolling

    def audit(self) -> Audit:
        """For the house."""
        return Audit("analytics", RULES, self.run)

    async def run(self) -> tuple[int, list[Fault]]:
        """How many parts there are, and what does not agree."""
        async with self._database.transaction() as tx:
            # What counts differently by now is counted first, as the job would.
            faults = list(await self._behind(tx))
        await self._rolling.look()
        async with self._database.reading() as tx:
            cases = [msgspec.convert(r["body"], Case) for r in await tx.rows(select(rollups.cases.c.body))]
            rows = [Row(**row) for row in await tx.rows(select(rollups.parts))]
            sums = await _sums(tx)
        faults += self._of_cases(cases, rows)
        faults += _of_sums(rows, sums)
        faults += _within(sums)
        return len(rows), faults

    async def _behind(self, tx: Tx) -> Iterator[Fault]:
        last = await self._journal.last_position(tx)
        read = [await position(tx, FIGURES), await position(tx, ROLL_UPS)]
        return (
            Fault("every_fact_is_counted", "journal", f"{last - at} facts are not counted") for at in read if at < last
        )

    def _of_cases(self, cases: Iterable[Case], rows: Iterable[Row]) -> Iterator[Fault]:
        kept: dict[str, set[Row]] = {}
        for row in rows:
            kept.setdefault(row.number, set()).add(row)
        now = self._clock.now()
        for case in cases:
            mine = kept.pop(case.number, set())
            if set(self._rolling.rows(case, now)) != mine:
                yield Fault("parts_are_of_the_case", case.number, "counts for something else than what happened")
            wrong = [r for r in mine if r.excluded is not (case.excluded is not None and r.measure != "excluded")]
            if wrong:
                what = f"{wrong[0].measure} is left out without an exclusion, or counted in spite of one"
                yield Fault("exclusion_changes_the_second_version_only", case.number, what)
        yield from (Fault("parts_are_of_the_case", number, "counts without having happened") for number in kept)


async def _sums(tx: Tx) -> dict[tuple[object, ...], tuple[float, ...]]:
    rows = await tx.rows(select(rollups.rollups))
    return {tuple(row[name] for name in KEY): tuple(row[name] for name in SUMS) for row in rows}


def _of_sums(rows: Iterable[Row], sums: Mapping[tuple[object, ...], Sequence[float]]) -> Iterator[Fault]:
    """The sums anew from the parts: in the first version all, in the second all but what was excluded."""
    anew = rollups.difference((), rows)
    for key in anew.keys() | sums.keys():
        wanted, found = anew.get(key, [0.0] * len(SUMS)), sums.get(key, [0.0] * len(SUMS))
        if any(abs(a - b) > ROUNDING for a, b in zip(wanted, found, strict=True)):
            rule = "sums_are_of_the_parts"
            if all(abs(a - b) <= ROUNDING for a, b in zip(wanted[:2], found[:2], strict=True)):
                rule = "exclusion_changes_the_second_version_only"
            yield Fault(rule, " ".join(str(each) for each in key if each), f"{found} instead of {wanted}")


def _within(sums: Mapping[tuple[object, ...], Sequence[float]]) -> Iterator[Fault]:
    for key, found in sums.items():
        _, measure, day, *_ = key
        shape = RATE[str(measure)].shape if measure in RATE else Shape.COUNT
        pairs = [found[n : n + 2] for n in (0, 2, 4)]
        if shape is Shape.SHARE and any(numerator > denominator + ROUNDING for numerator, denominator in pairs):
            yield Fault("numerators_within_denominators", f"{measure} {day}", f"{found}")
        if any(kept > whole + ROUNDING for kept, whole in zip(found[2:4], found[:2], strict=True)):
            yield Fault("exclusion_changes_the_second_version_only", f"{measure} {day}", f"{found}")
