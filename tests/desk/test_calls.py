"""The exchange tells of calls: kept and stated once, on the day they were offered; what cannot be is refused whole."""

from dataclasses import replace
from datetime import timedelta

import pytest

from desk.calls import MOST, Calls
from desk.events import CallEnded
from desk.model import Rung
from kernel.clock import ManualClock
from kernel.errors import Conflict, Invalid
from kernel.people import KeyScope, Kind, Principal
from kernel.room import Floor
from tests.schedule import local

NOON = local("2026-03-16 12:00")
EXCHANGE = Principal(Kind.KEY, "key:1", "话务平台", scopes=frozenset({KeyScope.CALLS_POST}))
ANSWERED = Rung("c1", NOON, NOON + timedelta(minutes=3), NOON + timedelta(seconds=15))
LOST = Rung("c2", NOON, NOON + timedelta(seconds=40))


@pytest.fixture
def calls(floor: Floor, clock: ManualClock) -> Calls:
    clock.set(NOON + timedelta(days=1))
    return Calls(floor.clock, floor.journal)


async def told(floor: Floor, calls: Calls, *rung: Rung) -> int:
    async with floor.database.transaction() as tx:
        return await calls.take(tx, rung, EXCHANGE)


async def stated(floor: Floor) -> list[CallEnded]:
    await floor.journal.sequence(floor.database)
    async with floor.database.reading() as tx:
        return [each.fact for each in await floor.journal.read_after(tx, 0) if isinstance(each.fact, CallEnded)]


async def test_a_call_is_stated_once_on_its_day_with_how_long_it_waited(floor: Floor, calls: Calls) -> None:
    assert await told(floor, calls, ANSWERED, LOST) == 2
    assert await told(floor, calls, LOST, ANSWERED, replace(LOST, id="c3")) == 1
    assert [(each.call, each.at, each.waited_seconds) for each in await stated(floor)] == [
        ("c1", NOON, 15.0),
        ("c2", NOON, None),
        ("c3", NOON, None),
    ]


async def test_a_call_told_otherwise_than_before_is_refused(floor: Floor, calls: Calls) -> None:
    await told(floor, calls, LOST)
    with pytest.raises(Conflict) as refused:
        await told(floor, calls, ANSWERED, replace(LOST, answered_at=NOON))
    assert refused.value.code == "call_differs"
    assert [each.call for each in await stated(floor)] == ["c2"]


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        (replace(LOST, id=" "), "id", "required"),
        (replace(LOST, id="x" * 65), "id", "too_long"),
        (replace(LOST, offered_at=NOON.replace(tzinfo=None)), "offered_at", "zone_needed"),
        (replace(LOST, ended_at=NOON + timedelta(days=1, minutes=2)), "ended_at", "in_the_future"),
        (replace(LOST, ended_at=NOON - timedelta(seconds=1)), "ended_at", "before_offered"),
        (replace(LOST, answered_at=NOON - timedelta(seconds=1)), "answered_at", "outside_the_call"),
        (replace(LOST, answered_at=NOON + timedelta(seconds=41)), "answered_at", "outside_the_call"),
    ],
)
async def test_one_wrong_field_and_nothing_is_kept(
    floor: Floor, calls: Calls, wrong: Rung, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await told(floor, calls, ANSWERED, wrong)
    assert refused.value.fields == {f"calls.1.{field}": code}
    assert await stated(floor) == []


async def test_five_hundred_are_the_most(floor: Floor, calls: Calls) -> None:
    many = [replace(LOST, id=f"c{n}") for n in range(MOST + 1)]
    with pytest.raises(Invalid):
        await told(floor, calls, *many)
    assert await told(floor, calls, *many[:MOST]) == MOST
