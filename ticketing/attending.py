"""Several people at one ticket: who has it open, who is filling in what, and what each has begun and not sent."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec

from kernel.database import Tx
from kernel.errors import Invalid
from kernel.journal import Recorded
from kernel.people import Principal
from kernel.room import Floor
from ticketing.events import TicketWatched
from ticketing.facts import units_concerned
from ticketing.model.labels import Action, RequestKind, SideAction
from ticketing.model.presence import Kept, Watcher
from ticketing.model.ticket import Ticket
from ticketing.queries import Queries
from ticketing.rules.doers import actors_of
from ticketing.rules.fields import FIELDS
from ticketing.store import attending

GONE_AFTER = timedelta(seconds=60)
DRAFTS_KEPT = timedelta(days=7)
LONGEST = 20_000
ACCOUNT_CHANGED = "directory.StaffAccountChanged"
ACTIONS = frozenset(each.value for kind in (Action, SideAction, RequestKind) for each in kind)


class Attending:
    """Keeps who is at a ticket, and their drafts; drafts are sealed, as they may hold what citizens said."""

    def __init__(self, floor: Floor, queries: Queries) -> None:
        self._clock = floor.clock
        self._database = floor.database
        self._journal = floor.journal
        self._vault = floor.vault
        self._queries = queries

    async def see(self, tx: Tx, number: str, doing: str, by: Principal) -> list[Watcher]:
        """``by`` has it open and fills in the form of ``doing`` (empty: only reads); gives who else has it open.

        Other screens are told over the live line when somebody comes or begins something else.
        """
        if doing and doing not in ACTIONS:
            raise Invalid({"doing": "not_in_list"})
        ticket, now = await self._queries.by_number(tx, number, by), self._clock.now()
        if await attending.see(tx, ticket.id, Watcher(by.id, by.name, by.unit, doing, now)):
            await self._tell(tx, ticket, doing, by)
        return await attending.others(tx, ticket.id, by.id, now - GONE_AFTER)

    async def leave(self, tx: Tx, number: str, by: Principal) -> None:
        """``by`` has closed it."""
        ticket = await self._queries.by_number(tx, number, by)
        if await attending.leave(tx, ticket.id, by.id):
            await self._tell(tx, ticket, "", by)

    async def follow(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        """Whoever's account was shut has nothing open any more."""
        for each in facts:
            if each.kind == ACCOUNT_CHANGED and each.fact.change == "shut":
                await attending.leave_all(tx, each.fact.staff)

    async def _tell(self, tx: Tx, ticket: Ticket, doing: str, by: Principal) -> None:
        actor = actors_of(by)[0]
        fact = TicketWatched(ticket.number, self._clock.now(), actor, by.id, units_concerned(ticket), doing)
        await self._journal.state(tx, fact)

    # -- drafts -----------------------------------------------------------------------------------------

    async def keep(self, tx: Tx, number: str, action: str, values: Mapping[str, object], by: Principal) -> None:
        """A form as far as it was filled in; no values forget it. Invalid for a form that there is not."""
        ticket = await self._queries.by_number(tx, number, by)
        if action not in ACTIONS:
            raise Invalid({"action": "not_in_list"})
        kept = {name: value for name, value in values.items() if name in FIELDS and isinstance(value, str | bool)}
        if not kept:
            await attending.drop_draft(tx, ticket.id, by.id, action)
            return
        text = msgspec.json.encode(kept).decode()
        if len(text) > LONGEST:
            raise Invalid({"values": "too_long"})
        sealed = self._vault.seal(text, _context(ticket, action, by))
        await attending.keep_draft(tx, ticket.id, by.id, action, sealed, self._clock.now())

    async def drafts(self, tx: Tx, number: str, by: Principal) -> list[Kept]:
        """What ``by`` has begun at a ticket; values as JSON."""
        ticket = await self._queries.by_number(tx, number, by)
        found = await attending.drafts_of(tx, ticket.id, by.id)
        return [
            Kept(action, self._vault.open(sealed, _context(ticket, action, by)), at) for action, sealed, at in found
        ]

    async def sweep(self) -> int:
        """Forget who is long gone, and drafts of a week ago; gives how many."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            return await attending.sweep(tx, now - GONE_AFTER, now - DRAFTS_KEPT)


def _context(ticket: Ticket, action: str, by: Principal) -> str:
    return f"ticket.draft:{ticket.id}:{by.id}:{action}"
