"""The routes of reports."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.model import Slice, Version
from analytics.reporting import Reporting, Valued
from analytics.rules.csvfile import table
from analytics.rules.indicators import RATE, Shape
from analytics.rules.scoring import Score, Share
from analytics.store.rollups import Drilled
from analytics.views import (
    DrilledPage,
    DrilledView,
    HotPage,
    HotView,
    IndicatorsView,
    RateView,
    ScoresView,
    ScoreView,
    ShareView,
    TrendView,
    WeekView,
    sample_view,
)
from directory.lookup import Lookup
from kernel import pages
from kernel.database import Database
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.people import May, Scope
from kernel.room import Call, Download, Route

LONGEST = timedelta(days=366)
EARLIEST = date(2, 2, 1)  # a year before it there are no days
MOST_DRILLED = 200
MOST_EXPORTED = 10_000
CSV = "text/csv"
TO_VERIFY = "待核实"


@dataclass(frozen=True, slots=True)
class SliceQuery:
    """Which days (the last ``days`` unless ``since`` is said), and of what; ``below`` counts in the units below
    ``unit``."""

    since: date | None = None
    until: date | None = None
    days: int = 30
    unit: str = ""
    matter: str = ""
    area: str = ""
    channel: str = ""
    below: bool = False


@dataclass(frozen=True, slots=True)
class ScoresQuery(SliceQuery):
    """The same, a page of it."""

    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class DrillQuery(SliceQuery):
    """``hit``: only tickets in the numerator, or only those that are not."""

    version: Version = Version.ALL
    hit: bool | None = None
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class TrendQuery:
    """So many weeks up to this one."""

    weeks: int = 8
    unit: str = ""
    below: bool = False


@dataclass(frozen=True, slots=True)
class HotQuery:
    """So many days up to today."""

    days: int = 1
    limit: int = 12


class ReportApi:
    """Reads the roll-ups; a unit's leader reads the unit's own."""

    def __init__(
        self,
        database: Database,
        lookup: Lookup,
        reporting: Reporting,
        matter_name: Callable[[str], str],
        *,
        league_table: bool,
    ) -> None:
        self._database = database
        self._lookup = lookup
        self._reporting = reporting
        self._matter_name = matter_name
        self._league = league_table

    # -- indicators -------------------------------------------------------------------------------------

    async def indicators(self, call: Call) -> IndicatorsView:
        part = self._slice(call, call.asked(SliceQuery))
        async with self._database.reading() as tx:
            found = await self._reporting.indicators(tx, part)
            scores = (
                await self._reporting.scores(tx, part.since, part.until, part.unit)
                if part.unit and not part.below
                else {}
            )
        excluded = next(each.all.denominator for each in found if each.rate.name == "excluded")
        own = scores.get(part.unit)
        return IndicatorsView(
            part.since,
            part.until,
            excluded,
            [_rate(each) for each in found],
            self._score(part.unit, own, shown=True) if own else None,
            [self._unit_name(each) for each in self._below(part.unit)] if part.unit else [],
            counts_below=bool(part.below),
        )

    async def trend(self, call: Call) -> TrendView:
        asked = call.asked(TrendQuery)
        if not 1 <= asked.weeks <= 53:
            raise Invalid({"weeks": "out_of_range"})
        today = self._reporting.today()
        monday = today - timedelta(days=today.weekday(), weeks=asked.weeks - 1)
        part = self._slice(call, SliceQuery(monday, today, unit=asked.unit, below=asked.below))
        async with self._database.reading() as tx:
            weeks = await self._reporting.trend(tx, part)
        return TrendView([WeekView(monday, [_rate(each) for each in found]) for monday, found in weeks])

    async def scores(self, call: Call) -> ScoresView:
        asked = call.asked(ScoresQuery)
        part = self._slice(call, asked)
        async with self._database.reading() as tx:
            found = await self._reporting.scores(tx, part.since, part.until, part.unit)
        views = [self._score(unit, each, shown=self._league) for unit, each in found.items()]
        if self._league:
            views.sort(key=lambda view: (-(view.points or 0), view.unit))
        page = pages.part(views, asked.cursor, asked.limit)
        return ScoresView(self._league, page.items, page.total, page.next)

    async def hottest(self, call: Call) -> HotPage:
        asked = call.asked(HotQuery)
        if call.scope is not Scope.ANY:
            raise NotAllowed("not_allowed")
        async with self._database.reading() as tx:
            found = await self._reporting.hottest(tx, min(max(asked.days, 1), 31), min(max(asked.limit, 1), 50))
        return HotPage([HotView(m, self._matter_name(m), a, self._area_name(a), many) for m, a, many in found])

    # -- the tickets behind a number --------------------------------------------------------------------

    async def tickets(self, call: Call) -> DrilledPage:
        found, more = await self._drilled(call, MOST_DRILLED)
        cursor = _write(found[-1]) if more else None
        return DrilledPage([self._drilled_view(each) for each in found], cursor)

    async def tickets_csv(self, call: Call) -> Download:
        found, _ = await self._drilled(call, MOST_EXPORTED)
        rate = RATE[call.path["name"]]
        rows = [
            (each.number, each.day.isoformat(), self._unit_name(each.unit), each.numerator, each.denominator,
             "是" if each.excluded else "")
            for each in found
        ]  # fmt: skip
        head = ("工单编号", "统计日期", "承办单位", f"{rate.label}分子", f"{rate.label}分母", "考核剔除")
        return Download(f"{rate.label}-工单.csv", CSV, table(head, rows))

    async def indicators_csv(self, call: Call) -> Download:
        part = self._slice(call, call.asked(SliceQuery))
        async with self._database.reading() as tx:
            found = await self._reporting.indicators(tx, part)
        head = ("指标", "全部分子", "全部分母", "全部结果", "剔除后分子", "剔除后分母", "剔除后结果", "口径", "抽样")
        rows = [
            (each.rate.label, *_cells(each, each.all), *_cells(each, each.kept), each.rate.definition, _sampled(each))
            for each in found
        ]
        return Download(f"指标-{part.since}-{part.until}.csv", CSV, table(head, rows))

    async def _drilled(self, call: Call, most: int) -> tuple[list[Drilled], bool]:
        asked, name = call.asked(DrillQuery), call.path["name"]
        if name not in RATE or RATE[name].over:
            raise NotFound("indicator")
        part = self._slice(call, asked)
        async with self._database.reading() as tx:
            after = _read(asked.cursor)
            found = await self._reporting.drill(tx, name, part, asked.version, asked.hit, most + 1, after)
        return found[:most], len(found) > most

    # -- views ------------------------------------------------------------------------------------------

    def _slice(self, call: Call, asked: SliceQuery) -> Slice:
        until = asked.until or self._reporting.today()
        if not 1 <= asked.days <= LONGEST.days:
            raise Invalid({"days": "out_of_range"})
        since = asked.since or max(until, EARLIEST) - timedelta(days=asked.days - 1)
        if until < since:
            raise Invalid({"until": "before_since"})
        if until - since > LONGEST:
            raise Invalid({"since": "too_long_ago"}, days=LONGEST.days)
        unit = asked.unit
        if call.scope is not Scope.ANY:
            unit = call.principal.unit
            if not unit or asked.unit not in {"", unit}:
                raise NotAllowed("not_allowed")
        below = self._below(unit) if asked.below and unit else ()
        return Slice(since, until, unit, asked.matter, asked.area, asked.channel, below)

    def _below(self, unit: str) -> tuple[str, ...]:
        """Every unit below one, at any depth, also those no longer active: their work was under it."""
        known = self._lookup.units(retired=True)
        found = [unit]
        for above in found:
            found.extend(each.code for each in known if each.parent == above and each.code not in found)
        return tuple(found[1:])

    def _score(self, unit: str, score: Score, *, shown: bool) -> ScoreView:
        return ScoreView(unit, self._unit_name(unit), score.band, score.tickets, score.points if shown else None)

    def _drilled_view(self, each: Drilled) -> DrilledView:
        name = self._unit_name(each.unit)
        return DrilledView(each.number, each.day, each.unit, name, each.numerator, each.denominator, each.excluded)

    def _unit_name(self, code: str) -> str:
        try:
            return self._lookup.unit(code).name if code else "热线"
        except NotFound:
            return code

    def _area_name(self, code: str) -> str:
        try:
            return "".join(area.name for area in self._lookup.lineage(code)[1:]) if code else "全市"
        except NotFound:
            return code


def _share(share: Share) -> ShareView:
    value = share.value
    return ShareView(round(share.numerator, 2), share.denominator, None if value is None else round(value, 4))


def _rate(each: Valued) -> RateView:
    rate = each.rate
    drills = rate.over is None
    about = (rate.name, rate.label, rate.definition, rate.shape.value, rate.rising, drills)
    sample = sample_view(each.sample) if each.sample else None
    return RateView(*about, _share(each.all), _share(each.kept), sample)


def _cells(each: Valued, share: Share) -> tuple[object, ...]:
    nothing = TO_VERIFY if each.rate.sampled else ""
    value = nothing if share.value is None else round(share.value, 4)
    return round(share.numerator, 2), share.denominator, share.denominator if each.rate.shape is Shape.COUNT else value


def _sampled(each: Valued) -> str:
    """A sample's size and interval in words, as the page has them."""
    if each.sample is None:
        return ""
    view = sample_view(each.sample)
    told = f"抽中{view.drawn}条，已判定{view.judged}条，待核实{view.waiting}条"
    return f"{told}，95%置信区间{view.low:.1%}至{view.high:.1%}" if view.judged else told


