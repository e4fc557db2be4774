"""A hotline over a PostgreSQL database of its own, with the demo city's directory and matters; nothing is trained."""

import os
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from benchmarks.sizes.screens import Door
from directory.model import Staff
from hotline.assembly import Assembled, Rooms, assemble
from hotline.migrating import migrate
from hotline.seeding import city_folder, is_empty
from kernel.clock import ManualClock
from kernel.database import Database
from kernel.people import Kind, Principal, Role
from kernel.room import Floor
from kernel.settings import Settings
from ticketing.classifier import Classifier, Guess
from ticketing.model.duties import Matter

SERVER = os.environ.get("HOTLINE_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")
# An ordinary Monday, ten in the morning in China.
NOW = datetime(2026, 6, 15, 2, 0, tzinfo=UTC)


class Unlearned(Classifier):
    """Names no matter: here people do."""

    async def learn(
        self,
        matters: Sequence[Matter],
        past: Sequence[tuple[str, str]] = (),
        corrected: Sequence[tuple[str, str]] = (),
    ) -> None:
        """Learn nothing."""

    def rank(self, text: str) -> tuple[Guess, ...]:
        """Nothing."""
        return ()


@dataclass(frozen=True, slots=True)
class SizedHouse:
    """The house, the clock it lives by, its people by what they do, and its routes without HTTP."""

    assembled: Assembled
    clock: ManualClock
    url: str
    people: Mapping[Role, Principal]
    liaisons: Mapping[str, Principal]
    leaders: Collection[Principal]
    door: Door

    @property
    def floor(self) -> Floor:
        return self.assembled.house.floor

    @property
    def database(self) -> Database:
        return self.floor.database

    @property
    def rooms(self) -> Rooms:
        return self.assembled.rooms


@asynccontextmanager
async def own_database(name: str) -> AsyncIterator[str]:
    """An empty database, dropped at the end; its address without a driver."""
    admin = await asyncpg.connect(f"{SERVER}/postgres", timeout=10)
    try:
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await admin.execute(f'CREATE DATABASE "{name}"')
        await admin.execute(f'ALTER DATABASE "{name}" SET default_toast_compression = lz4')
        yield f"{SERVER}/{name}"
    finally:
        await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await admin.close()


# What is sealed here is nobody's.
KEY = b"sizes" * 6 + b"!!"


@asynccontextmanager
async def furnished(url: str) -> AsyncIterator[SizedHouse]:
    """The house over an empty database: tables by the migrations, the city, the demo's accounts. Over one that is
    furnished already nothing is loaded again."""
    settings = Settings()
    address = url.replace("postgresql://", "postgresql+asyncpg://")
    settings = replace(settings, database=replace(settings.database, url=address))
    clock = ManualClock(NOW)
    assembled = assemble(settings, clock, KEY)
    rooms = assembled.rooms
    rooms.ticketing.catalogue.classifier = Unlearned(Path("var/models"))
    try:
        await migrate(assembled.house.floor.database)
        await rooms.directory.lookup.load()
        if is_empty(assembled):
            folder = city_folder("")
            await rooms.directory.import_city(folder)
            await rooms.ticketing.import_city(folder)
        await rooms.ticketing.catalogue.load()
        async with assembled.house.floor.database.transaction() as tx:
            await rooms.directory.make_demo_accounts(tx)
            staff = await rooms.directory.staffing.everyone(tx)
        yield _with_people(assembled, clock, url, [_principal(each) for each in staff])
    finally:
        await assembled.house.floor.database.close()


def _with_people(assembled: Assembled, clock: ManualClock, url: str, staff: Sequence[Principal]) -> SizedHouse:
    people = {role: each for each in staff for role in each.roles if not each.unit}
    liaisons = {each.unit: each for each in staff if each.has(Role.LIAISON)}
    leaders = [each for each in staff if each.has(Role.UNIT_LEADER)]
    routes = [route for room in assembled.house.rooms for route in room.routes]
    return SizedHouse(assembled, clock, url, people, liaisons, leaders, Door(routes))


def _principal(member: Staff) -> Principal:
    return Principal(Kind.STAFF, member.id, member.name, member.roles, member.unit, login=member.login)
