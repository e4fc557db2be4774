"""A hotline on each database; the classifier is trained once a session."""

from pathlib import Path

import pytest

from kernel.clock import ManualClock
from kernel.room import Floor
from tests.ticketing.city import Hotline, hotline


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where trained models are kept."""
    return tmp_path_factory.mktemp("models")


@pytest.fixture
async def desk(floor: Floor, clock: ManualClock, models: Path) -> Hotline:
    """The demo city's hotline."""
    return await hotline(floor, clock, models)
