"""What a step changes of a ticket, field by field, in codes: kept with its line of the history.

Of what people wrote only that it changed is kept: words stay in the ticket, where they are masked and forgotten.
"""

from collections.abc import Callable, Iterable, Mapping

from ticketing.model.acting import Change
from ticketing.model.labels import ClockKind
from ticketing.model.ticket import Ticket

JOINED = "|"


def _due(ticket: Ticket) -> str:
    clock = ticket.clock(ClockKind.REHANDLE) or ticket.clock(ClockKind.TOTAL)
    return clock.due.isoformat() if clock and clock.running else ""


def _contact(ticket: Ticket) -> str:
    return ticket.first_contact.isoformat() if ticket.first_contact else ""


def _joined(parts: Iterable[tuple[str, ...]]) -> str:
    return JOINED.join(":".join(part) for part in parts)


CODED: Mapping[str, Callable[[Ticket], str]] = {
    "state": lambda ticket: ticket.state.value,
    "unit": lambda ticket: ticket.lead.unit if ticket.lead else "",
    "matter": lambda ticket: ticket.matter,
    "area": lambda ticket: ticket.area,
    "kind": lambda ticket: ticket.kind.value,
    "urgency": lambda ticket: ticket.urgency.value,
    "due": _due,
    "contact": _contact,
    "supervision": lambda ticket: str(ticket.supervision or ""),
    "requests": lambda ticket: _joined((each.kind.value, each.state.value) for each in ticket.requests),
    "parts": lambda ticket: _joined((a.unit, a.role.value, a.state.value) for a in ticket.assignments),
    "parent": lambda ticket: ticket.parent,
}
WRITTEN: Mapping[str, Callable[[Ticket], object]] = {
    "title": lambda ticket: ticket.title,
    "text": lambda ticket: (ticket.text, ticket.place, ticket.happened),
    "result": lambda ticket: ticket.result,
    "reply": lambda ticket: ticket.reply,
}


def changes_between(before: Ticket, after: Ticket) -> tuple[Change, ...]:
    """What is different, with the codes of before and after; of words only the field."""
    coded = ((name, read(before), read(after)) for name, read in CODED.items())
    written = (Change(name) for name, read in WRITTEN.items() if read(before) != read(after))
    return (*(Change(*each) for each in coded if each[1] != each[2]), *written)
