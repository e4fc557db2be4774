"""What the supervisors' wall asks for: counts and short lists of what is open, by indexes alone."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select, text

from kernel.database import Tx
from ticketing.model import State, Ticket, Urgency
from ticketing.rules.agenda import FAR
from ticketing.rules.side_actions import BEFORE_THE_REPLY
from ticketing.store.tables import states_in, tickets
from ticketing.store.tickets import decode

_T = tickets.c
MOST_COUNTED = 10_000
# Whatever counts toward a reply: in these states alone a ticket can be overdue.
OPEN: tuple[State, ...] = BEFORE_THE_REPLY
# Written out, not bound: only so does PostgreSQL see that the partial index holds all of it.
SUPERVISED = text("ticket.supervision > 0")


async def counts(tx: Tx, bounds: Mapping[str, tuple[datetime | None, datetime | None]]) -> dict[str, int]:
    """How many open tickets are due within each of ``bounds`` (after the first moment, up to the second); MOST_COUNTED
    when there are as many or more."""
    columns = []
    for name, each in bounds.items():
        some = select(_T.id).where(states_in(OPEN), between(*each)).limit(MOST_COUNTED).subquery()
        columns.append(select(func.count()).select_from(some).scalar_subquery().label(name))
    row = await tx.row(select(*columns))
    return {name: int(row[name]) for name in bounds} if row else dict.fromkeys(bounds, 0)


def between(after: datetime | None, until: datetime | None) -> ColumnElement[bool]:
    """Due after a moment, up to another; None is no bound."""
    where = [_T.due < FAR] if until is None else [_T.due <= until]
    if after is not None:
        where.append(_T.due > after)
    return and_(*where)


def paused() -> ColumnElement[bool]:
    """No clock runs toward a reply."""
    return _T.due >= FAR


async def levels(tx: Tx) -> dict[int, int]:
    """How many open tickets are supervised at each level."""
    query = select(_T.supervision, func.count().label("many")).where(SUPERVISED, states_in(OPEN))
    return {row["supervision"]: row["many"] for row in await tx.rows(query.group_by(_T.supervision))}


async def due_in(tx: Tx, where: ColumnElement[bool], limit: int) -> list[Ticket]:
    """Open tickets, those due first."""
    query = select(_T.body).where(states_in(OPEN), where).order_by(_T.due, _T.id).limit(limit)
    return [decode(row["body"]) for row in await tx.rows(query)]


async def supervised(tx: Tx, level: int, limit: int) -> list[Ticket]:
    """Open tickets at a level of supervision, those due first."""
    query = select(_T.body).where(SUPERVISED, _T.supervision == level, states_in(OPEN))
    return [decode(row["body"]) for row in await tx.rows(query.order_by(_T.due, _T.id).limit(limit))]


async def asking(tx: Tx, limit: int) -> list[Ticket]:
    """Tickets on which something waits for a decision, those due first."""
    query = select(_T.body).where(_T.asking).order_by(_T.due, _T.id).limit(limit)
    return [decode(row["body"]) for row in await tx.rows(query)]


async def urgent(tx: Tx, limit: int) -> Sequence[Ticket]:
    """Open emergencies and urgent tickets, the most urgent first."""
    query = select(_T.body).where(states_in(OPEN), _T.urgency.in_([Urgency.P0, Urgency.P1]))
    return [decode(row["body"]) for row in await tx.rows(query.order_by(_T.urgency, _T.due, _T.id).limit(limit))]
