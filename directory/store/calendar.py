"""Rows of the changes of the calendar that were made by hand, and of imports that overrode them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, select

from directory.rules.calendars import CalendarOrder
from kernel.database import Json, Moment, Tx, metadata

calendar_changes = Table(
    "calendar_change",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("by_hand", Boolean, nullable=False),
    Column("why", Text, nullable=False),
    Column("body", Json, nullable=False),
    Index("ix_calendar_change_version", "version"),
)


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """A change that was made; ``version`` is that of the directory it led to, the order holds what differs."""

    id: str
    version: int
    at: datetime
    by: str
    by_hand: bool
    order: CalendarOrder


@dataclass(frozen=True, slots=True)
class Touched:
    """What was set by hand since files last overrode it: whole years, and the business hours."""

    years: frozenset[int]
    hours: bool


async def add(tx: Tx, change: CalendarChange) -> None:
    """Keep a change."""
    await tx.execute(
        calendar_changes.insert().values(
            id=change.id,
            version=change.version,
            at=change.at,
            by=change.by,
            by_hand=change.by_hand,
            why=change.order.why,
            body=msgspec.to_builtins(change.order),
        )
    )


async def newest(tx: Tx, limit: int) -> Sequence[CalendarChange]:
    """Changes, the newest first."""
    query = select(calendar_changes).order_by(calendar_changes.c.version.desc()).limit(limit)
    return [
        CalendarChange(
            row["id"],
            row["version"],
            row["at"],
            row["by"],
            row["by_hand"],
            msgspec.convert(row["body"], CalendarOrder),
        )
        for row in await tx.rows(query)
    ]


async def touched(tx: Tx) -> Touched:
    """What is not the files' any more."""
    over = select(calendar_changes.c.version).where(~calendar_changes.c.by_hand)
    last = int(await tx.scalar(over.order_by(calendar_changes.c.version.desc()).limit(1)) or 0)
    rows = await tx.rows(select(calendar_changes.c.body).where(calendar_changes.c.version > last))
    orders = [msgspec.convert(row["body"], CalendarOrder) for row in rows]
    years = {day.date.year for order in orders for day in order.days} | {y for order in orders for y in order.announce}
    return Touched(frozenset(years), any(order.business_hours is not None for order in orders))
