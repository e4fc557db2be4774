"""Turns what was done to a ticket into the fact the journal keeps: one for each step."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kernel.journal import Fact
from ticketing.events import (
    CitizenContacted,
    ContactTakenBack,
    DispatchMistaken,
    MatterCorrected,
    PrecedentSet,
    RequestAgreed,
    RequestAsked,
    RequestDecided,
    RequestDisputed,
    SupervisionRaised,
    TalkUnproven,
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
from ticketing.model.acting import Doer, Errand, Form, Record
from ticketing.model.labels import (
    Action,
    Actor,
    ClockKind,
    ErrandKind,
    Flag,
    RequestKind,
    RequestMove,
    RequestState,
    SideAction,
    State,
)
from ticketing.model.ticket import ContactProof, Request, Ticket
from ticketing.rules.redacting import redacted, redacted_note
from ticketing.rules.telling import SECRET

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
    told = (_of_errand(done, errand) for errand in done.errands)
    facts = [_of_step(done), *(fact for fact in told if fact is not None)]
    first = done.after.first_contact
    if first is not None and done.before.first_contact is None:
        counted = done.after.contact_counted or first
        proof = done.after.contact_proof or ContactProof()
        contact: dict[str, Any] = {"contacted": first, "counted": counted, "unit": done.doer.unit}
        facts.append(CitizenContacted(**_about(done), **contact, call=proof.call, unproven=proof.unproven))
    if first is None and done.before.first_contact is not None and done.move is SideAction.TAKE_BACK_CONTACT:
        facts.append(ContactTakenBack(**_about(done), unit=done.doer.unit))
    lead = done.after.lead
    unit = lead.unit if lead else ""
    if done.after.rating is not None and done.after.rating != done.before.rating:
        rating, again = done.after.rating, done.before.rating is not None
        said: dict[str, Any] = {"score": rating.score, "solved": rating.solved, "noted": bool(rating.noted_by)}
        facts.append(TicketRated(**_about(done), **said, unit=unit, again=again))
    if done.move is SideAction.LOG_CALL and _is_looked_at(done.after):
        facts.append(TalkUnproven(**_about(done), unit=unit))
    led = done.before.lead.unit if done.before.lead else ""
    if done.move is Action.WITHDRAW and done.doer.actor is Actor.AGENT and done.form.no_call_reason and led:
        facts.append(TalkUnproven(**_about(done), unit=led))
    if done.before.matter != done.after.matter and done.before.matter and done.doer.actor in CORRECTING:
        facts.append(MatterCorrected(**_about(done), matter=done.after.matter, previous=done.before.matter))
    return facts


def units_concerned(*tickets: Ticket) -> tuple[str, ...]:
    """Every unit that has or had a part in it."""
    return tuple(dict.fromkeys(a.unit for ticket in tickets for a in ticket.assignments))


def request_decided(done: Done) -> Request:
    """The request a step asked for, disputed or decided: the named one, or the newest."""
    named = done.form.request or done.after.requests[-1].id
    return next(request for request in done.after.requests if request.id == named)


# Whose word on the matter stands against the reader's.
CORRECTING = frozenset({Actor.AGENT, Actor.DISPATCHER, Actor.SUPERVISOR})
# The words that were found are the hotline's to read.
BY_WORDS = frozenset({SideAction.MARK_SENSITIVE, SideAction.RECOGNISE})


def _about(done: Done) -> dict[str, Any]:
    return {
        "number": done.after.number,
        "at": done.record.at,
        "actor": done.doer.actor,
        "by": done.doer.id,
        "units": units_concerned(done.before, done.after),
    }


def _is_looked_at(ticket: Ticket) -> bool:
    """Nothing shows that the last attempt was made."""
    return ticket.attempts[-1].unproven


def _why(done: Done) -> str:
    """The journal is read by the units' screens too: of a secret ticket no self-description goes there."""
    why = "" if done.move in BY_WORDS else done.record.why
    return _kept_back(done, why)


