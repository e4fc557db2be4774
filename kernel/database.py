"""The database: one transaction at a time per task, immediate on SQLite, with callbacks after commit."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, cast

import msgspec
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    RowMapping,
    Table,
    bindparam,
    event,
    func,
    literal_column,
    make_url,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.sql import Executable
from sqlalchemy.types import TypeDecorator

from kernel import sqlite

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

# SQLite counts up only INTEGER keys by itself.
Serial = BigInteger().with_variant(Integer(), "sqlite")
Json = JSON().with_variant(JSONB(), "postgresql")


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite, which has no such type, keeps it naive in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def only_where(condition: str) -> dict[str, Any]:
    """The arguments that make an Index partial on both databases."""
    return {"postgresql_where": text(condition), "sqlite_where": text(condition)}


def written_out(condition: str) -> ColumnElement[bool]:
    """A condition in the very words of a partial index, its columns named with their table: only where no parameter
    stands in it do SQLite, and PostgreSQL with a plan kept for all values, see that the index serves."""
    # As a Boolean it would be compared with 1 on SQLite, and so be another condition than the index's.
    return cast("ColumnElement[bool]", literal_column(condition))


def filled(column: Column[Any]) -> ColumnElement[bool]:
    """That a column of text is not empty, written out."""
    return written_out(f"{column.table.name}.{column.name} <> ''")


_open: ContextVar[bool] = ContextVar("transaction_open", default=False)


def outside_transaction(what: str) -> None:
    """Raise RuntimeError when a transaction is open: ``what`` talks to the outside and may take long."""
    if _open.get():
        raise RuntimeError(f"{what} awaited inside transaction()")


class Tx:
    """An open transaction: statements run on it, callbacks run after it has committed."""

    def __init__(self, connection: AsyncConnection, *, writes: bool) -> None:
        self.connection = connection
        self.writes = writes
        self.callbacks: dict[object, Callable[[], None]] = {}

    @property
    def is_postgresql(self) -> bool:
        """Whether this is PostgreSQL."""
        return self.connection.dialect.name == "postgresql"

    def after_commit(self, callback: Callable[[], None], *, key: object = None) -> None:
        """Run ``callback`` once the transaction has committed; a second one under the same ``key`` replaces it."""
        self.callbacks[key if key is not None else object()] = callback

    async def execute(
        self, statement: Executable, parameters: Mapping[str, object] | Sequence[Mapping[str, object]] | None = None
    ) -> CursorResult[Any]:
        """Run a statement."""
        return await self.connection.execute(statement, parameters)

    async def rows(self, statement: Executable) -> list[RowMapping]:
        """All rows of a query."""
        return list((await self.connection.execute(statement)).mappings().all())

    async def row(self, statement: Executable) -> RowMapping | None:
        """The first row of a query, if there is one."""
        return (await self.connection.execute(statement)).mappings().first()

    async def scalar(self, statement: Executable) -> Any:
        """The first column of the first row."""
        return await self.connection.scalar(statement)

    async def insert_rows(
        self, table: Table, rows: Sequence[Mapping[str, object]], then: Callable[[Any], Any] = lambda insert: insert
    ) -> CursorResult[Any]:
        """Insert rows with the same columns in one statement; ``then`` adds ON CONFLICT and RETURNING to the INSERT.

        On PostgreSQL a column is one array: the statement stays the same however many rows there are.
        """
        if not self.is_postgresql:
            return await self.execute(then(self.insert(table)), rows)
        names = list(rows[0])
        columns = [func.unnest(bindparam(name, type_=ARRAY(table.c[name].type))) for name in names]
        statement = then(self.insert(table).from_select(names, select(*columns), include_defaults=False))
        return await self.execute(statement, {name: [row[name] for row in rows] for name in names})

    def insert(self, table: Table) -> Any:
        """The dialect's INSERT, which knows ON CONFLICT."""
        return postgresql_insert(table) if self.is_postgresql else sqlite_insert(table)


class Database:
    """One database behind an asynchronous engine; SQLite files run in WAL with one writer at a time."""

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        options: dict[str, Any] = {"pool_size": pool_size, "max_overflow": 0}
        if self.is_sqlite:
            options |= {"module": sqlite.driver()}
        else:
            options |= {"pool_pre_ping": False, "pool_recycle": 1800}
        self.engine: AsyncEngine = create_async_engine(
            self.url,
            json_serializer=lambda value: msgspec.json.encode(value).decode(),
            json_deserializer=msgspec.json.decode,
            hide_parameters=True,
            **options,
        )
        self._writer: asyncio.Lock | nullcontext[None] = asyncio.Lock() if self.is_sqlite else nullcontext()
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """A short writing transaction: commits at the end, rolls back on any error, then runs the callbacks."""
        # Before waiting for the writer's turn: inside a transaction that would be waiting for oneself.
        outside_transaction("transaction()")
        async with self._writer, self._begin(writes=True) as tx:
            yield tx
        for callback in tx.callbacks.values():
            callback()

    @asynccontextmanager
    async def trial(self) -> AsyncIterator[Tx]:
        """A writing transaction that is always rolled back: what would come of it is known, and nothing comes of it."""
        outside_transaction("trial()")
        async with self._writer, self._begin(writes=True, kept=False) as tx:
            yield tx

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        """A consistent view for queries; writing on it fails on SQLite and is rolled back on PostgreSQL."""
        async with self._begin(writes=False, kept=False) as tx:
            yield tx

    @asynccontextmanager
    async def _begin(self, *, writes: bool, kept: bool = True) -> AsyncIterator[Tx]:
        outside_transaction("transaction()")
        token = _open.set(True)
        try:
            async with self.engine.connect() as raw:
                connection = await raw.execution_options(hotline_writes=writes)
                async with connection.begin() as begun:
                    tx = Tx(connection, writes=writes)
                    yield tx
                    if not kept:
                        await begun.rollback()
        finally:
            _open.reset(token)

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=20000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # The driver would begin at the first write only, and two readers that both write would lose an update.
    writes = connection.get_execution_options().get("hotline_writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN DEFERRED")
