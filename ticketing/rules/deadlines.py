"""Clocks: when they fall due, how pauses and extensions move that, what is used and left, which light is on.

Every moment is aware; what comes out is UTC. A pause adds to the due time exactly the time the clock would have
counted meanwhile, so that used + left stays what was allowed.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import ceil

from kernel.errors import Conflict
from kernel.workcalendar import WorkCalendar
from ticketing.model.labels import ClockKind, Flag, Light, LimitUnit, State
from ticketing.model.ticket import Clock, Limit, Pause, Ticket
from ticketing.rules.limits import Limits, working_days

BY_THE_CLOCK = frozenset({LimitUnit.MINUTES, LimitUnit.SAME_DAY})
BY_THE_DAY = frozenset({LimitUnit.WORKING_DAYS, LimitUnit.SAME_DAY})
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Spent:
    """What became of a clock's time: used + paused = elapsed; used + left = what was allowed."""

    elapsed: timedelta
    used: timedelta
    paused: timedelta
    left: timedelta


# -- measuring ------------------------------------------------------------------------------------------


def due_after(calendar: WorkCalendar, limit: Limit, moment: datetime) -> datetime:
    """When ``limit`` is over if it begins at ``moment``."""
    match limit.unit:
        case LimitUnit.WORKING_DAYS:
            return calendar.working_days_after(moment, limit.amount)
        case LimitUnit.BUSINESS_MINUTES:
            return calendar.add_business(moment, timedelta(minutes=limit.amount))
        case LimitUnit.SAME_DAY:
            return calendar.end_of_day(moment)
        case LimitUnit.MINUTES:
            return moment + timedelta(minutes=limit.amount)


def counted(calendar: WorkCalendar, limit: Limit, start: datetime, end: datetime) -> timedelta:
    """The time from ``start`` to ``end`` as a clock with ``limit`` counts it; negative backwards."""
    return end - start if limit.unit in BY_THE_CLOCK else calendar.business_between(start, end)


def due_at(calendar: WorkCalendar, clock: Clock, moment: datetime) -> datetime:
    """The due time as it stands at ``moment``, with a pause that is going on."""
    if not clock.paused:
        return clock.due
    return _later(calendar, clock.limit, clock.due, counted(calendar, clock.limit, clock.pauses[-1].since, moment))


def spent(calendar: WorkCalendar, clock: Clock, now: datetime) -> Spent:
    """What is used, paused and left at ``now``, or at the stop of a stopped clock; left is negative when overdue."""
    end = clock.stopped or now
    elapsed = counted(calendar, clock.limit, clock.started, end)
    paused = sum(
        (counted(calendar, clock.limit, pause.since, pause.until or end) for pause in clock.pauses), timedelta(0)
    )
    left = counted(calendar, clock.limit, end, due_at(calendar, clock, end))
    return Spent(elapsed, elapsed - paused, paused, left)


def is_overdue(calendar: WorkCalendar, clock: Clock, now: datetime) -> bool:
    """Whether the due time has passed, or had when the clock stopped."""
    end = clock.stopped or now
    return end > due_at(calendar, clock, end)


def light(calendar: WorkCalendar, clock: Clock, now: datetime, limits: Limits) -> Light:
    """Which light is on. Limits of minutes and hours have no orange: they are always due today."""
    limits = limits.at(clock.started)
    if is_overdue(calendar, clock, now):
        return Light.RED
    if not clock.running:
        return Light.GREEN
    due, time = due_at(calendar, clock, now), spent(calendar, clock, now)
    if clock.limit.unit in BY_THE_DAY and calendar.local_date(due - INSTANT) == calendar.local_date(now):
        return Light.ORANGE
    if time.left <= warned_left(calendar, clock, limits, time.used + time.left):
        return Light.YELLOW
    return Light.GREEN


def warned_left(calendar: WorkCalendar, clock: Clock, limits: Limits, allowed: timedelta) -> timedelta:
    """What is left of ``allowed`` when yellow goes on: the share, or the last days of a limit that has more of them."""
    share = allowed - allowed * limits.yellow_share
    days = clock.limit.unit is LimitUnit.WORKING_DAYS and clock.limit.amount > limits.yellow_days
    return max(share, calendar.day_length * limits.yellow_days) if days else share


