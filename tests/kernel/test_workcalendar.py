"""The working calendar against an oracle that walks minute by minute (P32)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.workcalendar import WorkCalendar
from tests.schedule import HOURS, ZONE, calendar, exceptions, local

MINUTE = timedelta(minutes=1)
NEW_YORK = ZoneInfo("America/New_York")
SPLIT = ((time(6, 15), time(9)), (time(9, 30), time(13, 45)), (time(20), time(23, 30)))

CITY = calendar()
NIGHT_SHIFT = WorkCalendar(NEW_YORK, ((time(0), time(6)), (time(22), time(23, 59))), {date(2026, 3, 8): True}, {2026})
THREE_SESSIONS = WorkCalendar(ZONE, SPLIT, exceptions(), {2025, 2026})
CALENDARS = st.sampled_from([CITY, NIGHT_SHIFT, THREE_SESSIONS])

# from mid-December 2025 to mid-December 2026: every holiday, make-up day and both changes of New York's clocks
MOMENTS = st.integers(0, 365 * 24 * 60).map(lambda n: datetime(2025, 12, 15, tzinfo=UTC) + n * MINUTE)
SPANS = st.integers(0, 5 * 24 * 60).map(lambda n: n * MINUTE)


def is_business_minute(calendar: WorkCalendar, moment: datetime) -> bool:
    """The oracle's only rule: the local wall clock on a worked day."""
    there = moment.astimezone(calendar.zone)
    return calendar.is_workday(there.date()) and any(a <= there.time() < b for a, b in calendar.sessions)


def business_minutes(calendar: WorkCalendar, start: datetime) -> Iterator[tuple[datetime, bool]]:
    """Every minute from ``start`` on and whether it is worked."""
    while True:
        yield start, is_business_minute(calendar, start)
        start += MINUTE


@settings(deadline=None)
@given(CALENDARS, MOMENTS, SPANS)
def test_p32_business_time_between_two_moments_is_the_number_of_worked_minutes(
    calendar: WorkCalendar, start: datetime, span: timedelta
) -> None:
    counted = sum(is_business_minute(calendar, start + n * MINUTE) for n in range(span // MINUTE))
    assert calendar.business_between(start, start + span) == counted * MINUTE
    assert calendar.business_between(start + span, start) == -counted * MINUTE


@settings(deadline=None)
@given(CALENDARS, MOMENTS, st.integers(1, 900))
def test_p32_adding_business_time_ends_with_the_last_minute_it_needs(
    calendar: WorkCalendar, start: datetime, needed: int
) -> None:
    worked = (moment for moment, works in business_minutes(calendar, start) if works)
    last = [next(worked) for _ in range(needed)][-1]
    assert calendar.add_business(start, needed * MINUTE) == last + MINUTE


@settings(deadline=None)
@given(CALENDARS, MOMENTS)
def test_p32_the_next_opening_is_the_first_worked_minute(calendar: WorkCalendar, moment: datetime) -> None:
    first = next(minute for minute, works in business_minutes(calendar, moment) if works)
    assert calendar.next_opening(moment) == first
    assert calendar.is_open(moment) is (first == moment)


@settings(deadline=None)
@given(CALENDARS, MOMENTS, st.integers(1, 12))
def test_p32_the_nth_working_day_ends_with_its_last_worked_minute(
    calendar: WorkCalendar, moment: datetime, count: int
) -> None:
    received = moment.astimezone(calendar.zone).date()
    worked: set[date] = set()
    last = moment
    for minute, works in business_minutes(calendar, moment):
        day = minute.astimezone(calendar.zone).date()
        if works and day > received:
            worked.add(day)
            if len(worked) > count:
                break
            last = minute
    assert calendar.working_days_after(moment, count) == last + MINUTE


@given(CALENDARS, MOMENTS, st.integers(0, 20 * 24 * 3600), st.integers(0, 20 * 24 * 3600))
def test_business_time_adds_up_and_adding_is_its_inverse(
    calendar: WorkCalendar, start: datetime, one: int, two: int
) -> None:
    middle = start + timedelta(seconds=one)
    end = middle + timedelta(seconds=two)
    parts = calendar.business_between(start, middle) + calendar.business_between(middle, end)
    assert parts == calendar.business_between(start, end)
    assert calendar.business_between(start, calendar.add_business(start, parts)) == parts


@pytest.mark.parametrize("calendar", [CITY, NIGHT_SHIFT, THREE_SESSIONS], ids=["city", "new york", "three sessions"])
@given(start=MOMENTS, days=st.integers(0, 1200))
def test_business_time_over_years_is_that_of_its_days(calendar: WorkCalendar, start: datetime, days: int) -> None:
    marks = [start + timedelta(days=n) for n in range(0, days + 1, 3)]
    parts = [calendar.business_between(one, two) for one, two in pairwise(marks)]
    assert calendar.business_between(start, marks[-1]) == sum(parts, timedelta(0))


@given(MOMENTS, st.integers(0, 400))
def test_working_days_between_counts_as_the_limit_does(moment: datetime, days: int) -> None:
    day = CITY.local_date(moment)
    until = day + timedelta(days=days)
    count = CITY.working_days_between(day, until)
    assert count == sum(CITY.is_workday(day + timedelta(days=n)) for n in range(1, days + 1))
    if count:
        assert CITY.local_date(CITY.working_days_after(moment, count)) <= until


@given(MOMENTS, st.sampled_from([UTC, ZONE, NEW_YORK]))
def test_moments_of_any_zone_give_the_same_answers_in_utc(moment: datetime, zone: ZoneInfo) -> None:
    there = moment.astimezone(zone)
    hours = timedelta(hours=5)
    for found, expected in (
        (CITY.add_business(there, hours), CITY.add_business(moment, hours)),
        (CITY.add_business(there, timedelta(0)), moment),
        (CITY.next_opening(there), CITY.next_opening(moment)),
        (CITY.working_days_after(there, 3), CITY.working_days_after(moment, 3)),
        (CITY.end_of_day(there), CITY.end_of_day(moment)),
    ):
        assert found == expected
        assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-02-14", True),  # a make-up Saturday
        ("2026-02-17", False),
        ("2026-09-20", True),  # a make-up Sunday
        ("2026-10-01", False),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2027-10-01", True),  # not announced: a Friday is worked
        ("2027-10-02", False),
    ],
)
def test_whether_a_day_is_worked(day: str, worked: bool) -> None:
    assert CITY.is_workday(date.fromisoformat(day)) is worked


