"""Rows of what was drawn for inspection, and what came of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    literal,
    select,
    tuple_,
    update,
)

from analytics.model import Drawn
from analytics.store.rollups import parts
from kernel import cursors
from kernel.database import Json, Moment, Tx, metadata

inspections = Table(
    "inspection",
    metadata,
    Column("number", String(24), primary_key=True),
    Column("drawn", Date, nullable=False),
    Column("unit", String(32), nullable=False),
    Column("inspector", String(32), nullable=False),
    Column("done_at", Moment),
    Column("points", Integer),
    Column("failed", Json, nullable=False),
    Column("note", Text, nullable=False),
    Column("why", String(16), nullable=False),
    Index("ix_inspection_open", "done_at", "drawn", "number"),
    Index("ix_inspection_unit", "unit", "done_at", "number"),
)

# One a reply: whoever disagrees with what was found has it looked at by a second person, whose word stands.
seconds = Table(
    "inspection_second",
    metadata,
    Column("number", String(24), primary_key=True),
    Column("unit", String(32), nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("why", Text, nullable=False),
    Column("inspector", String(64), nullable=False),
    Column("done_at", Moment),
    Column("points", Integer),
    Column("failed", Json, nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_inspection_second_open", "done_at", "asked_at"),
)


@dataclass(frozen=True, slots=True)
class Second:
    """A second look: who wanted it (``unit`` is empty for an inspector) and why, and what came of it."""

    number: str
    unit: str
    asked_by: str
    asked_at: datetime
    why: str
    inspector: str = ""
    done_at: datetime | None = None
    points: int | None = None
    failed: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Inspection:
    """A drawn reply, and why (a value of Drawn); not inspected yet while ``done_at`` is None."""

    number: str
    drawn: date
    unit: str
    inspector: str
    done_at: datetime | None
    points: int | None
    failed: list[str]
    note: str
    why: str


# A page of them and the cursor of the next.
Found = tuple[list[Inspection], str | None]
_DRAWN = (inspections.c.drawn, inspections.c.number)
_DONE = (inspections.c.done_at, inspections.c.number)
_ASKED = (seconds.c.asked_at, seconds.c.number)


async def released_on(tx: Tx, measure: str, day: date) -> dict[str, str]:
    """Tickets that count for ``measure`` (rehandled: each reply that was let go; satisfied: each good vote) on a day,
    with the unit."""
    query = select(parts.c.number, parts.c.unit).where(parts.c.measure == measure, parts.c.day == day)
    if measure == "satisfied":
        query = query.where(parts.c.numerator > 0)
    return {row["number"]: row["unit"] for row in await tx.rows(query)}


async def add(tx: Tx, day: date, drawn: Collection[tuple[str, str]], why: Drawn) -> None:
    """Put numbers (with their units) on the list; of those on it that still wait, only ``why`` is said anew, and never
    by the lot."""
    rows: list[dict[str, object]] = [
        {
            "number": number,
            "drawn": day,
            "unit": unit,
            "inspector": "",
            "done_at": None,
            "points": None,
            "failed": [],
            "note": "",
            "why": why.value,
        }
        for number, unit in drawn
    ]
    if not rows:
        return
    await tx.execute(tx.insert(inspections).on_conflict_do_nothing(index_elements=["number"]), rows)
    if why is not Drawn.LOT:
        waiting = inspections.c.number.in_([number for number, _ in drawn]) & inspections.c.done_at.is_(None)
        await tx.execute(update(inspections).where(waiting).values(why=why.value))


async def waiting(tx: Tx, limit: int, cursor: str = "") -> Found:
    """What waits, the oldest first, and the cursor of the next page; Invalid for one that is not ours."""
    query = select(inspections).where(inspections.c.done_at.is_(None))
    if cursor:
        query = query.where(_behind(_DRAWN, cursors.day_of(cursor)))
    rows = await tx.rows(query.order_by(*_DRAWN).limit(limit + 1))
    return _page(rows, limit, "drawn")


async def done(tx: Tx, limit: int, cursor: str = "", units: Collection[str] | None = None) -> Found:
    """What is done, the newest first, about some units' replies if they are given; the same of the cursor."""
    query = select(inspections).where(inspections.c.done_at.is_not(None))
    if units is not None:
        query = query.where(inspections.c.unit.in_(units))
    if cursor:
        query = query.where(_behind(_DONE, cursors.moment_of(cursor), falling=True))
    rows = await tx.rows(query.order_by(*(column.desc() for column in _DONE)).limit(limit + 1))
    return _page(rows, limit, "done_at")


