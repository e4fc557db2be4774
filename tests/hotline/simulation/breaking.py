"""Breaks one row of a database and puts it back: what an audit is for is found, or the audit is none."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Table, and_, select

from kernel.database import Database, metadata
from kernel.room import Fault
from tests.hotline.simulation.conftest import Month
from ticketing.store.body import decode

Body = dict[str, Any]
Where = Callable[[Table], ColumnElement[bool]]
Change = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]


async def rows_of(database: Database, name: str, where: Where | None = None) -> list[dict[str, Any]]:
    """Rows of a table, in the order of its key."""
    table = metadata.tables[name]
    query = select(table).order_by(*table.primary_key.columns)
    async with database.reading() as tx:
        return [dict(row) for row in await tx.rows(query if where is None else query.where(where(table)))]


@asynccontextmanager
async def broken(database: Database, name: str, row: Mapping[str, Any], change: Change) -> AsyncIterator[None]:
    """A row with other values, or without it when ``change`` gives None."""
    table = metadata.tables[name]
    await _replace(database, table, row, change(row))
    try:
        yield
    finally:
        await _replace(database, table, row, row)


async def _replace(database: Database, table: Table, row: Mapping[str, Any], new: Mapping[str, Any] | None) -> None:
    same = and_(*(column == row[column.name] for column in table.primary_key.columns))
    async with database.transaction() as tx:
        if new is None:
            await tx.execute(table.delete().where(same))
        elif await tx.row(select(table).where(same)) is None:
            await tx.execute(table.insert().values(**new))
        else:
            await tx.execute(table.update().where(same).values(**new))


def whole(body: str) -> Body:
    """A ticket's body with all its fields, also those it was kept without."""
    told: Body = msgspec.json.decode(msgspec.json.encode(decode(body)))
    return told


@asynccontextmanager
async def broken_ticket(
    database: Database, fits: Callable[[Body], bool], change: Callable[[Body], None]
) -> AsyncIterator[None]:
    """The first ticket that fits, with another body."""
    rows = await rows_of(database, "ticket")
    found = next((row for row in rows if fits(whole(row["body"]))), None)
    assert found is not None, "no ticket fits"
    body = whole(found["body"])
    change(body)
    async with broken(database, "ticket", found, lambda row: {**row, "body": msgspec.json.encode(body).decode()}):
        yield


async def faults_of(month: Month, room: str) -> list[Fault]:
    """What one room's audit finds now."""
    audits = [audit for each in month.assembled.house.rooms for audit in each.audits if audit.name == room]
    _, faults = await audits[0].run()
    return list(faults)
