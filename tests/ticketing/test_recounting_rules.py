"""A changed calendar: clocks are what they would be had it always been so; what was agreed keeps its business time."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.workcalendar import WorkCalendar
from tests.schedule import HOURS, ZONE, calendar, exceptions, local
from tests.ticketing.making import Life
from ticketing.model.labels import Action, Actor, ClockKind, RequestKind, RequestMove, State, TicketKind, Urgency
from ticketing.rules.limits import Limits
from ticketing.rules.recounting import data_of, recounted

OLD = calendar()
LIMITS = Limits()


def with_days(**days: bool) -> WorkCalendar:
    """The calendar with some days otherwise: ``with_days(d20260310=False)``."""
    more = {date.fromisoformat(f"{name[1:5]}-{name[5:7]}-{name[7:]}"): worked for name, worked in days.items()}
    return WorkCalendar(ZONE, HOURS, exceptions() | more, {2025, 2026})


HOLIDAY = with_days(d20260310=False)  # a Tuesday the city gives off


def due(life: Life, kind: ClockKind, new: WorkCalendar = HOLIDAY, *before: WorkCalendar) -> datetime:
    clock = recounted(life.ticket, new, before or (OLD,), LIMITS).clock(kind)
    assert clock is not None
    return clock.due


def test_a_day_off_more_moves_the_ticket_its_unit_and_the_legal_ceiling_by_a_day() -> None:
    life = Life().to(State.DISPATCHED)
    made = recounted(life.ticket, HOLIDAY, (OLD,), LIMITS)
    total, unit = made.clock(ClockKind.TOTAL), made.clock(ClockKind.UNIT)
    assert total is not None
    assert unit is not None
    assert (total.due, total.ceiling_due) == (local("2026-03-12 17:30"), local("2026-03-24 17:30"))
    assert (unit.due, unit.ceiling_due) == (total.due, total.ceiling_due)


def test_a_make_up_saturday_brings_the_due_day_nearer() -> None:
    life = Life().to(State.DISPATCHED)
    assert due(life, ClockKind.TOTAL, with_days(d20260307=True)) == local("2026-03-10 17:30")


def test_the_day_of_receipt_is_not_counted_whatever_it_becomes() -> None:
    life = Life().to(State.DISPATCHED)
    assert due(life, ClockKind.TOTAL, with_days(d20260302=False)) == local("2026-03-11 17:30")


def test_a_pause_over_the_day_that_became_a_holiday_adds_nothing_any_more() -> None:
    life = Life().to(State.RECEIVED)
    life.at("2026-03-10 00:00").do(Action.ASK_INFO, Actor.AGENT, question="在哪里？")
    life.at("2026-03-11 00:00").do(Action.SUPPLY_INFO, Actor.CITIZEN, text="在路口")
    assert life.ticket.clock(ClockKind.TOTAL) is not None
    assert due(life, ClockKind.TOTAL) == local("2026-03-12 17:30")


def test_a_clock_that_stands_still_is_counted_anew_and_stands_still() -> None:
    life = Life().to(State.RECEIVED)
    life.at("2026-03-04 09:00").do(Action.ASK_INFO, Actor.AGENT, question="在哪里？")
    clock = recounted(life.ticket, HOLIDAY, (OLD,), LIMITS).clock(ClockKind.TOTAL)
    assert clock is not None
    assert clock.paused
    assert clock.due == local("2026-03-12 17:30")


def test_an_extension_keeps_its_working_days_behind_the_new_due_day() -> None:
    life = Life().to(State.IN_PROGRESS)
    request = life.ask(RequestKind.EXTENSION, reason="需要招标", new_due=local("2026-03-13 17:30"))
    life.do(RequestMove.GRANT, Actor.SUPERVISOR, request=request)
    assert due(life, ClockKind.TOTAL) == due(life, ClockKind.UNIT) == local("2026-03-16 17:30")


def test_a_moment_agreed_outside_business_hours_stays_while_no_day_lies_between() -> None:
    life = Life().to(State.IN_PROGRESS)
    request = life.ask(RequestKind.EXTENSION, reason="需要招标", new_due=local("2026-03-13 20:00"))
    life.do(RequestMove.GRANT, Actor.SUPERVISOR, request=request)
    assert due(life, ClockKind.TOTAL, with_days(d20260601=False)) == local("2026-03-13 20:00")


def test_the_floor_of_a_unit_that_got_it_late_keeps_its_two_days() -> None:
    life = Life().to(State.DISPATCHED).at("2026-03-09 16:00")
    life.do(Action.REASSIGN, Actor.DISPATCHER, unit="unit-b", duty_item="item", reason="职责调整")
    life.at("2026-03-11 10:00")
    life.do(Action.REASSIGN, Actor.DISPATCHER, unit="unit-c", duty_item="item", reason="职责调整")
    assert life.ticket.lead is not None
    assert life.ticket.lead.clock.due == local("2026-03-13 17:30")
    assert due(life, ClockKind.UNIT, with_days(d20260312=False)) == local("2026-03-16 17:30")


def test_what_runs_by_the_clock_does_not_move() -> None:
    life = Life(urgency=Urgency.P0).to(State.DISPATCHED)
    made = recounted(life.ticket, with_days(d20260302=False), (OLD,), LIMITS)
    kinds = (ClockKind.TOTAL, ClockKind.ACCEPT, ClockKind.UNIT)
    assert [each.due for kind in kinds if (each := made.clock(kind))] == [
        each.due for kind in kinds if (each := life.ticket.clock(kind))
    ]


def test_a_clock_that_has_stopped_is_history() -> None:
    life = Life().to(State.REPLIED)
    before = life.ticket.clock(ClockKind.TOTAL)
    assert recounted(life.ticket, HOLIDAY, (OLD,), LIMITS).clock(ClockKind.TOTAL) == before


def test_other_business_hours_move_hours_and_the_end_of_the_day() -> None:
    early = WorkCalendar(ZONE, ((HOURS[0][0], HOURS[0][1]), (HOURS[1][0], HOURS[1][1].replace(hour=17, minute=0))),
                         exceptions(), {2025, 2026})  # fmt: skip
    life = Life(TicketKind.HELP).to(State.RECEIVED)
    assert due(life, ClockKind.TOTAL, early) == local("2026-03-09 17:00")


def test_the_calendar_changed_twice_meanwhile_and_either_may_have_counted_it() -> None:
    life = Life().to(State.DISPATCHED)
    once = replace(life.ticket, clocks=recounted(life.ticket, HOLIDAY, (OLD,), LIMITS).clocks)
    both = with_days(d20260310=False, d20260311=False)
    for ticket in (life.ticket, once):
        clock = recounted(ticket, both, (OLD, HOLIDAY), LIMITS).clock(ClockKind.TOTAL)
        assert clock is not None
        assert clock.due == local("2026-03-13 17:30")


DAYS = st.dictionaries(
    st.integers(0, 40).map(lambda n: date(2026, 2, 20) + timedelta(days=n)), st.booleans(), max_size=6
)


@given(DAYS, st.sampled_from(TicketKind), st.sampled_from(Urgency))
def test_counting_anew_by_the_same_calendar_changes_nothing_and_twice_is_once(
    days: dict[date, bool], kind: TicketKind, urgency: Urgency
) -> None:
    if kind is TicketKind.SUGGEST:
        return
    life = Life(kind, urgency, matter="street-lamp").to(State.ACCEPTED).wait(hours=30)
    assert recounted(life.ticket, OLD, (OLD,), LIMITS) == life.ticket
    new = WorkCalendar(ZONE, HOURS, exceptions() | days, {2025, 2026})
    once = recounted(life.ticket, new, (OLD,), LIMITS)
    assert recounted(once, new, (new,), LIMITS) == once
    back = recounted(once, OLD, (new,), LIMITS)
    assert back == life.ticket


def test_a_calendar_is_kept_and_comes_back_the_same() -> None:
    assert data_of(data_of(OLD).calendar()) == data_of(OLD)


@pytest.mark.parametrize("day", ["2026-03-05", "2026-03-14"])
def test_a_kept_calendar_knows_its_days(day: str) -> None:
    assert data_of(OLD).calendar().is_workday(date.fromisoformat(day)) == OLD.is_workday(date.fromisoformat(day))
