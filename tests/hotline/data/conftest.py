"""The small city's house, empty and loaded."""

from pathlib import Path

import pytest

from kernel.room import Floor
from tests.hotline.data.small_city import House, book, house


@pytest.fixture
def empty(floor: Floor, tmp_path: Path) -> House:
    """The rooms over an empty database."""
    return house(floor, tmp_path / "models")


@pytest.fixture
async def small(empty: House) -> House:
    """The rooms with the small city."""
    await empty.loaded(book())
    return empty
