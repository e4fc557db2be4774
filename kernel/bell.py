"""Wakes a waiting worker: an event inside one process, LISTEN/NOTIFY between processes on PostgreSQL.

A bell only says "look now"; whoever hears it reads the tables. A ring may be lost, so every loop also polls.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Protocol

import asyncpg
import structlog

log = structlog.get_logger()

CHANNEL = "hotline_bell"
COALESCE_SECONDS = 0.005
PAYLOAD_LIMIT = 7500


class Ear:
    """Listens to one topic; what rang since the last look is remembered."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Remember a ring."""
        self._rung.set()

    def forget(self) -> None:
        """Forget what rang: for whoever is about to look at the tables."""
        self._rung.clear()

    async def heard(self, timeout: float) -> bool:  # noqa: ASYNC109 - a bounded wait is the purpose
        """Wait up to ``timeout`` seconds; whether it rang. Forgets the ring."""
        try:
            await asyncio.wait_for(self._rung.wait(), timeout)
        except TimeoutError:
            return False
        self._rung.clear()
        return True


class Bell(Protocol):
    """Rings topics and lends ears."""

    def ring(self, *topics: str) -> None:
        """Wake everyone who listens to ``topics``; never blocks. To be called after commit."""
        ...

    @contextmanager
    def listen(self, *topics: str) -> Iterator[Ear]:
        """An ear for ``topics``; open it before looking at the tables, so that no ring falls between."""
        yield Ear()

    async def start(self) -> None:
        """Begin to hear other processes."""
        ...

    async def stop(self) -> None:
        """Stop hearing other processes."""
        ...


class LocalBell:
    """The bell of a single process."""

    def __init__(self) -> None:
        self._ears: dict[str, set[Ear]] = defaultdict(set)

    def ring(self, *topics: str) -> None:
        for topic in topics:
            for ear in tuple(self._ears.get(topic, ())):
                ear.ring()

    @contextmanager
    def listen(self, *topics: str) -> Iterator[Ear]:
        ear = Ear()
        for topic in topics:
            self._ears[topic].add(ear)
        try:
            yield ear
        finally:
            for topic in topics:
                self._ears[topic].discard(ear)
                if not self._ears[topic]:
                    del self._ears[topic]

    async def start(self) -> None:
        """Nothing to do: there is no other process."""

    async def stop(self) -> None:
        """Nothing to do: there is no other process."""


class PostgresBell(LocalBell):
    """A bell heard in every process: rings are collected for some milliseconds and sent in one NOTIFY.

    It has its own connection: a NOTIFY inside each transaction would serialise their commits.
    """

    def __init__(self, dsn: str, *, on_lost: Callable[[], None] | None = None) -> None:
        super().__init__()
        self._dsn = dsn
        self._topics: set[str] = set()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._on_lost = on_lost

    def ring(self, *topics: str) -> None:
        super().ring(*topics)
        self._topics.update(topics)
        self._wake.set()

    async def start(self) -> None:
        ready = asyncio.Event()
        self._task = asyncio.create_task(self._run(ready))
        with suppress(TimeoutError):
            await asyncio.wait_for(ready.wait(), 5)

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self, ready: asyncio.Event) -> None:
        while True:
            try:
                await self._serve(ready)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                log.warning("bell.connection_lost")
                if self._on_lost is not None:
                    self._on_lost()
                await asyncio.sleep(1)

    async def _serve(self, ready: asyncio.Event) -> None:
        connection = await asyncpg.connect(self._dsn)
        own = connection.get_server_pid()

        def hear(_connection: object, pid: int, _channel: str, payload: object) -> None:
            # What this process rang its own ears have heard already.
            if pid != own:
                LocalBell.ring(self, *str(payload).split("\n"))

        try:
            await connection.add_listener(CHANNEL, hear)
            # A process that only listens would not notice that its line is dead.
            connection.add_termination_listener(lambda _: self._wake.set())
            ready.set()
            while True:
                await self._wake.wait()
                if connection.is_closed():
                    raise ConnectionResetError
                await asyncio.sleep(COALESCE_SECONDS)
                self._wake.clear()
                topics, self._topics = self._topics, set()
                for payload in _payloads(topics):
                    await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)
        finally:
            await connection.close(timeout=2)


def _payloads(topics: set[str]) -> Iterator[str]:
    batch: list[str] = []
    size = 0
    for topic in sorted(topics):
        if batch and size + len(topic.encode()) + 1 > PAYLOAD_LIMIT:
            yield "\n".join(batch)
            batch, size = [], 0
        batch.append(topic)
        size += len(topic.encode()) + 1
    if batch:
        yield "\n".join(batch)
