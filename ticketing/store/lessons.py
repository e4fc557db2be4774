"""Rows of corrections: of a ticket whose matter the reader took for another, its words and the matter it has; of one
that people gave to another unit than was proposed, both units."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Column, Index, String, Table, Text, delete, func, select

from kernel.database import Moment, Tx, metadata
from ticketing.rules.moves import LEAST, Moved
from ticketing.store.tables import tickets

corrections = Table(
    "matter_correction",
    metadata,
    # the ticket's id: of one ticket only the last correction is learnt
    Column("ticket", String(32), primary_key=True),
    Column("matter", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_matter_correction_matter", "matter", "at"),
)

lead_corrections = Table(
    "lead_correction",
    metadata,
    Column("ticket", String(32), primary_key=True),
    Column("matter", String(40), nullable=False),
    # the town it lies in, or the area itself where that lies in none
    Column("place", String(32), nullable=False),
    Column("was", String(40), nullable=False),
    Column("now", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_lead_correction_matter", "matter", "place", "was", "now"),
)


async def keep(tx: Tx, ticket: str, matter: str, text: str, at: datetime) -> int:
    """Keep what a ticket's words are about; gives how many corrections there are of this matter now."""
    statement = tx.insert(corrections).values(ticket=ticket, matter=matter, text=text, at=at)
    changes = {"matter": matter, "text": text, "at": at}
    await tx.execute(statement.on_conflict_do_update(index_elements=["ticket"], set_=changes))
    return int(await tx.scalar(select(func.count()).where(corrections.c.matter == matter)) or 0)


async def forget(tx: Tx, ticket: str) -> None:
    """Drop the correction of a ticket, if there is one."""
    await tx.execute(delete(corrections).where(corrections.c.ticket == ticket))


async def newest(tx: Tx, per_matter: int) -> list[tuple[str, str]]:
    """Text and matter of the newest corrections, at most ``per_matter`` of each matter."""
    order = (corrections.c.at.desc(), corrections.c.ticket)
    place = func.row_number().over(partition_by=corrections.c.matter, order_by=order).label("place")
    ranked = select(corrections.c.text, corrections.c.matter, place).subquery()
    query = select(ranked.c.text, ranked.c.matter).where(ranked.c.place <= per_matter)
    rows = await tx.rows(query.order_by(ranked.c.matter, ranked.c.place))
    return [(row["text"], row["matter"]) for row in rows]


async def latest(tx: Tx) -> datetime | None:
    """When the last correction was made; None when there is none."""
    found: datetime | None = await tx.scalar(select(func.max(corrections.c.at)))
    return found


async def keep_lead(tx: Tx, ticket: str, moved: Moved, at: datetime) -> int:
    """Keep that a ticket was given to another unit; gives how often that was so of this matter there."""
    values = {"matter": moved.matter, "place": moved.place, "was": moved.was, "now": moved.now, "at": at}
    statement = tx.insert(lead_corrections).values(ticket=ticket, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["ticket"], set_=values))
    c = lead_corrections.c
    same = (c.matter == moved.matter, c.place == moved.place, c.was == moved.was, c.now == moved.now)
    return int(await tx.scalar(select(func.count()).where(*same)) or 0)


async def forget_lead(tx: Tx, ticket: str) -> None:
    """Drop that a ticket was given to another unit, if that is kept."""
    await tx.execute(delete(lead_corrections).where(lead_corrections.c.ticket == ticket))


async def moved(tx: Tx, since: datetime) -> Sequence[Moved]:
    """What was put right often enough since then, each with how many such tickets the proposed unit kept meanwhile."""
    c = lead_corrections.c
    columns = (c.matter, c.place, c.was, c.now)
    counted = select(*columns, func.count().label("number"), func.min(c.at).label("first")).where(c.at >= since)
    rows = await tx.rows(counted.group_by(*columns).having(func.count() >= LEAST).order_by(*columns))
    found = []
    for row in rows:
        each = Moved(row["matter"], row["place"], row["was"], row["now"], row["number"])
        found.append(replace(each, kept=await _kept(tx, each, row["first"])))
    return found


async def _kept(tx: Tx, moved: Moved, since: datetime) -> int:
    t = tickets.c
    its = (t.matter == moved.matter, t.lead == moved.was, t.received >= since, t.area.startswith(moved.place))
    return int(await tx.scalar(select(func.count()).where(*its)) or 0)
