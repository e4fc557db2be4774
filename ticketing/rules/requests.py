"""Requests beside the state: what the lead unit may ask for, until when, who decides. Meanwhile the work goes on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.workcalendar import WorkCalendar
from ticketing.model.acting import Doer, Form
from ticketing.model.labels import (
    Action,
    Actor,
    ErrandKind,
    ExclusionReason,
    Flag,
    LimitUnit,
    RequestKind,
    RequestMove,
    RequestState,
    ReturnReason,
    State,
    SuspensionReason,
)
from ticketing.model.ticket import Clock, Request, Ticket
from ticketing.rules import deadlines
from ticketing.rules.assigning import unit_leads
from ticketing.rules.limits import Limits, rank
from ticketing.rules.moving import OF_THE_TICKET, gave_back
from ticketing.rules.reasons import SHORTEST_GROUND, fault_of
from ticketing.rules.situation import Around, Effect, Guard, Situation, StepResult, concluded, count, demand, listed
from ticketing.rules.substance import clause_fault, grounds_are_stated, say_grounds

ASKED_IN = frozenset({State.DISPATCHED, State.ACCEPTED, State.IN_PROGRESS})
# What says whose duty it is; where it lies or what is missing is told in words.
OF_DUTY = frozenset({ReturnReason.NOT_OUR_DUTY.value, ReturnReason.OTHER_LEAD.value})


# -- what must hold to ask ------------------------------------------------------------------------------


def within_return_window(s: Situation) -> None:
    """P0 15 minutes, P1 30 minutes, else 1 working day after dispatch."""
    lead = s.ticket.lead
    opened = lead.opened if lead else s.ticket.state_since
    until = deadlines.due_after(s.calendar, s.limits.at(opened).return_window[rank(s.ticket.urgency)], opened)
    if s.now > until:
        raise NotAllowed("return_window_over", until=until)


def return_is_reasoned(s: Situation) -> None:
    """A listed reason, evidence or a clause that names what it is of, and another unit than one's own; words that are
    added say something."""
    form, wrong = s.form, dict[str, str]()
    listed(form.reason_code, ReturnReason)
    if form.clause.strip():
        of_duty = form.reason_code in OF_DUTY
        wrong["clause"] = clause_fault(form.clause) if of_duty else fault_of(form.clause, SHORTEST_GROUND)
    elif not form.evidence:
        wrong["clause"] = "evidence_or_clause"
    if form.reason.strip():
        wrong["reason"] = fault_of(form.reason, SHORTEST_GROUND)
    if form.suggested_unit == s.by.unit:
        wrong["suggested_unit"] = "own_unit"
    if wrong := {name: fault for name, fault in wrong.items() if fault}:
        raise Invalid(wrong, least=SHORTEST_GROUND)


def before_due(s: Situation) -> None:
    """An extension asked after due is refused."""
    due = deadlines.working(s.ticket).due
    if s.now > due:
        raise NotAllowed("extension_after_due", due=due)


def extension_is_within_limits(s: Situation) -> None:
    """Twice at most; each at most the original limit; in total at most the legal ceiling."""
    clock, wanted = deadlines.working(s.ticket), s.form.new_due
    if s.ticket.counters.extensions >= s.limits.most_extensions:
        raise NotAllowed("extended_too_often")
    if wanted is None or wanted <= clock.due:
        raise Invalid({"new_due": "after_due"})
    if wanted > _longest(s.calendar, clock):
        raise Invalid({"new_due": "beyond_original_limit"})
    if clock.ceiling_due is not None and wanted > clock.ceiling_due:
        raise Invalid({"new_due": "beyond_legal_ceiling"})


def _longest(calendar: WorkCalendar, clock: Clock) -> datetime:
    if clock.limit.unit is LimitUnit.SAME_DAY:
        return clock.due + timedelta(days=1)
    return deadlines.due_after(calendar, clock.limit, clock.due)


def suspension_is_listed(s: Situation) -> None:
    """One of the three reasons."""
    listed(s.form.reason_code, SuspensionReason)


def shelving_has_a_plan(s: Situation) -> None:
    """Why it cannot be done now, and what is to be done when."""
    say_grounds(reason=s.form.reason, plan=s.form.plan)


def exclusion_is_listed(s: Situation) -> None:
    """A listed reason."""
    listed(s.form.reason_code, ExclusionReason)


# -- what a grant changes -------------------------------------------------------------------------------


def extend_clocks(s: Situation) -> Situation:
    """The unit's clock and the ticket's move to the new date; the citizen is told with the reason."""
    request = _found(s.ticket, s.form.request)
    new_due = request.new_due or request.due_then

    def extend(clock: Clock) -> Clock:
        return deadlines.extend(s.calendar, clock, new_due) if clock.running else clock

    s = s.change(
        clocks=tuple(extend(clock) if clock.kind in OF_THE_TICKET else clock for clock in s.ticket.clocks),
        assignments=tuple(replace(a, clock=extend(a.clock)) if a.open else a for a in s.ticket.assignments),
    )
    return count(s, "extensions").send(ErrandKind.TELL_EXTENSION, text=request.reason)


def exclude(s: Situation) -> Situation:
    """Counts no more in the second version of the indicators; nothing else changes."""
    return s.change(flags=s.ticket.flags | {Flag.EXCLUDED})


def nothing(s: Situation) -> Situation:
    """The transition that follows does it."""
    return s


# -- the table ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RequestRule:
    """One kind of request. ``leads_to``: the transitions its grant is needed for or made by; ``two_agree``: it is
    granted only by a second person, another than the first who agreed and than whoever let the reply go."""

    kind: RequestKind
    needs: tuple[str, ...]
    guards: tuple[Guard, ...]
    granted: Effect
    leads_to: tuple[Action, ...] = ()
    two_agree: bool = False
    decided_by: frozenset[Actor] = frozenset({Actor.DISPATCHER, Actor.SUPERVISOR})


RULES: dict[RequestKind, RequestRule] = {
    rule.kind: rule
    for rule in (
        RequestRule(
            RequestKind.RETURN,
            ("reason_code", "suggested_unit"),
            (within_return_window, return_is_reasoned),
            nothing,
            (Action.REASSIGN, Action.RECALL),
        ),
        RequestRule(
            RequestKind.EXTENSION,
            ("reason", "new_due"),
            (before_due, extension_is_within_limits, grounds_are_stated),
            extend_clocks,
        ),
        RequestRule(
            RequestKind.SUSPENSION,
            ("reason", "reason_code"),
            (suspension_is_listed, grounds_are_stated),
            nothing,
            (Action.SUSPEND,),
        ),
        RequestRule(RequestKind.SHELVING, ("reason", "plan"), (shelving_has_a_plan,), nothing, (Action.SHELVE,)),
        RequestRule(
            RequestKind.EXCLUSION,
            ("reason_code", "evidence"),
            (exclusion_is_listed,),
            exclude,
            two_agree=True,
            decided_by=frozenset({Actor.REVIEWER}),
        ),
    )
}


# -- asking and deciding --------------------------------------------------------------------------------


def request_step(
    ticket: Ticket,
    move: RequestMove,
    form: Form,
    by: Doer,
    now: datetime,
    calendar: WorkCalendar,
    limits: Limits,
    around: Around,
) -> StepResult:
    """Ask for something (``form.request_kind``) or decide about it (``form.request``, the id).

    Raises Conflict (wrong state, asked already, decided already), NotAllowed (not the lead unit, not the one who
    decides, too late), Invalid, NotFound.
    """
    start = Situation(ticket, form, by, now, calendar, limits, around)
    changed = MOVES[move](start)
    return concluded(start, changed, move.value, form.reason or _found(changed.ticket, _named(changed)).kind.label)


def _named(s: Situation) -> str:
    return s.form.request or s.ticket.requests[-1].id


def _ask(s: Situation) -> Situation:
    kind = s.form.request_kind
    if kind is None:
        raise Invalid({"request_kind": "required"})
    if s.by.actor not in {Actor.UNIT, Actor.UNIT_LEADER}:
        raise NotAllowed("wrong_actor", action=RequestMove.ASK.value, actor=s.by.actor.value)
    if s.ticket.state not in ASKED_IN:
        raise Conflict("wrong_state", current=s.ticket.state.value, action=RequestMove.ASK.value)
    unit_leads(s)
    rule = RULES[kind]
    if any(r.kind is kind and r.open for r in s.ticket.requests):
        raise Conflict("asked_already", current=s.ticket.state.value)
    demand(s.form, rule.needs)
    for guard in rule.guards:
        guard(s)
    return _counted_return(_kept(s, kind)) if kind is RequestKind.RETURN else _kept(s, kind)


def _kept(s: Situation, kind: RequestKind) -> Situation:
    form = s.form
    request = Request(
        id=s.around.new_id(),
        ticket=s.ticket.id,
        kind=kind,
        state=RequestState.OPEN,
        unit=s.by.unit,
        asked_by=s.by.id,
        asked_at=s.now,
        decide_by=deadlines.due_after(s.calendar, s.limits.decision(kind, s.ticket.urgency), s.now),
        due_then=deadlines.working(s.ticket).due,
        reason_code=form.reason_code,
        reason=form.reason or form.plan,
        clause=form.clause,
        evidence=form.evidence,
        suggested_unit=form.suggested_unit,
        new_due=form.new_due,
    )
    return replace(s.change(requests=(*s.ticket.requests, request)), form=replace(form, request=request.id))


def _counted_return(s: Situation) -> Situation:
    """The third return is ruled on, and one towards a unit that gave the ticket back itself: these two disagree."""
    s = count(s, "returns")
    back = _found(s.ticket, s.form.request).suggested_unit in gave_back(s.ticket)
    return _to_ruling(s) if back or s.ticket.counters.returns >= s.limits.ruled_from else s


def _dispute(s: Situation) -> Situation:
    """Two units disagree: the supervisor or the joint meeting rules within one working day."""
    request = _open(s)
    if request.kind is not RequestKind.RETURN:
        raise Invalid({"request": "not_a_return"})
    if request.state is RequestState.DISPUTED:
        raise Conflict("disputed_already", current=request.state.value)
    if s.by.actor not in {Actor.DISPATCHER, Actor.SUPERVISOR}:
        raise NotAllowed("wrong_actor", action=RequestMove.DISPUTE.value, actor=s.by.actor.value)
    grounds_are_stated(s)
    return _to_ruling(s)


def _to_ruling(s: Situation) -> Situation:
    request = _found(s.ticket, s.form.request)
    by = deadlines.due_after(s.calendar, s.limits.ruling, s.now)
    s = _replace(s, replace(request, state=RequestState.DISPUTED, decide_by=by))
    s = s.send(ErrandKind.RULE_DISPUTE, request.suggested_unit, text=request.id)
    return s.send(ErrandKind.HEAR_UNIT, request.suggested_unit, text=request.id) if request.suggested_unit else s


def _grant(s: Situation) -> Situation:
    request = _decidable(s, RequestMove.GRANT)
    if RULES[request.kind].two_agree and not request.agreed_by:
        return _replace(s, replace(request, agreed_by=s.by.id, agreed_at=s.now))
    if request.agreed_by == s.by.id:
        raise NotAllowed("second_person_agrees")
    s = _decided(s, request, RequestState.GRANTED)
    return RULES[request.kind].granted(s)


def _refuse(s: Situation) -> Situation:
    """The unit works on; its clock is unchanged."""
    grounds_are_stated(s)
    return _decided(s, _decidable(s, RequestMove.REFUSE), RequestState.REFUSED)


def _decidable(s: Situation, move: RequestMove) -> Request:
    request = _open(s)
    if s.by.actor not in decided_by(request):
        raise NotAllowed("wrong_actor", action=move.value, actor=s.by.actor.value)
    if s.by.id == request.asked_by or (s.by.unit and s.by.unit == request.unit):
        raise NotAllowed("decides_own_request")
    if request.state is RequestState.DISPUTED:
        demand(s.form, ("reason", "clause"))
        grounds_are_stated(s)
    if RULES[request.kind].two_agree and s.ticket.reply is not None and s.ticket.reply.by == s.by.id:
        raise NotAllowed("judges_own_reply")
    return request


def _decided(s: Situation, request: Request, state: RequestState) -> Situation:
    ruled = request.state is RequestState.DISPUTED
    request = replace(request, state=state, decided_by=s.by.id, decided_at=s.now, decision=s.form.reason)
    s = _replace(s, request)
    return s.send(ErrandKind.RECORD_PRECEDENT, request.unit, text=request.id) if ruled else s


def decided_by(request: Request) -> frozenset[Actor]:
    """Who decides an open request; what units disagree about only the supervisor."""
    if request.state is RequestState.DISPUTED:
        return frozenset({Actor.SUPERVISOR})
    return RULES[request.kind].decided_by


MOVES: dict[RequestMove, Callable[[Situation], Situation]] = {
    RequestMove.ASK: _ask,
    RequestMove.DISPUTE: _dispute,
    RequestMove.GRANT: _grant,
    RequestMove.REFUSE: _refuse,
}


def _open(s: Situation) -> Request:
    request = _found(s.ticket, s.form.request)
    if not request.open:
        raise Conflict("decided_already", current=request.state.value)
    return request


def _found(ticket: Ticket, request: str) -> Request:
    found = next((each for each in ticket.requests if each.id == request), None)
    if found is None:
        raise NotFound("request", id=request)
    return found


def _replace(s: Situation, request: Request) -> Situation:
    return s.change(requests=tuple(request if each.id == request.id else each for each in s.ticket.requests))


def askable(ticket: Ticket, now: datetime, calendar: WorkCalendar, limits: Limits) -> tuple[RequestKind, ...]:
    """What the lead unit may ask for now, for the buttons."""
    if ticket.state not in ASKED_IN or ticket.lead is None:
        return ()
    window = limits.at(ticket.lead.opened).return_window[rank(ticket.urgency)]
    closed = {
        RequestKind.RETURN: now > deadlines.due_after(calendar, window, ticket.lead.opened),
        RequestKind.EXTENSION: now > deadlines.working(ticket).due
        or ticket.counters.extensions >= limits.most_extensions,
    }
    waiting = {r.kind for r in ticket.requests if r.open}
    return tuple(kind for kind in RequestKind if kind not in waiting and not closed.get(kind, False))
