"""What must hold of any ticket at any time: a list of violations, empty when all is well."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise, takewhile

from kernel.workcalendar import WorkCalendar
from ticketing.model.acting import Record
from ticketing.model.labels import (
    Action,
    Actor,
    AssignmentRole,
    ClockKind,
    Flag,
    Outcome,
    RequestKind,
    RequestState,
    Secrecy,
    SideAction,
    State,
    TicketKind,
    Urgency,
)
from ticketing.model.ticket import Clock, Ticket
from ticketing.rules import deadlines
from ticketing.rules.closing import has_evidence
from ticketing.rules.moving import DISPUTES_OUTLIVE_IN, OF_THE_TICKET, PAUSED_IN, handling_units, open_parts

LED = frozenset(
    {
        *(State.DISPATCHED, State.ACCEPTED, State.IN_PROGRESS, State.SUSPENDED, State.SHELVED),
        *(State.SUBMITTED, State.REVIEW, State.REHANDLE),
    }
)
ENDED = frozenset({State.CLOSED, State.ARCHIVED})
BOT_MAY_REACH = frozenset({State.DRAFT, State.RECEIVED, State.HANDED_OVER})
NOT_BY_THE_UNIT = frozenset({Action.CLOSE.value, Action.RELEASE.value, Action.REHANDLE.value})

Check = Callable[[Ticket, Sequence[Record]], Iterator[str]]


def one_lead_from_dispatch_to_review(ticket: Ticket, _history: Sequence[Record]) -> Iterator[str]:
    """Exactly one lead is at work while a unit has the ticket, none otherwise."""
    leads = [a for a in ticket.assignments if a.open and a.role is AssignmentRole.LEAD]
    if len(leads) != (1 if ticket.state in LED else 0):
        yield f"{len(leads)} leads in {ticket.state.value}"
    if ticket.state not in LED and open_parts(ticket):
        yield f"work goes on in {ticket.state.value}"


def total_is_never_reset(ticket: Ticket, history: Sequence[Record]) -> Iterator[str]:
    """One C_total, from the submission, which runs until there is a reply or an end."""
    totals = [c for c in ticket.clocks if c.kind is ClockKind.TOTAL]
    submitted = [r.at for r in history if r.what == Action.SUBMIT.value]
    if [c.started for c in totals] != submitted:
        yield "C_total does not run from the submission"
    rehandled = any(c.kind is ClockKind.REHANDLE for c in ticket.clocks)
    rests = {State.ANSWERED, State.DECLINED, State.REPLIED, State.CALL_BACK, State.CLOSED, State.WITHDRAWN}
    for clock in totals:
        if clock.running is (rehandled or ticket.state in rests | {State.ARCHIVED}):
            yield f"C_total {'runs' if clock.running else 'stands'} in {ticket.state.value}"


def clocks_pause_only_where_said(ticket: Ticket, _history: Sequence[Record]) -> Iterator[str]:
    """Pauses follow one another, have an end but for the last, and name a state that pauses this clock."""
    for clock in every_clock(ticket):
        if any(clock.kind not in PAUSED_IN.get(each.reason, frozenset()) for each in clock.pauses):
            yield f"{clock.kind.value} paused where it must run"
        if any(a.until is None or a.until > b.since for a, b in pairwise(clock.pauses)):
            yield f"{clock.kind.value} has overlapping pauses"
        if any(p.since < clock.started or (p.until or p.since) < p.since for p in clock.pauses):
            yield f"{clock.kind.value} has a pause backwards"
        if clock.running and clock.paused is not (clock.kind in PAUSED_IN.get(ticket.state, frozenset())):
            yield f"{clock.kind.value} {'stands' if clock.paused else 'runs'} in {ticket.state.value}"
        if not clock.running and clock.pauses and clock.pauses[-1].until is None:
            yield f"{clock.kind.value} stopped inside a pause"


def released_only_when_parts_are_done(ticket: Ticket, _history: Sequence[Record]) -> Iterator[str]:
    """From REVIEW on no supporting or sub-assignment is open without noted dissent."""
    if ticket.state in {State.SUBMITTED, State.REVIEW, State.REPLIED} and any(
        not part.dissent for part in open_parts(ticket)
    ):
        yield f"a part is open in {ticket.state.value}"


def closed_has_outcome(ticket: Ticket, history: Sequence[Record]) -> Iterator[str]:
    """CLOSED has an outcome, and RESOLVED has evidence; what is not closed has none, nor what was withdrawn."""
    withdrawn = any(record.what == Action.WITHDRAW.value for record in history)
    if ticket.state in ENDED and ticket.outcome is None and not withdrawn:
        yield "closed without an outcome"
    if ticket.state not in ENDED and ticket.outcome is not None:
        yield f"has an outcome in {ticket.state.value}"
    if ticket.outcome is Outcome.RESOLVED and not has_evidence(ticket):
        yield "resolved without evidence"
    if ticket.outcome is Outcome.DUPLICATE and ticket.reply is None:
        yield "a merged requester got no reply"


def handling_unit_does_not_judge(ticket: Ticket, history: Sequence[Record]) -> Iterator[str]:
    """Nobody of the handling unit reviews, calls back or closes."""
    units = handling_units(ticket)
    for record in history:
        if record.what in NOT_BY_THE_UNIT and record.unit in units:
            yield f"{record.what} by the handling unit"
        if record.what in NOT_BY_THE_UNIT and record.actor in {Actor.UNIT, Actor.UNIT_LEADER}:
            yield f"{record.what} by a unit"


def report_is_secret(ticket: Ticket, _history: Sequence[Record]) -> Iterator[str]:
    """A report keeps its citizen secret from the submission on."""
    if ticket.kind is not TicketKind.REPORT or ticket.received is None:
        return
    if ticket.secrecy not in {Secrecy.REPORT, Secrecy.CONFIDENTIAL}:
        yield f"a report is {ticket.secrecy.value}"


def history_is_whole(ticket: Ticket, history: Sequence[Record]) -> Iterator[str]:
    """Every change has its record: who, when, from, to, why; each begins where the last ended."""
    if [r.version for r in history] != list(range(1, ticket.version + 1)):
        yield "versions are missing"
    if history and history[-1].after is not ticket.state:
        yield "the history ends in another state"
    for before, after in pairwise(history):
        if before.after is not after.before or after.at < before.at:
            yield f"{after.what} does not follow {before.what}"
    for record in history:
        if not (record.by and record.why):
            yield f"{record.what} without who or why"


def extensions_were_asked_in_time(ticket: Ticket, _history: Sequence[Record]) -> Iterator[str]:
    """No extension was granted that was asked after due, nor beyond the legal ceiling."""
    for request in ticket.requests:
        granted = request.kind is RequestKind.EXTENSION and request.state is RequestState.GRANTED
        if granted and request.asked_at > request.due_then:
            yield "an extension asked after due was granted"


def emergencies_are_not_left_to_the_bot(ticket: Ticket, history: Sequence[Record]) -> Iterator[str]:
    """For P0 the bot alone reaches only RECEIVED and HANDED_OVER; where it stands when urgency rises is no reach."""
    alone = all(record.actor is Actor.BOT for record in history)
    since_arrival = takewhile(lambda record: record.before is record.after, reversed(history))
    raised = any(record.what == SideAction.RAISE_URGENCY.value for record in since_arrival)
    if ticket.urgency is Urgency.P0 and alone and not raised and ticket.state not in BOT_MAY_REACH:
        yield f"the bot alone brought an emergency to {ticket.state.value}"


def moments_are_utc(ticket: Ticket, history: Sequence[Record]) -> Iterator[str]:
    """Due times do not depend on anybody's time zone."""
    moments: list[datetime] = [ticket.created, ticket.updated, ticket.state_since, *(r.at for r in history)]
    for clock in every_clock(ticket):
        moments += [m for m in (clock.started, clock.due, clock.ceiling_due, clock.stopped) if m]
    if any(moment.tzinfo is not UTC for moment in moments):
        yield "a moment is not in UTC"


