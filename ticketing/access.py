"""Whose ticket it is to whom: a link opens one, citizens see their own, unit staff those of their unit."""

from collections.abc import Collection

from kernel.errors import NotAllowed, NotFound
from kernel.people import UNIT_ROLES, Kind, Principal
from ticketing.model.ticket import Ticket
from ticketing.store.tickets import units_of


def is_unit_staff(by: Principal) -> bool:
    """Whether somebody sees only what concerns their own unit; a key never sees more."""
    return by.kind is Kind.KEY or (by.kind is Kind.STAFF and bool(by.roles) and by.roles <= UNIT_ROLES)


def may_know(by: Principal, ticket: Ticket, units: Collection[str]) -> None:
    """Raise NotFound (or NotAllowed for a link of another ticket) when the ticket is none of ``by``'s business;
    ``units`` are those the unit of ``by`` stands for, itself among them."""
    match by.kind:
        case Kind.LINK if by.link != ticket.number:
            raise NotAllowed("bad_token")
        case Kind.CITIZEN if by.id != ticket.citizen:
            raise NotFound("ticket")
        case Kind.GUEST:
            raise NotFound("ticket")
        case Kind.STAFF | Kind.KEY if is_unit_staff(by) and not units_of(ticket).keys() & set(units):
            raise NotFound("ticket")
        case _:
            return
