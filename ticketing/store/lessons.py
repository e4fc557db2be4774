"""Rows of corrections: of a ticket whose matter the reader took for another, its words and the matter it has."""

from datetime import datetime

from sqlalchemy import Column, Index, String, Table, Text, delete, func, select

from kernel.database import Moment, Tx, metadata

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
