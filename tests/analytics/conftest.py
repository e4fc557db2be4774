"""The analytics room over a small city."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import pytest

from analytics.room import READER, AnalyticsRoom, InspectionTerms, build
from directory.lookup import Lookup
from directory.room import build as build_directory
from kernel.database import Tx
from kernel.journal import Fact
from kernel.room import Floor
from tests.knowledge.small_city import write_city

State = Callable[..., Awaitable[None]]
Fold = Callable[[], Awaitable[None]]
SHARE, PASSED = 0.05, 80


@pytest.fixture
def entries() -> dict[str, tuple[int, int]]:
    """By unit, how many entries it keeps and how many of them are past their day: what a test puts in."""
    return {}


@pytest.fixture
async def lookup(floor: Floor, tmp_path: Path) -> Lookup:
    """The small city's directory."""
    directory = build_directory(floor)
    await directory.import_city(write_city(tmp_path))
    return directory.lookup


@pytest.fixture
async def room(floor: Floor, lookup: Lookup, entries: dict[str, tuple[int, int]]) -> AnalyticsRoom:
    """The room over the small city; what the city's import stated is counted already."""

    async def owned(_tx: Tx) -> Mapping[str, tuple[int, int]]:
        return entries

    async def words(_tx: Tx, turn: str) -> tuple[str, str]:
        return f"问{turn}", f"答{turn}"

    return build(floor, lookup, str, lambda: InspectionTerms(SHARE, PASSED), owned, words)


@pytest.fixture
def state(floor: Floor) -> State:
    """States facts and numbers them."""

    async def state_them(*facts: Fact) -> None:
        async with floor.database.transaction() as tx:
            for fact in facts:
                await floor.journal.state(tx, fact)
        await floor.journal.sequence(floor.database)

    return state_them


@pytest.fixture
def fold(floor: Floor, room: AnalyticsRoom) -> Fold:
    """Lets the observer read to the end, as the worker does."""

    async def fold_all() -> None:
        while await floor.journal.follow(floor.database, READER, room.observer.effect):
            pass

    return fold_all
