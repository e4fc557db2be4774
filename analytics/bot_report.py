"""What the bot does for citizens: how much it answers and how well, when it does not know, why a person is fetched; and
how many of the entries it answers from are past their day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analytics.rules.indicators import ENTRIES, LATE_ENTRIES, RATE, SAMPLED, UNIT, WRONG, names_of
from analytics.store import figures as store
from analytics.store import samples
from analytics.views import SampleView, sample_view
from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Database, Tx
from kernel.errors import Invalid, NotFound
from kernel.people import May
from kernel.room import Call, Route

LONGEST_DAYS = 366
WEEK = timedelta(days=7)
MOST_WEEKS = 12
# coverage, precision, abstention, containment, hand-over, wrong of a sample, entries past their day
RATES = tuple(RATE[name] for name in ("quoted", "helped", "abstained", "contained", "handed", "bot_wrong", "outdated"))
REASONS = (("handed_over", "reason"), ("questions_unanswered", "reason"))


@dataclass(frozen=True, slots=True)
class BotReportQuery:
    """So many days up to today."""

    days: int = 30


@dataclass(frozen=True, slots=True)
class BotRateView:
    """One rate of the stretch; ``weeks`` are the shares of the last weeks, the present one last, None where nothing was
    counted; ``sample`` where it is known of a sample only."""

    name: str
    label: str
    definition: str
    rising: bool | None
    numerator: int
    denominator: int
    weeks: Sequence[float | None]
    sample: SampleView | None = None


@dataclass(frozen=True, slots=True)
class ReasonView:
    """How often one reason was given."""

    code: str
    count: int


@dataclass(frozen=True, slots=True)
class OwnerView:
    """How many of a unit's entries are past their day, of how many."""

    unit: str
    unit_name: str
    late: int
    entries: int


@dataclass(frozen=True, slots=True)
class BotReportView:
    """The rates, why people were fetched, why questions wait for the editors, the most frequent first; the units with
    entries past their day when the stretch ended, those with the most first."""

    since: date
    until: date
    rates: Sequence[BotRateView]
    handed_over: Sequence[ReasonView]
    unanswered: Sequence[ReasonView]
    owners: Sequence[OwnerView]


class BotReportApi:
    """Reads the daily figures."""

    def __init__(self, database: Database, clock: Clock, lookup: Lookup) -> None:
        self._database = database
        self._clock = clock
        self._lookup = lookup

    async def report(self, call: Call) -> BotReportView:
        days = call.asked(BotReportQuery).days
        if not 1 <= days <= LONGEST_DAYS:
            raise Invalid({"days": "out_of_range"})
        until = self._lookup.calendar().local_date(self._clock.now())
        since = until - timedelta(days=days - 1)
        async with self._database.reading() as tx:
            whole = await _numbers(tx, since, until)
            weeks = [await _numbers(tx, first, first + WEEK - timedelta(days=1)) for first in _mondays(since, until)]
            handed, unanswered = [
                [ReasonView(code, count) for code, count in (await store.by_value(tx, *row, since, until)).items()]
                for row in REASONS
            ]
            sample = sample_view(await samples.tally(tx, since, until))
            owners = await self._owners(tx, since, until)
        rates = [
            BotRateView(
                rate.name,
                rate.label,
                rate.definition,
                rate.rising,
                *whole[rate.name],
                [_share(each[rate.name]) for each in weeks],
                sample if rate.sampled else None,
            )
            for rate in RATES
        ]
        return BotReportView(since, until, rates, handed, unanswered, owners)

    async def _owners(self, tx: Tx, since: date, until: date) -> list[OwnerView]:
        day = await store.last_day(tx, {LATE_ENTRIES}, since, until)
        if day is None:
            return []
        late, many = [await store.by_value(tx, name, UNIT, day, day) for name in (LATE_ENTRIES, ENTRIES)]
        return [OwnerView(unit, self._unit_name(unit), count, many[unit]) for unit, count in late.items() if count]

    def _unit_name(self, code: str) -> str:
        try:
            return self._lookup.unit(code).name
        except NotFound:
            return code


def _mondays(since: date, until: date) -> Sequence[date]:
    monday = until - timedelta(days=until.weekday())
    many = min(MOST_WEEKS, ((monday - since).days + 6) // 7 + 1)
    return [monday - WEEK * n for n in reversed(range(max(many, 1)))]


async def _numbers(tx: Tx, first: date, last: date) -> dict[str, tuple[int, int]]:
    """Numerator and denominator of each rate."""
    pairs = {rate.name: rate.over for rate in RATES if rate.over}
    summed, standing = names_of(RATES)
    totals = await store.totals(tx, summed, first, last) | await store.latest(tx, standing, first, last)
    tally = await samples.tally(tx, first, last)
    totals |= {WRONG: tally.wrong, SAMPLED: tally.judged}
    return {name: (totals.get(above, 0), totals.get(below, 0)) for name, (above, below) in pairs.items()}


def _share(pair: tuple[int, int]) -> float | None:
    return round(pair[0] / pair[1], 4) if pair[1] else None


def routes(api: BotReportApi) -> list[Route]:
    """The route of the report."""
    return [
        Route(
            "GET",
            "/api/v1/bot-report",
            api.report,
            May.READ_BOT_REPORT,
            "智能客服成效",
            query=BotReportQuery,
            gives=BotReportView,
        )
    ]
