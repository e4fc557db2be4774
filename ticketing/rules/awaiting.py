"""What waits for a decision on a ticket: whose it is, by when, and in which words."""

from collections.abc import Collection
from datetime import datetime

from kernel.workcalendar import WorkCalendar
from ticketing.model.labels import Actor, Awaited, ClockKind, RequestState
from ticketing.model.ticket import AWAITED, Clock, Request, Ticket
from ticketing.rules.deadlines import due_after
from ticketing.rules.limits import Limits, rank
from ticketing.rules.overdue import ROWS, asked_of, step_clock
from ticketing.rules.requests import RULES, decided_by


def request_for(ticket: Ticket, actors: Collection[Actor]) -> Request | None:
    """The open request somebody in one of these parts decides, the one due first."""
    mine = [each for each in ticket.requests if each.open and not decided_by(each).isdisjoint(actors)]
    return min(mine, key=lambda each: each.decide_by, default=None)


def decisions_of(actors: Collection[Actor]) -> tuple[Awaited, ...]:
    """What is decided, as long as nobody disputes or agreed to it, by somebody in one of these parts."""
    kinds = [kind for kind, rule in RULES.items() if not rule.decided_by.isdisjoint(actors)]
    return tuple(dict.fromkeys(AWAITED.get(kind, Awaited.OTHER) for kind in kinds))


def decision_clock(ticket: Ticket, request: Request, limits: Limits) -> Clock:
    """The time there is to decide an open request."""
    then = limits.at(request.asked_at)
    disputed = request.state is RequestState.DISPUTED
    limit = then.ruling if disputed else then.decision(request.kind, ticket.urgency)
    return Clock(ClockKind.REVIEW, request.asked_at, limit, request.decide_by)


def span_clock(ticket: Ticket, since: datetime, calendar: WorkCalendar, limits: Limits) -> Clock:
    """The time there is to decide about words of a ticket that have waited ``since`` then."""
    limit = limits.at(since).span_decision[rank(ticket.urgency)]
    return Clock(ClockKind.REVIEW, since, limit, due_after(calendar, limit, since))


def decision_words(request: Request) -> str:
    """What is to be done about it: 审批退单."""
    if request.state is RequestState.DISPUTED:
        return "裁决争议"
    return f"{'复核' if request.agreed_by else '审批'}{request.kind.label}"


def clock_of_next(ticket: Ticket, calendar: WorkCalendar, limits: Limits) -> Clock | None:
    """The clock of the step ``explain`` names: that of a decision where one is waited for."""
    asked = asked_of(ticket)
    if asked is not None and asked.state is RequestState.DISPUTED:
        return decision_clock(ticket, asked, limits)
    proposed = ticket.refusal.at if ticket.refusal is not None else None
    since = (ticket.appeal_filed or ticket.state_since) if ticket.appeal_pending else proposed
    if since is not None:
        limit = limits.at(since).ruling
        return Clock(ClockKind.REVIEW, since, limit, due_after(calendar, limit, since))
    return decision_clock(ticket, asked, limits) if asked is not None else step_clock(ticket)


def decision_comes_first(ticket: Ticket, request: Request, step: Clock | None) -> bool:
    """Whether the hotline's turn is the decision: unless a step of its own is due before."""
    own = step is not None and step.running and not step.paused and bool(ROWS[ticket.state].owner)
    return step is None or not own or request.decide_by <= step.due
