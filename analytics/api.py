"""The analytics room's routes: the figures of today and of a stretch of days."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.rules.indicators import INDICATORS, TOTAL, UNIT
from analytics.store import figures as store
from analytics.store.figures import Figure
from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Database
from kernel.errors import Invalid
from kernel.people import May, Scope
from kernel.room import Call, Route

LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class FiguresQuery:
    """The first and the last day; without the last it is today."""

    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of a figure: ``key`` is the attribute, ``value`` its value."""

    key: str
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class FigureView:
    """One indicator of one day."""

    name: str
    label: str
    count: int
    by: Sequence[PartView]


@dataclass(frozen=True, slots=True)
class DayView:
    """Every indicator of one day; one that did not happen is 0."""

    day: date
    figures: Sequence[FigureView]


@dataclass(frozen=True, slots=True)
class DayPage:
    """Days with figures, ascending."""

    items: Sequence[DayView]
    next: str | None = None


class FiguresApi:
    """Reads figures; a unit's leader sees the unit's own."""

    def __init__(self, database: Database, clock: Clock, lookup: Lookup) -> None:
        self._database = database
        self._clock = clock
        self._lookup = lookup

    async def today(self, call: Call) -> DayView:
        day = self._today()
        found = await self._between(day, day)
        return _day(day, _visible(found, call))

    async def stretch(self, call: Call) -> DayPage:
        asked = call.asked(FiguresQuery)
        last = asked.until or self._today()
        if last < asked.since:
            raise Invalid({"until": "before_since"})
        if last - asked.since > LONGEST:
            raise Invalid({"since": "too_long_ago"}, days=LONGEST.days)
        days: dict[date, list[Figure]] = defaultdict(list)
        for figure in _visible(await self._between(asked.since, last), call):
            days[figure.day].append(figure)
        return DayPage([_day(day, figures) for day, figures in sorted(days.items())])

    async def _between(self, first: date, last: date) -> Sequence[Figure]:
        async with self._database.reading() as tx:
            return await store.between(tx, first, last)

    def _today(self) -> date:
        return self._lookup.calendar().local_date(self._clock.now())


def _visible(figures: Iterable[Figure], call: Call) -> list[Figure]:
    """All figures, or for a unit's leader what counts for the unit, as the total."""
    if call.scope is Scope.ANY:
        return list(figures)
    own = f"{UNIT}={call.principal.unit}"
    return [Figure(each.day, each.name, TOTAL, each.count) for each in figures if each.key == own]


def _day(day: date, figures: Iterable[Figure]) -> DayView:
    totals: dict[str, int] = {}
    parts: Mapping[str, list[PartView]] = defaultdict(list)
    for each in figures:
        if each.key == TOTAL:
            totals[each.name] = each.count
        else:
            key, _, value = each.key.partition("=")
            parts[each.name].append(PartView(key, value, each.count))
    return DayView(
        day, [FigureView(row.name, row.label, totals.get(row.name, 0), parts[row.name]) for row in INDICATORS]
    )


def routes(api: FiguresApi) -> list[Route]:
    """The analytics room's part of the API."""
    may = May.READ_FIGURES
    return [
        Route("GET", "/api/v1/figures/today", api.today, may, "今日指标", gives=DayView),
        Route("GET", "/api/v1/figures", api.stretch, may, "一段时间的指标", query=FiguresQuery, gives=DayPage),
    ]
