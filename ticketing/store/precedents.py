"""Rows of rulings: precedents, and what units said in disputes."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Boolean, Column, Index, RowMapping, String, Table, Text, func, or_, select, update

from kernel.database import Json, Moment, Tx, metadata
from kernel.errors import NotFound
from ticketing.model.rulings import Amendment, Argument, Precedent

precedents = Table(
    "ticket_precedent",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("ticket", String(24), nullable=False),
    Column("request", String(32), nullable=False),
    Column("matter", String(40), nullable=False),
    Column("area", String(32), nullable=False),
    Column("units", Json, nullable=False),
    Column("lead", String(32), nullable=False),
    Column("supporting", Json, nullable=False),
    Column("reason", Text, nullable=False),
    Column("clause", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("amendment", String(10), nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_ticket_precedent_matter", "matter", "at"),
    Index("ix_ticket_precedent_amendment", "amendment", "at"),
)

arguments = Table(
    "ticket_argument",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("ticket", String(24), nullable=False),
    Column("request", String(32), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Column("clause", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("own", Boolean, nullable=False),
    Index("ix_ticket_argument_request", "request", "at"),
)

late = Table(
    "ticket_ruling_late",
    metadata,
    Column("request", String(32), primary_key=True),
    Column("at", Moment, nullable=False),
)


async def add(tx: Tx, precedent: Precedent) -> None:
    """A dispute was ruled on."""
    await tx.execute(precedents.insert().values(**msgspec.to_builtins(precedent, builtin_types=(datetime,))))


async def find(
    tx: Tx,
    *,
    matter: str = "",
    amendment: Amendment | None = None,
    words: str = "",
    matters: Collection[str] = (),
    units: Collection[str] = (),
    before: str = "",
    limit: int = 50,
) -> list[Precedent]:
    """Precedents, the newest first. ``words`` stand in the reason, the clause or the number; of ``matters`` and
    ``units`` any one is enough."""
    query = select(precedents)
    if matter:
        query = query.where(precedents.c.matter == matter)
    if amendment is not None:
        query = query.where(precedents.c.amendment == amendment.value)
    if words:
        texts = (precedents.c.reason, precedents.c.clause, precedents.c.ticket)
        found = [column.contains(words, autoescape=True) for column in texts]
        query = query.where(or_(*found, precedents.c.matter.in_(matters), precedents.c.lead.in_(units)))
    if before:
        query = query.where(precedents.c.id < before)
    return [_precedent(row) for row in await tx.rows(query.order_by(precedents.c.id.desc()).limit(limit))]


async def every(tx: Tx) -> list[Precedent]:
    """All rulings, the newest first."""
    return [_precedent(row) for row in await tx.rows(select(precedents).order_by(precedents.c.id.desc()))]


async def version(tx: Tx) -> tuple[int, str, int]:
    """Another one whenever a ruling came or was set aside: how many there are, the newest, how many set aside."""
    dropped = func.count().filter(precedents.c.amendment == Amendment.DROPPED.value)
    newest = func.max(precedents.c.id)
    row = await tx.row(select(func.count().label("many"), newest.label("newest"), dropped.label("aside")))
    return (row["many"], row["newest"] or "", row["aside"]) if row else (0, "", 0)


async def by_id(tx: Tx, id_: str) -> Precedent | None:
    """One ruling, or None."""
    row = await tx.row(select(precedents).where(precedents.c.id == id_))
    return _precedent(row) if row else None


async def amend(tx: Tx, id_: str, amendment: Amendment, note: str) -> Precedent:
    """What becomes of the catalogue; NotFound."""
    mine = precedents.c.id == id_
    await tx.execute(update(precedents).where(mine).values(amendment=amendment.value, note=note))
    row = await tx.row(select(precedents).where(mine))
    if row is None:
        raise NotFound("precedent")
    return _precedent(row)


async def argue(tx: Tx, argument: Argument) -> None:
    """A unit has said something."""
    await tx.execute(arguments.insert().values(**msgspec.to_builtins(argument, builtin_types=(datetime,))))


async def arguments_of(tx: Tx, request: str) -> Sequence[Argument]:
    """What was said about a request, in order."""
    query = select(arguments).where(arguments.c.request == request).order_by(arguments.c.at, arguments.c.id)
    return [Argument(**row) for row in await tx.rows(query)]


async def arguments_in(tx: Tx, requests: Collection[str]) -> dict[str, list[Argument]]:
    """What was said about each of these requests, in one query."""
    query = select(arguments).where(arguments.c.request.in_(requests)).order_by(arguments.c.at, arguments.c.id)
    found: dict[str, list[Argument]] = {}
    for row in await tx.rows(query):
        found.setdefault(row["request"], []).append(Argument(**row))
    return found


async def note_late(tx: Tx, request: str, now: datetime) -> bool:
    """Write down that a dispute was not ruled on in time; whether it was not written down yet."""
    statement = tx.insert(late).values(request=request, at=now)
    done = await tx.execute(statement.on_conflict_do_nothing(index_elements=["request"]))
    return bool(done.rowcount)


def _precedent(row: RowMapping) -> Precedent:
    values = dict(row) | {
        "units": tuple(row["units"]),
        "supporting": tuple(row["supporting"]),
        "amendment": Amendment(row["amendment"]),
    }
    return Precedent(**values)
