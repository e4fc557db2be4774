"""Clocks: cases worked by hand (P32, P33), and what must hold for any sequence of pauses.

The expected due times of deadline_cases.csv were reasoned out, as the column ``why`` says, not computed.
"""

import csv
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Conflict
from kernel.workcalendar import WorkCalendar
from tests.schedule import HOURS, ZONE, calendar, exceptions, local
from tests.ticketing.making import ticket
from ticketing.model.labels import ClockKind, Flag, Light, LimitUnit, State, TicketKind, Urgency
from ticketing.model.ticket import Clock, Limit
from ticketing.rules import deadlines
from ticketing.rules.limits import SAME_DAY, Limits, business_hours, minutes, working_days
from ticketing.rules.recounting import recounted

CALENDAR = calendar()
LIMITS = Limits()
CASES = list(csv.DictReader(Path(__file__).with_name("deadline_cases.csv").read_text(encoding="utf-8").splitlines()))


def pauses_of(text: str) -> list[tuple[datetime, datetime]]:
    both = [each.strip().split("/") for each in text.split(";") if each.strip()]
    return [(local(since), local(until)) for since, until in both]


def clock_of(case: dict[str, str]) -> Clock:
    received, limit = local(case["received"]), Limit(LimitUnit(case["unit"]), int(case["n"]))
    if case["kind"] == "limit":
        return deadlines.start(CALENDAR, ClockKind.TOTAL, limit, received)
    kind, urgency, which, *flags = case["kind"].split()
    of = ticket(TicketKind(kind), Urgency(urgency), received, flags=frozenset(Flag(flag) for flag in flags))
    total = deadlines.total_clock(CALENDAR, of, received, LIMITS)
    clock = {
        "promise": total,
        "ceiling": replace(total, due=total.ceiling_due or total.due, limit=deadlines.ceiling(of, LIMITS)),
        "rehandle": deadlines.rehandle_clock(CALENDAR, of, received, LIMITS),
    }[which]
    assert clock.limit == limit
    if not case["reassigned"]:
        return clock
    return deadlines.unit_clock(CALENDAR, replace(of, clocks=(total,)), local(case["reassigned"]), LIMITS, late=True)


@pytest.mark.parametrize("case", CASES, ids=[f"{case['case']}: {case['why']}" for case in CASES])
def test_a_deadline_worked_by_hand(case: dict[str, str]) -> None:
    clock = clock_of(case)
    for since, until in pauses_of(case["pauses"]):
        clock = deadlines.resume(CALENDAR, deadlines.pause(clock, since, State.SUSPENDED), until)
    if case["extended"]:
        clock = deadlines.extend(CALENDAR, clock, local(case["extended"]))
    if case["calendar"]:
        clock = counted_anew(case, clock)
    assert clock.due == local(case["expected_due"])


def counted_anew(case: dict[str, str], clock: Clock) -> Clock:
    """After the calendar of the column was set: ``2026-03-05 off; 2026-03-07 work``."""
    days = exceptions()
    for day, word in (each.split() for each in case["calendar"].split(";")):
        days[date.fromisoformat(day)] = word == "work"
    changed = WorkCalendar(ZONE, HOURS, days, {2025, 2026, 2027})
    kind = "complaint p2" if case["kind"] == "limit" else case["kind"]
    of = ticket(TicketKind(kind.split()[0]), Urgency(kind.split()[1]), clocks=(clock,))
    return recounted(of, changed, (CALENDAR,), LIMITS).clocks[0]


def test_there_are_a_hundred_and_fifty_cases_or_more_and_none_twice() -> None:
    asked = [tuple(value for key, value in case.items() if key not in {"case", "why"}) for case in CASES]
    assert len(asked) >= 150
    assert len(set(asked)) == len(asked)


LIMIT = st.sampled_from([working_days(1), working_days(7), business_hours(2), minutes(20), minutes(90), SAME_DAY])
START = st.integers(0, 300 * 24 * 60).map(lambda minute: local("2025-12-20 00:00") + timedelta(minutes=minute))
GAPS = st.lists(st.integers(0, 6 * 24 * 60), max_size=12)


def walked(clock: Clock, gaps: list[int]) -> tuple[Clock, datetime]:
    """Pause and resume in turn after each gap of minutes."""
    now = clock.started
    for gap in gaps:
        now += timedelta(minutes=gap)
        clock = deadlines.resume(CALENDAR, clock, now) if clock.paused else deadlines.pause(clock, now, State.NEED_INFO)
    return clock, now