def exclusion_is_only_a_flag(ticket: Ticket, _history: Sequence[Record]) -> Iterator[str]:
    """A ticket is excluded if and only if a request for it was granted; it moves nothing."""
    granted = any(r.kind is RequestKind.EXCLUSION and r.state is RequestState.GRANTED for r in ticket.requests)
    if granted is not (Flag.EXCLUDED in ticket.flags):
        yield "excluded without a granted request, or not in spite of one"


def only_the_living_wait(ticket: Ticket, _history: Sequence[Record]) -> Iterator[str]:
    """No clock runs and no request but an exclusion waits once a ticket has ended, nor a dispute but where it was
    closed: its ruling is a precedent."""
    if ticket.state not in {*ENDED, State.WITHDRAWN}:
        return
    if any(clock.running for clock in every_clock(ticket)):
        yield f"a clock runs in {ticket.state.value}"
    outlives = RequestState.DISPUTED if ticket.state in DISPUTES_OUTLIVE_IN else None
    waiting = (r for r in ticket.requests if r.open and r.kind is not RequestKind.EXCLUSION)
    if any(request.state is not outlives for request in waiting):
        yield f"a request waits in {ticket.state.value}"


def merged_have_a_parent(ticket: Ticket, _history: Sequence[Record]) -> Iterator[str]:
    """MERGED says into which."""
    if ticket.state is State.MERGED and not ticket.parent:
        yield "merged into nothing"
    if ticket.parent and ticket.state not in {State.MERGED, State.CLOSED, State.ARCHIVED}:
        yield f"still tied to a parent in {ticket.state.value}"


