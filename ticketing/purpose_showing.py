"""What somebody may name as the purpose of a look at who a citizen is, and what is opened for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from kernel.people import Principal
from ticketing.access import is_unit_staff
from ticketing.model.ticket import Ticket
from ticketing.rules.purposes import FIELD_NAMES, purposes_for, shown_for
from ticketing.rules.telling import SECRET


@dataclass(frozen=True, slots=True)
class PurposeView:
    """What it may be needed for; ``shows`` is what is opened for that, in words."""

    value: str
    label: str
    shows: Sequence[str]


def purposes_of(ticket: Ticket, by: Principal) -> list[PurposeView]:
    """The purposes ``by`` may name at a ticket."""
    secret, of_unit = ticket.secrecy in SECRET, is_unit_staff(by)
    found = []
    for each in purposes_for(secret=secret, of_unit=of_unit):
        shows = [FIELD_NAMES[name] for name in shown_for(each, secret=secret, of_unit=of_unit)]
        found.append(PurposeView(each.value, each.label, shows))
    return found