def yellow_at(calendar: WorkCalendar, clock: Clock, limits: Limits) -> datetime:
    """When yellow goes on if the clock does not stand still any longer."""
    if clock.paused:
        clock = replace(clock, pauses=clock.pauses[:-1])
    time, limits = spent(calendar, clock, clock.due), limits.at(clock.started)
    left = warned_left(calendar, clock, limits, time.used + time.left)
    if clock.limit.unit in BY_THE_CLOCK:
        return max(clock.due - left, clock.started)
    return max(calendar.business_before(clock.due, left), clock.started)


def yellow_before(calendar: WorkCalendar, limit: Limit, due: datetime, limits: Limits) -> datetime:
    """When yellow goes on of what has no clock but is due, after ``limit``, at ``due``."""
    if limit.unit in BY_THE_CLOCK:
        return due - timedelta(minutes=limit.amount) * (1 - limits.yellow_share)
    days = limit.unit is LimitUnit.WORKING_DAYS
    allowed = calendar.day_length * limit.amount if days else timedelta(minutes=limit.amount)
    left = allowed * (1 - limits.yellow_share)
    if days and limit.amount > limits.yellow_days:
        left = max(left, calendar.day_length * limits.yellow_days)
    return calendar.business_before(due, left)


def orange_at(calendar: WorkCalendar, clock: Clock) -> datetime | None:
    """When people begin to work on the day a clock is due; None for limits of minutes and hours."""
    if clock.limit.unit not in BY_THE_DAY:
        return None
    return max(calendar.opening_of(clock.due - INSTANT), clock.started)


def escalation(calendar: WorkCalendar, clock: Clock, now: datetime, limits: Limits) -> int:
    """The supervision level being late asks for: 1 notice to the head, 2 level two, 3 circular; 0 none."""
    if not clock.running or not is_overdue(calendar, clock, now):
        return 0
    due = due_at(calendar, clock, now)
    return sum(now >= calendar.working_days_after(due, days) for days in limits.at(clock.started).escalation_days)


# -- moving ---------------------------------------------------------------------------------------------


def start(calendar: WorkCalendar, kind: ClockKind, limit: Limit, now: datetime, ceiling: Limit | None = None) -> Clock:
    """A clock that begins ``now``."""
    ceiling_due = due_after(calendar, ceiling, now) if ceiling else None
    return Clock(kind, now, limit, due_after(calendar, limit, now), ceiling_due)


def pause(clock: Clock, now: datetime, reason: State) -> Clock:
    """Stand still from ``now``; a clock that is paused or stopped stays as it is."""
    if clock.paused or not clock.running:
        return clock
    return replace(clock, pauses=(*clock.pauses, Pause(now, None, reason)))


def resume(calendar: WorkCalendar, clock: Clock, now: datetime) -> Clock:
    """Go on from ``now``; what stood still is added to the due time and to the ceiling."""
    if not clock.paused:
        return clock
    *earlier, last = clock.pauses
    still = counted(calendar, clock.limit, last.since, now)
    ceiling = clock.ceiling_due
    return replace(
        clock,
        due=_later(calendar, clock.limit, clock.due, still),
        ceiling_due=ceiling and _later(calendar, working_days(1), ceiling, calendar.business_between(last.since, now)),
        pauses=(*earlier, replace(last, until=now)),
    )


def stop(calendar: WorkCalendar, clock: Clock, now: datetime) -> Clock:
    """Stop for good; a pause that is going on ends first."""
    return replace(resume(calendar, clock, now), stopped=now) if clock.running else clock


def go_on(clock: Clock) -> Clock:
    """Undo a stop: the clock counts as if it had never stopped."""
    return replace(clock, stopped=None)


def extend(calendar: WorkCalendar, clock: Clock, new_due: datetime) -> Clock:
    """Move the due time by a granted extension; never to an earlier one."""
    new_due = new_due.astimezone(UTC)
    if new_due <= clock.due:
        return clock
    added = counted(calendar, clock.limit, clock.due, new_due)
    return replace(clock, due=new_due, extended=clock.extended + added)


