"""Process roles: the web host, the worker, or both in one event loop; started whole and stopped politely."""

import asyncio
import fcntl
import gc
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import structlog
from aiohttp import web

from hotline.house import House
from hotline.metrics import Metrics
from hotline.scheduler import Scheduler
from hotline.web import Host, host, own_room
from hotline.worker import Worker, web_loops, worker_loops
from kernel.database import Database
from kernel.errors import Conflict, Invalid
from kernel.jobs import JobBook

SHUTDOWN_WITHIN = 3.0

log = structlog.get_logger()


class Role(StrEnum):
    """What a process does."""

    SERVE = "serve"
    WEB = "web"
    WORKER = "worker"


@contextmanager
def sole_process(database: Database) -> Iterator[None]:
    """Hold a SQLite file for this process alone; Conflict("database_in_use") when another has it."""
    if not database.is_sqlite or not database.url.database:
        yield
        return
    path = Path(f"{database.url.database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Conflict("database_in_use") from error
        yield


def check_role(database: Database, role: Role) -> None:
    """Several processes need PostgreSQL: Invalid("needs_postgresql")."""
    if database.is_sqlite and role is not Role.SERVE:
        raise Invalid(code="needs_postgresql")


async def run(house: House, role: Role, *, ready: Callable[[], None], stopping: asyncio.Event) -> None:
    """Run ``house`` in ``role`` until ``stopping`` is set; ``ready`` is called once it serves."""
    check_role(house.floor.database, role)
    metrics = Metrics()
    await house.open()
    try:
        if role is Role.WORKER:
            await _work(house, metrics, None, role, ready, stopping)
            await house.leave()
            return
        await _serve(house, metrics, role, ready, stopping)
    finally:
        await house.close()


async def _serve(
    house: House, metrics: Metrics, role: Role, ready: Callable[[], None], stopping: asyncio.Event
) -> None:
    served = host(house, metrics)
    await served.feed.start()
    runner = web.AppRunner(served.app, access_log=None, shutdown_timeout=SHUTDOWN_WITHIN)
    await runner.setup()
    server = house.floor.settings.server
    # Several web processes may share one port; the kernel spreads the connections over them.
    site = web.TCPSite(runner, server.host, server.port, reuse_port=role is Role.WEB or None)
    try:
        await site.start()
        await _work(house, metrics, served, role, ready, stopping)
    finally:
        await house.leave()
        await runner.cleanup()


async def _work(
    house: House, metrics: Metrics, served: Host | None, role: Role, ready: Callable[[], None], stopping: asyncio.Event
) -> None:
    jobs = [job for room in (*house.rooms, own_room(house)) for job in room.jobs]
    floor = house.floor
    book = JobBook(floor.database, floor.clock, house.zone())
    scheduler = Scheduler(book, jobs, floor.database, floor.clock, metrics)
    loops = web_loops(house) if role is Role.WEB else worker_loops(house, scheduler)
    worker = Worker([*loops, *(served.loops if served else ())], floor.bell, metrics)
    # What was loaded stays until the end: the collector need not walk through it again and again, which cost half of
    # the intake. The young of thousands of requests are looked at together.
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    log.info("house.started", role=role.value)
    ready()
    working = asyncio.create_task(worker.run(stopping))
    await stopping.wait()
    log.info("house.stopping", role=role.value)
    if served is not None:
        served.close()
    scheduler.cut_off()
    await working
    await scheduler.settle()


def stop_on_signals(stopping: asyncio.Event) -> None:
    """Set ``stopping`` on SIGTERM and Ctrl+C."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
