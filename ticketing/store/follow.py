"""Rows of what is still to follow: tickets of units that were merged, split or closed, and the units they go to."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, delete, func, select, update

from kernel.database import Moment, Tx, metadata
from ticketing.store.tables import OPEN_PART, notices, ticket_units, tickets

follows = Table(
    "ticket_follow",
    metadata,
    Column("ticket", ForeignKey("ticket.id"), primary_key=True),
    Column("source", String(32), primary_key=True),
    Column("target", String(32), nullable=False),
    Column("change", String(32), nullable=False),
    Column("not_before", Moment, nullable=False),
    Index("ix_ticket_follow_next", "not_before"),
    Index("ix_ticket_follow_target", "target"),
    Index("ix_ticket_follow_change", "change"),
)

_BATCH = 500


@dataclass(frozen=True, slots=True)
class OpenWork:
    """A ticket a unit has an open part in, with what decides where it goes."""

    ticket: str
    unit: str
    matter: str
    area: str


@dataclass(frozen=True, slots=True)
class Follow:
    """A ticket's part that goes from one unit to another."""

    ticket: str
    source: str
    target: str


async def open_work(tx: Tx, units: Collection[str]) -> list[OpenWork]:
    """All open parts of some units; what waits to go to one of them counts as there, what leaves does not."""
    joined = select(ticket_units.c.ticket, ticket_units.c.unit, tickets.c.matter, tickets.c.area).join(
        tickets, tickets.c.id == ticket_units.c.ticket
    )
    here = await tx.rows(joined.where(ticket_units.c.unit.in_(units), OPEN_PART))
    leaving = {
        (row["ticket"], row["source"])
        for row in await tx.rows(select(follows.c.ticket, follows.c.source).where(follows.c.source.in_(units)))
    }
    return [
        OpenWork(row["ticket"], row["unit"], row["matter"], row["area"])
        for row in here
        if (row["ticket"], row["unit"]) not in leaving
    ]


async def coming(tx: Tx, units: Collection[str]) -> list[tuple[Follow, OpenWork]]:
    """What waits to go to some units."""
    query = (
        select(follows.c.ticket, follows.c.source, follows.c.target, tickets.c.matter, tickets.c.area)
        .join(tickets, tickets.c.id == follows.c.ticket)
        .where(follows.c.target.in_(units))
    )
    return [
        (
            Follow(row["ticket"], row["source"], row["target"]),
            OpenWork(row["ticket"], row["target"], row["matter"], row["area"]),
        )
        for row in await tx.rows(query)
    ]


async def add(tx: Tx, wanted: Sequence[Follow], change: str, now: datetime) -> None:
    """Let parts follow; of a part that waits already the target changes."""
    rows = [
        {"ticket": f.ticket, "source": f.source, "target": f.target, "change": change, "not_before": now}
        for f in wanted
    ]
    for start in range(0, len(rows), _BATCH):
        statement = tx.insert(follows).values(rows[start : start + _BATCH])
        kept = {name: statement.excluded[name] for name in ("target", "change", "not_before")}
        await tx.execute(statement.on_conflict_do_update(index_elements=["ticket", "source"], set_=kept))


async def of_ticket(tx: Tx, ticket: str) -> dict[str, str]:
    """What is to follow of one ticket: targets by source."""
    rows = await tx.rows(select(follows.c.source, follows.c.target).where(follows.c.ticket == ticket))
    return {row["source"]: row["target"] for row in rows}


async def settle(tx: Tx, ticket: str, sources: Collection[str]) -> None:
    """It has followed."""
    await tx.execute(delete(follows).where(follows.c.ticket == ticket, follows.c.source.in_(sources)))


async def postpone(tx: Tx, ticket: str, until: datetime) -> None:
    """It could not follow now."""
    await tx.execute(update(follows).where(follows.c.ticket == ticket).values(not_before=until))


async def next_numbers(tx: Tx, now: datetime, limit: int) -> list[str]:
    """Numbers of tickets whose turn it is."""
    query = (
        select(tickets.c.number)
        .join(follows, follows.c.ticket == tickets.c.id)
        .where(follows.c.not_before <= now)
        .group_by(tickets.c.number)
        .order_by(func.min(follows.c.not_before), tickets.c.number)
    )
    return [row["number"] for row in await tx.rows(query.limit(limit))]


async def left(tx: Tx) -> Mapping[str, int]:
    """How many tickets of each change have still to follow."""
    query = select(follows.c.change, func.count(follows.c.ticket.distinct()).label("many")).group_by(follows.c.change)
    return {row["change"]: row["many"] for row in await tx.rows(query)}


async def counts(tx: Tx) -> dict[str, int]:
    """How many tickets each unit has open work on."""
    query = select(ticket_units.c.unit, func.count().label("many")).where(OPEN_PART)
    return {row["unit"]: row["many"] for row in await tx.rows(query.group_by(ticket_units.c.unit))}


async def readdress_notices(tx: Tx, ticket: str, heirs: Mapping[str, str]) -> None:
    """What units were told of a ticket is their heirs' to read."""
    for source, target in heirs.items():
        mine = (notices.c.ticket == ticket) & (notices.c.unit == source)
        await tx.execute(update(notices).where(mine).values(unit=target))
