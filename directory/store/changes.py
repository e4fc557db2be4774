"""Rows of the changes of member units that were made by hand, and of imports that overrode them."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import Column, Index, Integer, String, Table, Text, select

from directory.model import UnitChange, UnitChangeKind
from kernel.database import Json, Moment, Tx, metadata

changes = Table(
    "unit_change",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("why", Text, nullable=False),
    Column("body", Json, nullable=False),
    Index("ix_unit_change_version", "version"),
)


async def add(tx: Tx, change: UnitChange) -> None:
    """Keep a change."""
    await tx.execute(
        changes.insert().values(
            id=change.id,
            version=change.version,
            kind=change.kind.value,
            at=change.at,
            by=change.by,
            why=change.why,
            body=msgspec.to_builtins(change),
        )
    )


async def newest(tx: Tx, limit: int, before: int | None = None) -> Sequence[UnitChange]:
    """Changes, the newest first, below the version ``before`` if given."""
    query = select(changes.c.body).order_by(changes.c.version.desc()).limit(limit)
    if before is not None:
        query = query.where(changes.c.version < before)
    return [msgspec.convert(row["body"], UnitChange) for row in await tx.rows(query)]


async def touched(tx: Tx) -> frozenset[str]:
    """Codes of the units changed by hand since an import last overrode that."""
    over = select(changes.c.version).where(changes.c.kind == UnitChangeKind.IMPORT.value)
    last = int(await tx.scalar(over.order_by(changes.c.version.desc()).limit(1)) or 0)
    rows = await tx.rows(select(changes.c.body).where(changes.c.version > last))
    made = [msgspec.convert(row["body"], UnitChange) for row in rows]
    return frozenset(unit.code for change in made for unit in change.after)