def retarget(calendar: WorkCalendar, clock: Clock, limit: Limit, ceiling: Limit) -> Clock:
    """Give the clock another limit from its own start; its pauses count again, granted extensions do not."""
    fresh = start(calendar, clock.kind, limit, clock.started, ceiling)
    for each in clock.pauses:
        fresh = pause(fresh, each.since, each.reason)
        if each.until is not None:
            fresh = resume(calendar, fresh, each.until)
    return replace(fresh, stopped=clock.stopped)


# -- the clocks of a ticket -----------------------------------------------------------------------------


def total_clock(calendar: WorkCalendar, ticket: Ticket, now: datetime, limits: Limits) -> Clock:
    """C_total, from receipt: the promise, and the legal ceiling beside it."""
    return start(calendar, ClockKind.TOTAL, promise(ticket, limits), now, ceiling(ticket, limits))


def step_clock(calendar: WorkCalendar, kind: ClockKind, ticket: Ticket, now: datetime, limits: Limits) -> Clock:
    """The clock of one step: dispatch, accept, first contact, review, call-back."""
    return start(calendar, kind, limits.timer(kind, ticket.urgency, enterprise=_enterprise(ticket)), now)


def unit_clock(calendar: WorkCalendar, ticket: Ticket, now: datetime, limits: Limits, *, late: bool) -> Clock:
    """C_unit: due with the ticket. After a ``late`` (re)dispatch the unit is not charged for earlier hops: it has
    at least max(20 % of the limit, 1 working day), but never more than the full limit anew."""
    whole = governing(ticket)
    due = max(whole.due, floor(calendar, whole.limit, now, limits)) if late else whole.due
    return Clock(ClockKind.UNIT, now, whole.limit, due, max(whole.ceiling_due or due, due))


def floor(calendar: WorkCalendar, limit: Limit, now: datetime, limits: Limits) -> datetime:
    """The earliest due time of a unit that gets a ticket late, ``now``."""
    days = limits.floor_days
    if limit.unit is LimitUnit.WORKING_DAYS:
        days = max(ceil(limit.amount * limits.floor_share), days)
    return min(due_after(calendar, working_days(days), now), due_after(calendar, limit, now))


def rehandle_clock(calendar: WorkCalendar, ticket: Ticket, now: datetime, limits: Limits) -> Clock:
    """C_rehandle: half the original limit, at least 2 working days; the ceiling is half the legal one."""
    return start(
        calendar,
        ClockKind.REHANDLE,
        half(promise(ticket, limits), limits),
        now,
        half(ceiling(ticket, limits), limits),
    )


def half(limit: Limit, limits: Limits) -> Limit:
    """What a rehandling gets of ``limit``, rounded up to whole working days."""
    days = limit.amount if limit.unit is LimitUnit.WORKING_DAYS else 0
    return working_days(max(ceil(days * limits.rehandle_share), limits.rehandle_days))


def promise(ticket: Ticket, limits: Limits) -> Limit:
    """Within what this ticket's citizen is promised a reply."""
    return limits.promise(ticket.kind, ticket.urgency, enterprise=_enterprise(ticket))


def ceiling(ticket: Ticket, limits: Limits) -> Limit:
    """Within what the law wants a reply to this ticket."""
    return limits.ceiling(ticket.kind, enterprise=_enterprise(ticket))


def governing(ticket: Ticket) -> Clock:
    """The clock the whole ticket is due by: that of the rehandling going on, else C_total."""
    rehandle, total = ticket.clock(ClockKind.REHANDLE), ticket.clock(ClockKind.TOTAL)
    if rehandle is not None and rehandle.running:
        return rehandle
    if total is None:
        raise Conflict("no_clock", current=ticket.state.value)
    return total


def working(ticket: Ticket) -> Clock:
    """The clock the unit at work is measured by: its own while it runs, else the ticket's."""
    unit = ticket.clock(ClockKind.UNIT)
    return unit if unit is not None and unit.running else governing(ticket)


def _enterprise(ticket: Ticket) -> bool:
    return Flag.ENTERPRISE in ticket.flags


def _later(calendar: WorkCalendar, limit: Limit, moment: datetime, by: timedelta) -> datetime:
    return moment + by if limit.unit in BY_THE_CLOCK else calendar.add_business(moment, by)
