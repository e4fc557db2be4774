"""The calendar has changed: what running clocks would be had it always been so, each counted anew from its start."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kernel.errors import Conflict
from kernel.workcalendar import WorkCalendar
from ticketing.model.labels import ClockKind, ErrandKind, LimitUnit
from ticketing.model.ticket import Assignment, Clock, Limit, Ticket
from ticketing.rules import deadlines
from ticketing.rules.agenda import due_clock
from ticketing.rules.deadlines import BY_THE_CLOCK
from ticketing.rules.limits import Limits
from ticketing.rules.situation import Situation

MOST_DAYS = 3


@dataclass(frozen=True, slots=True)
class CalendarData:
    """A calendar as it is kept, so that what was counted by it can be told from what was not."""

    zone: str
    sessions: tuple[tuple[time, time], ...]
    exceptions: Mapping[str, bool]
    announced: tuple[int, ...]

    def calendar(self) -> WorkCalendar:
        """The calendar itself."""
        days = {date.fromisoformat(day): worked for day, worked in self.exceptions.items()}
        return WorkCalendar(ZoneInfo(self.zone), self.sessions, days, self.announced)


def data_of(calendar: WorkCalendar) -> CalendarData:
    """A calendar to be kept."""
    days = {day.isoformat(): worked for day, worked in sorted(calendar.exceptions.items())}
    return CalendarData(calendar.zone.key, calendar.sessions, days, tuple(sorted(calendar.announced)))


def recount(s: Situation) -> Situation:
    """Every running clock by the calendar of now; the citizen is told when they were told of an earlier day. The
    form's text says which days changed."""
    made = recounted(s.ticket, s.calendar, s.around.calendars, s.limits)
    before, after = due_clock(s.ticket), due_clock(made)
    s = replace(s, ticket=made)
    if before is None or after is None or after.due == before.due:
        return s
    told = s.ticket.told_due or before.due
    if after.due > told:
        s = s.change(told_due=None)
        return s.send(ErrandKind.TELL_CALENDAR, text=s.form.text) if s.ticket.assignments and not after.paused else s
    return s.change(told_due=told if after.due < told else None)


def days_changed(
    ticket: Ticket, made: Ticket, calendar: WorkCalendar, before: Sequence[WorkCalendar]
) -> tuple[date, ...]:
    """The days between a ticket's start and its due time, before or now, that are worked otherwise than by one of the
    calendars of before."""
    dues = [clock.due for clock in (due_clock(ticket), due_clock(made)) if clock is not None]
    if not dues:
        return ()
    first, last = calendar.local_date(ticket.received or ticket.created), calendar.local_date(max(dues))
    days = (first + timedelta(days=past) for past in range((last - first).days + 1))
    return tuple(day for day in days if any(calendar.is_workday(day) != each.is_workday(day) for each in before))


def calendar_words(days: Sequence[date], calendar: WorkCalendar) -> str:
    """What changed: 3月20日改为放假、3月21日改为上班; of more than three days the first three and how many."""
    said = [f"{day.month}月{day.day}日改为{'上班' if calendar.is_workday(day) else '放假'}" for day in days[:MOST_DAYS]]
    more = f"等{len(days)}天调整" if len(days) > MOST_DAYS else ""
    return "、".join(said) + more if said else "工作时间调整"


def something_moves(s: Situation) -> None:
    """A running clock is due at another time by the calendar of now."""
    if recounted(s.ticket, s.calendar, s.around.calendars, s.limits) == s.ticket:
        raise Conflict("nothing_to_recount", current=s.ticket.state.value)


def recounted(ticket: Ticket, calendar: WorkCalendar, before: Sequence[WorkCalendar], limits: Limits) -> Ticket:
    """The ticket with its running clocks counted by ``calendar``. ``before`` are the calendars they may have been
    counted by until now: a due time none of them explains (a floor, an agreed date) keeps its business time."""

    def anew(clock: Clock) -> Clock:
        ceiling = _ceiling(ticket, clock, limits)
        return _recounted(clock, ceiling, calendar, before) if clock.running else clock

    made = replace(ticket, clocks=tuple(anew(clock) for clock in ticket.clocks))
    parts = tuple(_part(part, ticket, made, calendar, before) for part in ticket.assignments)
    return replace(made, assignments=parts)


