"""One thing done to many tickets: each in a transaction of its own, each told how it went."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import Conflict, HotlineError, Invalid
from kernel.people import Principal
from kernel.room import Floor
from ticketing.deciding import Deciding
from ticketing.forms import read_form
from ticketing.model.duties import DispatchDecision
from ticketing.model.labels import Action, SideAction
from ticketing.model.ticket import Ticket
from ticketing.queries import Queries
from ticketing.rules.certain import is_certain
from ticketing.store import proposals
from ticketing.store.lists import MOST_COUNTED
from ticketing.tickets import Tickets

# What takes no thought a ticket by itself; everything else is done one by one.
IN_BATCHES: frozenset[Action | SideAction] = frozenset(
    {Action.DISPATCH, Action.ACCEPT, Action.MERGE, Action.UNMERGE, SideAction.ACCEPT_PART}
)
MOST = 100
# So many are read at a time, and for one page: where nearly nothing is certain a page is short, and the next goes on.
LOOKED_AT, LOOKED_AT_MOST = 200, 1000


@dataclass(frozen=True, slots=True)
class Item:
    """One ticket as it was at ``version``, and the form for it."""

    number: str
    version: int
    form: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """How it went: the ticket afterwards, or the code of what stood against it and the fields it is about."""

    number: str
    ticket: Ticket | None = None
    code: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


class Batching:
    """Does one action to many tickets, and finds those a dispatcher may send with a glance."""

    def __init__(self, floor: Floor, lookup: Lookup, tickets: Tickets, queries: Queries, deciding: Deciding) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._attachments = floor.attachments
        self._lookup = lookup
        self._tickets = tickets
        self._queries = queries
        self._deciding = deciding

    async def do(self, action: Action | SideAction, items: tuple[Item, ...], by: Principal) -> list[Told]:
        """``action`` on each ticket in turn; what fails for one stops no other. Sent once more after a break, what was
        done the first time is told as done. Invalid for an action that is not for batches, or too many tickets."""
        if action not in IN_BATCHES:
            raise Invalid({"action": "not_in_list"})
        if not 0 < len(items) <= MOST:
            raise Invalid({"items": "out_of_range"})
        return [await self._one(action, item, by) for item in items]

    async def _one(self, action: Action | SideAction, item: Item, by: Principal) -> Told:
        try:
            async with self._database.transaction() as tx:
                calendar, now = self._lookup.calendar(), self._clock.now()
                form = await read_form(tx, item.form, self._attachments, calendar, now)
                ticket = await self._tickets.act(tx, item.number, action, form, by, version=item.version)
        except Conflict as conflict:
            async with self._database.reading() as tx:
                done = await self._done_before(tx, action, item, by)
            return Told(item.number, done) if done else Told(item.number, code=conflict.code)
        except Invalid as invalid:
            return Told(item.number, code=invalid.code, fields=invalid.fields)
        except HotlineError as error:
            return Told(item.number, code=error.code)
        return Told(item.number, ticket)

    async def _done_before(self, tx: Tx, action: Action | SideAction, item: Item, by: Principal) -> Ticket | None:
        ticket = await self._queries.by_number(tx, item.number, by)
        history = await self._queries.history(tx, ticket)
        same = any(
            (r.version, r.what, r.by) == (item.version + 1, action.value, by.id)
            for r in history
        )  # fmt: skip
        return ticket if same else None

    async def certain(
        self, tx: Tx, cursor: str = "", limit: int = MOST
    ) -> tuple[list[tuple[Ticket, DispatchDecision]], str | None]:
        """Tickets of which only one unit can be meant, though not surely enough for the machine alone: at most
        ``limit`` of them behind ``cursor``, and the cursor of the next (None at the end). Invalid for a cursor that is
        not ours."""
        found: list[tuple[Ticket, DispatchDecision]] = []
        for _ in range(0, LOOKED_AT_MOST, LOOKED_AT):
            rows = await proposals.waiting(tx, cursor, LOOKED_AT)
            for row in rows:
                cursor = row.cursor
                decision = self._deciding.renewed(row.ticket, row.decision)
                if decision is not None and is_certain(decision):
                    found.append((row.ticket, decision))
                if len(found) == limit:
                    more = len(rows) == LOOKED_AT or row is not rows[-1]
                    return found, cursor if more else None
            if len(rows) < LOOKED_AT:
                return found, None
        return found, cursor

    async def how_many(self, tx: Tx) -> int:
        """How many of the thousand that wait longest are certain."""
        return sum(map(is_certain, await proposals.decisions(tx, MOST_COUNTED)))
