"""Tickets that wait for a dispatcher, with what was decided about each."""

import msgspec
from sqlalchemy import select

from kernel.database import Tx
from ticketing.model.duties import DispatchDecision
from ticketing.model.labels import State
from ticketing.model.ticket import Ticket
from ticketing.store.tables import states_in, tickets
from ticketing.store.tickets import decode


async def waiting(tx: Tx, limit: int) -> list[tuple[Ticket, DispatchDecision | None]]:
    """The most urgent and longest waiting first."""
    query = select(tickets.c.body, tickets.c.decision).where(states_in([State.TRIAGE]))
    rows = await tx.rows(query.order_by(tickets.c.urgency, tickets.c.received, tickets.c.id).limit(limit))
    return [
        (decode(row["body"]), msgspec.convert(row["decision"], DispatchDecision) if row["decision"] else None)
        for row in rows
    ]
