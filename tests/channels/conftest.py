"""The channels' worlds, made anew for each test."""

from collections.abc import AsyncIterator, Callable

import pytest

from channels.events import FACTS
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
from tests.channels.world import World, open_world


@pytest.fixture
async def world(floor: Floor, clock: ManualClock) -> AsyncIterator[World]:
    """Posts are answered at once, every reply is a message of its own."""
    async with open_world(floor, clock) as made:
        yield made


@pytest.fixture
async def waiting_world(floor: Floor, clock: ManualClock) -> AsyncIterator[World]:
    """Posts wait four and a half seconds for their reply, as they do with the real platform."""
    async with open_world(floor, clock, passive_seconds=4.5) as made:
        yield made


@pytest.fixture
def floor_of(clock: ManualClock) -> Callable[[Database], Floor]:
    """The floor over a database, where only one kind of database is needed."""

    def made(database: Database) -> Floor:
        vault, bell, signer = Vault({"test": b"k" * 32}, "test"), LocalBell(), Signer(b"s" * 32, clock)
        return Floor(
            settings=Settings(),
            database=database,
            clock=clock,
            bell=bell,
            mailbox=Mailbox(vault, clock, bell),
            journal=Journal(vault, clock, bell, FACTS),
            vault=vault,
            signer=signer,
            attachments=Attachments(signer, clock),
        )

    return made


@pytest.fixture
async def small_world(
    sqlite_database: Database, floor_of: Callable[[Database], Floor], clock: ManualClock
) -> AsyncIterator[World]:
    """On SQLite only, for what does not depend on the database."""
    async with open_world(floor_of(sqlite_database), clock) as made:
        yield made
