"""Rows of inner approval: which units want it, and who approves for an absent leader."""

from datetime import datetime

import msgspec
from sqlalchemy import Boolean, Column, Index, String, Table, delete, select

from kernel.database import Moment, Tx, metadata
from ticketing.model.presence import Deputy

approvals = Table(
    "unit_approval",
    metadata,
    Column("unit", String(32), primary_key=True),
    Column("wanted", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
)

deputies = Table(
    "unit_deputy",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("unit", String(32), nullable=False),
    Column("leader", String(32), nullable=False),
    Column("leader_name", String(60), nullable=False),
    Column("deputy", String(32), nullable=False),
    Column("deputy_name", String(60), nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Index("ix_unit_deputy_unit", "unit", "until"),
)


async def wanted(tx: Tx, unit: str) -> bool | None:
    """Whether a unit's results pass through its leader; None where nobody has said."""
    found = await tx.row(select(approvals.c.wanted).where(approvals.c.unit == unit))
    return None if found is None else bool(found["wanted"])


async def set_wanted(tx: Tx, unit: str, want: bool, at: datetime, by: str) -> None:
    """Somebody has said so."""
    values = {"wanted": want, "at": at, "by": by}
    statement = tx.insert(approvals).values(unit=unit, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["unit"], set_=values))


async def name_deputy(tx: Tx, deputy: Deputy) -> None:
    """Somebody stands in."""
    await tx.execute(deputies.insert().values(**msgspec.to_builtins(deputy, builtin_types=(datetime,))))


async def deputies_of(tx: Tx, unit: str, now: datetime) -> list[Deputy]:
    """Who stands in now or will, the earliest first."""
    query = select(deputies).where(deputies.c.unit == unit, deputies.c.until > now).order_by(deputies.c.since)
    return [Deputy(**row) for row in await tx.rows(query)]


async def end_deputy(tx: Tx, unit: str, id_: str) -> None:
    """The leader is back."""
    await tx.execute(delete(deputies).where(deputies.c.unit == unit, deputies.c.id == id_))
