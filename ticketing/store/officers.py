"""What officers of units handed in last."""

from sqlalchemy import select

from kernel.database import Tx
from ticketing.model.labels import Action
from ticketing.store.tables import records, ticket_units, tickets

# Of so many of the unit's newest tickets the history is looked at.
LATEST = 50


async def last_handed_in(tx: Tx, unit: str, person: str) -> str:
    """The number of the ticket among a unit's newest of which ``person`` handed in a result last; empty for none."""
    u, r = ticket_units.c, records.c
    newest = select(u.ticket).where(u.unit == unit).order_by(u.received.desc(), u.ticket.desc()).limit(LATEST)
    theirs = (r.what == Action.SUBMIT_RESULT.value, r.by == person, r.ticket.in_(newest))
    query = select(tickets.c.number).join(records, r.ticket == tickets.c.id).where(*theirs)
    row = await tx.row(query.order_by(r.at.desc()).limit(1))
    return str(row["number"]) if row is not None else ""
