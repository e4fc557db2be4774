"""What tests share: a clock that stands still, a database of each kind, the floor the rooms stand on."""

import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from xdist.scheduler import LoadFileScheduling

from kernel.attachments import Attachments
from kernel.bell import LocalBell
from kernel.clock import ManualClock
from kernel.database import Database, metadata
from kernel.journal import Journal
from kernel.mailbox import Mailbox
from kernel.privacy import Vault
from kernel.room import Floor
from kernel.settings import Settings
from kernel.signing import Signer
from tests.once import Once
from tests.rooms import all_facts, import_stores

POSTGRESQL = os.environ.get("HOTLINE_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")
MUST_HAVE_ALL = bool(os.environ.get("HOTLINE_CI"))

# Truncating fifty tables takes half a second, deleting the few rows a test has left takes milliseconds.
EMPTY_ALL = """
DO $$ DECLARE found record; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM %I', found.tablename);
  END LOOP;
END $$
"""

# With several workers these come first, so that none is left with one of them at last.
LONGEST = (
    *("tests/hotline/simulation", "tests/sizes", "tests/journeys/browser", "tests/journeys", "tests/web/staff"),
    *("tests/hotline/data", "tests/hotline/evaluations", "tests/web"),
)
# Their files share what takes minutes to make.
TOGETHER = ("tests/hotline/simulation",)

import_stores()


def _place(item: pytest.Item) -> int:
    path = item.path.relative_to(item.config.rootpath).as_posix()
    return next((n for n, folder in enumerate(LONGEST) if path.startswith(f"{folder}/")), len(LONGEST))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest folders first."""
    items.sort(key=_place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """A file stays with one worker; so does a folder that plays one month for all its files."""
    return ByFile(config, log) if config.getvalue("dist") == "loadfile" else None


class ByFile(LoadFileScheduling):  # type: ignore[misc] # it has no types
    """Sends files to workers, and some folders as if each were one file."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(f"{folder}/")), super()._split_scope(nodeid))


@pytest.fixture
def clock() -> ManualClock:
    """Monday, 16 March 2026, 10:00 in China: an ordinary working day."""
    return ManualClock(datetime(2026, 3, 16, 2, 0, tzinfo=UTC))


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """What this run makes once, for all its workers: the folder of each lies in the folder of the run."""
    own = tmp_path_factory.getbasetemp()
    return Once((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "once")


@pytest.fixture(scope="session")
async def postgresql_url() -> AsyncIterator[str]:
    """A database of its own on the PostgreSQL server; skipped without a server, a failure in CI."""
    name = f"hotline_test_{os.getpid()}"
    try:
        admin = await asyncpg.connect(f"{POSTGRESQL}/postgres", timeout=5)
    except (OSError, asyncpg.PostgresError) as error:
        if MUST_HAVE_ALL:
            pytest.fail(f"PostgreSQL is needed here: {error}")
        pytest.skip("no PostgreSQL server at 127.0.0.1:5432")
    await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await admin.execute(f'CREATE DATABASE "{name}"')
    url = make_url(POSTGRESQL).set(drivername="postgresql+asyncpg", database=name)
    made = Database(url.render_as_string(hide_password=False))
    async with made.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await made.close()
    yield url.render_as_string(hide_password=False)
    await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await admin.close()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A SQLite file with all tables and no rows, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.sqlite3"
    from sqlalchemy import create_engine  # noqa: PLC0415 - a synchronous engine is needed here only

    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    yield path
    path.unlink()


@pytest.fixture
async def sqlite_database(empty_sqlite: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty SQLite database."""
    path = tmp_path / "hotline.sqlite3"
    path.write_bytes(empty_sqlite.read_bytes())  # noqa: ASYNC240 - a few pages, before anything runs
    database = Database(f"sqlite+aiosqlite:///{path}")
    yield database
    await database.close()


@pytest.fixture
async def postgresql_database(postgresql_url: str) -> AsyncIterator[Database]:
    """An empty PostgreSQL database."""
    database = Database(postgresql_url)
    async with database.engine.begin() as connection:
        await connection.execute(text(EMPTY_ALL))
    yield database
    await database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty database of each kind."""
    kind = "sqlite_database" if request.param == "sqlite" else "postgresql_database"
    made: Database = request.getfixturevalue(kind)
    return made


@pytest.fixture
def floor(database: Database, clock: ManualClock) -> Floor:
    """The floor over an empty database of each kind, with all rooms' facts known."""
    vault = Vault({"test": b"k" * 32}, "test")
    bell = LocalBell()
    signer = Signer(b"s" * 32, clock)
    return Floor(
        settings=Settings(),
        database=database,
        clock=clock,
        bell=bell,
        mailbox=Mailbox(vault, clock, bell),
        journal=Journal(vault, clock, bell, all_facts()),
        vault=vault,
        signer=signer,
        attachments=Attachments(signer, clock),
    )
