"""Whether what an officer was told of is still to be done: once signed, moved on or closed it is not told again."""

from collections.abc import Collection, Mapping

from ticketing.model.labels import Action, ErrandKind, RequestKind, RequestState, SideAction, State
from ticketing.model.ticket import Ticket
from ticketing.rules.notices import Event, Late
from ticketing.rules.reaching import PINGS

ENDED = frozenset({State.CLOSED, State.WITHDRAWN, State.ARCHIVED, State.MERGED})
REPLIED = ENDED | {State.REPLIED, State.CALL_BACK}
TO_SIGN = frozenset({State.DISPATCHED})
TO_CONTACT = frozenset({State.DISPATCHED, State.ACCEPTED})
AT_WORK = frozenset({State.DISPATCHED, State.ACCEPTED, State.IN_PROGRESS, State.REHANDLE, State.SUBMITTED})

_STATES: Mapping[Event | Late, frozenset[State]] = {
    Action.DISPATCH: TO_SIGN,
    Action.REASSIGN: TO_SIGN,
    Late.SIGN_SOON: TO_SIGN,
    Late.SIGN_LATE: TO_SIGN,
    Late.CONTACT_SOON: TO_CONTACT,
    Late.CONTACT_LATE: TO_CONTACT,
    ErrandKind.APPROVE_INSIDE: frozenset({State.SUBMITTED}),
    Action.REDO_INSIDE: frozenset({State.IN_PROGRESS}),
    Action.BOUNCE: frozenset({State.IN_PROGRESS}),
    Action.REHANDLE: frozenset({State.REHANDLE}),
    Action.RESUME: AT_WORK - {State.SUBMITTED},
    SideAction.URGE: AT_WORK,
    SideAction.RAISE_URGENCY: AT_WORK,
    Late.NEARLY_DUE: AT_WORK,
    Late.DISPATCH_SOON: frozenset({State.RECEIVED, State.TRIAGE}),
    Late.DISPATCH_LATE: frozenset({State.RECEIVED, State.TRIAGE}),
    Late.APPROVAL_SOON: frozenset({State.SUBMITTED}),
    Late.APPROVAL_LATE: frozenset({State.SUBMITTED}),
    Late.APPROVES_ABOVE: frozenset({State.SUBMITTED}),
    Late.NOBODY_APPROVES: frozenset({State.SUBMITTED}),
    Late.REVIEW_SOON: frozenset({State.REVIEW}),
    Late.REVIEW_LATE: frozenset({State.REVIEW}),
    Late.CALLBACK_SOON: frozenset({State.CALL_BACK}),
    Late.CALLBACK_LATE: frozenset({State.CALL_BACK}),
    Late.RECEIPT_SOON: frozenset({State.HANDED_OVER}),
    Late.RECEIPT_LATE: frozenset({State.HANDED_OVER}),
    Late.HOLD_SOON: frozenset({State.SUSPENDED, State.SHELVED}),
    Late.HOLD_TODAY: frozenset({State.SUSPENDED, State.SHELVED}),
}
_OPEN_IN = {what: states for event, states in _STATES.items() for _, what in PINGS[event]}
_PARTS = frozenset(what for event in (SideAction.ADD_SUPPORTING, SideAction.SUB_DISPATCH) for _, what in PINGS[event])
_HEARD = frozenset(
    what
    for event in (ErrandKind.HEAR_UNIT, ErrandKind.RULE_DISPUTE, Late.RULING_SOON, Late.RULING_LATE)
    for _, what in PINGS[event]
)
# Done by those above for a unit below them.
_FROM_ABOVE = frozenset(what for _, what in PINGS[Late.APPROVES_ABOVE])
# Those above are told of units below them, which they do not work for.
_COPIED = "（抄送）"
_WAITING = frozenset({RequestState.OPEN, RequestState.DISPUTED})


def still_asked(ticket: Ticket, what: str, own: Collection[str]) -> bool:
    """Whether ``what`` is still to be done by somebody of the units ``own``, or of the hotline where that is empty."""
    if what in _HEARD:
        return any(each.state is RequestState.DISPUTED for each in ticket.requests)
    if ticket.state in (REPLIED if own else ENDED):
        return False
    if what in _PARTS:
        return any(each.unit in own and each.ended is None and each.accepted is None for each in ticket.assignments)
    of_others = what.endswith(_COPIED) or what in _FROM_ABOVE
    if own and not of_others and not any(a.unit in own and a.ended is None for a in ticket.assignments):
        return False
    if what in _OPEN_IN:
        return ticket.state in _OPEN_IN[what]
    kinds = [kind for kind in RequestKind if what.startswith(kind.label)]
    return not kinds or any(each.kind in kinds and each.state in _WAITING for each in ticket.requests)
