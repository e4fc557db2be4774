"""Rasa for real: its server with the shipped project, its actions, and a hotline that reads with it.

`make test-rasa` names Rasa's program in ``HOTLINE_RASA``; without it nothing here runs.
"""

import asyncio
import os
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from tests.journeys.house import RunningHouse

RASA = os.environ.get("HOTLINE_RASA", "")
PROJECT = Path(__file__).resolve().parents[3] / "bot" / "rasa"
PATIENCE = 180.0


@dataclass(frozen=True, slots=True)
class RunningRasa:
    """Where Rasa and the hotline answer."""

    url: str
    hotline: RunningHouse

    async def say(self, sender: str, text: str) -> list[str]:
        """What Rasa's REST channel answers."""
        async with aiohttp.ClientSession() as session:
            body = {"sender": sender, "message": text}
            async with session.post(f"{self.url}/webhooks/rest/webhook", json=body) as answer:
                assert answer.status == 200
                lines = await answer.json()
                return [" ".join((each["text"], *(b["title"] for b in each.get("buttons", ())))) for each in lines]


@pytest.fixture(scope="session")
async def rasa(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningRasa]:
    """All three processes."""
    if not RASA:
        pytest.skip("Rasa is not installed here: make test-rasa")
    folder = tmp_path_factory.mktemp("rasa")
    server, actions, port = (free_port() for _ in range(3))
    url = f"http://127.0.0.1:{server}"
    environ = {"HOTLINE_READER": "rasa", "HOTLINE_BOT_RASA_URL": url}
    house = RunningHouse(folder, port, environ=environ)
    shared = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "HOTLINE_URL": house.url,
        "HOTLINE_RASA_ACTIONS": f"http://127.0.0.1:{actions}/webhook",
        "SANIC_HOST": "127.0.0.1",
    }
    serving = ("run", "--enable-api", "--interface", "127.0.0.1", "--port", str(server))
    with started(folder, shared, *serving), started(folder, shared, "run", "actions", "--port", str(actions)):
        await answers(f"{url}/status")
        await answers(f"http://127.0.0.1:{actions}/health")
        house.start()
        await house.ready()
        yield RunningRasa(url, house)
        house.stop()


@contextmanager
def started(folder: Path, environ: dict[str, str], *arguments: str) -> Iterator[None]:
    """One of Rasa's programs."""
    with (folder / f"{arguments[1].strip('-')}.log").open("wb") as log:
        process = subprocess.Popen([RASA, *arguments], cwd=PROJECT, env=environ, stdout=log, stderr=log)  # noqa: S603
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


async def answers(url: str) -> None:
    """Wait until something answers there."""
    async with aiohttp.ClientSession() as session, asyncio.timeout(PATIENCE):
        while True:
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                await asyncio.sleep(0.5)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