def total_stands_still_as_its_ticket_did(ticket: Ticket, history: Sequence[Record]) -> Iterator[str]:
    """The pauses of C_total are the ticket's stays in the states that pause it, no more and no less."""
    for clock in (c for c in ticket.clocks if c.kind is ClockKind.TOTAL):
        stays = [stay for stay in _stays(history) if _while_running(clock, stay[0])]
        pauses = [(pause.since, pause.until) for pause in clock.pauses if _while_running(clock, pause.since)]
        if pauses != stays:
            yield f"C_total paused {len(pauses)} times, the ticket stood still {len(stays)} times"


def _stays(history: Sequence[Record]) -> list[tuple[datetime, datetime | None]]:
    """When the ticket came into states that pause C_total, and when it left them."""
    found: list[tuple[datetime, datetime | None]] = []
    for record in history:
        before, after = (ClockKind.TOTAL in PAUSED_IN.get(s, frozenset()) for s in (record.before, record.after))
        if after and not before:
            found.append((record.at, None))
        elif before and not after and found:
            found[-1] = (found[-1][0], record.at)
    return found


def _while_running(clock: Clock, moment: datetime) -> bool:
    """In the very moment of its stop a clock has no time left to stand still."""
    return clock.started <= moment and (clock.stopped is None or moment < clock.stopped)


CHECKS: tuple[Check, ...] = (
    one_lead_from_dispatch_to_review,
    total_is_never_reset,
    clocks_pause_only_where_said,
    total_stands_still_as_its_ticket_did,
    released_only_when_parts_are_done,
    closed_has_outcome,
    handling_unit_does_not_judge,
    report_is_secret,
    history_is_whole,
    extensions_were_asked_in_time,
    emergencies_are_not_left_to_the_bot,
    moments_are_utc,
    exclusion_is_only_a_flag,
    only_the_living_wait,
    merged_have_a_parent,
)


def check(ticket: Ticket, history: Sequence[Record]) -> list[str]:
    """Every violation, as ``name of the invariant: what is wrong``. ``history`` holds all records of the ticket."""
    return [f"{each.__name__}: {wrong}" for each in CHECKS for wrong in each(ticket, history)]


def times_add_up(ticket: Ticket, calendar: WorkCalendar, now: datetime) -> Iterator[str]:
    """On every clock: used + paused = elapsed, and with what is left all that was allowed: the limit, what stood still
    and what was granted."""
    for clock in every_clock(ticket):
        time = deadlines.spent(calendar, clock, now)
        due = deadlines.due_at(calendar, clock, clock.stopped or now)
        allowed = deadlines.counted(calendar, clock.limit, clock.started, due)
        if time.used + time.paused != time.elapsed or time.used + time.left + time.paused != allowed:
            yield f"{clock.kind.value}: used + left + paused is not elapsed"
        if time.used < timedelta(0) or time.paused < timedelta(0):
            yield f"{clock.kind.value}: less than no time was used"
        if clock.kind in OF_THE_TICKET and allowed != _granted(calendar, clock) + time.paused:
            yield f"{clock.kind.value}: another time is allowed than limit, pauses and extensions make"


def _granted(calendar: WorkCalendar, clock: Clock) -> timedelta:
    """The limit from the clock's start, and extensions."""
    plain = deadlines.due_after(calendar, clock.limit, clock.started)
    return deadlines.counted(calendar, clock.limit, clock.started, plain) + clock.extended


def every_clock(ticket: Ticket) -> tuple[Clock, ...]:
    """The clocks of the ticket and of every assignment."""
    return (*ticket.clocks, *(a.clock for a in ticket.assignments))
