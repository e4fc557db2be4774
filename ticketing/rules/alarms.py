"""What becomes late and who is told of it, when: one list a ticket, each notice once for its clock, request or hold."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel.workcalendar import WorkCalendar
from ticketing.model.labels import ClockKind, LimitUnit, RequestState, State
from ticketing.model.ticket import Clock, Request, Ticket
from ticketing.rules import deadlines
from ticketing.rules.agenda import due_clock
from ticketing.rules.limits import Limits
from ticketing.rules.notices import Late
from ticketing.rules.reaching import Pings, deciders
from ticketing.rules.until import Until, decision_until, span_until


@dataclass(frozen=True, slots=True)
class Alarm:
    """A notice to come. ``subject`` is what is late, ``at`` its moment, None while that stands still; ``level`` the
    step of lateness a fact is stated of, ``supervision`` the level it asks for at least; ``pings`` who is told and
    ``until`` by when something is to be done where the event alone does not say."""

    subject: str
    event: Late
    at: datetime | None
    clock: Clock | None = None
    level: int | None = None
    supervision: int = 0
    pings: Pings = ()
    until: Until | None = None

    @property
    def key(self) -> str:
        """What is kept once it was told."""
        return f"{self.subject}:{self.event.value}"


# What is told before the time of a step is over, and when it is. Of an unsigned ticket the second is told by the
# timer's own signing, which comes at the same moment.
STEPS: Mapping[ClockKind, tuple[Late, Late | None]] = {
    ClockKind.DISPATCH: (Late.DISPATCH_SOON, Late.DISPATCH_LATE),
    ClockKind.ACCEPT: (Late.SIGN_SOON, None),
    ClockKind.FIRST_CONTACT: (Late.CONTACT_SOON, Late.CONTACT_LATE),
    ClockKind.APPROVAL: (Late.APPROVAL_SOON, Late.APPROVAL_LATE),
    ClockKind.REVIEW: (Late.REVIEW_SOON, Late.REVIEW_LATE),
    ClockKind.CALL_BACK: (Late.CALLBACK_SOON, Late.CALLBACK_LATE),
    ClockKind.RECEIPT: (Late.RECEIPT_SOON, Late.RECEIPT_LATE),
}
# After the due time: what is told, and the level of supervision it asks for.
SPANS = "spans"
ESCALATIONS = ((Late.URGE_NOTICE, 1), (Late.SECOND_LEVEL, 2), (Late.CIRCULAR, 3))


def alarms(ticket: Ticket, calendar: WorkCalendar, limits: Limits) -> list[Alarm]:
    """Every notice of what the ticket holds, told or not."""
    return [*_clocks(ticket, calendar, limits), *_decisions(ticket, calendar, limits), *_hold(ticket, calendar, limits)]


def still_told(found: Sequence[Alarm], told: Collection[str], now: datetime) -> tuple[str, ...]:
    """What stays told: not what has gone, nor what is to come again because its moment moved."""
    return tuple(each.key for each in found if each.key in told and (each.at is None or each.at <= now))


def next_at(found: Sequence[Alarm], told: Collection[str]) -> datetime | None:
    """When the next notice comes."""
    return min((each.at for each in found if each.at is not None and each.key not in told), default=None)


def due_now(found: Sequence[Alarm], told: Collection[str], now: datetime) -> list[Alarm]:
    """What is to be told now, the earliest first."""
    waiting = [(each.at, each) for each in found if each.at is not None and each.at <= now and each.key not in told]
    return [each for _, each in sorted(waiting, key=lambda pair: pair[0])]


def newest_of_each(due: Sequence[Alarm]) -> list[Alarm]:
    """Of one thing only the last that is due: who was told of nothing for a while is not told of everything."""
    return list({each.subject: each for each in due}.values())


def _clocks(ticket: Ticket, calendar: WorkCalendar, limits: Limits) -> Iterator[Alarm]:
    due = due_clock(ticket)
    for clock in ticket.clocks:
        subject = f"{clock.kind.value}:{int(clock.started.timestamp())}"
        if clock.kind in {ClockKind.TOTAL, ClockKind.REHANDLE}:
            runs = clock is due and not clock.paused
            yield from _reply(subject, clock, calendar, limits.at(clock.started), runs=runs)
        elif clock.kind in STEPS:
            soon, late = STEPS[clock.kind]
            runs = clock.running and not clock.paused
            yield Alarm(subject, soon, deadlines.yellow_at(calendar, clock, limits) if runs else None, clock)
            if late is not None:
                yield Alarm(subject, late, clock.due if runs else None, clock)


def _reply(subject: str, clock: Clock, calendar: WorkCalendar, limits: Limits, *, runs: bool) -> Iterator[Alarm]:
    def at(moment: datetime | None) -> datetime | None:
        return moment if runs else None

    yield Alarm(subject, Late.NEARLY_DUE, at(deadlines.yellow_at(calendar, clock, limits)), clock)
    if clock.limit.unit is LimitUnit.WORKING_DAYS:
        yield Alarm(subject, Late.DUE_TODAY, at(deadlines.orange_at(calendar, clock)), clock)
    yield Alarm(subject, Late.OVERDUE, at(clock.due), clock, level=0, supervision=1)
    for place, (event, supervision) in enumerate(ESCALATIONS):
        moment = calendar.working_days_after(clock.due, limits.escalation_days[place])
        yield Alarm(subject, event, at(moment), clock, level=place + 1, supervision=supervision)


def _decisions(ticket: Ticket, calendar: WorkCalendar, limits: Limits) -> Iterator[Alarm]:
    for request in ticket.requests:
        if request.open:
            yield from _request(ticket, request, calendar, limits.at(request.asked_at))
    if ticket.refusal is not None:
        until = deadlines.due_after(calendar, limits.at(ticket.refusal.at).ruling, ticket.refusal.at)
        yield Alarm(f"refusal:{int(ticket.refusal.at.timestamp())}", Late.REFUSAL_LATE, until)
    if ticket.appeal_pending:
        filed = ticket.appeal_filed or ticket.state_since
        until = deadlines.due_after(calendar, limits.at(filed).ruling, filed)
        yield Alarm(f"appeal:{int(filed.timestamp())}", Late.APPEAL_LATE, until)


def span_alarms(clock: Clock, calendar: WorkCalendar, limits: Limits) -> list[Alarm]:
    """Notices of words that wait for a decision, by the time there is for that."""
    until = span_until(clock)
    return [
        Alarm(SPANS, Late.SPANS_SOON, deadlines.yellow_at(calendar, clock, limits), clock, until=until),
        Alarm(SPANS, Late.SPANS_LATE, clock.due, clock, until=until),
    ]


def _request(ticket: Ticket, request: Request, calendar: WorkCalendar, limits: Limits) -> Iterator[Alarm]:
    subject, until, by = f"request:{request.id}", request.decide_by, decision_until(request)
    if request.state is RequestState.DISPUTED:
        soon = deadlines.yellow_before(calendar, limits.ruling, until, limits)
        yield Alarm(subject, Late.RULING_SOON, soon, until=by)
        yield Alarm(subject, Late.RULING_LATE, until, until=by)
        return
    limit = limits.decision(request.kind, ticket.urgency)
    soon = max(deadlines.yellow_before(calendar, limit, until, limits), request.asked_at)
    yield Alarm(subject, Late.DECISION_SOON, soon, pings=deciders(request, "申请审批即将超时"), until=by)
    late = deciders(request, "申请审批超时", supervised=True)
    yield Alarm(subject, Late.DECISION_LATE, until, pings=late, until=by)


def _hold(ticket: Ticket, calendar: WorkCalendar, limits: Limits) -> Iterator[Alarm]:
    hold = ticket.hold
    if hold is None or ticket.state not in {State.SUSPENDED, State.SHELVED}:
        return
    subject, review = f"hold:{int(hold.review_at.timestamp())}", hold.review_at
    before = calendar.day_length * limits.at(hold.since).review_notice_days
    soon = calendar.opening_of(calendar.business_before(review, before))
    yield Alarm(subject, Late.HOLD_SOON, max(soon, hold.since))
    yield Alarm(subject, Late.HOLD_TODAY, max(calendar.opening_of(review), hold.since))
