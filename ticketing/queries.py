"""The door to reading tickets: one, a citizen's, a list, the catalogue of matters."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from secrets import compare_digest

from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import NotAllowed, NotFound
from kernel.messages import Address
from kernel.people import Principal
from ticketing.access import is_unit_staff, may_know
from ticketing.approving import Approving
from ticketing.catalogue import Catalogue
from ticketing.model.acting import Record
from ticketing.model.duties import DispatchDecision, Matter
from ticketing.model.ticket import Result, Ticket
from ticketing.rules.awaiting import decisions_of
from ticketing.rules.doers import actors_of
from ticketing.rules.redacting import Veil
from ticketing.rules.telling import SECRET
from ticketing.store import lists
from ticketing.store.lists import Page, View, ViewName
from ticketing.store.officers import last_handed_in
from ticketing.store.tables import OUTSIDE
from ticketing.store.tickets import TicketStore

__all__ = ["OUTSIDE", "Page", "Queries", "View", "ViewName"]

LATEST = 50
SHOWN_TO_UNITS = frozenset({ViewName.INBOX, ViewName.ALL, ViewName.APPROVAL})


class Queries:
    """Reads tickets; every text it gives is masked."""

    def __init__(self, store: TicketStore, catalogue: Catalogue, lookup: Lookup, approving: Approving) -> None:
        self._approving = approving
        self._store = store
        self._catalogue = catalogue
        self._lookup = lookup

    async def by_number(self, tx: Tx, number: str, by: Principal | None = None) -> Ticket:
        """One ticket; NotFound, also when it is none of ``by``'s business."""
        ticket = await self._store.by_number(tx, number.strip().upper())
        if by is not None and await self._approving.from_above(tx, ticket, by) is None:
            may_know(by, ticket, self._lookup.stands_for(by.unit))
        return ticket

    async def by_code(self, tx: Tx, number: str, code: str) -> Ticket:
        """One ticket by its number and query code; NotFound when either is wrong, without telling which."""
        ticket = await self.by_number(tx, number)
        if not compare_digest(ticket.query_code.encode(), code.strip().upper().encode()):
            raise NotFound("ticket")
        return ticket

    async def of_citizens(self, tx: Tx, citizens: Collection[str], limit: int = LATEST) -> list[Ticket]:
        """The newest tickets of a person who is known as several citizens."""
        return await self._store.of_citizens(tx, citizens, limit)

    async def of_citizen(self, tx: Tx, citizen_id: str, limit: int = LATEST) -> list[Ticket]:
        """A citizen's tickets, the newest first."""
        return await self._store.of_citizen(tx, citizen_id, limit) if citizen_id else []

    async def of_address(self, tx: Tx, address: Address, limit: int = LATEST) -> list[Ticket]:
        """Tickets written from an address, the newest first."""
        return await self._store.of_address(tx, address, limit)

    async def find(self, tx: Tx, view: View) -> Page:
        """One page of a list; Invalid for a cursor that is not ours."""
        return await lists.find(tx, self._widened(view))

    async def counts(self, tx: Tx, views: Sequence[View]) -> list[int]:
        """How many tickets each of some lists has; MOST_COUNTED when there are as many or more."""
        return await lists.counts(tx, [self._widened(view) for view in views])

    def _widened(self, view: View) -> View:
        """A unit's list holds also what those had whose work it goes on with."""
        return replace(view, units=self._lookup.stands_for(view.unit)) if view.unit else view

    async def history(self, tx: Tx, ticket: Ticket) -> list[Record]:
        """All that was done to a ticket, in order."""
        return await self._store.history(tx, ticket.id)

    async def decision(self, tx: Tx, number: str) -> DispatchDecision | None:
        """Where a ticket should go and why; None when that was never decided."""
        return (await self._store.load(tx, number)).decision

    async def repeats(self, tx: Tx, ticket: Ticket) -> list[tuple[str, str, int]]:
        """Numbers of tickets that looked like the same matter when it came in, why, and how alike in percent."""
        return await self._store.repeats_of(tx, ticket.id)

    async def own_result(self, tx: Tx, ticket: Ticket, by: Principal) -> Result | None:
        """The result an officer of a unit handed in last: of this ticket, or of another of their unit's newest."""
        if ticket.result is not None and ticket.result.by == by.id:
            return ticket.result
        number = await last_handed_in(tx, by.unit, by.id)
        found = (await self._store.by_number(tx, number)).result if number else None
        return found if found is not None and found.by == by.id else None

    def title(self, ticket: Ticket) -> str:
        """The title as the hotline's people read it: of a secret ticket nothing that tells whose it is."""
        if ticket.secrecy not in SECRET:
            return ticket.title
        reach = self._store.reach(ticket)
        return Veil(True, sees_accused=True, name=reach.name, phone=reach.phone).over(ticket.title)

    def matters(self) -> tuple[Matter, ...]:
        """The catalogue, from memory."""
        return self._catalogue.all()

    def matter_name(self, code: str) -> str:
        """What a matter is called; empty for a code nobody knows."""
        matter = self._catalogue.known(code)
        return matter.name if matter else ""


def limited(view: View, by: Principal) -> View:
    """The view as far as ``by`` may see it: unit staff their own unit's; NotAllowed for a list not theirs."""
    if not is_unit_staff(by):
        return replace(view, person=by.id, awaited=decisions_of(actors_of(by)))
    if view.name not in SHOWN_TO_UNITS or not by.unit:
        raise NotAllowed("not_allowed")
    return replace(view, unit=by.unit)
