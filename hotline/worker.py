"""Runs the rooms' loops, the sequencer and the journal's observers until told to stop."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from functools import partial

import structlog

from hotline.house import House
from hotline.metrics import Metrics
from hotline.scheduler import Scheduler
from kernel.bell import Bell
from kernel.errors import HotlineError
from kernel.journal import TOPIC as STATED
from kernel.journal import numbered
from kernel.room import Loop, Observer

STOP_WITHIN = 6.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 60.0
SEQUENCE_BATCH = 1000
FOLLOW_BATCH = 500
# Short beside what a person notices, long beside a commit: a conversation's facts are numbered together.
NUMBER_WITHIN = 0.03

log = structlog.get_logger()


class Worker:
    """Steps loops: at once while there is more, then when a bell rings or the idle time has passed."""

    def __init__(self, loops: Sequence[Loop], bell: Bell, metrics: Metrics) -> None:
        self._loops = loops
        self._bell = bell
        self._metrics = metrics

    async def run(self, stopping: asyncio.Event) -> None:
        """Until ``stopping`` is set; steps at work get some seconds to finish, then they are cut off.

        What is cut off loses nothing: its transaction rolls back and its lease runs out.
        """
        tasks = [task for loop in self._loops for task in self._start(loop, stopping)]
        await stopping.wait()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=STOP_WITHIN)
            for task in late:
                log.warning("worker.cut_off", loop=task.get_name())
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, loop: Loop, stopping: asyncio.Event) -> Iterator[asyncio.Task[None]]:
        turns: asyncio.Queue[None] = asyncio.Queue(1)
        yield asyncio.create_task(self._wake(loop, turns, stopping), name=loop.name)
        for number in range(loop.lanes):
            yield asyncio.create_task(self._lane(loop, turns, stopping), name=f"{loop.name}#{number}")

    async def _wake(self, loop: Loop, turns: asyncio.Queue[None], stopping: asyncio.Event) -> None:
        with self._bell.listen(*loop.topics) as ear:
            while not stopping.is_set():
                _offer(turns)
                await _until(stopping, ear.heard(loop.idle))
                if loop.gather:
                    await _until(stopping, asyncio.sleep(loop.gather))
                    ear.forget()

    async def _lane(self, loop: Loop, turns: asyncio.Queue[None], stopping: asyncio.Event) -> None:
        failures = 0
        while not stopping.is_set():
            await _until(stopping, turns.get())
            more = True
            while more and not stopping.is_set():
                try:
                    more = await loop.step()
                    failures = 0
                except Exception as error:  # noqa: BLE001 - one failed step must not end the loop
                    failures += 1
                    self._report(loop, error, failures)
                    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1))
                    await _until(stopping, asyncio.sleep(pause))
                    continue
                if more:
                    # One ring wakes one lane; a lane that found work wakes the next.
                    _offer(turns)

    def _report(self, loop: Loop, error: Exception, failures: int) -> None:
        code = error.code if isinstance(error, HotlineError) else type(error).__name__
        self._metrics.add("loop_failures_total", loop=loop.name)
        log.error("loop.failed", loop=loop.name, code=code, failures=failures, exc_info=error)


def worker_loops(house: House, scheduler: Scheduler) -> list[Loop]:
    """All that a worker steps: the rooms' loops, the sequencer, one loop an observer, the scheduler."""
    return [
        *(loop for room in house.rooms for loop in room.loops),
        *journal_loops(house),
        Loop("scheduler", scheduler.step, []),
    ]


def journal_loops(house: House) -> list[Loop]:
    """The sequencer and one loop an observer."""
    return [
        Loop("journal.sequencer", partial(_number, house), [STATED], gather=NUMBER_WITHIN),
        *(_follower(house, observer) for room in house.rooms for observer in room.observers),
    ]


def web_loops(house: House) -> list[Loop]:
    """What a web process steps beside serving: the loops every process needs for itself."""
    return [loop for room in house.rooms for loop in room.loops if loop.in_web]


def _follower(house: House, observer: Observer) -> Loop:
    topics = [numbered(kind) for kind in observer.at_once]
    return Loop(f"observer.{observer.name}", partial(_follow, house, observer), topics)


async def _number(house: House) -> bool:
    return await house.floor.journal.sequence(house.floor.database, SEQUENCE_BATCH) == SEQUENCE_BATCH


async def _follow(house: House, observer: Observer) -> bool:
    read = await house.floor.journal.follow(house.floor.database, observer.name, observer.effect)
    return read >= FOLLOW_BATCH


def _offer(turns: asyncio.Queue[None]) -> None:
    if not turns.full():
        turns.put_nowait(None)


async def _until(stopping: asyncio.Event, waited: Coroutine[object, object, object]) -> None:
    """Wait for ``waited`` or for the end, whichever comes first."""
    waits: list[asyncio.Task[object]] = [asyncio.create_task(waited), asyncio.create_task(stopping.wait())]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
