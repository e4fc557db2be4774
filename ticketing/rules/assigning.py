"""Giving a ticket to units and taking it back: one lead, on a stated basis."""

from dataclasses import replace

from kernel.errors import Conflict, Invalid, NotAllowed
from ticketing.model.acting import Form
from ticketing.model.duties import Candidate
from ticketing.model.labels import (
    Actor,
    AssignmentRole,
    AssignmentState,
    ClockKind,
    ErrandKind,
    Flag,
    Outcome,
    RequestKind,
    RequestState,
    State,
    TicketKind,
)
from ticketing.model.ticket import Ticket
from ticketing.rules import deadlines
from ticketing.rules.limits import Limits
from ticketing.rules.moving import (
    assign,
    barred,
    end_assignments,
    granted,
    lapse_requests,
    of_lead,
    open_parts,
    set_lead,
    use_request,
)
from ticketing.rules.reasons import is_instructed, names_a_basis
from ticketing.rules.situation import Effect, Guard, Situation, count, name_supervisor, supervise
from ticketing.rules.substance import say_grounds

# -- what must hold ---------------------------------------------------------------------------------------


def matter_of_a_report_is_known(s: Situation) -> None:
    """Whether a report needs a power is said by its matter: while that is open nobody can be known to have it."""
    if s.ticket.kind is TicketKind.REPORT and not (s.form.matter or s.ticket.matter):
        raise Invalid({"matter": "required_of_report"})


def with_the_power(form: Form) -> list[Candidate]:
    """What is known of the unit a form gives the work to, as far as it was asked; Invalid where it lacks the power."""
    found = [c for c in form.decision.candidates if c.unit == form.unit] if form.decision else []
    if found and not any(c.has_power for c in found):
        raise Invalid({"unit": "lacks_power"})
    return found


def lead_is_competent(s: Situation) -> None:
    """One lead with the power and the area, or a stated reason why one of elsewhere leads; the basis is stored."""
    form = s.form
    found = with_the_power(form)
    if found and not any(c.has_power and c.covers_area for c in found) and not _reasoned_beyond_area(s):
        raise Invalid({"beyond_area": "outside_area"})
    if form.unit in form.supporting:
        raise Invalid({"supporting": "is_the_lead"})
    if not form.duty_item and not form.basis:
        raise Invalid({"basis": "required"})
    if not form.duty_item and s.by.actor is Actor.DISPATCHER and not _founded_outside(s):
        raise Invalid({"basis": "clause_names_nothing"})


def _founded_outside(s: Situation) -> bool:
    """Whether a lead without a duty item stands on more than a word: a law, a document, an instruction, a ruling or a
    granted return. A ticket whose matter nobody knows has no duty item to stand on."""
    known = s.form.matter or s.ticket.matter
    return not known or bool(s.form.request) or names_a_basis(s.form.basis) or is_instructed(s.form.basis)


def _reasoned_beyond_area(s: Situation) -> bool:
    return s.by.actor in {Actor.DISPATCHER, Actor.SUPERVISOR} and bool(s.form.beyond_area.strip())


def machine_is_sure(s: Situation) -> None:
    """Automatic only above the threshold, by a duty item, to the best candidate."""
    if s.by.actor is not Actor.TIMER:
        return
    decision = s.form.decision
    if decision is None or not decision.automatic or not decision.candidates or not s.form.duty_item:
        raise NotAllowed("not_sure_enough")
    best = decision.candidates[0]
    if best.unit != s.form.unit or best.confidence < decision.threshold:
        raise NotAllowed("not_sure_enough")


def lead_changes(s: Situation) -> None:
    """To another unit."""
    if s.ticket.lead is not None and s.ticket.lead.unit == s.form.unit:
        raise Invalid({"unit": "leads_already"})


def reassigning_has_grounds(s: Situation) -> None:
    """A granted return (a ruling grants too), or a stated reason."""
    if s.form.request:
        granted(s, RequestKind.RETURN)
    else:
        say_grounds(reason=s.form.reason)


def no_dispute_waits(s: Situation) -> None:
    """While a supervisor is to rule nobody takes the work from the first receiver, a supervisor neither."""
    if is_disputed(s.ticket):
        raise Conflict("dispute_waits", current=s.ticket.state.value)


def is_not_referred_in_a_dispute(s: Situation) -> None:
    """A side of a dispute does not rule on it itself, by sending the citizen to somebody else."""
    if s.form.outcome is Outcome.REFERRED and is_disputed(s.ticket):
        raise Invalid({"outcome": "dispute_waits"})


def is_disputed(ticket: Ticket) -> bool:
    """Whether units disagree about it and a ruling is to come."""
    return any(request.state is RequestState.DISPUTED for request in ticket.requests)


def comes_back_by_a_ruling_only(s: Situation) -> None:
    """No dispatcher sends it to a unit that gave it back, nor round in a circle: to one it was taken from it goes
    again by a supervisor, on a granted return, or from the hotline's hands to whose duty it is by the catalogue."""
    if s.by.actor is Actor.SUPERVISOR:
        return
    duty = (s.form.unit,) if s.form.duty_item else ()
    why = barred(s.ticket, s.form.request, duty).get(s.form.unit)
    if why:
        raise Conflict(why, current=s.ticket.state.value)


def moving_names_supervisor(s: Situation) -> None:
    """Beyond the limit of moves the supervisor's name is needed; to take it back and send it elsewhere would be the way
    round that."""
    name_supervisor(s, "reassigns")


def moved_enough(ticket: Ticket, limits: Limits) -> bool:
    """Whether another lead is one move beyond the limit."""
    return ticket.counters.reassigns + 1 >= limits.patience("reassigns")[1]


