"""The worker steps loops, survives failures, numbers and follows the journal, stops in time."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from hotline import worker
from hotline.house import House
from hotline.metrics import Metrics
from hotline.scheduler import Scheduler
from hotline.worker import Worker, journal_loops, worker_loops
from kernel.bell import LocalBell
from kernel.clock import ManualClock
from kernel.database import Database, Tx
from kernel.errors import Unavailable
from kernel.jobs import Job, JobBook
from kernel.jobs import jobs as job_rows
from kernel.journal import Recorded, kind_of
from kernel.room import Floor, Loop, Observer, Room
from tests.hotline.small_house import Moved, SmallAccounts, SmallApi, small_house

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Database:
    """Both kinds: the worker leans on locks."""
    kind = "sqlite_database" if request.param == "sqlite" else "postgresql_database"
    made: Database = request.getfixturevalue(kind)
    return made


class Steps:
    """A loop's step that does as it is told and can be waited for."""

    def __init__(self, *does: bool | Exception) -> None:
        self._does = list(does)
        self.taken = 0
        self.idle = asyncio.Event()

    async def step(self) -> bool:
        self.taken += 1
        if not self._does:
            self.idle.set()
            return False
        does = self._does.pop(0)
        if isinstance(does, Exception):
            raise does
        return does


async def run_until(made: Worker, reached: asyncio.Event) -> None:
    stopping = asyncio.Event()
    running = asyncio.create_task(made.run(stopping))
    try:
        await asyncio.wait_for(reached.wait(), 10)
    finally:
        stopping.set()
        await asyncio.wait_for(running, 10)


async def test_a_loop_is_stepped_at_once_while_there_is_more() -> None:
    steps = Steps(True, True, True)
    await run_until(Worker([Loop("l", steps.step, [], idle=60)], LocalBell(), Metrics()), steps.idle)
    assert steps.taken == 4


async def test_a_ring_wakes_a_waiting_loop() -> None:
    bell, steps = LocalBell(), Steps()
    stopping = asyncio.Event()
    running = asyncio.create_task(Worker([Loop("l", steps.step, ["t"], idle=60)], bell, Metrics()).run(stopping))
    await asyncio.wait_for(steps.idle.wait(), 10)
    steps.idle.clear()
    bell.ring("t")
    await asyncio.wait_for(steps.idle.wait(), 10)
    assert steps.taken == 2
    stopping.set()
    await asyncio.wait_for(running, 10)


async def test_a_failing_step_is_counted_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "FIRST_PAUSE", 0.001)
    metrics, steps = Metrics(), Steps(RuntimeError("broken"), Unavailable(), True)
    await run_until(Worker([Loop("l", steps.step, [], idle=60)], LocalBell(), metrics), steps.idle)
    assert steps.taken == 4
    assert metrics.value("loop_failures_total", loop="l") == 2


async def test_lanes_work_side_by_side_and_one_ring_wakes_one_lane() -> None:
    bell = LocalBell()
    at_work, all_there, release = 0, asyncio.Event(), asyncio.Event()
    calls = 0

    async def step() -> bool:
        nonlocal at_work, calls
        calls += 1
        if calls <= 3:
            at_work += 1
            if at_work < 3:
                bell.ring("t")
            else:
                all_there.set()
            await release.wait()
        return False

    stopping = asyncio.Event()
    made = Worker([Loop("l", step, ["t"], idle=60, lanes=3)], bell, Metrics())
    running = asyncio.create_task(made.run(stopping))
    await asyncio.wait_for(all_there.wait(), 10)
    assert calls == 3
    release.set()
    stopping.set()
    await asyncio.wait_for(running, 10)


async def test_a_step_that_hangs_is_cut_off_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "STOP_WITHIN", 0.01)
    entered, cut = asyncio.Event(), asyncio.Event()

    async def hang() -> bool:
        entered.set()
        try:
            await asyncio.Event().wait()
        finally:
            cut.set()
        return False

    await run_until(Worker([Loop("l", hang, [])], LocalBell(), Metrics()), entered)
    assert cut.is_set()


async def test_facts_are_numbered_and_followed_by_observers(
    floor: Floor, clock: ManualClock, api: SmallApi, accounts: SmallAccounts
) -> None:
    seen: list[str] = []
    done = asyncio.Event()

    async def effect(_tx: Tx, facts: Sequence[Recorded]) -> None:
        seen.extend(recorded.subject for recorded in facts)
        if len(seen) == 3:
            done.set()

    house = small_house(floor, api, accounts)
    watching = Room("watching", observers=[Observer("watching.seen", effect)])
    house = House(house.floor, [*house.rooms, watching], house.accounts, house.units, house.zone)
    scheduler = Scheduler(JobBook(floor.database, clock, ZONE), [], floor.database, clock, Metrics())
    async with floor.database.transaction() as tx:
        for number in ("A1", "A2", "A3"):
            await house.floor.journal.state(tx, Moved(number, clock.now()))
    await run_until(Worker(worker_loops(house, scheduler), floor.bell, Metrics()), done)
    assert seen == ["ticket:A1", "ticket:A2", "ticket:A3"]


