"""Asks for a second opinion on tickets that wait for a dispatcher because nobody is sure what they are about."""

from datetime import datetime

from kernel.clock import Clock
from kernel.database import Database
from kernel.errors import Unavailable
from ticketing.catalogue import Catalogue
from ticketing.deciding import BY_READER
from ticketing.model.duties import Matter
from ticketing.model.opinion import GivesOpinion
from ticketing.model.ticket import Ticket
from ticketing.rules.opinions import heard, told_outside, wants_one
from ticketing.store import proposals
from ticketing.store.tickets import TicketStore

# So many are asked about in one run; so many that wait are looked through for them.
AT_ONCE, LOOKED_AT, MOST_LOOKED_AT = 20, 200, 2000


class SecondOpinions:
    """Asks outside of any transaction, and writes down what was said where nobody has decided meanwhile."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        catalogue: Catalogue,
        store: TicketStore,
        model: GivesOpinion,
        matters: int,
    ) -> None:
        self._database = database
        self._clock = clock
        self._catalogue = catalogue
        self._store = store
        self._model = model
        self._matters = matters
        self._not_before: datetime | None = None

    async def ask(self) -> int:
        """Ask about the most urgent that wait; gives how many opinions were written down. After one that failed nobody
        is asked for a while: people go on without."""
        now = self._clock.now()
        if not self._model.is_on or (self._not_before is not None and now < self._not_before):
            return 0
        written = 0
        for ticket in await self._uncertain():
            try:
                written += await self._ask_about(ticket)
            except Unavailable as failure:
                self._not_before = now + failure.after
                break
        return written

    async def _uncertain(self) -> list[Ticket]:
        found: list[Ticket] = []
        cursor = ""
        async with self._database.reading() as tx:
            for _ in range(MOST_LOOKED_AT // LOOKED_AT):
                rows = await proposals.waiting(tx, cursor, LOOKED_AT)
                found += [row.ticket for row in rows if wants_one(row.ticket, row.decision, BY_READER)]
                if len(found) >= AT_ONCE or len(rows) < LOOKED_AT:
                    break
                cursor = rows[-1].cursor
        return found[:AT_ONCE]

    async def _ask_about(self, ticket: Ticket) -> bool:
        matters = self._likely(ticket.text)
        if not matters:
            return False
        opinion = await self._model.opinion_of(told_outside(ticket.text), matters)
        async with self._database.transaction() as tx:
            now = await self._store.load(tx, ticket.number, lock=True)
            if now.decision is None or not wants_one(now.ticket, now.decision, BY_READER):
                return False
            named = self._catalogue.known(opinion.matter)
            await self._store.keep_decision(tx, now.ticket, heard(now.decision, opinion, named.name if named else ""))
        return True

    def _likely(self, text: str) -> list[Matter]:
        known = (self._catalogue.known(guess.matter) for guess in self._catalogue.classifier.rank(text))
        alive = [each for each in known if each is not None and not self._catalogue.is_retired(each.code)]
        return alive[: self._matters]
