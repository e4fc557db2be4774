"""Scheduled jobs: one row a job in code, one row in the database that leases each run to one worker."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim
from sqlalchemy import Column, String, Table, or_, select, update

from kernel.clock import Clock
from kernel.database import Database, Moment, metadata
from kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class Job:
    """``run`` every so often: a timedelta, or a cron expression in the city's time zone."""

    name: str
    every: timedelta | str
    run: Callable[[], Awaitable[object]]
    lease: timedelta = timedelta(minutes=10)


jobs = Table(
    "job",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("next_at", Moment, nullable=False),
    Column("lease_token", String(32)),
    Column("lease_until", Moment),
    Column("last_ok", Moment),
    Column("last_error", String(200), nullable=False),
)


class JobBook:
    """Claims due jobs and writes down how their runs ended."""

    def __init__(self, database: Database, clock: Clock, zone: ZoneInfo) -> None:
        self._database = database
        self._clock = clock
        self._zone = zone

    def next_run(self, job: Job, after: datetime) -> datetime:
        """When ``job`` is due next after ``after``."""
        if isinstance(job.every, timedelta):
            return after + job.every
        return next(CronSim(job.every, after.astimezone(self._zone)))

    async def claim(self, job: Job) -> str | None:
        """A token when ``job`` is due and nobody else runs it."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            # A job never seen before is due at once, unless it keeps to the clock on the wall.
            first = now if isinstance(job.every, timedelta) else self.next_run(job, now)
            statement = tx.insert(jobs).values(name=job.name, next_at=first, last_error="")
            await tx.execute(statement.on_conflict_do_nothing(index_elements=["name"]))
            free = or_(jobs.c.lease_until.is_(None), jobs.c.lease_until < now)
            row = await tx.row(
                select(jobs.c.name)
                .where(jobs.c.name == job.name, jobs.c.next_at <= now, free)
                .with_for_update(skip_locked=True)
            )
            if row is None:
                return None
            token = new_id()
            await tx.execute(
                update(jobs).where(jobs.c.name == job.name).values(lease_token=token, lease_until=now + job.lease)
            )
        return token

    async def settle(self, job: Job, token: str, error: str = "") -> None:
        """Write down the end of a run; ``error`` is a code, empty when all went well."""
        now = self._clock.now()
        values: dict[str, object] = {
            "lease_token": None,
            "lease_until": None,
            "last_error": error,
            "next_at": self.next_run(job, now),
        }
        if not error:
            values["last_ok"] = now
        async with self._database.transaction() as tx:
            mine = (jobs.c.name == job.name) & (jobs.c.lease_token == token)
            await tx.execute(update(jobs).where(mine).values(**values))
