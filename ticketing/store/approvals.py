"""Rows of inner approval, which units want it, and of absences: who is away, and who stands in."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Boolean, Column, ColumnElement, Index, Select, String, Table, delete, select

from kernel.database import Moment, Tx, metadata
from ticketing.model.presence import Absence

approvals = Table(
    "unit_approval",
    metadata,
    Column("unit", String(32), primary_key=True),
    Column("wanted", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
)

# Deputies of leaders came first: the columns are called by them.
absences = Table(
    "unit_deputy",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("unit", String(32), nullable=False),
    Column("leader", String(32), nullable=False, key="absent"),
    Column("leader_name", String(60), nullable=False, key="absent_name"),
    Column("deputy", String(32), nullable=False, key="stand_in"),
    Column("deputy_name", String(60), nullable=False, key="stand_in_name"),
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


async def keep_absence(tx: Tx, absence: Absence) -> None:
    """Somebody is away."""
    await tx.execute(absences.insert().values(**msgspec.to_builtins(absence, builtin_types=(datetime,))))


async def absences_of(tx: Tx, unit: str, now: datetime) -> list[Absence]:
    """Who of a unit is away now or will be, the earliest first."""
    query = _all().where(absences.c.unit == unit, absences.c.until > now).order_by(absences.c.since, absences.c.id)
    return [Absence(**row) for row in await tx.rows(query)]


async def running(tx: Tx, now: datetime, units: Collection[str]) -> list[Absence]:
    """Who of some units is away now."""
    if not units:
        return []
    query = _all().where(_now(now), absences.c.unit.in_(units)).order_by(absences.c.since, absences.c.id)
    return [Absence(**row) for row in await tx.rows(query)]


async def units_with_absences(tx: Tx, now: datetime) -> list[str]:
    """Units somebody of is away now."""
    query = select(absences.c.unit).distinct().where(_now(now)).order_by(absences.c.unit)
    return [row["unit"] for row in await tx.rows(query)]


async def end_absence(tx: Tx, unit: str, id_: str) -> None:
    """They are back."""
    await tx.execute(delete(absences).where(absences.c.unit == unit, absences.c.id == id_))


def _all() -> Select[Any]:
    return select(*(column.label(column.key) for column in absences.c))


def _now(now: datetime) -> ColumnElement[bool]:
    return (absences.c.since <= now) & (absences.c.until > now)
