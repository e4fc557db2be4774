"""Rows of the units' inbox."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from kernel.database import Tx
from ticketing.store.tables import notices


async def notices_of(tx: Tx, ticket_id: str, units: Collection[str] = ()) -> list[tuple[datetime, str, str]]:
    """What units were told of a ticket (when, which, what), the newest first; of some units when they are given."""
    query = select(notices.c.at, notices.c.unit, notices.c.text).where(notices.c.ticket == ticket_id)
    if units:
        query = query.where(notices.c.unit.in_(units))
    rows = await tx.rows(query.order_by(notices.c.at.desc(), notices.c.id.desc()))
    return [(row["at"], row["unit"], row["text"]) for row in rows]
