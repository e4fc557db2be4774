"""A hotline on each database; the demo city is read and its classifier trained once a session."""

from pathlib import Path

import pytest

from kernel.clock import ManualClock
from kernel.room import Floor
from tests.ticketing.city import City, Hotline, hotline, read_demo_city


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where trained models are kept."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
async def city(models: Path) -> City:
    """The demo city."""
    return await read_demo_city(models)


@pytest.fixture
def desk(floor: Floor, clock: ManualClock, city: City) -> Hotline:
    """The demo city's hotline."""
    return hotline(floor, clock, city)
