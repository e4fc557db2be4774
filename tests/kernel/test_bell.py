"""The bell wakes who listens, remembers a ring nobody waited for, and is heard in other processes."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from kernel.bell import LocalBell, PostgresBell, _payloads


async def test_a_ring_wakes_a_waiting_ear() -> None:
    bell = LocalBell()
    with bell.listen("t") as ear:
        waiting = asyncio.create_task(ear.heard(10))
        await asyncio.sleep(0)
        bell.ring("t")
        assert await waiting is True


async def test_a_ring_before_waiting_is_remembered_once() -> None:
    bell = LocalBell()
    with bell.listen("t") as ear:
        bell.ring("t")
        bell.ring("t")
        assert await ear.heard(10) is True
        assert await ear.heard(0) is False


async def test_other_topics_and_closed_ears_hear_nothing() -> None:
    bell = LocalBell()
    with bell.listen("a") as ear:
        bell.ring("b")
        assert await ear.heard(0) is False
    bell.ring("a")
    assert await ear.heard(0) is False
    assert bell._ears == {}


async def test_an_ear_on_several_topics_hears_each() -> None:
    bell = LocalBell()
    with bell.listen("a", "b") as ear:
        bell.ring("b")
        assert await ear.heard(0.1) is True


@pytest.fixture
async def bells(postgresql_url: str) -> AsyncIterator[tuple[PostgresBell, PostgresBell]]:
    """The bells of two processes on one database."""
    dsn = make_url(postgresql_url).set(drivername="postgresql").render_as_string(hide_password=False)
    first, second = PostgresBell(dsn), PostgresBell(dsn)
    await first.start()
    await second.start()
    yield first, second
    await first.stop()
    await second.stop()


@pytest.mark.postgresql
async def test_a_ring_is_heard_in_another_process(bells: tuple[PostgresBell, PostgresBell]) -> None:
    first, second = bells
    with second.listen("t") as there, first.listen("t") as here:
        first.ring("t")
        assert await here.heard(10) is True
        assert await there.heard(10) is True


@pytest.mark.postgresql
async def test_rings_are_heard_again_after_the_connection_was_lost(
    bells: tuple[PostgresBell, PostgresBell], postgresql_url: str
) -> None:
    first, second = bells
    dsn = make_url(postgresql_url).set(drivername="postgresql").render_as_string(hide_password=False)
    admin = await asyncpg.connect(dsn)
    try:
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database() AND query LIKE '%LISTEN%'"
        )
    finally:
        await admin.close()
    with second.listen("t") as there:
        async with asyncio.timeout(20):
            while not await there.heard(0.2):
                first.ring("t")


def test_many_topics_are_sent_in_payloads_the_server_takes() -> None:
    topics = {f"mailbox.address.wechat:gh_{n:04d}:" + "o" * 40 for n in range(1000)}
    payloads = list(_payloads(topics))
    assert len(payloads) > 1
    assert max(len(payload.encode()) for payload in payloads) < 8000
    assert {topic for payload in payloads for topic in payload.split("\n")} == topics


@pytest.mark.postgresql
async def test_a_process_hears_its_own_ring_once(bells: tuple[PostgresBell, PostgresBell]) -> None:
    first, second = bells
    with first.listen("t") as here, second.listen("t") as there:
        first.ring("t")
        assert await here.heard(10) is True
        assert await there.heard(10) is True
        # The second process has heard the notice by now, and so has the first: once was enough.
        assert await here.heard(0.2) is False
