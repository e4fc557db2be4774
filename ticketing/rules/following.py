"""Units are merged, split or closed: what they have of a ticket goes on at their heirs, every clock as it was."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kernel.errors import Conflict
from ticketing.model.labels import AssignmentRole, AssignmentState, RequestKind, RequestState
from ticketing.model.ticket import Assignment, Held, Request, Ticket
from ticketing.rules import deadlines
from ticketing.rules.situation import Situation

STRONGEST = (AssignmentRole.LEAD, AssignmentRole.SUPPORTING, AssignmentRole.SUB)
OWN_WISH = "机构调整后由同一单位承办"


def units_at_work(ticket: Ticket) -> tuple[str, ...]:
    """Units with an open part, the lead first."""
    parts = sorted((a for a in ticket.assignments if a.open), key=lambda a: STRONGEST.index(a.role))
    return tuple(dict.fromkeys(part.unit for part in parts))


def somebody_follows(s: Situation) -> None:
    """A unit at work on it has an heir."""
    if not set(units_at_work(s.ticket)) & s.around.heirs.keys():
        raise Conflict("nothing_to_follow", current=s.ticket.state.value)


def follow_unit(s: Situation) -> Situation:
    """Parts and requests go to the heirs; of two parts that come to one unit the stronger stays."""
    heirs = s.around.heirs
    moved = tuple(_moved(part, heirs, s) for part in s.ticket.assignments)
    s = s.change(assignments=_joined(s, moved))
    lead = s.ticket.lead.unit if s.ticket.lead else ""
    return s.change(requests=tuple(_request(each, heirs, lead, s) for each in s.ticket.requests))


def _moved(part: Assignment, heirs: Mapping[str, str], s: Situation) -> Assignment:
    if not part.open or part.unit not in heirs:
        return part
    return replace(part, unit=heirs[part.unit], held=(*part.held, Held(part.unit, s.now)))


def _joined(s: Situation, parts: Sequence[Assignment]) -> tuple[Assignment, ...]:
    """A unit has one part only: the weaker ones end, and what was handed down from them hangs on the one that stays."""
    kept: dict[str, Assignment] = {}
    for part in sorted((p for p in parts if p.open), key=lambda p: STRONGEST.index(p.role)):
        kept.setdefault(part.unit, part)
    ended = {p.id: kept[p.unit].id for p in parts if p.open and p.id != kept[p.unit].id}
    return tuple(_ended(s, p) if p.id in ended else replace(p, parent=ended.get(p.parent, p.parent)) for p in parts)


def _ended(s: Situation, part: Assignment) -> Assignment:
    clock = deadlines.stop(s.calendar, part.clock, s.now)
    return replace(part, state=AssignmentState.TAKEN_BACK, ended=s.now, clock=clock)


def _request(request: Request, heirs: Mapping[str, str], lead: str, s: Situation) -> Request:
    """What waits or may still be used is the heir's; a return to the very unit that has it now has lost its object."""
    if not (request.open or (request.state is RequestState.GRANTED and not request.used)):
        return request
    suggested = heirs.get(request.suggested_unit, request.suggested_unit)
    request = replace(request, unit=heirs.get(request.unit, request.unit), suggested_unit=suggested)
    if request.kind is RequestKind.RETURN and suggested == lead:
        return replace(request, state=RequestState.LAPSED, decided_at=s.now, decision=OWN_WISH)
    return request
