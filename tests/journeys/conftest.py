"""A running house for whole stories."""

import socket
from collections.abc import AsyncIterator

import pytest

from tests.journeys.house import RunningHouse


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningHouse]:
    """One house for all stories: each story brings its own citizens."""
    running = RunningHouse(tmp_path_factory.mktemp("house"), free_port())
    running.start()
    await running.ready()
    yield running
    assert running.stop() == 0, running.output()