def _write(last: Drilled) -> str:
    return base64.urlsafe_b64encode(f"{last.day.isoformat()} {last.number}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[date, str] | None:
    if not cursor:
        return None
    try:
        day, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split(" ")
        return date.fromisoformat(day), number
    except (binascii.Error, ValueError) as error:
        raise Invalid({"cursor": "wrong"}) from error


def routes(api: ReportApi) -> list[Route]:
    """The routes of reports."""
    all_, one, may = "/api/v1/indicators", "/api/v1/indicators/{name}/tickets", May.READ_FIGURES
    return [
        Route("GET", all_, api.indicators, may, "指标", query=SliceQuery, gives=IndicatorsView),
        Route("GET", f"{all_}.csv", api.indicators_csv, may, "指标（CSV）", query=SliceQuery),
        Route("GET", f"{all_}/trend", api.trend, may, "指标逐周走势", query=TrendQuery, gives=TrendView),
        Route("GET", f"{all_}/scores", api.scores, may, "单位分档", query=ScoresQuery, gives=ScoresView),
        Route("GET", f"{all_}/hottest", api.hottest, may, "热点事项与镇街", query=HotQuery, gives=HotPage),
        Route("GET", one, api.tickets, may, "指标对应的工单", query=DrillQuery, gives=DrilledPage),
        Route("GET", f"{one}.csv", api.tickets_csv, may, "指标对应的工单（CSV）", query=DrillQuery),
    ]
