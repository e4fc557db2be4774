"""A bot over a real directory of the demo city and small rooms in memory; its reader is trained once a run."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.local import LocalReader
from directory import room as directory_room
from directory.importing import Importer
from directory.lookup import Lookup
from kernel.attachments import Attachments
from kernel.bell import LocalBell
from kernel.clock import ManualClock
from kernel.database import Database
from kernel.journal import Journal
from kernel.mailbox import Mailbox
from kernel.privacy import Vault
from kernel.room import Floor
from kernel.settings import Settings
from kernel.signing import Signer
from tests.bot.talk import START
from tests.learnt import copy_reader_model
from tests.once import Once
from tests.rooms import CITY, all_facts


@pytest.fixture(scope="session")
async def models(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the trained model is kept for the session."""
    folder: Path = tmp_path_factory.mktemp("models")
    await copy_reader_model(once, folder)
    return folder


@pytest.fixture(scope="session")
async def reader(models: Path) -> LocalReader:
    """The local reader, trained from the shipped phrases."""
    made = LocalReader(models)
    await made.start()
    return made


@pytest.fixture(scope="session")
async def city_floor(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Floor]:
    """A floor over one SQLite database for the whole session."""
    path = tmp_path_factory.mktemp("city") / "city.sqlite3"
    shutil.copyfile(empty_sqlite, path)
    database, clock, bell = Database(f"sqlite+aiosqlite:///{path}"), ManualClock(START), LocalBell()
    vault, signer = Vault({"test": b"k" * 32}, "test"), Signer(b"s" * 32, clock)
    yield Floor(
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
    await database.close()


@pytest.fixture(scope="session")
async def lookup(city_floor: Floor) -> Lookup:
    """The directory's door with the demo city loaded."""
    await Importer(city_floor).import_folder(CITY)
    made = directory_room.build(city_floor).lookup
    await made.load()
    return made
