"""SQLite behind an asynchronous engine with few handovers: its driver keeps a thread for each connection, and each
handover to that thread and back costs more than most statements. A statement is run, read and closed in one."""

import sqlite3
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)

Parameters = Sequence[Any] | Mapping[str, Any] | None


@dataclass(slots=True)
class Outcome:
    """What is known of a statement that was run, in place of the cursor, which is closed already."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    arraysize: int = 1

    def close(self) -> None:
        """Nothing is left open."""


class Cursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor of the driver that exists only while its statement runs."""

    __slots__ = ()
    _awaitable_cursor_close = False

    def _make_new_cursor(self, connection: Any) -> Any:
        return Outcome()

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        await self._done(_execute, operation, parameters)

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:
        await self._done(_execute_many, operation, seq_of_parameters)

    async def _done(self, run: Any, operation: str, parameters: Any) -> None:
        driver: Any = self._connection
        async with self._adapt_connection._execute_mutex:  # noqa: SLF001 - the adapter's own way to take turns
            # Of the driver there is no other way to hand over more than one call.
            self._cursor, self._rows = await driver._execute(run, driver._conn, operation, parameters)  # noqa: SLF001


class Connection(AsyncAdapt_aiosqlite_connection):
    """A connection with such cursors."""

    __slots__ = ()
    _cursor_cls = Cursor

    def rollback(self) -> None:
        """Roll back, if there is something: a connection that is given back is asked to in any case."""
        driver = cast("aiosqlite.Connection", self._connection)
        if driver._connection is not None and driver.in_transaction:  # noqa: SLF001 - closed ones have none
            super().rollback()


class Driver(AsyncAdapt_aiosqlite_dbapi):
    """The driver as an engine wants it: ``create_async_engine(…, module=driver())``."""

    def connect(self, *arg: Any, **kw: Any) -> Connection:
        """A connection, open."""
        made = super().connect(*arg, **kw)
        return Connection(self, made._connection)  # noqa: SLF001 - the same connection in our clothes


def driver() -> Driver:
    """The driver."""
    return Driver(aiosqlite, sqlite3)


def _execute(connection: sqlite3.Connection, operation: str, parameters: Parameters) -> tuple[Outcome, deque[Any]]:
    cursor = connection.cursor()
    try:
        cursor.execute(operation, () if parameters is None else parameters)
        return _told(cursor)
    finally:
        cursor.close()


def _execute_many(
    connection: sqlite3.Connection, operation: str, parameters: Sequence[Any]
) -> tuple[Outcome, deque[Any]]:
    cursor = connection.cursor()
    try:
        cursor.executemany(operation, parameters)
        return _told(cursor)
    finally:
        cursor.close()


def _told(cursor: sqlite3.Cursor) -> tuple[Outcome, deque[Any]]:
    rows = deque(cursor.fetchall() if cursor.description else ())
    return Outcome(cursor.description, cursor.rowcount, cursor.lastrowid, cursor.arraysize), rows
