"""Rows of the changes of single matters, of matters that were retired, and tickets a change would have concerned."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Column, Index, RowMapping, String, Table, Text, delete, or_, select, update

from kernel.database import Json, Moment, Tx, metadata
from ticketing.model.duties import Matter
from ticketing.model.labels import State
from ticketing.rules.matterchanges import ChangeKind, ChangeState, MatterChange, Retired
from ticketing.store.tables import tickets

matter_changes = Table(
    "matter_change",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("matter", String(40), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("valid_from", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("why", Text, nullable=False),
    Column("before", Json),
    Column("after", Json),
    Column("successor", String(40), nullable=False),
    Column("precedent", String(32), nullable=False),
    Index("ix_matter_change_matter", "matter", "id"),
    Index("ix_matter_change_state", "state", "valid_from"),
)
retired_matters = Table(
    "matter_retired",
    metadata,
    Column("code", String(40), primary_key=True),
    Column("successor", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("body", Json, nullable=False),
)
ENDED = (State.CLOSED, State.ARCHIVED, State.WITHDRAWN, State.MERGED)


async def add(tx: Tx, change: MatterChange) -> None:
    """Keep a change."""
    values = msgspec.to_builtins(change, builtin_types=(datetime,))
    await tx.execute(matter_changes.insert().values(**values))


async def settle(tx: Tx, id_: str, state: ChangeState) -> bool:
    """A waiting change took effect or was given up; False when it waits no more."""
    mine = (matter_changes.c.id == id_) & (matter_changes.c.state == ChangeState.WAITING.value)
    return bool((await tx.execute(update(matter_changes).where(mine).values(state=state.value))).rowcount == 1)


async def by_id(tx: Tx, id_: str) -> MatterChange | None:
    """One change, or None."""
    row = await tx.row(select(matter_changes).where(matter_changes.c.id == id_))
    return _change(row) if row else None


async def of_matter(tx: Tx, code: str) -> list[MatterChange]:
    """What was done to a matter, the newest first."""
    query = select(matter_changes).where(matter_changes.c.matter == code).order_by(matter_changes.c.id.desc())
    return [_change(row) for row in await tx.rows(query)]


async def waiting(tx: Tx, until: datetime | None = None) -> list[MatterChange]:
    """Changes that have not taken effect, in the order they will; with ``until`` those whose day has come."""
    query = select(matter_changes).where(matter_changes.c.state == ChangeState.WAITING.value)
    if until is not None:
        query = query.where(matter_changes.c.valid_from <= until)
    rows = await tx.rows(query.order_by(matter_changes.c.valid_from, matter_changes.c.id))
    return [_change(row) for row in rows]


async def retire(tx: Tx, matter: Matter, successor: str, at: datetime) -> None:
    """Keep a matter nothing new comes to."""
    body = msgspec.to_builtins(matter)
    await tx.execute(retired_matters.insert().values(code=matter.code, successor=successor, at=at, body=body))


async def revive(tx: Tx, code: str) -> None:
    """It is in the catalogue again."""
    await tx.execute(delete(retired_matters).where(retired_matters.c.code == code))


async def all_retired(tx: Tx) -> list[Retired]:
    """Every matter nothing new comes to."""
    rows = await tx.rows(select(retired_matters).order_by(retired_matters.c.code))
    return [Retired(msgspec.convert(row["body"], Matter), row["successor"], row["at"]) for row in rows]


async def tickets_of(tx: Tx, matter: str, since: datetime, most: int) -> Sequence[tuple[str, str, bool]]:
    """Number, area and whether it is open of a matter's tickets, open or ended after ``since``, the newest first."""
    of_it = (tickets.c.matter == matter) & or_(tickets.c.state.not_in(ENDED), tickets.c.state_since >= since)
    query = select(tickets.c.number, tickets.c.area, tickets.c.state).where(of_it)
    rows = await tx.rows(query.order_by(tickets.c.received.desc()).limit(most))
    return [(row["number"], row["area"], row["state"] not in ENDED) for row in rows]


async def has_tickets(tx: Tx, matter: str) -> bool:
    """Whether there is any ticket of it."""
    return bool(await tx.row(select(tickets.c.id).where(tickets.c.matter == matter).limit(1)))


def _change(row: RowMapping) -> MatterChange:
    values = dict(row) | {"kind": ChangeKind(row["kind"]), "state": ChangeState(row["state"])}
    for name in ("before", "after"):
        values[name] = msgspec.convert(row[name], Matter) if row[name] else None
    return MatterChange(**values)