@given(LIMIT, START, GAPS, st.integers(0, 60 * 24 * 60))
def test_p33_used_and_left_and_paused_are_the_elapsed_time_up_to_the_due_time(
    limit: Limit, began: datetime, gaps: list[int], later: int
) -> None:
    fresh = deadlines.start(CALENDAR, ClockKind.TOTAL, limit, began)
    allowed = deadlines.spent(CALENDAR, fresh, began).left
    clock, now = walked(fresh, gaps)
    now += timedelta(minutes=later)
    time = deadlines.spent(CALENDAR, clock, now)
    assert time.used + time.paused == time.elapsed == deadlines.counted(CALENDAR, limit, began, now)
    assert time.used + time.left == allowed
    whole = deadlines.counted(CALENDAR, limit, began, deadlines.due_at(CALENDAR, clock, now))
    assert time.used + time.left + time.paused == whole
    assert time.used >= timedelta(0)
    assert time.paused >= timedelta(0)


@given(LIMIT, START, GAPS)
def test_p33_time_stands_still_while_a_clock_is_paused(limit: Limit, began: datetime, gaps: list[int]) -> None:
    clock, now = walked(deadlines.start(CALENDAR, ClockKind.TOTAL, limit, began), gaps)
    held = deadlines.pause(clock, now, State.SUSPENDED)
    before = deadlines.spent(CALENDAR, held, now)
    after = deadlines.spent(CALENDAR, held, now + timedelta(days=9, minutes=17))
    assert (before.used, before.left) == (after.used, after.left)


@given(LIMIT, START, GAPS)
def test_a_stopped_clock_does_not_change_any_more(limit: Limit, began: datetime, gaps: list[int]) -> None:
    clock, now = walked(deadlines.start(CALENDAR, ClockKind.TOTAL, limit, began), gaps)
    stopped = deadlines.stop(CALENDAR, clock, now)
    much_later = now + timedelta(days=40)
    assert not stopped.paused
    assert deadlines.spent(CALENDAR, stopped, now) == deadlines.spent(CALENDAR, stopped, much_later)
    assert deadlines.stop(CALENDAR, stopped, much_later) == stopped
    assert deadlines.pause(stopped, much_later, State.SUSPENDED) == stopped


@given(LIMIT, START, GAPS)
def test_pausing_a_paused_clock_does_not_count_twice(limit: Limit, began: datetime, gaps: list[int]) -> None:
    clock, now = walked(deadlines.start(CALENDAR, ClockKind.TOTAL, limit, began), gaps)
    once = deadlines.pause(clock, now, State.SUSPENDED)
    twice = deadlines.pause(once, now + timedelta(hours=5), State.SHELVED)
    assert once == twice


def test_a_clock_that_goes_on_after_a_stop_counts_as_if_it_had_never_stopped() -> None:
    clock = deadlines.start(CALENDAR, ClockKind.TOTAL, working_days(5), local("2026-03-02 09:00"))
    stopped = deadlines.stop(CALENDAR, clock, local("2026-03-03 09:00"))
    assert deadlines.go_on(stopped) == clock


def test_another_limit_counts_from_the_same_start_and_keeps_the_pauses() -> None:
    began = local("2026-03-02 09:00")
    clock = deadlines.start(CALENDAR, ClockKind.TOTAL, working_days(1), began)
    clock = deadlines.pause(clock, local("2026-03-03 08:30"), State.NEED_INFO)
    clock = deadlines.resume(CALENDAR, clock, local("2026-03-04 08:30"))
    again = deadlines.retarget(CALENDAR, clock, working_days(7), working_days(15))
    assert again.started == began
    assert again.due == local("2026-03-12 17:30")
    assert again.ceiling_due == local("2026-03-24 17:30")


def test_a_pause_moves_the_legal_ceiling_by_its_business_time_too() -> None:
    clock = deadlines.start(CALENDAR, ClockKind.TOTAL, SAME_DAY, local("2026-03-02 09:00"), ceiling=working_days(2))
    clock = deadlines.pause(clock, local("2026-03-02 10:00"), State.SUSPENDED)
    clock = deadlines.resume(CALENDAR, clock, local("2026-03-03 10:00"))
    assert clock.due == local("2026-03-04 00:00")
    assert clock.ceiling_due == local("2026-03-05 17:30")


def test_the_first_unit_in_time_is_due_with_the_ticket() -> None:
    of = ticket(TicketKind.CONSULT)
    of = replace(of, clocks=(deadlines.total_clock(CALENDAR, of, local("2026-03-02 23:00"), LIMITS),))
    unit = deadlines.unit_clock(CALENDAR, of, local("2026-03-03 08:40"), LIMITS, late=False)
    assert unit.due == local("2026-03-03 17:30")


