"""Disputes that wait for a ruling, by the moment they are to be ruled on."""

from sqlalchemy import func, select

from kernel import cursors
from kernel.database import Tx
from ticketing.model.labels import Awaited
from ticketing.model.ticket import Ticket
from ticketing.store.body import decode
from ticketing.store.search import beyond
from ticketing.store.tables import asks, tickets

_ORDER = (asks.c.decide_by, asks.c.request)
_WAITING = asks.c.what == Awaited.DISPUTE


async def page(tx: Tx, limit: int, cursor: str = "") -> tuple[list[tuple[Ticket, str]], str | None]:
    """Tickets with the id of the request in dispute, and the cursor of the next page; Invalid for one not ours."""
    query = select(tickets.c.body, *_ORDER).join(tickets, tickets.c.id == asks.c.ticket).where(_WAITING)
    if cursor:
        query = query.where(beyond(_ORDER, cursors.read(cursor, len(_ORDER)), falling=False))
    rows = await tx.rows(query.order_by(*_ORDER).limit(limit + 1))
    shown = rows[:limit]
    behind = cursors.written([shown[-1][column.key] for column in _ORDER]) if len(rows) > limit else None
    return [(decode(row["body"]), row["request"]) for row in shown], behind


async def count(tx: Tx) -> int:
    """How many there are."""
    return int(await tx.scalar(select(func.count()).select_from(asks).where(_WAITING)))
