"""kill -9 at random moments under load, twenty times: every acknowledged message is there once and is answered once."""

import asyncio
import random
import sqlite3
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from tests.journeys.conftest import free_port
from tests.journeys.house import RunningHouse, Visitor
from tests.once import Once

KILLS = 20
CITIZENS = 6
QUESTIONS = ("居住证怎么办理", "公积金怎么提取", "你好", "身份证丢了怎么补办", "结婚登记要带什么")


@dataclass
class Driver:
    """Citizens who go on asking through every crash and send again what was not acknowledged."""

    house: RunningHouse
    acked: set[str] = field(default_factory=set)
    over: bool = False

    async def live(self, seed: int) -> None:
        """One citizen, until it is over."""
        chance = random.Random(seed)
        visitor = Visitor(self.house.url)
        pending: tuple[str, str] | None = None
        visitor.session = aiohttp.ClientSession()
        while not self.over or pending:
            pending = pending or (str(uuid.uuid4()), chance.choice(QUESTIONS))
            try:
                async with asyncio.timeout(3):
                    if not hasattr(visitor, "socket") or visitor.socket.closed:
                        await visitor.connect()
                    await visitor.say(pending[1], message_id=pending[0])
            except (aiohttp.ClientError, TimeoutError, TypeError, ConnectionError):
                await self._hang_up(visitor)
                continue
            self.acked.add(pending[0])
            pending = None
            await asyncio.sleep(chance.uniform(0.05, 0.3))
        await visitor.session.close()

    @staticmethod
    async def _hang_up(visitor: Visitor) -> None:
        if hasattr(visitor, "socket"):
            await visitor.socket.close()
            del visitor.socket
        await asyncio.sleep(0.1)


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_kill_nine_loses_and_doubles_nothing(tmp_path: Path, once: Once) -> None:
    chance = random.Random(12345)
    house = RunningHouse(tmp_path, free_port())
    await house.furnish(once)
    house.start()
    await house.ready()
    driver = Driver(house)
    citizens = [asyncio.create_task(driver.live(seed)) for seed in range(CITIZENS)]
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.1, 1.5))
        house.kill()
        house.start()
        await house.ready()
    driver.over = True
    await asyncio.gather(*citizens)
    await answered(tmp_path / "hotline.sqlite3", len(driver.acked))
    house.stop()
    check(tmp_path / "hotline.sqlite3", driver.acked)


async def answered(database: Path, at_least: int) -> None:
    """Wait until nothing waits any more; leases of killed workers must run out first."""
    async with asyncio.timeout(120):
        while True:
            with sqlite3.connect(database, timeout=20) as connection:
                waiting, done = connection.execute(
                    "SELECT sum(state = 'waiting'), sum(state = 'done') FROM mailbox_in"
                ).fetchone()
            if not waiting and done >= at_least:
                return
            await asyncio.sleep(0.5)


def check(database: Path, acked: set[str]) -> None:
    """Count what was kept and what was said to it."""
    with sqlite3.connect(database) as connection:
        kept = connection.execute("SELECT external_id, id, state FROM mailbox_in").fetchall()
        replies = dict(connection.execute("SELECT reply_to, count(*) FROM mailbox_out GROUP BY reply_to").fetchall())
    assert acked <= {external for external, _, _ in kept}, "an acknowledged message is lost"
    assert len({external for external, _, _ in kept}) == len(kept), "a message was kept twice"
    assert {state for _, _, state in kept} == {"done"}
    assert [external for external, row, _ in kept if replies.get(row) != 1] == [], "answered other than once"
    assert len(acked) > KILLS // 4
