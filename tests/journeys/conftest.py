"""A running house for whole stories."""

import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp import web

from channels.sandbox.sms import DEMO_SECTION, SmsServer
from channels.sandbox.sms_platform import SmsPlatform
from tests.journeys.house import RunningHouse
from tests.once import Once


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
async def exchange() -> AsyncIterator[SmsServer]:
    """Everybody's telephones: the stand-in of the platform for short messages and calls."""
    section, port = DEMO_SECTION, free_port()
    platform = SmsPlatform(section["account_sid"], section["auth_token"], "", lambda: datetime.now(UTC))
    server = SmsServer(platform)
    runner = web.AppRunner(server.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    server.url = f"http://127.0.0.1:{port}"
    yield server
    await platform.close()
    await runner.cleanup()


@pytest.fixture(scope="session")
async def house(
    tmp_path_factory: pytest.TempPathFactory, exchange: SmsServer, once: Once
) -> AsyncIterator[RunningHouse]:
    """One house for all stories: each story brings its own citizens."""
    section = {**DEMO_SECTION, "api_url": exchange.url}
    environ = {f"HOTLINE_CHANNELS_SMS_{name.upper()}": value for name, value in section.items()}
    running = RunningHouse(tmp_path_factory.mktemp("house"), free_port(), environ=environ)
    exchange.platform.hook = f"{running.url}/webhooks/sms"
    await running.furnish(once)
    running.start()
    await running.ready()
    yield running
    assert running.stop() == 0, running.output()
