"""Rows of who has a ticket open, and of forms that were begun."""

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text, delete, select

from kernel.database import Moment, Tx, metadata
from ticketing.model.presence import Watcher

watchers = Table(
    "ticket_watcher",
    metadata,
    Column("ticket", ForeignKey("ticket.id"), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("doing", String(20), nullable=False),
    Column("seen", Moment, nullable=False),
    Index("ix_ticket_watcher_seen", "seen"),
)

drafts = Table(
    "ticket_draft",
    metadata,
    Column("ticket", ForeignKey("ticket.id"), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("action", String(20), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_ticket_draft_at", "at"),
)


async def see(tx: Tx, ticket: str, watcher: Watcher) -> bool:
    """Somebody has it open, doing this; whether that is news."""
    mine = (watchers.c.ticket == ticket) & (watchers.c.person == watcher.person)
    before = await tx.row(select(watchers.c.doing, watchers.c.seen).where(mine))
    values = {"name": watcher.name, "unit": watcher.unit, "doing": watcher.doing, "seen": watcher.seen}
    statement = tx.insert(watchers).values(ticket=ticket, person=watcher.person, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["ticket", "person"], set_=values))
    return before is None or before["doing"] != watcher.doing


async def leave(tx: Tx, ticket: str, person: str) -> bool:
    """They have closed it; whether they had it open."""
    gone = await tx.execute(delete(watchers).where(watchers.c.ticket == ticket, watchers.c.person == person))
    return bool(gone.rowcount)


async def leave_all(tx: Tx, person: str) -> None:
    """They have nothing open any more."""
    await tx.execute(delete(watchers).where(watchers.c.person == person))


async def others(tx: Tx, ticket: str, person: str, since: datetime) -> list[Watcher]:
    """Who else has it open, as far as they were seen ``since``."""
    query = select(watchers).where(watchers.c.ticket == ticket, watchers.c.person != person, watchers.c.seen >= since)
    rows = await tx.rows(query.order_by(watchers.c.seen))
    return [Watcher(row["person"], row["name"], row["unit"], row["doing"], row["seen"]) for row in rows]


async def keep_draft(tx: Tx, ticket: str, person: str, action: str, sealed: str, at: datetime) -> None:
    """A form as far as it was filled in."""
    values = {"sealed": sealed, "at": at}
    statement = tx.insert(drafts).values(ticket=ticket, person=person, action=action, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["ticket", "person", "action"], set_=values))


async def drafts_of(tx: Tx, ticket: str, person: str) -> list[tuple[str, str, datetime]]:
    """Forms one person has begun at a ticket: action, sealed values, when."""
    query = select(drafts).where(drafts.c.ticket == ticket, drafts.c.person == person)
    return [(row["action"], row["sealed"], row["at"]) for row in await tx.rows(query)]


async def drop_draft(tx: Tx, ticket: str, person: str, action: str) -> None:
    """It was sent, or given up."""
    mine = (drafts.c.ticket == ticket) & (drafts.c.person == person) & (drafts.c.action == action)
    await tx.execute(delete(drafts).where(mine))


async def sweep(tx: Tx, gone_since: datetime, old: datetime) -> int:
    """Forget who was last seen before, and drafts begun before ``old``; gives how many."""
    left = await tx.execute(delete(watchers).where(watchers.c.seen < gone_since))
    dropped = await tx.execute(delete(drafts).where(drafts.c.at < old))
    return int(left.rowcount + dropped.rowcount)
