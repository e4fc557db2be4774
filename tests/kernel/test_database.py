"""Transactions: nothing lost between concurrent writers, callbacks after commit only, moments in UTC."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, event, insert, select, update
from sqlalchemy.exc import DBAPIError

from kernel.database import Database, Json, Moment, outside_transaction

made = MetaData()
counters = Table("test_counter", made, Column("name", String(10), primary_key=True), Column("count", Integer))
values = Table("test_value", made, Column("id", Integer, primary_key=True), Column("at", Moment), Column("body", Json))


@pytest.fixture
async def tables(database: Database) -> AsyncIterator[Database]:
    """Two tables of this test's own."""
    async with database.engine.begin() as connection:
        await connection.run_sync(made.create_all)
    async with database.transaction() as tx:
        await tx.execute(insert(counters).values(name="n", count=0))
    yield database
    async with database.engine.begin() as connection:
        await connection.run_sync(made.drop_all)


async def count(database: Database) -> int:
    async with database.reading() as tx:
        return int(await tx.scalar(select(counters.c.count)))


async def add_one(database: Database) -> None:
    """Read, give everybody else a turn, write: what loses updates when transactions begin too late."""
    async with database.transaction() as tx:
        row = await tx.row(select(counters).where(counters.c.name == "n").with_for_update())
        assert row is not None
        await asyncio.sleep(0)
        await tx.execute(update(counters).values(count=row["count"] + 1))


async def test_forty_concurrent_read_modify_writes_lose_nothing(tables: Database) -> None:
    await asyncio.gather(*(add_one(tables) for _ in range(40)))
    assert await count(tables) == 40


@pytest.mark.postgresql
async def test_work_beside_other_work_opens_no_more_connections_than_the_pool_keeps(postgresql_url: str) -> None:
    narrow, opened = Database(postgresql_url, pool_size=3), 0

    def count_one(*_: object) -> None:
        nonlocal opened
        opened += 1

    async def work() -> None:
        async with narrow.reading() as tx:
            await tx.scalar(select(1))
            await asyncio.sleep(0.01)

    event.listen(narrow.engine.sync_engine, "connect", count_one)
    try:
        for _ in range(3):
            await asyncio.gather(*(work() for _ in range(12)))
    finally:
        await narrow.close()
    assert opened == 3


async def test_p50_two_engines_on_one_sqlite_file_wait_for_each_other(tables: Database) -> None:
    if not tables.is_sqlite:
        pytest.skip("PostgreSQL locks rows")
    other = Database(tables.url.render_as_string(hide_password=False))
    try:
        await asyncio.gather(*(add_one(each) for _ in range(20) for each in (tables, other)))
    finally:
        await other.close()
    assert await count(tables) == 40


async def test_an_error_rolls_everything_back_and_calls_nobody(tables: Database) -> None:
    called = []

    async def fail() -> None:
        async with tables.transaction() as tx:
            await tx.execute(update(counters).values(count=7))
            tx.after_commit(lambda: called.append(1))
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await fail()
    assert await count(tables) == 0
    assert called == []


async def test_callbacks_run_after_commit_and_once_a_key(tables: Database) -> None:
    called: list[str] = []
    async with tables.transaction() as tx:
        tx.after_commit(lambda: called.append("first"), key="k")
        tx.after_commit(lambda: called.append("second"), key="k")
        tx.after_commit(lambda: called.append("other"))
        assert called == []
    assert called == ["second", "other"]


async def test_a_callback_sees_what_was_committed(tables: Database) -> None:
    reads: list[asyncio.Task[int]] = []
    async with tables.transaction() as tx:
        await tx.execute(update(counters).values(count=3))
        tx.after_commit(lambda: reads.append(asyncio.ensure_future(count(tables))))
    assert await reads[0] == 3


async def test_a_transaction_inside_a_transaction_is_refused(tables: Database) -> None:
    async with tables.transaction():
        with pytest.raises(RuntimeError, match=r"awaited inside transaction\(\)"):
            async with tables.transaction():
                pass


async def test_talking_to_the_outside_inside_a_transaction_is_refused(tables: Database) -> None:
    outside_transaction("send")
    async with tables.transaction():
        with pytest.raises(RuntimeError, match="send awaited"):
            outside_transaction("send")
    outside_transaction("send")


async def test_another_task_is_not_inside_the_transaction(tables: Database) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with tables.transaction():
            inside.set()
            await go_on.wait()

    holding = asyncio.create_task(hold())
    await inside.wait()
    outside_transaction("send")
    assert await count(tables) == 0
    go_on.set()
    await holding


async def test_a_reading_writes_nothing(tables: Database) -> None:
    try:
        async with tables.reading() as tx:
            await tx.execute(update(counters).values(count=9))
    except DBAPIError:
        assert tables.is_sqlite
    assert await count(tables) == 0


async def test_a_cancelled_transaction_lets_go_of_the_database(tables: Database) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with tables.transaction() as tx:
            await tx.execute(update(counters).values(count=5))
            inside.set()
            await asyncio.Event().wait()

    hanging = asyncio.create_task(hang())
    await inside.wait()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    await asyncio.wait_for(add_one(tables), 10)
    assert await count(tables) == 1


async def test_moments_come_back_aware_and_in_utc(tables: Database) -> None:
    china = datetime(2026, 3, 16, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
    async with tables.transaction() as tx:
        await tx.execute(insert(values).values(id=1, at=china, body={"词": [1, None]}))
        row = await tx.row(select(values))
    assert row is not None
    assert row["at"] == china
    assert row["at"].tzinfo is UTC
    assert row["body"] == {"词": [1, None]}


async def test_a_naive_moment_is_refused(tables: Database) -> None:
    with pytest.raises(DBAPIError.__mro__[1], match="naive datetime"):
        async with tables.transaction() as tx:
            await tx.execute(insert(values).values(id=1, at=datetime(2026, 3, 16)))  # noqa: DTZ001 - that is the point


async def test_statements_in_errors_do_not_carry_their_values(tables: Database) -> None:
    async with tables.transaction() as tx:
        await tx.execute(insert(values).values(id=1, body={"phone": "13812345678"}))
    with pytest.raises(DBAPIError) as failed:
        async with tables.transaction() as tx:
            await tx.execute(insert(values).values(id=1, body={"phone": "13812345678"}))
    assert "13812345678" not in str(failed.value)
