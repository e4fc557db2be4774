"""The calendar's routes: what staff pages warn of, the year an administrator sees, pasted tables, changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from directory.calendars import CalendarKeeping
from directory.lookup import Lookup
from directory.model import DayKind
from directory.rules.calendars import CalendarOrder, DayOrder, read_pasted
from directory.store.calendar import CalendarChange
from kernel.database import Database
from kernel.people import May
from kernel.room import Call, Route

HISTORY = 50


@dataclass(frozen=True, slots=True)
class CalendarStatus:
    """Years whose days should be known by now and are not: Monday to Friday are counted."""

    missing: Sequence[int]


@dataclass(frozen=True, slots=True)
class DayView:
    """A day that is worked or not against its weekday; without a kind it is what its weekday says."""

    date: date
    kind: DayKind | None
    kind_label: str
    name: str


@dataclass(frozen=True, slots=True)
class CalendarChangeView:
    """A change that was made."""

    at: datetime
    by_name: str
    why: str
    announced: Sequence[int]
    hours: Sequence[tuple[str, str]] | None
    days: Sequence[DayView]


@dataclass(frozen=True, slots=True)
class YearQuery:
    """Which year; the present one unless said."""

    year: int = 0


@dataclass(frozen=True, slots=True)
class CalendarView:
    """A year of the calendar, the hours, the years announced, what was changed; ``version`` is named by a change."""

    version: int
    year: int
    today: date
    announced: Sequence[int]
    missing: Sequence[int]
    business_hours: Sequence[tuple[str, str]]
    days: Sequence[DayView]
    changes: Sequence[CalendarChangeView]


@dataclass(frozen=True, slots=True)
class PastedForm:
    """A table as it was pasted."""

    text: str


@dataclass(frozen=True, slots=True)
class PastedView:
    """The days that were understood, and the numbers of the lines that were not with the code of what is wrong."""

    days: Sequence[DayView]
    wrong: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class DayForm:
    """A day as it is to be."""

    date: date
    kind: DayKind | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class CalendarForm:
    """A change against the directory's ``version``."""

    version: int
    why: str
    days: Sequence[DayForm] = field(default_factory=list)
    announce: Sequence[int] = field(default_factory=list)
    business_hours: Sequence[tuple[str, str]] | None = None


class CalendarApi:
    """Reads, understands, changes."""

    def __init__(self, database: Database, lookup: Lookup, calendars: CalendarKeeping) -> None:
        self._database = database
        self._lookup = lookup
        self._calendars = calendars

    async def status(self, call: Call) -> CalendarStatus:
        return CalendarStatus(self._calendars.missing())

    async def show(self, call: Call) -> CalendarView:
        return await self._view(call.asked(YearQuery).year)

    async def understand(self, call: Call) -> PastedView:
        days, wrong = read_pasted(call.form(PastedForm).text)
        return PastedView([_shown(day.date, day.kind, day.name) for day in days], sorted(wrong.items()))

    async def change(self, call: Call) -> CalendarView:
        form = call.form(CalendarForm)
        days = tuple(DayOrder(day.date, day.kind, day.name) for day in form.days)
        hours = None if form.business_hours is None else tuple(form.business_hours)
        order = CalendarOrder(days, form.why, tuple(form.announce), hours)
        async with self._database.transaction() as tx:
            await self._calendars.change(tx, order, form.version, call.principal)
        await self._lookup.load()
        return await self._view(days[0].date.year if days else 0)

    async def _view(self, year: int) -> CalendarView:
        city, days = self._lookup.city(), self._lookup.calendar_days()
        today = self._calendars.today()
        async with self._database.reading() as tx:
            version, made = await self._calendars.version(tx), await self._calendars.changes(tx, HISTORY)
            names = await self._lookup.staff_names(tx, {change.by for change in made})
        year = year or today.year
        return CalendarView(
            version,
            year,
            today,
            city.calendar_years,
            self._calendars.missing(),
            city.business_hours,
            [_shown(day.date, day.kind, day.name) for day in days if day.date.year == year],
            [_change(change, names.get(change.by, "")) for change in made],
        )


def _shown(day: date, kind: DayKind | None, name: str) -> DayView:
    return DayView(day, kind, kind.label if kind else "", name)


def _change(change: CalendarChange, by_name: str) -> CalendarChangeView:
    order = change.order
    days = [_shown(day.date, day.kind, day.name) for day in order.days]
    return CalendarChangeView(change.at, by_name, order.why, order.announce, order.business_hours, days)


def routes(api: CalendarApi) -> list[Route]:
    """The calendar's part of the API."""
    may, root = May.MANAGE_CALENDAR, "/api/v1/calendar"
    return [
        Route("GET", f"{root}/status", api.status, May.READ_DIRECTORY, "日历缺失的年份", gives=CalendarStatus),
        Route("GET", root, api.show, may, "工作日历", query=YearQuery, gives=CalendarView),
        Route("POST", f"{root}/read", api.understand, may, "识别粘贴的日历表", body=PastedForm, gives=PastedView),
        Route("POST", root, api.change, may, "更改工作日历", body=CalendarForm, gives=CalendarView, status=201),
    ]
