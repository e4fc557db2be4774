"""Reads past tickets in the order they came, a batch at a time, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from kernel.database import Tx
from ticketing.model.labels import AssignmentRole, Secrecy, State, TicketKind
from ticketing.model.ticket import Ticket
from ticketing.store.body import decode
from ticketing.store.history import past
from ticketing.store.tables import tickets

# Where a batch ended: the moment and the id of its last row.
Place = tuple[datetime, str]
_NEVER_SENT = (State.DRAFT, State.MERGED)


@dataclass(frozen=True, slots=True)
class PastCase:
    """What a replay needs of a ticket; ``text`` and ``place`` are masked. ``ended`` is the unit whose work was replied
    with, empty while that is open; ``moved`` how often the lead changed."""

    number: str
    kind: TicketKind
    secrecy: Secrecy
    text: str
    place: str
    area: str
    matter: str
    ended: str
    moved: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Some cases and where to go on; ``place`` is None at the end. Of ``rows`` those without a lead hold no case."""

    cases: Sequence[PastCase]
    rows: int
    place: Place | None


async def own(tx: Tx, since: datetime, after: Place | None, limit: int) -> Batch:
    """Tickets of this hotline received ``since`` then that a unit has led."""
    t = tickets.c
    query = select(t.id, t.received, t.body).where(t.received >= since, t.state.not_in(_NEVER_SENT))
    rows = await tx.rows(_onward(query, t.received, t.id, after, limit))
    place = (rows[-1]["received"], rows[-1]["id"]) if len(rows) == limit else None
    found = (_of_ticket(decode(row["body"])) for row in rows)
    return Batch([case for case in found if case is not None], len(rows), place)


async def imported(tx: Tx, since: datetime, after: Place | None, limit: int) -> Batch:
    """Tickets of other systems from ``since`` then on whose unit is known here."""
    query = select(past).where(past.c.at >= since, past.c.unit != "")
    rows = await tx.rows(_onward(query, past.c.at, past.c.id, after, limit))
    place = (rows[-1]["at"], rows[-1]["id"]) if len(rows) == limit else None
    return Batch(
        [
            PastCase(
                row["number"], TicketKind.COMPLAINT, Secrecy.NORMAL, row["text"], row["place"], row["area"],
                row["matter"], row["unit"], row["returned"],
            )
            for row in rows
        ],
        len(rows),
        place,
    )  # fmt: skip


async def count(tx: Tx, since: datetime) -> int:
    """How many rows both have together, those without a lead too."""
    t = tickets.c
    ours = select(func.count()).select_from(tickets).where(t.received >= since, t.state.not_in(_NEVER_SENT))
    theirs = select(func.count()).select_from(past).where(past.c.at >= since, past.c.unit != "")
    return int(await tx.scalar(ours)) + int(await tx.scalar(theirs))


def _onward(
    query: Select[Any], moment: ColumnElement[Any], id_: ColumnElement[Any], after: Place | None, limit: int
) -> Select[Any]:
    if after is not None:
        query = query.where(or_(moment > after[0], and_(moment == after[0], id_ > after[1])), moment >= after[0])
    return query.order_by(moment, id_).limit(limit)


def _of_ticket(ticket: Ticket) -> PastCase | None:
    leads = [each for each in ticket.assignments if each.role is AssignmentRole.LEAD]
    if not leads:
        return None
    units = [each.held[0].unit if each.held else each.unit for each in leads]
    moved = sum(one != other for one, other in pairwise(units))
    ended = leads[-1].unit if ticket.replied is not None else ""
    return PastCase(
        ticket.number, ticket.kind, ticket.secrecy, ticket.text, ticket.place, ticket.area, ticket.matter, ended, moved
    )
