"""Changes of the working calendar: what an administrator orders, and tables of days as people paste them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from directory.model import CalendarDay, City, DayKind
from directory.rules.reference import calendar_of
from kernel.errors import Invalid

LONGEST_RANGE = 31
MOST_DAYS = 400
FIRST_YEAR, LAST_YEAR = 2000, 2100
# So far an ordinary limit with its extension reaches.
REACHED = timedelta(days=45)

WORDS: Mapping[str, DayKind | None] = {
    "holiday": DayKind.HOLIDAY,
    "放假": DayKind.HOLIDAY,
    "休": DayKind.HOLIDAY,
    "休息": DayKind.HOLIDAY,
    "makeup": DayKind.MAKEUP,
    "上班": DayKind.MAKEUP,
    "调休上班": DayKind.MAKEUP,
    "补班": DayKind.MAKEUP,
    "班": DayKind.MAKEUP,
    "正常": None,
    "取消": None,
}
DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
LINE = re.compile(rf"^\s*{DAY}(?:\s*(?:至|到|~|～|—|–)\s*{DAY})?[\s,，;；]+(\S+?)(?:[\s,，;；]+(\S.*?))?\s*$")


@dataclass(frozen=True, slots=True)
class DayOrder:
    """A day as it is to be; without a kind it is what its weekday says."""

    date: date
    kind: DayKind | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class CalendarOrder:
    """A change of the calendar. ``announce`` are years whose days are known from now on; ``business_hours`` are the
    sessions to keep instead, or None."""

    days: tuple[DayOrder, ...]
    why: str
    announce: tuple[int, ...] = ()
    business_hours: tuple[tuple[str, str], ...] | None = None


@dataclass(frozen=True, slots=True)
class CalendarPlan:
    """What an order comes to: the city and its days afterwards, and the days that differ."""

    city: City
    days: tuple[CalendarDay, ...]
    changed: tuple[DayOrder, ...]


def plan(city: City, days: Sequence[CalendarDay], order: CalendarOrder) -> CalendarPlan:
    """Apply an order. Invalid: no reason, nothing changed, a day of a year that is not announced, a day twice, a
    make-up day that is worked anyway, hours that cannot be."""
    if not order.why.strip():
        raise Invalid({"why": "required"})
    years = tuple(sorted({*city.calendar_years, *order.announce}))
    _check(order, years)
    after = {day.date: day for day in days}
    changed = []
    for wanted in order.days:
        before = after.pop(wanted.date, None)
        made = None if wanted.kind is None else CalendarDay(wanted.date, wanted.kind, wanted.name.strip())
        if made is not None:
            after[wanted.date] = made
        if made != before:
            changed.append(wanted)
    off = {day.date.year for day in after.values() if day.kind is DayKind.HOLIDAY}
    if set(order.announce) - set(city.calendar_years) - off:
        raise Invalid({"announce": "year_without_days"})
    hours = city.business_hours if order.business_hours is None else order.business_hours
    fresh = replace(city, calendar_years=years, business_hours=hours)
    if not changed and fresh == city:
        raise Invalid({"days": "nothing_changed"})
    try:
        calendar_of(fresh, ())
    except ValueError as error:
        raise Invalid({"business_hours": "hours_wrong"}) from error
    return CalendarPlan(fresh, tuple(after[day] for day in sorted(after)), tuple(changed))


def _check(order: CalendarOrder, years: Sequence[int]) -> None:
    if any(not FIRST_YEAR <= year <= LAST_YEAR for year in order.announce):
        raise Invalid({"announce": "out_of_range"})
    if len(order.days) > MOST_DAYS:
        raise Invalid({"days": "too_many_days"}, limit=MOST_DAYS)
    seen: set[date] = set()
    for place, day in enumerate(order.days):
        if day.date in seen:
            raise Invalid({f"days.{place}": "day_twice"})
        if day.date.year not in years:
            raise Invalid({f"days.{place}": "year_not_announced"})
        if day.kind is DayKind.MAKEUP and day.date.weekday() < 5:
            raise Invalid({f"days.{place}": "worked_anyway"})
        seen.add(day.date)


def read_pasted(text: str) -> tuple[tuple[DayOrder, ...], dict[int, str]]:
    """The days of a pasted table, one or a range a line — ``2027-01-01, 放假, 元旦`` or ``2027年2月6日至2月12日`` with
    the year in both — and by line number what could not be read."""
    days: list[DayOrder] = []
    wrong: dict[int, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lower().replace(" ", "").startswith("date,kind"):
            continue
        try:
            days += _days_of(line)
        except ValueError as error:
            wrong[number] = str(error)
    return tuple(days), wrong


def _days_of(line: str) -> list[DayOrder]:
    found = LINE.match(line)
    if found is None:
        raise ValueError("line_unreadable")
    numbers, word, name = found.groups()[:6], found[7].lower(), found[8] or ""
    if word not in WORDS:
        raise ValueError("day_kind_unknown")
    try:
        first = date(*(int(each) for each in numbers[:3]))
        last = date(*(int(each) for each in numbers[3:])) if numbers[3] else first
    except ValueError as error:
        raise ValueError("not_a_day") from error
    if not 0 <= (last - first).days < LONGEST_RANGE:
        raise ValueError("range_wrong")
    return [DayOrder(first + timedelta(days=n), WORDS[word], name) for n in range((last - first).days + 1)]


def missing_years(city: City, today: date) -> tuple[int, ...]:
    """Years whose days should be known and are not: this one, and the next once due times of today lie in it."""
    wanted = dict.fromkeys((today.year, (today + REACHED).year))
    return tuple(year for year in wanted if year not in city.calendar_years)
