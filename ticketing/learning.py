"""Learns from whoever puts a ticket right. What the reader took for another matter is a lesson of words; that a matter
goes to another unit than is proposed in a town, a lesson of leads. Enough of one kind are learnt at once, words also
within a day."""

from collections.abc import Sequence

from kernel.clock import Clock
from kernel.database import Database, Tx
from ticketing.deciding import Deciding
from ticketing.facts import DISPATCHING, Done
from ticketing.model.labels import Actor, Secrecy
from ticketing.model.ticket import Ticket
from ticketing.rules.moves import LEAST
from ticketing.store import history as past_rows
from ticketing.store import lessons

# So many corrections of one matter are worth a training that takes minutes.
AT_ONCE = 20
BY_PERSONS = frozenset({Actor.AGENT, Actor.DISPATCHER, Actor.REVIEWER, Actor.SUPERVISOR})
# What may be told to nobody is no lesson either.
SECRET = frozenset({Secrecy.REPORT, Secrecy.CONFIDENTIAL})


class Learning:
    """Keeps corrections; the text model is trained anew where there is a new version of what is learnt."""

    def __init__(self, database: Database, clock: Clock, deciding: Deciding) -> None:
        self._database = database
        self._clock = clock
        self._deciding = deciding

    async def note(self, tx: Tx, ticket: Ticket, before: str, steps: Sequence[Done]) -> None:
        """Keep the correction when in ``steps`` a person gave the ticket another matter than the one ``before``, and
        the reader still makes something else of its words; drop it when the ticket has become secret."""
        if ticket.secrecy in SECRET:
            await lessons.forget(tx, ticket.id)
            await lessons.forget_lead(tx, ticket.id)
            return
        await self._note_lead(tx, ticket, steps)
        named = ticket.matter not in ("", before) and any(done.doer.actor in BY_PERSONS for done in steps)
        if not named or not ticket.text or not self._deciding.misreads(ticket):
            return
        many = await lessons.keep(tx, ticket.id, ticket.matter, ticket.text, self._clock.now())
        if many % AT_ONCE == 0:
            await past_rows.bump(tx, self._clock.now())

    async def _note_lead(self, tx: Tx, ticket: Ticket, steps: Sequence[Done]) -> None:
        if not any(done.move in DISPATCHING and done.doer.actor in BY_PERSONS for done in steps):
            return
        moved = self._deciding.put_right(ticket)
        if moved is None:
            await lessons.forget_lead(tx, ticket.id)
        elif await lessons.keep_lead(tx, ticket.id, moved, self._clock.now()) % LEAST == 0:
            await past_rows.bump(tx, self._clock.now())

    async def look(self) -> int:
        """Have what was put right since the last training learnt, if there is any; the job of a day."""
        async with self._database.transaction() as tx:
            latest, learnt = await lessons.latest(tx), await past_rows.changed_at(tx)
            if latest is None or (learnt is not None and latest <= learnt):
                return 0
            await past_rows.bump(tx, self._clock.now())
            return 1