async def test_an_observer_rests_until_a_kind_that_concerns_it_is_numbered(
    floor: Floor, clock: ManualClock, api: SmallApi, accounts: SmallAccounts
) -> None:
    async def effect(_tx: Tx, _facts: Sequence[Recorded]) -> None:
        """Nothing follows."""

    house = small_house(floor, api, accounts)
    observers = [Observer("resting", effect), Observer("woken", effect, at_once=[kind_of(Moved)])]
    watched = House(house.floor, [Room("watching", observers=observers)], house.accounts, house.units, house.zone)
    loops = journal_loops(watched)
    sequencer, resting, woken = loops
    assert [*resting.topics] == []
    with floor.bell.listen(*woken.topics) as ear:
        async with floor.database.transaction() as tx:
            await house.floor.journal.state(tx, Moved("A1", clock.now()))
        await sequencer.step()
        assert await ear.heard(1)


async def test_what_rings_shortly_after_a_ring_goes_into_one_step() -> None:
    bell, steps = LocalBell(), Steps()
    stopping = asyncio.Event()
    loop = Loop("l", steps.step, ["t"], idle=60, gather=0.2)
    running = asyncio.create_task(Worker([loop], bell, Metrics()).run(stopping))
    await asyncio.wait_for(steps.idle.wait(), 10)
    steps.idle.clear()
    for _ in range(5):
        bell.ring("t")
        await asyncio.sleep(0.01)
    assert steps.taken == 1
    await asyncio.wait_for(steps.idle.wait(), 10)
    await asyncio.sleep(0.3)
    stopping.set()
    await asyncio.wait_for(running, 10)
    assert steps.taken == 2


def scheduler_of(floor: Floor, clock: ManualClock, *jobs: Job) -> Scheduler:
    return Scheduler(JobBook(floor.database, clock, ZONE), jobs, floor.database, clock, Metrics())


async def test_a_job_runs_when_it_is_due_and_then_waits(floor: Floor, clock: ManualClock) -> None:
    runs = []

    async def run() -> None:
        runs.append(clock.now())

    scheduler = scheduler_of(floor, clock, Job("j", timedelta(minutes=5), run))
    for _ in range(3):
        await scheduler.step()
        await scheduler.settle()
    assert len(runs) == 1
    clock.advance(timedelta(minutes=5))
    await scheduler.step()
    await scheduler.settle()
    assert len(runs) == 2


async def test_two_workers_run_a_due_job_once(floor: Floor, clock: ManualClock) -> None:
    runs = []

    async def run() -> None:
        runs.append(1)

    job = Job("j", timedelta(minutes=5), run)
    first, second = scheduler_of(floor, clock, job), scheduler_of(floor, clock, job)
    await asyncio.gather(first.step(), second.step())
    await asyncio.gather(first.settle(), second.settle())
    assert runs == [1]


async def test_a_failed_job_is_written_down_and_tried_at_its_next_time(floor: Floor, clock: ManualClock) -> None:
    async def run() -> None:
        raise Unavailable("platform_down")

    scheduler = scheduler_of(floor, clock, Job("j", timedelta(minutes=5), run))
    await scheduler.step()
    await scheduler.settle()
    async with floor.database.reading() as tx:
        row = await tx.row(select(job_rows))
    assert row is not None
    assert (row["last_error"], row["lease_until"]) == ("platform_down", None)
    assert row["next_at"] == clock.now() + timedelta(minutes=5)


async def test_a_job_that_hangs_does_not_hold_up_the_others(floor: Floor, clock: ManualClock) -> None:
    ran, cut = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cut.set()

    async def run() -> None:
        ran.set()

    scheduler = scheduler_of(floor, clock, Job("a", timedelta(minutes=5), hang), Job("b", timedelta(minutes=1), run))
    await scheduler.step()
    await asyncio.wait_for(ran.wait(), 10)
    assert not cut.is_set()
    scheduler.cut_off()
    await asyncio.wait_for(scheduler.settle(), 10)
    assert cut.is_set()


def test_two_jobs_of_one_name_are_refused(floor: Floor, clock: ManualClock) -> None:
    async def run() -> None: ...

    with pytest.raises(ValueError, match="one name"):
        scheduler_of(floor, clock, Job("j", timedelta(1), run), Job("j", timedelta(2), run))
