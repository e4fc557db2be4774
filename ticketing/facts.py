"""Turns what was done to a ticket into the fact the journal keeps: one for each step."""

from dataclasses import dataclass, field
from typing import Any

from kernel.journal import Fact
from ticketing.events import (
    DispatchMistaken,
    PrecedentSet,
    RequestAsked,
    RequestDecided,
    RequestDisputed,
    SupervisionRaised,
    TicketClosed,
    TicketDispatched,
    TicketMinimised,
    TicketMoved,
    TicketNoted,
    TicketOpened,
    TicketRated,
    TicketReplied,
    UnitEscalated,
)
from ticketing.model import (
    Action,
    Doer,
    Errand,
    ErrandKind,
    Flag,
    Form,
    Record,
    Request,
    RequestMove,
    RequestState,
    SideAction,
    State,
    Ticket,
)

Move = Action | SideAction | RequestMove
REPLYING = frozenset({Action.RELEASE, Action.ANSWER, Action.DECLINE, Action.CLOSE_SHELVED, Action.CLOSE_MERGED})
DISPATCHING = frozenset({Action.DISPATCH, Action.REASSIGN})


@dataclass(frozen=True, slots=True)
class Done:
    """One step that was taken: what, by whom, the ticket before and after, the line of history."""

    move: Move
    form: Form
    doer: Doer
    before: Ticket
    after: Ticket
    record: Record
    errands: tuple[Errand, ...] = field(default=())


def facts_of(done: Done) -> list[Fact]:
    """The fact of the step itself, then those of what it made necessary."""
    facts = [_of_step(done), *(_of_errand(done, errand) for errand in done.errands)]
    if done.after.rating is not None and done.after.rating != done.before.rating:
        rating, lead = done.after.rating, done.after.lead
        facts.append(TicketRated(*_about(done), rating.score, rating.solved, lead.unit if lead else ""))
    return [fact for fact in facts if fact is not None]


def units_concerned(*tickets: Ticket) -> tuple[str, ...]:
    """Every unit that has or had a part in it."""
    return tuple(dict.fromkeys(a.unit for ticket in tickets for a in ticket.assignments))


def request_decided(done: Done) -> Request:
    """The request a step asked for, disputed or decided: the named one, or the newest."""
    named = done.form.request or done.after.requests[-1].id
    return next(request for request in done.after.requests if request.id == named)


def _about(done: Done) -> tuple[Any, ...]:
    units = units_concerned(done.before, done.after)
    return (done.after.number, done.record.at, done.doer.actor, done.doer.id, units)


def _of_step(done: Done) -> Fact:
    if isinstance(done.move, SideAction):
        return TicketNoted(*_about(done), done.move, done.record.version, done.after.state, done.record.why)
    if isinstance(done.move, RequestMove):
        return _of_request(done, done.move)
    return _of_move(done, done.move)


def _of_move(done: Done, action: Action) -> Fact:
    ticket, record = done.after, done.record
    moved = (*_about(done), action.value, record.before, record.after, record.version, record.why)
    lead = ticket.lead.unit if ticket.lead else ""
    if action is Action.SUBMIT:
        repeat = Flag.REPEAT in ticket.flags
        return TicketOpened(
            *moved, ticket.kind, ticket.urgency, ticket.matter, ticket.area, ticket.channel, repeat
        )
    if action in DISPATCHING:
        decision = done.form.decision
        sure = next((c.confidence for c in decision.candidates if c.unit == lead), 0.0) if decision else 0.0
        automatic = decision is not None and decision.automatic
        return TicketDispatched(*moved, lead, automatic, sure, ticket.duty_item)
    if action in REPLYING:
        return TicketReplied(*moved, ticket.reply.unit if ticket.reply else "")
    if ticket.state in {State.CLOSED, State.WITHDRAWN}:
        return TicketClosed(*moved, ticket.outcome, ticket.matter)
    return TicketMoved(*moved)


def _of_request(done: Done, move: RequestMove) -> Fact:
    request = request_decided(done)
    asked = (*_about(done), request.id, request.kind, request.unit)
    rest = (done.record.version, done.record.why)
    if move is RequestMove.ASK:
        return RequestAsked(*asked, request.decide_by, *rest)
    if move is RequestMove.DISPUTE:
        return RequestDisputed(*asked, *rest)
    return RequestDecided(*asked, request.state is RequestState.GRANTED, *rest)


def _of_errand(done: Done, errand: Errand) -> Fact | None:
    about = _about(done)
    match errand.kind:
        case ErrandKind.RAISE_SUPERVISION:
            return SupervisionRaised(*about, errand.level, errand.text)
        case ErrandKind.ESCALATE_UNIT:
            return UnitEscalated(*about, errand.unit, errand.text)
        case ErrandKind.LABEL_DISPATCH_ERROR:
            return DispatchMistaken(*about, errand.unit, errand.text)
        case ErrandKind.RECORD_PRECEDENT:
            return PrecedentSet(*about, errand.text, errand.unit)
        case ErrandKind.MINIMISE:
            return TicketMinimised(*about)
        case _:
            return None