@given(START, st.sampled_from(TicketKind), st.sampled_from(Urgency), st.integers(0, 30 * 24 * 60))
def test_a_unit_never_gets_less_than_the_floor_nor_more_than_the_ticket_or_a_full_limit(
    began: datetime, kind: TicketKind, urgency: Urgency, later: int
) -> None:
    of = ticket(kind, urgency)
    total = deadlines.total_clock(CALENDAR, of, began, LIMITS)
    now = began + timedelta(minutes=later)
    unit = deadlines.unit_clock(CALENDAR, replace(of, clocks=(total,)), now, LIMITS, late=True)
    assert unit.due >= max(total.due, deadlines.floor(CALENDAR, total.limit, now, LIMITS))
    assert unit.due <= max(total.due, deadlines.due_after(CALENDAR, total.limit, now))


def test_a_ticket_without_a_clock_has_no_due_time() -> None:
    with pytest.raises(Conflict):
        deadlines.governing(ticket())


# received Monday 2 March 2026 at 09:00; seven working days; due Wednesday 11 at 17:30
LIGHTS = [
    ("2026-03-02 09:00", Light.GREEN),
    ("2026-03-09 09:00", Light.GREEN),
    ("2026-03-09 14:50", Light.GREEN),
    ("2026-03-09 14:51", Light.YELLOW),  # 38 h 51 min of 55 h 30 min of business time are 70 %
    ("2026-03-10 18:00", Light.YELLOW),
    ("2026-03-10 23:59", Light.YELLOW),
    ("2026-03-11 00:00", Light.ORANGE),
    ("2026-03-11 17:30", Light.ORANGE),
    ("2026-03-11 17:31", Light.RED),
    ("2026-03-12 09:00", Light.RED),
]


@pytest.mark.parametrize(("now", "expected"), LIGHTS)
def test_the_light_of_seven_working_days(now: str, expected: Light) -> None:
    clock = deadlines.start(CALENDAR, ClockKind.TOTAL, working_days(7), local("2026-03-02 09:00"))
    assert deadlines.light(CALENDAR, clock, local(now), LIMITS) is expected


def test_yellow_comes_a_working_day_before_due_even_if_less_than_seventy_per_cent_is_used() -> None:
    clock = deadlines.start(CALENDAR, ClockKind.TOTAL, working_days(2), local("2026-03-02 16:00"))
    assert deadlines.light(CALENDAR, clock, local("2026-03-03 17:29"), LIMITS) is Light.GREEN
    used = deadlines.spent(CALENDAR, clock, local("2026-03-03 17:30"))
    assert used.used < (used.used + used.left) * 0.7
    assert deadlines.light(CALENDAR, clock, local("2026-03-03 17:30"), LIMITS) is Light.YELLOW


def test_a_limit_of_one_working_day_is_green_until_seventy_per_cent_are_used() -> None:
    """A consultation is not yellow from its birth: one working day is its whole promise."""
    clock = deadlines.start(CALENDAR, ClockKind.TOTAL, working_days(1), local("2026-03-02 10:00"))
    # 5.5 hours of Monday and 7 of Tuesday; 70 % are 8.75.
    assert deadlines.light(CALENDAR, clock, local("2026-03-02 17:00"), LIMITS) is Light.GREEN
    assert deadlines.yellow_at(CALENDAR, clock, LIMITS) == local("2026-03-03 11:45")


@given(
    limit=st.one_of(
        st.integers(1, 15).map(working_days), st.integers(1, 30).map(business_hours), st.integers(5, 900).map(minutes)
    ),
    began=st.integers(0, 200 * 24 * 60),
    stood=st.integers(0, 20 * 24 * 60),
)
def test_the_moment_yellow_is_told_is_when_the_light_turns(limit: Limit, began: int, stood: int) -> None:
    """The notice and the light never say two things, whatever pause lies before."""
    clock = deadlines.start(CALENDAR, ClockKind.TOTAL, limit, local("2026-01-05 08:00") + timedelta(minutes=began))
    paused = deadlines.pause(clock, clock.started, State.SUSPENDED)
    clock = deadlines.resume(CALENDAR, paused, clock.started + timedelta(minutes=stood))
    turns = deadlines.yellow_at(CALENDAR, clock, LIMITS)
    assert deadlines.light(CALENDAR, clock, turns + timedelta(seconds=1), LIMITS) in {Light.YELLOW, Light.ORANGE}
    before = max(turns - timedelta(seconds=1), clock.started)
    # In a break nothing is used: there the light may have turned when it began.
    if before < turns and (limit.unit is LimitUnit.MINUTES or CALENDAR.is_open(before)):
        assert deadlines.light(CALENDAR, clock, before, LIMITS) in {Light.GREEN, Light.ORANGE}


