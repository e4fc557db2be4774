"""Token buckets: a burst, then a steady rate, each caller for itself."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hotline import limits
from hotline.failures import TooMany
from hotline.limits import RATES, Limits, Rate, Shared
from hotline.store import rates
from kernel.clock import ManualClock
from kernel.people import May
from kernel.room import Floor

SLOW = {May.CHAT: Rate(burst=3, seconds=10), May.ASK_KNOWLEDGE: Rate(burst=1, seconds=1, reading=True)}


def spent(made: Limits, may: May, remote: str, *, unsafe: bool = True) -> int:
    """How many requests pass before one is refused."""
    for passed in range(100):
        try:
            made.take(may, remote, unsafe=unsafe)
        except TooMany:
            return passed
    return 100


def test_a_burst_passes_and_then_one_at_a_time(clock: ManualClock) -> None:
    made = Limits(clock, SLOW)
    assert spent(made, May.CHAT, "a") == 3
    clock.advance(timedelta(seconds=10))
    assert spent(made, May.CHAT, "a") == 1
    clock.advance(timedelta(hours=1))
    assert spent(made, May.CHAT, "a") == 3


def test_the_refused_are_told_when_to_come_again(clock: ManualClock) -> None:
    made = Limits(clock, SLOW)
    spent(made, May.CHAT, "a")
    clock.advance(timedelta(seconds=4))
    with pytest.raises(TooMany) as refused:
        made.take(May.CHAT, "a", unsafe=True)
    assert refused.value.after == 6


def test_each_caller_and_each_permission_counts_for_itself(clock: ManualClock) -> None:
    made = Limits(clock, SLOW)
    assert spent(made, May.CHAT, "a") == 3
    assert spent(made, May.CHAT, "b") == 3
    assert spent(made, May.READ_SITE, "a") == 100


def test_reading_counts_only_where_the_row_says_so(clock: ManualClock) -> None:
    made = Limits(clock, SLOW)
    assert spent(made, May.CHAT, "a", unsafe=False) == 100
    assert spent(made, May.ASK_KNOWLEDGE, "a", unsafe=False) == 1


def test_callers_of_long_ago_are_forgotten(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REMEMBERED", 10)
    made = Limits(clock, SLOW)
    for number in range(50):
        made.take(May.CHAT, str(number), unsafe=True)
    assert len(made._buckets) == 10


def test_what_invites_abuse_has_a_row() -> None:
    assert {May.SIGN_IN, May.FIND_OWN_TICKET, May.CHAT, May.TRACK_TICKET, May.MAKE_SUGGESTION} <= set(RATES)


GUARDED = {May.FIND_OWN_TICKET: Rate(burst=5, seconds=10, shared=True), May.CHAT: Rate(burst=1, seconds=10)}


def processes(floor: Floor, clock: ManualClock, number: int) -> list[Shared]:
    """As many processes would have, over one database."""
    return [Shared(floor.database, floor.vault, clock, GUARDED) for _ in range(number)]


async def passes(made: Shared, may: May, remote: str = "a", *, unsafe: bool = True) -> bool:
    try:
        await made.take(may, remote, unsafe=unsafe)
    except TooMany:
        return False
    return True


async def test_guesses_at_secrets_are_counted_over_all_processes(floor: Floor, clock: ManualClock) -> None:
    several = processes(floor, clock, 4)
    at_once = await asyncio.gather(*(passes(each, May.FIND_OWN_TICKET) for each in several for _ in range(3)))
    assert at_once.count(True) == 5
    clock.advance(timedelta(seconds=10))
    assert [await passes(each, May.FIND_OWN_TICKET) for each in several] == [True, False, False, False]
    with pytest.raises(TooMany) as refused:
        await several[0].take(May.FIND_OWN_TICKET, "a", unsafe=True)
    assert refused.value.after == 10
    assert await passes(several[0], May.FIND_OWN_TICKET, "b")


async def test_what_only_costs_work_is_counted_by_each_process(floor: Floor, clock: ManualClock) -> None:
    (one,) = processes(floor, clock, 1)
    assert [await passes(one, May.CHAT) for _ in range(4)] == [True] * 4
    assert await passes(one, May.READ_SITE)


async def test_the_place_is_kept_as_a_mark_and_forgotten_when_its_bucket_is_full(
    floor: Floor, clock: ManualClock
) -> None:
    (one,) = processes(floor, clock, 1)
    await one.take(May.FIND_OWN_TICKET, "192.0.2.7", unsafe=True)
    async with floor.database.reading() as tx:
        assert "192.0.2.7" not in str(await tx.rows(select(rates)))
    assert await one.forget_full() == 0
    clock.advance(timedelta(seconds=10))
    assert await one.forget_full() == 1
    async with floor.database.reading() as tx:
        assert await tx.scalar(select(func.count()).select_from(rates)) == 0


def test_what_would_gather_identities_or_guess_codes_is_shared() -> None:
    assert {may for may, rate in RATES.items() if rate.shared} == {
        May.FIND_OWN_TICKET,
        May.UNMASK_TICKET,
        May.UNMASK_TALK,
    }