def _kept_back(done: Done, words: str) -> str:
    if done.after.secrecy not in SECRET:
        return words
    return redacted(words) if done.doer.actor is Actor.CITIZEN else redacted_note(words)


def _of_step(done: Done) -> Fact:
    if isinstance(done.move, RequestMove):
        return _of_request(done, done.move)
    if isinstance(done.move, Action):
        return _of_move(done, done.move)
    version, why = done.record.version, _why(done)
    return TicketNoted(**_about(done), what=done.move, version=version, state=done.after.state, why=why)


def _of_move(done: Done, action: Action) -> Fact:
    ticket, record = done.after, done.record
    moved = _about(done) | {
        "action": action.value,
        "before": record.before,
        "after": record.after,
        "version": record.version,
        "why": _why(done),
    }
    if action is Action.SUBMIT:
        return TicketOpened(
            **moved,
            kind=ticket.kind,
            urgency=ticket.urgency,
            matter=ticket.matter,
            area=ticket.area,
            channel=ticket.channel,
            repeat=Flag.REPEAT in ticket.flags,
        )
    if action in DISPATCHING:
        return _dispatched(done, moved)
    if action in REPLYING:
        due, first_due = _due(ticket)
        return TicketReplied(**moved, unit=ticket.reply.unit if ticket.reply else "", due=due, first_due=first_due)
    if ticket.state in {State.CLOSED, State.WITHDRAWN}:
        return TicketClosed(**moved, outcome=ticket.outcome, matter=ticket.matter, lawful_refusal=ticket.lawful_refusal)
    return TicketMoved(**moved)


def _due(ticket: Ticket) -> tuple[datetime | None, datetime | None]:
    """When the first reply was due, and when it was before the first extension."""
    clock = ticket.clock(ClockKind.TOTAL)
    due = clock.due if clock else None
    granted = [
        r.due_then for r in ticket.requests if r.kind is RequestKind.EXTENSION and r.state is RequestState.GRANTED
    ]
    return due, min([*granted, due]) if due else None


def _dispatched(done: Done, moved: dict[str, Any]) -> TicketDispatched:
    lead, decision = done.after.lead, done.form.decision
    unit = lead.unit if lead else ""
    sure = [c.confidence for c in decision.candidates if c.unit == unit] if decision else []
    return TicketDispatched(
        **moved,
        unit=unit,
        automatic=decision is not None and decision.automatic,
        confidence=sure[0] if sure else 0.0,
        duty_item=done.after.duty_item,
    )


def _of_request(done: Done, move: RequestMove) -> Fact:
    request = request_decided(done)
    about = _about(done) | {
        "request": request.id,
        "kind": request.kind,
        "unit": request.unit,
        "version": done.record.version,
        "why": _why(done),
    }
    if move is RequestMove.ASK:
        return RequestAsked(**about, decide_by=request.decide_by)
    if move is RequestMove.DISPUTE:
        return RequestDisputed(**about)
    if request.open:
        return RequestAgreed(**about)
    return RequestDecided(**about, granted=request.state is RequestState.GRANTED)


def _of_errand(done: Done, errand: Errand) -> Fact | None:
    about = _about(done)
    match errand.kind:
        case ErrandKind.RAISE_SUPERVISION:
            return SupervisionRaised(**about, level=errand.level, why=_kept_back(done, errand.text))
        case ErrandKind.ESCALATE_UNIT:
            return UnitEscalated(**about, unit=errand.unit, previous=errand.text)
        case ErrandKind.LABEL_DISPATCH_ERROR:
            return DispatchMistaken(**about, unit=errand.unit, duty_item=errand.text)
        case ErrandKind.RECORD_PRECEDENT:
            return PrecedentSet(**about, request=errand.text, unit=errand.unit)
        case ErrandKind.MINIMISE:
            return TicketMinimised(**about)
        case _:
            return None
