"""Reports: indicators of a stretch of days, their trend, units' bands, hot matters, the tickets behind a number. All
read the roll-ups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from analytics.model import Grain, Slice, Tally, Version
from analytics.rules.indicators import RATES, SAMPLED, TOTAL, UNIT, WRONG, Rate, names_of
from analytics.rules.scoring import OF_LAWFUL_REFUSALS, Score, Share, score
from analytics.store import figures, rollups, samples
from analytics.store.rollups import Drilled
from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Tx

NOTHING = Share(0, 0)
Measured = Mapping[str, Mapping[Version, Share]]


@dataclass(frozen=True, slots=True)
class Valued:
    """An indicator in both versions; ``sample`` is what was drawn, where that is all that is known."""

    rate: Rate
    all: Share
    kept: Share
    sample: Tally | None = None


class Reporting:
    """Reads figures; writes nothing."""

    def __init__(self, clock: Clock, lookup: Lookup, shrink: int) -> None:
        self._clock = clock
        self._lookup = lookup
        self._shrink = shrink

    def today(self) -> date:
        """The day it is in the city."""
        return self._lookup.calendar().local_date(self._clock.now())

    async def indicators(self, tx: Tx, part: Slice) -> list[Valued]:
        """Every indicator; those over daily figures only for the whole city or a channel, those that stand at a moment
        for the whole city or a unit."""
        measured = await rollups.shares(tx, part)
        tally = await samples.tally(tx, part.since, part.until, part.channel)
        counted = await self._counted(tx, part) | {WRONG: tally.wrong, SAMPLED: tally.judged}
        found = [_valued(rate, measured, counted) for rate in RATES if _is_known(rate, part)]
        return [replace(each, sample=tally) if each.rate.sampled else each for each in found]

    async def _counted(self, tx: Tx, part: Slice) -> dict[str, int]:
        summed, standing = names_of(RATES)
        days, key = (part.since, part.until), f"channel={part.channel}" if part.channel else TOTAL
        found = {} if part.unit else await figures.totals(tx, summed, *days, key)
        return found | await figures.latest(tx, standing, *days, f"{UNIT}={part.unit}" if part.unit else TOTAL)

    async def trend(self, tx: Tx, part: Slice) -> list[tuple[date, list[Valued]]]:
        """Whole weeks from Monday to Sunday, each with every indicator of tickets."""
        days = await rollups.by_day(tx, part)
        weeks = []
        monday = part.since - timedelta(days=part.since.weekday())
        while monday <= part.until:
            week = [days[day] for day in sorted(days) if monday <= day < monday + timedelta(days=7)]
            added = _added(week)
            weeks.append((monday, [_valued(rate, added, {}) for rate in RATES if not rate.over]))
            monday += timedelta(days=7)
        return weeks

    async def scores(self, tx: Tx, since: date, until: date, unit: str = "") -> dict[str, Score]:
        """Units' scores (of one or all) by code; a unit of which nothing was measured has none."""
        city = (await rollups.scored(tx, since, until, Grain.CITY)).get("", {})
        units = await rollups.scored(tx, since, until, Grain.UNIT, unit)
        whole = _scored(city)
        found = {code: score(_scored(own), whole, self._shrink) for code, own in units.items()}
        return {code: each for code, each in sorted(found.items()) if each is not None}

    async def hottest(self, tx: Tx, days: int, limit: int) -> list[tuple[str, str, int]]:
        """Matter, town and how many tickets in the last days, today among them."""
        today = self.today()
        return await rollups.hottest(tx, today - timedelta(days=days - 1), today, limit)

    async def drill(
        self, tx: Tx, measure: str, part: Slice, version: Version, hit: bool | None, limit: int,
        after: tuple[date, str] | None = None,
    ) -> list[Drilled]:  # fmt: skip
        """The tickets behind a number."""
        return await rollups.drill(tx, measure, part, version, hit, limit, after)


def _is_known(rate: Rate, part: Slice) -> bool:
    """Whether an indicator is told apart by what is asked for; one of tickets always is."""
    if not rate.over:
        return True
    if part.matter or part.area:
        return False
    return not part.channel if rate.standing else not part.unit


def _valued(rate: Rate, measured: Measured, counted: Mapping[str, int]) -> Valued:
    if rate.over:
        numerator, denominator = (counted.get(name, 0) for name in rate.over)
        share = Share(numerator, denominator)
        return Valued(rate, share, share)
    found = measured.get(rate.name, {})
    return Valued(rate, found.get(Version.ALL, NOTHING), found.get(Version.KEPT, NOTHING))


def _added(days: Sequence[Measured]) -> Measured:
    sums: dict[str, dict[Version, Share]] = {}
    for day in days:
        for name, versions in day.items():
            had = sums.setdefault(name, {})
            for version, share in versions.items():
                before = had.get(version, NOTHING)
                had[version] = Share(before.numerator + share.numerator, before.denominator + share.denominator)
    return sums


def _scored(measured: Mapping[str, tuple[Share, Share]]) -> dict[str, Share]:
    """Lawful refusals count in response and quality only."""
    return {name: pair[0] if name in OF_LAWFUL_REFUSALS else pair[1] for name, pair in measured.items()}
