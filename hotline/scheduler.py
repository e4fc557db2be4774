"""Runs the rooms' jobs when they are due; each run is leased to one worker."""

import asyncio
from collections.abc import Sequence

import structlog
from sqlalchemy import select

from hotline.metrics import Metrics
from kernel.clock import Clock
from kernel.database import Database
from kernel.errors import HotlineError
from kernel.jobs import Job, JobBook
from kernel.jobs import jobs as job_rows

log = structlog.get_logger()


class Scheduler:
    """Looks once a second which jobs are due, claims them and runs them side by side."""

    def __init__(self, book: JobBook, jobs: Sequence[Job], database: Database, clock: Clock, metrics: Metrics) -> None:
        names = [job.name for job in jobs]
        if len(set(names)) != len(names):
            raise ValueError("two jobs have one name")
        self._book = book
        self._jobs = jobs
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._running: dict[str, asyncio.Task[None]] = {}

    async def step(self) -> bool:
        """Start what is due; never waits for a job."""
        for job in await self._due():
            if job.name not in self._running and (token := await self._book.claim(job)) is not None:
                task = asyncio.create_task(self._run(job, token), name=f"job.{job.name}")
                self._running[job.name] = task
                task.add_done_callback(lambda _, name=job.name: self._running.pop(name, None))  # type: ignore[misc]
        return False

    async def settle(self) -> None:
        """Wait until the jobs at work are done."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def cut_off(self) -> None:
        """Stop the jobs at work; their leases run out."""
        for task in self._running.values():
            task.cancel()

    async def _due(self) -> list[Job]:
        now = self._clock.now()
        async with self._database.reading() as tx:
            rows = {row["name"]: row for row in await tx.rows(select(job_rows))}
        due = []
        for job in self._jobs:
            row = rows.get(job.name)
            free = row is None or row["lease_until"] is None or row["lease_until"] < now
            if free and (row is None or row["next_at"] <= now):
                due.append(job)
        return due

    async def _run(self, job: Job, token: str) -> None:
        error = ""
        try:
            async with asyncio.timeout(job.lease.total_seconds()):
                await job.run()
        except Exception as failed:
            error = failed.code if isinstance(failed, HotlineError) else type(failed).__name__
            log.exception("job.failed", job=job.name, code=error)
        self._metrics.add("jobs_total", job=job.name, ended="failed" if error else "ok")
        await self._book.settle(job, token, error)
