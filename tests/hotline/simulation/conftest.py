"""A few days of a small city's hotline, played once; every test that breaks something puts it back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from shutil import copyfile

import pytest

from hotline.assembly import Assembled, assemble
from hotline.migrating import migrate
from hotline.seeding import seed
from hotline.simulation.command import ABSENT_SECONDS
from hotline.simulation.play import Ordered, Play, Played
from hotline.simulation.report import Checked, examine
from hotline.throwaway import never_wait_for_the_disk
from kernel.clock import ManualClock
from kernel.settings import DatabaseSettings, Settings

KEY = b"k" * 32
FIRST = date(2026, 6, 1)
NIGHT_BEFORE = datetime.combine(FIRST, time(), UTC) - timedelta(hours=10)
HALF_AN_HOUR, SIX_HOURS = timedelta(minutes=30), timedelta(hours=6)
SMALL = Ordered(FIRST, 3, 32, 140, seed=3, tick=HALF_AN_HOUR, agents=16, rare=15.0, quiet_tick=SIX_HOURS)
TINY = Ordered(FIRST, 1, 1, 14, seed=5, tick=HALF_AN_HOUR, agents=6, quiet_tick=SIX_HOURS)


@dataclass(frozen=True)
class Month:
    """A house after a play, and what was found in it."""

    assembled: Assembled
    played: Played
    checked: Checked


@asynccontextmanager
async def house_at(path: Path) -> AsyncIterator[tuple[Assembled, ManualClock]]:
    """An open house over a database file."""
    settings = Settings()
    settings = replace(
        settings,
        database=DatabaseSettings(url=f"sqlite+aiosqlite:///{path}"),
        desk=replace(settings.desk, absent_seconds=ABSENT_SECONDS),
    )
    clock = ManualClock(NIGHT_BEFORE)
    assembled = assemble(settings, clock, KEY)
    never_wait_for_the_disk(assembled.house.floor.database)
    await migrate(assembled.house.floor.database)
    await assembled.house.open()
    try:
        yield assembled, clock
    finally:
        await assembled.house.leave()
        await assembled.house.close()


@pytest.fixture(scope="session")
async def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the demo city in it, to be copied."""
    path: Path = tmp_path_factory.mktemp("simulation") / "seeded.sqlite3"
    async with house_at(path) as (assembled, _):
        await seed(assembled, lambda _line: None)
    return path


@asynccontextmanager
async def played(seeded: Path, at: Path, ordered: Ordered) -> AsyncIterator[Month]:
    """A copy of the city in which a stretch was played."""
    copyfile(seeded, at)
    async with house_at(at) as (assembled, clock):
        done = await Play(assembled, clock, ordered, lambda _line: None).run()
        yield Month(assembled, done, await examine(assembled, done))


@pytest.fixture(scope="session")
async def month(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Month]:
    """The small play."""
    async with played(seeded, tmp_path_factory.mktemp("month") / "month.sqlite3", SMALL) as made:
        yield made
