"""A house of its own over a SQLite file that is thrown away: for commands that judge, replay or list."""

import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import event

from hotline.assembly import Assembled, assemble
from hotline.migrating import migrate
from hotline.seeding import seed
from kernel.clock import SystemClock
from kernel.database import Database
from kernel.privacy import new_key
from kernel.settings import Settings


@contextmanager
def fresh_database(settings: Settings) -> Iterator[Settings]:
    """The settings with the address of a database that does not exist yet and does not outlast this."""
    with tempfile.TemporaryDirectory(prefix="hotline-") as folder:
        url = f"sqlite+aiosqlite:///{folder}/hotline.sqlite3"
        yield replace(settings, database=replace(settings.database, url=url))


@asynccontextmanager
async def throwaway(settings: Settings) -> AsyncIterator[Assembled]:
    """A house with tables and nothing in them, not opened; no loop steps."""
    with fresh_database(settings) as fresh:
        assembled = assemble(fresh, SystemClock(), new_key())
        database = assembled.house.floor.database
        never_wait_for_the_disk(database)
        try:
            await migrate(database)
            yield assembled
        finally:
            await database.close()


@asynccontextmanager
async def furnished(settings: Settings) -> AsyncIterator[Assembled]:
    """A throwaway house with the settings' city loaded through the rooms, open; no loop steps, so nothing is sent."""
    async with throwaway(settings) as assembled:
        await assembled.house.open()
        try:
            await seed(assembled, progress)
            await assembled.rooms.bot.learn()
            yield assembled
        finally:
            await assembled.house.leave()
            await assembled.house.floor.bell.stop()


def never_wait_for_the_disk(database: Database) -> None:
    """Let SQLite trust the machine: what is thrown away need not survive a power cut."""
    event.listen(database.engine.sync_engine, "connect", _without_waiting)


def progress(text: str) -> None:
    """One line of progress; standard output belongs to what the command is for."""
    print(text, file=sys.stderr, flush=True)


def _without_waiting(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()
