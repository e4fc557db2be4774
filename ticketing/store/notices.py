"""Rows of the units' inbox."""

from datetime import datetime

from sqlalchemy import select

from kernel.database import Tx
from ticketing.store.tables import notices


async def notices_of(tx: Tx, ticket_id: str, unit: str = "") -> list[tuple[datetime, str, str]]:
    """What units were told of a ticket (when, which, what), the newest first; of one unit when it is given."""
    query = select(notices.c.at, notices.c.unit, notices.c.text).where(notices.c.ticket == ticket_id)
    if unit:
        query = query.where(notices.c.unit == unit)
    rows = await tx.rows(query.order_by(notices.c.at.desc(), notices.c.id.desc()))
    return [(row["at"], row["unit"], row["text"]) for row in rows]
