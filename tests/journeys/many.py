"""One city served by two web and two worker processes over one PostgreSQL database."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import asyncpg

from channels.sandbox.wechat_platform import Platform
from tests.journeys.conftest import free_port
from tests.journeys.house import RunningHouse
from tests.journeys.outside import own_database, wechat

UNTIL_ANSWERED = 40.0


@dataclass
class ManyProcesses:
    """The processes, WeChat beside them, and a look into their tables."""

    web: Sequence[RunningHouse]
    workers: Sequence[RunningHouse]
    platform: Platform
    tables: asyncpg.Pool

    @property
    def all(self) -> Sequence[RunningHouse]:
        return (*self.web, *self.workers)

    async def start(self) -> None:
        """Start whatever does not run."""
        for process in self.all:
            if not process.runs:
                process.start()
        for web in self.web:
            await web.ready()
        for worker in self.workers:
            await worker.started()

    def freeze(self) -> None:
        """Stop both workers where they stand: nothing is answered until they go on."""
        for worker in self.workers:
            worker.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let the workers go on."""
        for worker in self.workers:
            worker.signal(signal.SIGCONT)

    def hook(self, web: RunningHouse) -> None:
        """Let WeChat post to this process."""
        self.platform.move_to(f"{web.url}/webhooks/wechat")

    async def freeze_at_work(self, worker: RunningHouse) -> Collection[str]:
        """Stop a worker, the only one that runs, at a moment when it holds conversations; their addresses."""
        async with asyncio.timeout(30):
            while True:
                worker.signal(signal.SIGSTOP)
                if held := await self._leases():
                    return held
                worker.signal(signal.SIGCONT)
                await asyncio.sleep(0.01)

    async def _leases(self) -> set[str]:
        rows = await self.tables.fetch("SELECT address FROM mailbox_lane WHERE ready AND lease_token IS NOT NULL")
        return {row["address"] for row in rows}

    async def age_leases(self, by: timedelta) -> None:
        """Let the conversations in hand be so much older; a lease lasts a minute."""
        await self.tables.execute("UPDATE mailbox_lane SET lease_until = lease_until - $1::interval", by)

    async def nothing_waits_but(self, held: Collection[str]) -> None:
        """Wait until only the conversations of ``held`` have messages not dealt with, and each of them has."""
        await self._until(lambda: self._only_waiting(set(held)))
        assert await self._waiting() == set(held), "taken from a worker whose lease runs"

    async def _until(self, holds: Callable[[], Awaitable[bool]]) -> None:
        """Look until it holds: what other processes do is seen in the tables only."""
        async with asyncio.timeout(UNTIL_ANSWERED):
            while not await holds():  # noqa: ASYNC110 - other processes set no event of ours
                await asyncio.sleep(0.05)

    async def _only_waiting(self, at_most: set[str]) -> bool:
        return await self._waiting() <= at_most

    async def _waiting(self) -> set[str]:
        rows = await self.tables.fetch("SELECT DISTINCT address FROM mailbox_in WHERE state = 'waiting'")
        return {row["address"] for row in rows}

    async def came(self, external_id: str) -> None:
        """Wait until a message is kept."""
        kept = "SELECT EXISTS (SELECT FROM mailbox_in WHERE external_id = $1)"
        await self._until(lambda: self.tables.fetchval(kept, external_id))

    async def all_answered(self, said: Collection[str]) -> None:
        """Wait until everything acknowledged is dealt with, then count: kept once, answered once."""
        await self._until(lambda: self._only_waiting(set()))
        rows = await self.tables.fetch(
            "SELECT i.external_id, i.state, count(DISTINCT i.id) AS kept, count(o.id) AS answers FROM mailbox_in i"
            " LEFT JOIN mailbox_out o ON o.reply_to = i.id WHERE i.external_id = ANY($1) GROUP BY 1, 2",
            list(said),
        )
        counted = {row["external_id"]: (row["state"], row["kept"], row["answers"]) for row in rows}
        assert set(counted) == set(said), "an acknowledged message is lost"
        assert {each: count for each, count in counted.items() if count != ("done", 1, 1)} == {}


@asynccontextmanager
async def many_processes(folder: Path, database: str) -> AsyncIterator[ManyProcesses]:
    """Two of each, started; whatever still runs at the end is killed."""
    async with (
        own_database(database) as url,
        wechat(free_port()) as world,
        asyncpg.create_pool(url, min_size=1, max_size=2) as tables,
    ):
        environ = {
            "HOTLINE_DATABASE_URL": url.replace("postgresql:", "postgresql+asyncpg:"),
            "HOTLINE_DATABASE_POOL_SIZE": "4",
            "HOTLINE_SERVER_LOG_LEVEL": "info",
            **world.environ,
        }
        web = [RunningHouse(folder, free_port(), "web", environ, name=f"web-{number}") for number in "ab"]
        # What a worker says of the site's address must be one that serves.
        workers = [
            RunningHouse(
                folder, web[0].port, "worker", {**environ, "HOTLINE_SERVER_PUBLIC_URL": web[0].url}, name=f"worker-{n}"
            )
            for n in "ab"
        ]
        await web[0].prepare()
        many = ManyProcesses(web, workers, world.platform, tables)
        try:
            await many.start()
            yield many
        finally:
            many.thaw()
            for process in many.all:
                process.kill()
