"""A hotline on each database; the demo city is read once a session, its classifier trained once a run."""

from pathlib import Path

import pytest

from kernel.clock import ManualClock
from kernel.room import Floor
from tests.learnt import copy_matters_model
from tests.once import Once
from tests.ticketing.city import City, Hotline, hotline, read_demo_city


@pytest.fixture(scope="session")
async def models(once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where trained models are kept; that of the demo city's matters is there."""
    folder: Path = tmp_path_factory.mktemp("models")
    await copy_matters_model(once, folder)
    return folder


@pytest.fixture(scope="session")
async def city(models: Path) -> City:
    """The demo city."""
    return await read_demo_city(models)


@pytest.fixture
def desk(floor: Floor, clock: ManualClock, city: City) -> Hotline:
    """The demo city's hotline."""
    return hotline(floor, clock, city)
