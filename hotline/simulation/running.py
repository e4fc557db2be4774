"""The house at work while the simulated clock moves: its jobs by the scheduler's rows, its loops, the post."""

from collections.abc import Mapping, Sequence

from hotline.assembly import Assembled
from hotline.metrics import Metrics
from hotline.scheduler import Scheduler
from hotline.simulation.post import Post
from hotline.worker import journal_loops
from kernel.jobs import Job, JobBook
from kernel.room import Loop

# What a platform takes from the queue is collected by the post; nothing is sent to anybody, nothing fetched.
NOT_STEPPED = frozenset({"channels.delivery", "channels.media", "ticketing.send_webhooks"})
MOST_STEPS = 100_000


class Running:
    """Steps what a worker steps, in one order, until there is nothing more to do."""

    def __init__(self, assembled: Assembled, post: Post, metrics: Metrics) -> None:
        house = assembled.house
        jobs: Sequence[Job] = [job for room in house.rooms for job in room.jobs]
        book = JobBook(house.floor.database, house.floor.clock, house.zone())
        self._scheduler = Scheduler(book, jobs, house.floor.database, house.floor.clock, metrics)
        self._post = post
        loops = [loop for room in house.rooms for loop in room.loops if loop.name not in NOT_STEPPED]
        loops += journal_loops(house)
        self._loops: Mapping[str, Loop] = {loop.name: loop for loop in loops}
        self._jobs = jobs
        self._metrics = metrics
        self.ticks = 0

    async def tick(self) -> None:
        """Whatever is due by now."""
        await self._scheduler.step()
        await self._scheduler.settle()
        await self.step("desk.reception")
        await self.step("desk.distribution")
        await self._post.collect()
        self.ticks += 1

    async def digest(self) -> None:
        """Everything else a worker does: facts numbered and followed, indexes and lists brought up to date."""
        for loop in self._loops.values():
            await self._drain(loop)
        await self._post.collect()

    async def step(self, name: str) -> None:
        """One loop until it rests."""
        await self._drain(self._loops[name])

    async def _drain(self, loop: Loop) -> None:
        for _ in range(MOST_STEPS):
            if not await loop.step():
                return
        raise RuntimeError(f"{loop.name} never rests")

    def failed_jobs(self) -> Mapping[str, int]:
        """How many runs of which jobs failed."""
        found = {job.name: int(self._metrics.value("jobs_total", job=job.name, ended="failed")) for job in self._jobs}
        return {name: many for name, many in found.items() if many}
