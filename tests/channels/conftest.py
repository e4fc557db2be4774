"""The channels' worlds, made anew for each test."""

from collections.abc import AsyncIterator

import pytest

from kernel.clock import ManualClock
from kernel.room import Floor
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
