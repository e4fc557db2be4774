"""By when the step a notice tells of is to be done: to sign, to get in touch, to decide."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from kernel.workcalendar import WorkCalendar
from ticketing.model.labels import Action, AssignmentRole, ClockKind, ErrandKind, RequestState, SideAction
from ticketing.model.ticket import Clock, Request, Ticket
from ticketing.rules.deadlines import due_after
from ticketing.rules.limits import Limits
from ticketing.rules.notices import Event, Late
from ticketing.rules.overdue import step_clock, step_words


@dataclass(frozen=True, slots=True)
class Until:
    """The moment a step is to be done by; ``step`` is its name, as in 签收时限."""

    step: str
    at: datetime


_OF_CLOCK: Mapping[Event | Late, ClockKind] = {
    Action.DISPATCH: ClockKind.ACCEPT,
    Action.REASSIGN: ClockKind.ACCEPT,
    Late.SIGN_SOON: ClockKind.ACCEPT,
    Late.SIGN_LATE: ClockKind.ACCEPT,
    Late.CONTACT_SOON: ClockKind.FIRST_CONTACT,
    Late.CONTACT_LATE: ClockKind.FIRST_CONTACT,
    Late.DISPATCH_SOON: ClockKind.DISPATCH,
    Late.DISPATCH_LATE: ClockKind.DISPATCH,
    ErrandKind.APPROVE_INSIDE: ClockKind.APPROVAL,
    Late.APPROVAL_SOON: ClockKind.APPROVAL,
    Late.APPROVAL_LATE: ClockKind.APPROVAL,
    Late.APPROVES_ABOVE: ClockKind.APPROVAL,
    Late.NOBODY_APPROVES: ClockKind.APPROVAL,
    Late.REVIEW_SOON: ClockKind.REVIEW,
    Late.REVIEW_LATE: ClockKind.REVIEW,
    Late.CALLBACK_SOON: ClockKind.CALL_BACK,
    Late.CALLBACK_LATE: ClockKind.CALL_BACK,
    Late.RECEIPT_SOON: ClockKind.RECEIPT,
    Late.RECEIPT_LATE: ClockKind.RECEIPT,
}
KINDS: Mapping[str, ClockKind] = {str(event): kind for event, kind in _OF_CLOCK.items()}
# Of a part somebody is given beside or below the lead.
OF_A_PART = frozenset({SideAction.ADD_SUPPORTING.value, SideAction.SUB_DISPATCH.value})
# What whoever works beside or below the lead is told instead of what the lead is: of their own part and its time.
TOLD_OF_THE_PART: Mapping[str, str] = {
    Action.DISPATCH.value: SideAction.ADD_SUPPORTING.value,
    Action.REASSIGN.value: SideAction.ADD_SUPPORTING.value,
    SideAction.RAISE_URGENCY.value: SideAction.RAISE_URGENCY.value,
}
# Times are shorter now, whatever step it is at.
OF_THE_STEP = frozenset({SideAction.RAISE_URGENCY.value, ErrandKind.ESCALATE_UNIT.value})
OF_A_DISPUTE = frozenset({ErrandKind.RULE_DISPUTE.value, ErrandKind.HEAR_UNIT.value})
OF_A_REFUSAL = frozenset({SideAction.PROPOSE_DECLINE.value, Late.REFUSAL_LATE.value})
OF_AN_APPEAL = frozenset({ErrandKind.DECIDE_APPEAL.value, Late.APPEAL_LATE.value})
OF_A_HOLD = frozenset({Late.HOLD_SOON.value, Late.HOLD_TODAY.value})


def until_of(ticket: Ticket, event: str, units: Sequence[str], calendar: WorkCalendar, limits: Limits) -> Until | None:
    """By when what ``event`` tells ``units`` of is to be done; None where that is the reply, or nothing counts."""
    if event in OF_A_DISPUTE:
        disputed = [each for each in ticket.requests if each.state is RequestState.DISPUTED]
        return decision_until(disputed[-1]) if disputed else None
    if event in OF_A_REFUSAL or event in OF_AN_APPEAL:
        return _ruling(ticket, event, calendar, limits)
    if event in OF_A_HOLD:
        return Until("复查", ticket.hold.review_at) if ticket.hold else None
    clock = _clock(ticket, event, units)
    return None if clock is None or clock.paused else Until(step_words(clock), clock.due)


def part_until(ticket: Ticket, unit: str) -> Until | None:
    """By when a unit's part beside or below the lead's is to be done; None for the lead, or where nothing counts."""
    part = next((a for a in ticket.assignments if a.open and a.unit == unit), None)
    if part is None or part.role is AssignmentRole.LEAD or part.clock.paused:
        return None
    return Until(step_words(part.clock), part.clock.due)


def decision_until(request: Request) -> Until:
    """By when a request is to be decided."""
    return Until("裁决" if request.state is RequestState.DISPUTED else "审批", request.decide_by)


def span_until(clock: Clock) -> Until:
    """By when words that may tell whose a ticket is are to be decided about."""
    return Until("核定", clock.due)


def _clock(ticket: Ticket, event: str, units: Sequence[str]) -> Clock | None:
    if event in OF_A_PART:
        return next((a.clock for a in ticket.assignments if a.open and a.unit in units), None)
    if event in OF_THE_STEP:
        return step_clock(ticket)
    return ticket.clock(KINDS[event]) if event in KINDS else None


def _ruling(ticket: Ticket, event: str, calendar: WorkCalendar, limits: Limits) -> Until | None:
    if event in OF_AN_APPEAL:
        since, step = ticket.appeal_filed or ticket.state_since, "裁定"
    elif ticket.refusal is not None:
        since, step = ticket.refusal.at, "复核"
    else:
        return None
    return Until(step, due_after(calendar, limits.at(since).ruling, since))