async def one(tx: Tx, number: str) -> Inspection | None:
    """What was drawn of a ticket, held until the transaction ends."""
    row = await tx.row(select(inspections).where(inspections.c.number == number).with_for_update())
    return Inspection(**row) if row else None


async def settle(tx: Tx, done: Inspection) -> None:
    """Write down what came of it."""
    values = {
        "inspector": done.inspector,
        "done_at": done.done_at,
        "points": done.points,
        "failed": done.failed,
        "note": done.note,
    }
    await tx.execute(update(inspections).where(inspections.c.number == done.number).values(**values))


async def done_since(tx: Tx, day: date) -> list[Inspection]:
    """What was found about replies drawn since a day."""
    query = select(inspections).where(inspections.c.drawn >= day, inspections.c.done_at.is_not(None))
    return [Inspection(**row) for row in await tx.rows(query)]


async def ask_second(tx: Tx, second: Second) -> bool:
    """A second look is wanted; whether none was before."""
    values = {name: getattr(second, name) for name in Second.__slots__} | {"failed": []}
    statement = tx.insert(seconds).values(**values)
    return bool((await tx.execute(statement.on_conflict_do_nothing(index_elements=["number"]))).rowcount)


async def seconds_of(tx: Tx, numbers: Collection[str]) -> dict[str, Second]:
    """The second looks at these, by number."""
    rows = await tx.rows(select(seconds).where(seconds.c.number.in_(numbers)))
    return {row["number"]: _second(row) for row in rows}


async def second_for_update(tx: Tx, number: str) -> Second | None:
    """A second look, held until the transaction ends."""
    row = await tx.row(select(seconds).where(seconds.c.number == number).with_for_update())
    return _second(row) if row else None


async def waiting_seconds(tx: Tx, limit: int, cursor: str = "") -> Found:
    """What waits for a second look, the longest waiting first, and the cursor of the next page."""
    query = select(inspections, seconds.c.asked_at).join(seconds, seconds.c.number == inspections.c.number)
    query = query.where(seconds.c.done_at.is_(None))
    if cursor:
        query = query.where(_behind(_ASKED, cursors.moment_of(cursor)))
    rows = await tx.rows(query.order_by(*_ASKED).limit(limit + 1))
    return _page(rows, limit, "asked_at")


async def settle_second(tx: Tx, done: Second) -> None:
    """Write down what came of a second look."""
    names = ("inspector", "done_at", "points", "note")
    values = {name: getattr(done, name) for name in names} | {"failed": list(done.failed)}
    await tx.execute(update(seconds).where(seconds.c.number == done.number).values(**values))


def _behind(
    order: Sequence[ColumnElement[Any]], last: Sequence[object], *, falling: bool = False
) -> ColumnElement[bool]:
    row = tuple_(*(literal(value, column.type) for column, value in zip(order, last, strict=True)))
    return tuple_(*order) < row if falling else tuple_(*order) > row


def _page(rows: Sequence[RowMapping], limit: int, by: str) -> Found:
    """What is on a page of rows that are sorted by the column ``by`` and their number."""
    shown = [Inspection(**{name: row[name] for name in Inspection.__slots__}) for row in rows[:limit]]
    last = rows[limit - 1] if len(rows) > limit else None
    return shown, cursors.written([last[by], last["number"]]) if last else None


def _second(row: RowMapping) -> Second:
    return Second(**(dict(row) | {"failed": tuple(row["failed"])}))
