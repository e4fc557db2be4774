"""A desk on each database, over a made-up city or the demo city; models are trained once a run."""

from pathlib import Path

import pytest

from kernel.clock import ManualClock
from kernel.room import Floor
from tests.desk.world import World, build_world
from tests.directory.conftest import CITY_FILES
from tests.learnt import copy_matters_model, copy_reader_model
from tests.once import Once
from tests.rooms import CITY


@pytest.fixture(scope="session")
async def models(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where trained models are kept; those of the demo city's matters and of the bot's reader are there."""
    folder: Path = tmp_path_factory.mktemp("models")
    await copy_matters_model(once, folder)
    await copy_reader_model(once, folder)
    return folder


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up city's files."""
    folder = tmp_path_factory.mktemp("city")
    for name, text in CITY_FILES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
async def world(floor: Floor, clock: ManualClock, small_city: Path, models: Path) -> World:
    """A desk in the made-up city, where nothing is known of matters and articles."""
    return await build_world(floor, clock, small_city, models, matters=False)


@pytest.fixture
async def city(floor: Floor, clock: ManualClock, models: Path) -> World:
    """A desk in the demo city with its catalogue of matters."""
    return await build_world(floor, clock, CITY, models, matters=True)
