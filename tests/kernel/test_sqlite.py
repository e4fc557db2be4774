"""SQLite with few handovers: one a statement, and statements say of themselves what the driver's own cursors say."""

from typing import Any

import aiosqlite
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel.database import Database

HANDED = list[object]


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch) -> HANDED:
    """Every call that is handed to a connection's thread."""
    calls: HANDED = []
    before: Any = aiosqlite.Connection._execute

    async def noted(self: aiosqlite.Connection, fn: object, *args: object, **kwargs: object) -> object:
        calls.append(fn)
        return await before(self, fn, *args, **kwargs)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", noted)
    return calls


@pytest.fixture
async def numbers(sqlite_database: Database) -> Database:
    """A table with a unique number."""
    async with sqlite_database.transaction() as tx:
        await tx.execute(text("CREATE TABLE numbers (id INTEGER PRIMARY KEY, number INTEGER UNIQUE)"))
    return sqlite_database


async def test_a_query_is_handed_over_once_and_its_transaction_twice_more(numbers: Database, handed: HANDED) -> None:
    async with numbers.reading() as tx:
        assert await tx.rows(text("SELECT number FROM numbers")) == []
    assert len(handed) == 3


async def test_rows_counts_and_keys_are_told(numbers: Database) -> None:
    async with numbers.transaction() as tx:
        await tx.execute(text("INSERT INTO numbers (number) VALUES (:number)"), [{"number": n} for n in (1, 2, 3)])
        one = await tx.execute(text("INSERT INTO numbers (number) VALUES (4)"))
        assert one.lastrowid == 4
        assert (await tx.execute(text("UPDATE numbers SET number = number + 10"))).rowcount == 4
        kept = await tx.rows(text("DELETE FROM numbers WHERE number > 12 RETURNING id, number"))
        assert [dict(row) for row in kept] == [{"id": 3, "number": 13}, {"id": 4, "number": 14}]
    async with numbers.reading() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM numbers")) == 2


async def test_a_statement_that_fails_takes_its_transaction_back_and_the_next_one_works(numbers: Database) -> None:
    async def twice() -> None:
        async with numbers.transaction() as tx:
            await tx.execute(text("INSERT INTO numbers (number) VALUES (1)"))
            await tx.execute(text("INSERT INTO numbers (number) VALUES (1)"))

    with pytest.raises(IntegrityError):
        await twice()
    async with numbers.transaction() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM numbers")) == 0
        await tx.execute(text("INSERT INTO numbers (number) VALUES (1)"))


async def test_rows_come_one_by_one_as_well(numbers: Database) -> None:
    async with numbers.transaction() as tx:
        await tx.execute(text("INSERT INTO numbers (number) VALUES (1), (2)"))
    async with numbers.engine.connect() as connection, connection.stream(text("SELECT number FROM numbers")) as found:
        assert [row.number async for row in found] == [1, 2]