def test_a_year_is_announced_or_not() -> None:
    assert CITY.is_announced(date(2026, 12, 31))
    assert not CITY.is_announced(date(2027, 1, 1))


def test_the_schedule_of_the_tests_has_as_many_working_days_as_the_notices_leave() -> None:
    days_of = {2025: 248, 2026: 248}
    for year, expected in days_of.items():
        assert CITY.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == expected


def test_a_day_has_seven_business_hours_and_ends_at_midnight_in_the_city() -> None:
    assert CITY.day_length == timedelta(hours=7)
    assert CITY.end_of_day(local("2026-03-02 00:00")) == local("2026-03-03 00:00")
    assert CITY.end_of_day(local("2026-03-02 23:59")) == local("2026-03-03 00:00")


def test_a_session_includes_its_first_moment_and_not_its_last() -> None:
    assert CITY.is_open(local("2026-03-02 08:30"))
    assert not CITY.is_open(local("2026-03-02 12:00"))
    assert CITY.is_open(local("2026-03-02 17:29"))
    assert not CITY.is_open(local("2026-03-02 17:30"))


@pytest.mark.parametrize(
    "sessions",
    [(), ((time(12), time(8)),), ((time(8), time(8)),), ((time(14), time(17)), (time(8), time(12)))],
)
def test_business_hours_that_are_not_ascending_are_refused(sessions: tuple[tuple[time, time], ...]) -> None:
    with pytest.raises(ValueError, match="ascending"):
        WorkCalendar(ZONE, sessions, {}, set())


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        CITY.working_days_after(local("2026-03-02 09:00"), 0)
    with pytest.raises(ValueError, match="forward"):
        CITY.add_business(local("2026-03-02 09:00"), timedelta(seconds=-1))


def test_a_calendar_without_a_working_day_is_an_error_and_not_an_endless_search() -> None:
    never = WorkCalendar(ZONE, HOURS, {date(2026, 1, 1) + timedelta(days=n): False for n in range(800)}, {2026})
    with pytest.raises(ValueError, match="no working day"):
        never.working_days_after(local("2026-01-05 09:00"), 1)
    with pytest.raises(ValueError, match="no working day"):
        never.add_business(local("2026-01-05 09:00"), timedelta(hours=1))


@settings(max_examples=60)
@given(CALENDARS, MOMENTS, SPANS)
def test_going_back_by_business_time_is_the_inverse_of_going_on(
    calendar: WorkCalendar, moment: datetime, span: timedelta
) -> None:
    begins = calendar.business_before(moment, span)
    assert begins <= moment
    assert calendar.business_between(begins, moment) == span
    assert calendar.add_business(begins, span) <= moment