def unmerging_names_supervisor(s: Situation) -> None:
    """To merge what a unit leads and take it apart again would be another way round that."""
    if merged_from_its_lead(s.ticket):
        name_supervisor(s, "reassigns")


def merged_from_its_lead(ticket: Ticket) -> bool:
    """Whether merging took it from the unit that led it: where it goes once it is on its own again is a move."""
    merged = ticket.state_since if ticket.state is State.MERGED else None
    return any(a.role is AssignmentRole.LEAD and a.ended == merged for a in ticket.assignments if a.ended)


def return_was_granted_if_named(s: Situation) -> None:
    """A return the recall refers to was granted."""
    if s.form.request:
        granted(s, RequestKind.RETURN)


def unit_leads(s: Situation) -> None:
    """People of a unit act only where their unit leads."""
    lead = s.ticket.lead
    if s.by.actor in {Actor.UNIT, Actor.UNIT_LEADER} and (lead is None or lead.unit != s.by.unit):
        raise NotAllowed("not_the_lead_unit")


# -- what changes -----------------------------------------------------------------------------------------


def assign_units(s: Situation) -> Situation:
    """One lead and any supporting units, each with its clock; the basis is stored. What another led before moves."""
    form, step = s.form, s.ticket.clock(ClockKind.DISPATCH)
    late = step is not None and deadlines.is_overdue(s.calendar, step, s.now)
    before = next((a.unit for a in reversed(s.ticket.assignments) if a.role is AssignmentRole.LEAD), form.unit)
    s = _moved_on(s) if before != form.unit else s
    s = assign(_on_basis(s), form.unit, AssignmentRole.LEAD, late=late)
    return _assign_supporting(s, late=late)


def _moved_on(s: Situation) -> Situation:
    """One move more; whoever took it back beyond the limit has had it supervised for that."""
    counters = s.ticket.counters
    return s.change(counters=replace(counters, reassigns=counters.reassigns + 1))


def change_lead(s: Situation) -> Situation:
    """The lead and what it handed down end; another leads, with the floor of a late reassignment."""
    form = s.form
    s = _label_error(s) if form.request else s
    ending = AssignmentState.RETURNED if form.request else AssignmentState.TAKEN_BACK
    s = end_assignments(lapse_requests(use_request(s)), ending, of_lead(s.ticket))
    s = end_assignments(s, AssignmentState.TAKEN_BACK, lambda a: a.unit == form.unit)
    for unit in dict.fromkeys(part.unit for part in open_parts(s.ticket)):
        s = s.send(ErrandKind.LEAD_CHANGED, unit)
    s = assign(_on_basis(s), form.unit, AssignmentRole.LEAD, late=True)
    return _assign_supporting(count(s, "reassigns"), late=True)


def _on_basis(s: Situation) -> Situation:
    """What the dispatch rests on: the matter as the dispatcher sees it, the area, the duty item or the basis."""
    form, ticket = s.form, s.ticket
    matter, area = form.matter or ticket.matter, form.area or ticket.area
    return s.change(
        matter=matter,
        area=area,
        duty_item=form.duty_item,
        basis=form.basis,
        first_contact=None,
        contact_counted=None,
        contact_proof=None,
    )


def _assign_supporting(s: Situation, *, late: bool) -> Situation:
    at_work = {a.unit for a in s.ticket.assignments if a.open}
    for unit in dict.fromkeys(s.form.supporting):
        if unit not in at_work:
            s = assign(s, unit, AssignmentRole.SUPPORTING, late=late)
    return s


def take_back(s: Situation) -> Situation:
    """All work ends; the ticket is to be dispatched again, and beyond the limit of moves it is supervised for that."""
    s = _label_error(s) if s.form.request else s
    s = use_request(s).change(first_contact=None, contact_counted=None, contact_proof=None)
    lead = of_lead(s.ticket)
    ending = AssignmentState.RETURNED if s.form.request else AssignmentState.TAKEN_BACK
    s = end_assignments(end_assignments(s, ending, lead), AssignmentState.TAKEN_BACK)
    return _supervised_beyond(s)


def open_to_a_move(s: Situation) -> Situation:
    """What merging took from its lead is to be dispatched again, and beyond the limit of moves supervised for that."""
    return _supervised_beyond(s) if merged_from_its_lead(s.ticket) else s


def _supervised_beyond(s: Situation) -> Situation:
    if not moved_enough(s.ticket, s.limits):
        return s
    return supervise(s, s.ticket.supervision + 1, f"reassigns:{s.ticket.counters.reassigns + 1}")


def _label_error(s: Situation) -> Situation:
    lead = s.ticket.lead
    return s.send(ErrandKind.LABEL_DISPATCH_ERROR, lead.unit if lead else "", text=s.ticket.duty_item)


def accept_lead(s: Situation) -> Situation:
    """The lead has it; if the timer had to say so it was late."""
    s = set_lead(s, AssignmentState.ACCEPTED)
    return s.change(flags=s.ticket.flags | {Flag.LATE_ACCEPT}) if s.by.actor is Actor.TIMER else s


GUARDS: tuple[Guard, ...] = (
    matter_of_a_report_is_known,
    lead_is_competent,
    machine_is_sure,
    lead_changes,
    reassigning_has_grounds,
    no_dispute_waits,
    is_not_referred_in_a_dispute,
    comes_back_by_a_ruling_only,
    moving_names_supervisor,
    unmerging_names_supervisor,
    return_was_granted_if_named,
    unit_leads,
)
EFFECTS: tuple[Effect, ...] = (
    assign_units,
    change_lead,
    take_back,
    open_to_a_move,
    accept_lead,
)
