"""Jobs: due when they should be, run by one worker, freed when that worker dies."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from kernel.clock import ManualClock
from kernel.database import Database
from kernel.jobs import Job, JobBook, jobs

ZONE = ZoneInfo("Asia/Shanghai")


async def nothing() -> None: ...


EVERY_FIVE = Job("five", timedelta(minutes=5), nothing)
NIGHTLY = Job("nightly", "30 2 * * *", nothing)


@pytest.fixture
def book(database: Database, clock: ManualClock) -> JobBook:
    """The book of jobs over an empty database."""
    return JobBook(database, clock, ZONE)


async def test_a_new_job_with_an_interval_is_due_at_once(book: JobBook) -> None:
    assert await book.claim(EVERY_FIVE) is not None


async def test_a_new_job_on_the_wall_clock_waits_for_its_time(book: JobBook, clock: ManualClock) -> None:
    assert await book.claim(NIGHTLY) is None
    clock.set(datetime(2026, 3, 16, 18, 29, tzinfo=UTC))
    assert await book.claim(NIGHTLY) is None
    clock.set(datetime(2026, 3, 16, 18, 30, tzinfo=UTC))
    assert await book.claim(NIGHTLY) is not None


def test_cron_counts_in_the_citys_time(book: JobBook, clock: ManualClock) -> None:
    due = book.next_run(NIGHTLY, clock.now())
    assert due.astimezone(UTC) == datetime(2026, 3, 16, 18, 30, tzinfo=UTC)


async def test_a_claimed_job_is_nobody_elses_until_its_lease_runs_out(book: JobBook, clock: ManualClock) -> None:
    assert await book.claim(EVERY_FIVE) is not None
    clock.advance(timedelta(minutes=9))
    assert await book.claim(EVERY_FIVE) is None
    clock.advance(timedelta(minutes=2))
    assert await book.claim(EVERY_FIVE) is not None


async def test_a_settled_job_is_due_again_after_its_interval(book: JobBook, clock: ManualClock) -> None:
    token = await book.claim(EVERY_FIVE)
    assert token is not None
    await book.settle(EVERY_FIVE, token)
    assert await book.claim(EVERY_FIVE) is None
    clock.advance(timedelta(minutes=5))
    assert await book.claim(EVERY_FIVE) is not None


async def test_only_the_holder_of_the_lease_settles(book: JobBook, clock: ManualClock, database: Database) -> None:
    late = await book.claim(EVERY_FIVE)
    assert late is not None
    clock.advance(timedelta(minutes=11))
    present = await book.claim(EVERY_FIVE)
    assert present is not None
    await book.settle(EVERY_FIVE, late, "late")
    async with database.reading() as tx:
        row = await tx.row(select(jobs))
    assert row is not None
    assert (row["lease_token"], row["last_error"]) == (present, "")


async def test_a_failure_is_kept_beside_the_last_success(book: JobBook, clock: ManualClock, database: Database) -> None:
    token = await book.claim(EVERY_FIVE)
    assert token is not None
    await book.settle(EVERY_FIVE, token)
    went_well = clock.now()
    clock.advance(timedelta(minutes=5))
    token = await book.claim(EVERY_FIVE)
    assert token is not None
    await book.settle(EVERY_FIVE, token, "platform_down")
    async with database.reading() as tx:
        row = await tx.row(select(jobs))
    assert row is not None
    assert (row["last_ok"], row["last_error"]) == (went_well, "platform_down")