def _part(
    part: Assignment, ticket: Ticket, made: Ticket, calendar: WorkCalendar, before: Sequence[WorkCalendar]
) -> Assignment:
    if not part.open or not part.clock.running:
        return part
    clock, whole = part.clock, due_clock(ticket)
    again = due_clock(made)
    if whole is not None and again is not None and clock.due == whole.due:
        ceiling = again.ceiling_due if clock.ceiling_due == whole.ceiling_due else clock.ceiling_due
        return replace(part, clock=replace(clock, due=again.due, ceiling_due=ceiling))
    due = _shifted(clock.limit, clock.started, clock.due, calendar, before)
    ceiling_due = clock.ceiling_due and max(due, clock.ceiling_due)
    return replace(part, clock=replace(clock, due=due, ceiling_due=ceiling_due))


def _recounted(clock: Clock, ceiling: Limit | None, calendar: WorkCalendar, before: Sequence[WorkCalendar]) -> Clock:
    fresh = _replayed(clock, ceiling, calendar)
    earlier = [_replayed(clock, ceiling, each) for each in before]
    due = _moved(
        clock.due,
        fresh.due,
        [each.due for each in earlier],
        lambda: _shifted(clock.limit, clock.started, clock.due, calendar, before),
    )
    if clock.ceiling_due is None or fresh.ceiling_due is None or ceiling is None:
        return replace(clock, due=due)
    old = clock.ceiling_due
    known = [each.ceiling_due for each in earlier if each.ceiling_due is not None]
    last = _moved(old, fresh.ceiling_due, known, lambda: _shifted(ceiling, clock.started, old, calendar, before))
    return replace(clock, due=due, ceiling_due=last)


def _moved(now: datetime, fresh: datetime, earlier: Sequence[datetime], shifted: Callable[[], datetime]) -> datetime:
    return fresh if now in {fresh, *earlier} else shifted()


def _replayed(clock: Clock, ceiling: Limit | None, calendar: WorkCalendar) -> Clock:
    """The clock had ``calendar`` always been in force: the limit from its start, its pauses, its extensions."""
    fresh = deadlines.start(calendar, clock.kind, clock.limit, clock.started, ceiling)
    for each in clock.pauses:
        fresh = deadlines.pause(fresh, each.since, each.reason)
        if each.until is not None:
            fresh = deadlines.resume(calendar, fresh, each.until)
    if clock.extended and clock.limit.unit not in BY_THE_CLOCK:
        fresh = replace(fresh, due=calendar.add_business(fresh.due, clock.extended))
    elif clock.extended:
        fresh = replace(fresh, due=fresh.due + clock.extended)
    return fresh


def _shifted(
    limit: Limit, started: datetime, moment: datetime, calendar: WorkCalendar, before: Sequence[WorkCalendar]
) -> datetime:
    """The moment by which as much business time has passed by ``calendar`` as by the calendar before."""
    if limit.unit in BY_THE_CLOCK or not before:
        return moment
    old = before[-1]
    # The day a limit of working days begins on is not counted, whatever it was.
    anchor = old.end_of_day(started) if limit.unit is LimitUnit.WORKING_DAYS else started
    if moment <= anchor:
        return moment
    found = calendar.add_business(anchor, old.business_between(anchor, moment))
    # An agreed moment outside business hours stays while no business time lies between.
    return found if calendar.business_between(found, moment) else moment


def _ceiling(ticket: Ticket, clock: Clock, limits: Limits) -> Limit | None:
    if clock.ceiling_due is None:
        return None
    then = limits.at(clock.started)
    whole = deadlines.ceiling(ticket, then)
    return deadlines.half(whole, then) if clock.kind is ClockKind.REHANDLE else whole
