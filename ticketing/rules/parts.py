"""The parts of other units in a ticket: given beside or below the lead, worked at, done, or dissented from."""

from dataclasses import replace

from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from ticketing.model.labels import Actor, AssignmentRole, AssignmentState, ErrandKind
from ticketing.model.ticket import Assignment, Ticket
from ticketing.rules import deadlines
from ticketing.rules.assigning import with_the_power
from ticketing.rules.moving import assign, below, end_assignments
from ticketing.rules.reasons import SHORTEST_REASON, agrees, fault_of
from ticketing.rules.situation import Situation
from ticketing.rules.substance import LEAST_HAN, says_fault

# So many Chinese characters say how a unit disagrees, and why the hotline notes it: 该单位逾期未办.


def is_not_on_it(s: Situation) -> None:
    """A unit has one part only."""
    if any(a.open and a.unit == s.form.unit for a in s.ticket.assignments):
        raise Invalid({"unit": "works_on_it_already"})


def add_supporting(s: Situation) -> Situation:
    """Another unit helps."""
    return assign(s, s.form.unit, AssignmentRole.SUPPORTING, late=True)


def not_too_deep(s: Situation) -> None:
    """At most three levels below the lead."""
    above = {a.id: a.parent for a in s.ticket.assignments}
    depth, at = 1, own_part(s).id
    while above.get(at):
        depth, at = depth + 1, above[at]
    if depth > s.limits.deepest_assignment:
        raise NotAllowed("handed_down_too_far")


def sub_is_competent(s: Situation) -> None:
    """What enforces below the lead has the power for it and the area; who only helps hands down only help."""
    found = with_the_power(s.form) if _is_of_the_lead(s, own_part(s)) else []
    if found and not any(c.has_power and c.covers_area for c in found):
        raise Invalid({"unit": "no_power_there"})


def _is_of_the_lead(s: Situation, part: Assignment) -> bool:
    known = {a.id: a for a in s.ticket.assignments}
    while part.parent in known:
        part = known[part.parent]
    return part.role is not AssignmentRole.SUPPORTING


def sub_dispatch(s: Situation) -> Situation:
    """A unit below works for the one above, which stays accountable."""
    return assign(s, s.form.unit, AssignmentRole.SUB, late=True, parent=own_part(s).id)


def is_no_lead_part(s: Situation) -> None:
    """The lead's own work goes by the transitions."""
    if own_part(s).role is AssignmentRole.LEAD:
        raise NotAllowed("lead_part")


def parts_below_are_done(s: Situation) -> None:
    """A unit is done when those below it are, or their dissent is noted."""
    own = own_part(s).id
    waiting = [a.unit for a in s.ticket.assignments if a.open and a.parent == own and not a.dissent]
    if waiting:
        raise Conflict("parts_open", current=s.ticket.state.value, units=waiting)


def accept_part(s: Situation) -> Situation:
    """The unit has it and works."""
    part = own_part(s)
    return _replace(s, replace(part, state=AssignmentState.WORKING, accepted=part.accepted or s.now))


def part_says_what_was_done(s: Situation) -> None:
    """What the lead's reply is to rest on says something."""
    if fault := says_fault(s.form.findings):
        raise Invalid({"findings": fault}, least=LEAST_HAN)


def finish_part(s: Situation) -> Situation:
    """The unit's part is done."""
    part = own_part(s)
    clock = deadlines.stop(s.calendar, part.clock, s.now)
    done = replace(part, state=AssignmentState.DONE, ended=s.now, result=s.form.findings, clock=clock)
    return _replace(s, done)


def note_dissent(s: Situation) -> Situation:
    """How the unit disagrees, in its own words or noted by the hotline; the ticket need not wait for this part."""
    return _replace(s, replace(_part(s), dissent=s.form.dissent))


def dissent_is_of_a_part(s: Situation) -> None:
    """Of a supporting or sub-assignment, by its own unit; by the hotline where that unit lets its clock run out."""
    part = _part(s)
    if part.role is AssignmentRole.LEAD or not part.open:
        raise Conflict("part_not_open", current=part.state.value)
    if s.by.actor is Actor.UNIT and s.by.unit != part.unit:
        raise NotAllowed("dissent_is_the_units_own")
    if s.by.actor is not Actor.UNIT and not deadlines.is_overdue(s.calendar, part.clock, s.now):
        raise NotAllowed("part_not_overdue", until=deadlines.due_at(s.calendar, part.clock, s.now))


def dissent_says_something(s: Situation) -> None:
    """It disagrees, in some words; the hotline says also why it speaks for the unit."""
    if agrees(s.form.dissent):
        raise Invalid({"dissent": "is_no_dissent"})
    said = {"dissent": s.form.dissent}
    if s.by.actor is not Actor.UNIT:
        said["reason"] = s.form.reason
    if wrong := {name: fault for name, text in said.items() if (fault := fault_of(text, SHORTEST_REASON))}:
        raise Invalid(wrong, least=SHORTEST_REASON)


def withdrawn_part_is_supporting(s: Situation) -> None:
    """A part beside the lead's: the lead moves by the transitions, and what a unit handed down is its own to answer
    for."""
    part = _part(s)
    if part.role is not AssignmentRole.SUPPORTING:
        raise Invalid({"assignment": "not_supporting"})
    if not part.open:
        raise Conflict("part_not_open", current=s.ticket.state.value)


def part_has_no_result(s: Situation) -> None:
    """Nobody has worked on it to an end: neither the unit nor one it handed some of it down to."""
    if is_worked_on(s.ticket, _part(s)):
        raise NotAllowed("part_has_result")


def withdrawal_says_something(s: Situation) -> None:
    """Why it was a mistake, in some words: the lead does not wait for the part any more."""
    if fault := fault_of(s.form.reason, SHORTEST_REASON):
        raise Invalid({"reason": fault}, least=SHORTEST_REASON)


def is_worked_on(ticket: Ticket, part: Assignment) -> bool:
    """Whether a part, or one handed down from it, has a result."""
    belongs = below(ticket, part)
    return any(a.state is AssignmentState.DONE for a in ticket.assignments if belongs(a))


def withdraw_part(s: Situation) -> Situation:
    """It was given by mistake: it ends with what was handed down from it, and nobody waits for it."""
    ends = below(s.ticket, _part(s))
    return end_assignments(s, AssignmentState.TAKEN_BACK, ends, ErrandKind.END_PART, s.form.reason)


def own_part(s: Situation) -> Assignment:
    """The open assignment of the doer's unit: the one the form names, or the only one."""
    part = next((a for a in s.ticket.assignments if a.open and a.unit == s.by.unit), None)
    if part is None or s.form.assignment not in {"", part.id}:
        raise NotAllowed("no_part_in_it")
    return part


def _part(s: Situation) -> Assignment:
    part = next((a for a in s.ticket.assignments if a.id == s.form.assignment), None)
    if part is None:
        raise NotFound("assignment", id=s.form.assignment)
    return part


def _replace(s: Situation, part: Assignment) -> Situation:
    return s.change(assignments=tuple(part if a.id == part.id else a for a in s.ticket.assignments))
