"""How far open tickets have been counted anew after the calendar changed."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Column, Integer, String, Table, null, select, update

from kernel.database import Json, Tx, metadata
from ticketing.rules.recounting import CalendarData
from ticketing.store.tables import OVER, states_not_in, tickets

_STATE = 1  # the one row

recounts = Table(
    "ticket_recount",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("applied", Json, nullable=False),
    Column("target", Json),
    Column("cursor", String(32), nullable=False),
    Column("changed", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Recount:
    """``applied`` are the calendars clocks may have been counted by; ``target`` the one under way, or None when all
    are; ``cursor`` the id of the last ticket done, ``changed`` how many moved."""

    applied: tuple[CalendarData, ...]
    target: CalendarData | None
    cursor: str
    changed: int


async def load(tx: Tx, *, lock: bool = False) -> Recount | None:
    """Where it stands; None before the first calendar was seen."""
    query = select(recounts).where(recounts.c.id == _STATE)
    row = await tx.row(query.with_for_update() if lock else query)
    if row is None:
        return None
    target = None if row["target"] is None else msgspec.convert(row["target"], CalendarData)
    applied = msgspec.convert(row["applied"], tuple[CalendarData, ...])
    return Recount(applied, target, row["cursor"], row["changed"])


async def save(tx: Tx, made: Recount) -> None:
    """Write down where it stands."""
    values = {
        "applied": msgspec.to_builtins(made.applied),
        "target": null() if made.target is None else msgspec.to_builtins(made.target),
        "cursor": made.cursor,
        "changed": made.changed,
    }
    statement = tx.insert(recounts).values(id=_STATE, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


async def move(tx: Tx, cursor: str, changed: int) -> None:
    """One ticket more is done."""
    await tx.execute(update(recounts).where(recounts.c.id == _STATE).values(cursor=cursor, changed=changed))


async def next_ones(tx: Tx, after: str, limit: int) -> Sequence[tuple[str, str]]:
    """Id and number of open tickets behind the cursor, in the order of their ids."""
    query = select(tickets.c.id, tickets.c.number).where(tickets.c.id > after, states_not_in(OVER))
    return [(row["id"], row["number"]) for row in await tx.rows(query.order_by(tickets.c.id).limit(limit))]
