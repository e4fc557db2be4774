"""What somebody may do to a ticket now: the rows of the tables, less those whose guards surely refuse."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.workcalendar import WorkCalendar
from ticketing.model.acting import Doer, Form
from ticketing.model.labels import (
    Action,
    Actor,
    AssignmentRole,
    AssignmentState,
    RequestKind,
    RequestState,
    SideAction,
    State,
    Urgency,
)
from ticketing.model.ticket import Assignment, Ticket
from ticketing.rules import deadlines
from ticketing.rules.fields import Asked
from ticketing.rules.limits import Limits, rank
from ticketing.rules.parts import is_worked_on
from ticketing.rules.requests import RULES, askable
from ticketing.rules.side_actions import side_rows
from ticketing.rules.situation import Around, Guard, Situation
from ticketing.rules.transitions import GUARDS, LIFE

MAY_BE_HEALED = frozenset({"parts_open"})
# Read by the probe as given, so that a guard refuses only what no form could mend.
PROBE = Form()
BEFORE_CONTACT = frozenset({State.DISPATCHED, State.ACCEPTED, State.IN_PROGRESS})
NEEDS_GRANT = {action: kind for kind, rule in RULES.items() for action in rule.leads_to}


@dataclass(frozen=True, slots=True)
class Button:
    """One thing that may be done, in the part of ``actor``."""

    action: Action | SideAction
    actor: Actor


def buttons(
    ticket: Ticket,
    doers: Sequence[Doer],
    now: datetime,
    calendar: WorkCalendar,
    limits: Limits,
    *,
    unreachable: bool = False,
) -> tuple[Button, ...]:
    """What may be done by somebody who acts in any of the parts of ``doers``; every action once. ``unreachable``: the
    citizen can be neither written to nor rung up."""
    around = Around(new_id=str, unreachable=unreachable)
    found: dict[Action | SideAction, Button] = {}
    for doer in doers:
        situation = Situation(ticket, PROBE, doer, now, calendar, limits, around)
        for action, guards in _rows(ticket, doer.actor):
            offered = _grant_is_there(ticket, action) and _has_a_step(ticket, action)
            offered = offered and _makes_sense(situation, action)
            if action not in found and offered and not any(map(_refuses(situation), guards)):
                found[action] = Button(action, doer.actor)
    return tuple(found.values())


def requests_open_to(
    ticket: Ticket, doers: Sequence[Doer], now: datetime, calendar: WorkCalendar, limits: Limits
) -> tuple[RequestKind, ...]:
    """What somebody of the lead unit may ask for now."""
    lead = ticket.lead
    of_lead = any(lead and d.unit == lead.unit and d.actor in {Actor.UNIT, Actor.UNIT_LEADER} for d in doers)
    return askable(ticket, now, calendar, limits) if of_lead else ()


def _rows(ticket: Ticket, actor: Actor) -> Iterator[tuple[Action | SideAction, tuple[Guard, ...]]]:
    for row in LIFE.allowed(ticket.state, actor):
        yield row.action, tuple(GUARDS[name] for name in row.guards)
    for side in side_rows(ticket.state, actor):
        yield side.action, side.guards


def _refuses(situation: Situation) -> Callable[[Guard], bool]:
    def refuses(guard: Guard) -> bool:
        try:
            guard(situation)
        except (Invalid, NotFound):
            return False
        except Conflict as conflict:
            return conflict.code not in MAY_BE_HEALED
        except NotAllowed:
            return True
        return False

    return refuses


def _has_a_step(ticket: Ticket, action: Asked) -> bool:
    """Whether there is an urgency above the ticket's, or below, where it is to be raised or lowered."""
    ends: dict[Asked, int] = {SideAction.RAISE_URGENCY: 0, SideAction.LOWER_URGENCY: len(Urgency) - 1}
    return rank(ticket.urgency) != ends.get(action)


def _makes_sense(s: Situation, action: Asked) -> bool:
    """Not what the rules would take but nobody would do: a first contact that was made, a dissent about no part, a part
    that was accepted already."""
    ticket, doer = s.ticket, s.by
    match action:
        case SideAction.LOG_CONTACT:
            return ticket.first_contact is None and ticket.state in BEFORE_CONTACT
        case SideAction.TAKE_BACK_CONTACT:
            # It follows from putting right who picked up.
            return False
        case SideAction.NOTE_DISSENT:
            return bool(parts_to_dissent_from(ticket, doer, s.now, s.calendar))
        case SideAction.WITHDRAW_PART:
            return bool(parts_to_withdraw(ticket))
        case SideAction.ACCEPT_PART:
            return any(
                a.unit == doer.unit and a.state is AssignmentState.DISPATCHED
                for a in ticket.assignments
                if a.role is not AssignmentRole.LEAD
            )
        case _:
            return True


def parts_to_dissent_from(ticket: Ticket, doer: Doer, now: datetime, calendar: WorkCalendar) -> list[Assignment]:
    """Open parts beside the lead's that ``doer`` may note a dissent on and nobody has yet: a unit on its own, the
    hotline on those whose clock ran out."""
    parts = [a for a in ticket.assignments if a.open and a.role is not AssignmentRole.LEAD and not a.dissent]
    if doer.actor is Actor.UNIT:
        return [part for part in parts if part.unit == doer.unit]
    return [part for part in parts if deadlines.is_overdue(calendar, part.clock, now)]


def parts_to_withdraw(ticket: Ticket) -> list[Assignment]:
    """Open supporting parts without a result."""
    supporting = [a for a in ticket.assignments if a.open and a.role is AssignmentRole.SUPPORTING]
    return [part for part in supporting if not is_worked_on(ticket, part)]


def _grant_is_there(ticket: Ticket, action: Asked) -> bool:
    """Suspending takes a granted request that is not used up."""
    if action is not Action.SUSPEND:
        return True
    return any(
        r.kind is NEEDS_GRANT[action] and r.state is RequestState.GRANTED and not r.used for r in ticket.requests
    )