@pytest.mark.parametrize("limit", [working_days(2), business_hours(9), minutes(600)])
@pytest.mark.parametrize("days", [0, 1, 30])
def test_a_clock_that_stands_still_keeps_the_moment_of_yellow_even_past_its_due_time(limit: Limit, days: int) -> None:
    clock = deadlines.start(CALENDAR, ClockKind.TOTAL, limit, local("2026-03-02 09:00"))
    paused = deadlines.pause(clock, clock.started + timedelta(days=days), State.NEED_INFO)
    assert deadlines.yellow_at(CALENDAR, paused, LIMITS) == deadlines.yellow_at(CALENDAR, clock, LIMITS)


@pytest.mark.parametrize(
    ("limit", "expected"), [(working_days(7), "2026-03-11 08:30"), (SAME_DAY, "2026-03-02 09:00"), (minutes(60), "")]
)
def test_orange_is_told_when_business_opens_on_the_day_it_is_due(limit: Limit, expected: str) -> None:
    clock = deadlines.start(CALENDAR, ClockKind.TOTAL, limit, local("2026-03-02 09:00"))
    assert deadlines.orange_at(CALENDAR, clock) == (local(expected) if expected else None)


def test_a_limit_of_hours_is_green_then_yellow_then_red_and_never_orange() -> None:
    clock = deadlines.start(CALENDAR, ClockKind.DISPATCH, business_hours(2), local("2026-03-02 09:00"))
    seen = [deadlines.light(CALENDAR, clock, clock.started + timedelta(minutes=m), LIMITS) for m in range(130)]
    assert seen == [Light.GREEN] * 84 + [Light.YELLOW] * 37 + [Light.RED] * 9


def test_what_is_due_the_same_day_is_orange_until_midnight() -> None:
    clock = deadlines.start(CALENDAR, ClockKind.TOTAL, SAME_DAY, local("2026-10-03 09:00"))
    assert deadlines.light(CALENDAR, clock, local("2026-10-03 23:59"), LIMITS) is Light.ORANGE
    assert deadlines.light(CALENDAR, clock, local("2026-10-04 00:01"), LIMITS) is Light.RED


def test_a_paused_clock_does_not_turn_red() -> None:
    clock = deadlines.start(CALENDAR, ClockKind.TOTAL, working_days(7), local("2026-03-02 09:00"))
    clock = deadlines.pause(clock, local("2026-03-03 09:00"), State.SUSPENDED)
    assert deadlines.light(CALENDAR, clock, local("2026-06-01 09:00"), LIMITS) is Light.GREEN


def test_the_light_of_a_stopped_clock_says_whether_it_was_in_time() -> None:
    clock = deadlines.start(CALENDAR, ClockKind.TOTAL, working_days(1), local("2026-03-02 09:00"))
    much_later = local("2026-06-01 09:00")
    in_time = deadlines.stop(CALENDAR, clock, local("2026-03-03 17:30"))
    too_late = deadlines.stop(CALENDAR, clock, local("2026-03-03 17:31"))
    assert deadlines.light(CALENDAR, in_time, much_later, LIMITS) is Light.GREEN
    assert deadlines.light(CALENDAR, too_late, much_later, LIMITS) is Light.RED


@pytest.mark.parametrize(
    ("now", "level"),
    [
        ("2026-09-30 17:30", 0),
        ("2026-10-08 17:29", 0),
        ("2026-10-08 17:30", 1),
        ("2026-10-10 17:30", 2),
        ("2026-10-13 17:30", 3),
        ("2026-12-13 17:30", 3),
    ],
)
def test_being_late_escalates_after_one_three_and_five_working_days(now: str, level: int) -> None:
    clock = deadlines.start(CALENDAR, ClockKind.TOTAL, working_days(1), local("2026-09-29 09:00"))
    assert deadlines.escalation(CALENDAR, clock, local(now), LIMITS) == level


@given(START, LIMIT)
def test_due_times_do_not_depend_on_the_zone_a_moment_is_written_in(began: datetime, limit: Limit) -> None:
    there = deadlines.start(CALENDAR, ClockKind.TOTAL, limit, began.astimezone(timezone(timedelta(hours=-8))))
    here = deadlines.start(CALENDAR, ClockKind.TOTAL, limit, began)
    assert there.due == here.due
    assert here.due.tzinfo is UTC
