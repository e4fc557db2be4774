"""Handling a ticket again: who may ask for it, who does it, by when."""

from dataclasses import replace

from kernel.errors import Invalid, NotAllowed
from ticketing.model.labels import Actor, AssignmentRole, ErrandKind, Flag, RehandleGround, State
from ticketing.rules import deadlines
from ticketing.rules.assigning import with_the_power
from ticketing.rules.moving import assign
from ticketing.rules.situation import Effect, Guard, Situation, count, listed, name_supervisor

# -- what must hold ---------------------------------------------------------------------------------------


def deserves_rehandling(s: Situation) -> None:
    """Not contacted, unsolved or unsatisfied; no confirmed lawful refusal; by the citizen in time and once."""
    ticket, rating = s.ticket, s.ticket.rating
    if ticket.lawful_refusal:
        raise NotAllowed("lawful_refusal_confirmed")
    # Before the form is read: what no form could mend is no button.
    if ticket.state is State.CLOSED and s.by.actor is Actor.CITIZEN:
        _reopen_once_in_time(s)
    if rating is None or not rating.bad or s.form.reason_code:
        listed(s.form.reason_code, RehandleGround)


def _reopen_once_in_time(s: Situation) -> None:
    closed = s.ticket.closed or s.ticket.state_since
    if s.ticket.counters.reopened:
        raise NotAllowed("reopened_already")
    until = closed + s.limits.at(closed).reopened_within
    if s.now > until:
        raise NotAllowed("reopening_too_late", until=until)


def rehandling_names_supervisor(s: Situation) -> None:
    """From the third on the supervisor's name is needed."""
    name_supervisor(s, "rehandles")


def unit_is_not_picked_by_hand(s: Situation) -> None:
    """Whose it was has it again, or the one above; another unit only from a supervisor, and one with the power."""
    if not s.form.unit:
        return
    if s.by.actor is not Actor.SUPERVISOR:
        raise NotAllowed("unit_is_the_supervisors_choice")
    with_the_power(s.form)


def somebody_can_rehandle(s: Situation) -> None:
    """A lead of before, a named unit, or the one that takes what nobody leads."""
    if not (s.form.unit or s.ticket.lead or s.around.fallback_unit):
        raise Invalid({"unit": "required"})


# -- what changes -----------------------------------------------------------------------------------------


def handle_again(s: Situation) -> Situation:
    """A clock of its own; the second time one level up; earlier clocks are not touched."""
    ticket, counters = s.ticket, s.ticket.counters
    reopened = ticket.state is State.CLOSED and s.by.actor is Actor.CITIZEN
    s = count(s.change(counters=replace(counters, reopened=counters.reopened + reopened)), "rehandles")
    again = counters.rehandles + 1
    before, unit = ticket.lead, _who_handles_again(s, again)
    clock = deadlines.rehandle_clock(s.calendar, ticket, s.now, s.limits)
    s = s.change(
        clocks=(*s.ticket.clocks, clock),
        outcome=None,
        closed=None,
        result=None,
        rating=None,
        attempts=(),
        parent="",
    )
    s = assign(s, unit, AssignmentRole.LEAD, late=False)
    if again == 1:
        return s
    s = s.change(flags=s.ticket.flags | {Flag.ESCALATED})
    return s.send(ErrandKind.ESCALATE_UNIT, unit, text=before.unit if before else "")


def _who_handles_again(s: Situation, again: int) -> str:
    lead = s.ticket.lead
    upper = s.around.upper_unit if again > 1 else ""
    return s.form.unit or upper or (lead.unit if lead else s.around.fallback_unit)


GUARDS: tuple[Guard, ...] = (
    deserves_rehandling,
    rehandling_names_supervisor,
    unit_is_not_picked_by_hand,
    somebody_can_rehandle,
)
EFFECTS: tuple[Effect, ...] = (handle_again,)
