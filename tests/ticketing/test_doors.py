"""Two tellings of one thing at one door are merged by whoever looks at both, however they are worded."""

from datetime import timedelta
from typing import Any

import pytest

from directory.model import Level
from kernel.errors import Conflict, Invalid
from kernel.messages import GeoPoint
from tests.ticketing.city import AGENT, DISPATCHER, GOOD, Hotline, address, link
from tests.ticketing.making import ticket as making_ticket
from tests.ticketing.test_joining import draft
from ticketing.model.labels import Action, Secrecy, State, TicketKind
from ticketing.model.ticket import Ticket
from ticketing.rules.doors import at_one_door, doors
from ticketing.rules.repeats import likeness

HOLE = "同济路25号门前的井盖不见了，行人差点掉下去"
FELL = "我妈昨晚买菜回家在同济路二十五号摔伤了脚踝，地上一个黑窟窿没有任何围挡，请尽快封起来"
HERE = GeoPoint(23.0300, 113.1200)
BESIDE = GeoPoint(23.0301, 113.1200)
DOWN_THE_ROAD = GeoPoint(23.0310, 113.1200)


async def tell(desk: Hotline, who: int, text: str, **more: Any) -> Ticket:
    given: dict[str, Any] = {"address": address(f"p{who}"), "contact": f"1380013{who:04}", "kind": TicketKind.HELP}
    return await desk.open(text, **(given | {"place": "", "matter": "manhole"} | more))


async def merged(desk: Hotline, child: Ticket, parent: Ticket, by: Any = DISPATCHER) -> Ticket:
    return await desk.act(child, Action.MERGE, by, parent=parent.number, reason="同一个井盖")


async def refused(desk: Hotline, child: Ticket, parent: Ticket, by: Any = DISPATCHER) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        await merged(desk, child, parent, by)
    assert (await desk.now(child)).state is child.state
    return error.value.fields


def villages(desk: Hotline) -> tuple[str, str]:
    """Two villages of one town."""
    for town in desk.lookup.areas(Level.TOWN):
        found = desk.lookup.areas(parent=town.code)
        if len(found) > 1:
            return found[0].code, found[1].code
    raise AssertionError("no town with two villages")


def towns(desk: Hotline) -> tuple[str, str]:
    """Two towns of one district."""
    one, other = desk.lookup.towns_under(next(area.code for area in desk.lookup.areas(Level.DISTRICT)))[:2]
    return one.code, other.code


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("同济路25号门口", "25"),
        ("同济路 ２５ 号", "25"),
        ("同济路二十五号对出", "25"),
        ("同濟路25號", "25"),
        ("同济路一百零五号", "105"),
        ("同济路十号", "10"),
        ("同济路25之1号", "25-1"),
        ("翠湖花园一期3栋楼下", "3"),
        ("翠湖花园3号楼", "3"),
    ],
)
def test_a_door_is_its_road_or_estate_and_its_number_however_it_is_written(text: str, number: str) -> None:
    assert [door[1] for door in doors(text)] == [number]


@pytest.mark.parametrize(
    "text", ["同济路与人民路交叉口", "同济路2号线站口", "同济路**号", "路边25号", "同济路25个井盖"]
)
def test_what_names_no_number_of_a_road_is_no_door(text: str) -> None:
    assert doors(text) == frozenset()


def test_a_building_three_is_no_number_three() -> None:
    assert doors("翠湖花园3栋").isdisjoint(doors("翠湖花园3号"))


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ({"place": "同济路25号"}, {"place": "同济路二十五号门口"}, True),
        ({"place": "同济路25号"}, {"place": "同济路27号"}, False),
        ({"place": "同济路25号"}, {"place": "人民路25号"}, False),
        ({"place": "同济路25号", "point": HERE}, {"place": "同济路27号", "point": HERE}, False),
        ({"place": "同济路25号", "point": HERE}, {"place": "同济路25号", "point": DOWN_THE_ROAD}, True),
        ({"place": "同济路", "point": HERE}, {"place": "路口", "point": BESIDE}, True),
        ({"place": "同济路", "point": HERE}, {"place": "同济路", "point": DOWN_THE_ROAD}, False),
        ({"place": "同济路"}, {"place": "同济路"}, False),
        ({"place": "", "text": "同济路25号井盖没了"}, {"place": "同济路25号"}, True),
    ],
)
def test_one_door_is_the_same_number_or_else_the_same_point(
    one: dict[str, Any], other: dict[str, Any], *, is_one: bool
) -> None:
    mine, theirs = making_ticket(**one), making_ticket(**other)
    assert at_one_door(mine, theirs, same_town=True) is is_one
    assert at_one_door(theirs, mine, same_town=True) is is_one


async def test_one_manhole_at_one_door_is_merged_whatever_the_words(desk: Hotline) -> None:
    one, other = villages(desk)
    parent, child = await tell(desk, 1, HOLE, area=one), await tell(desk, 2, FELL, area=other)
    assert likeness(parent.text, child.text) < 0.18
    assert (await merged(desk, child, parent)).state is State.MERGED


async def test_the_same_sort_of_thing_at_one_door_is_merged_within_days(desk: Hotline) -> None:
    parent = await tell(desk, 1, HOLE)
    soon = await tell(desk, 2, FELL, matter="road-damage")
    assert (await merged(desk, soon, parent)).parent == parent.number
    desk.clock.advance(timedelta(days=4))
    late = await tell(desk, 3, FELL, matter="road-damage")
    assert await refused(desk, late, parent) == {"parent": "another_matter"}


async def test_another_sort_of_thing_or_another_door_stays_apart(desk: Hotline) -> None:
    one, other = villages(desk)
    parent = await tell(desk, 1, HOLE, area=one)
    lamp = await tell(desk, 2, FELL, area=one, matter="street-lamp")
    assert await refused(desk, lamp, parent) == {"parent": "another_matter"}
    next_door = await tell(desk, 3, FELL.replace("二十五", "二十七"), area=other)
    assert await refused(desk, next_door, parent) == {"parent": "another_matter"}


async def test_the_number_of_a_road_of_that_name_in_another_town_is_another_door(desk: Hotline) -> None:
    one, other = towns(desk)
    parent, child = await tell(desk, 1, HOLE, area=one), await tell(desk, 2, FELL, area=other)
    assert await refused(desk, child, parent) == {"parent": "another_matter"}


async def test_only_whoever_dispatches_merges_by_the_door_and_it_is_offered_to_nobody(desk: Hotline) -> None:
    one, other = villages(desk)
    parent = await tell(desk, 1, HOLE, area=one)
    async with desk.database.reading() as tx:
        told = draft(FELL, area=other, matter="manhole", place="", kind=TicketKind.HELP)
        assert await desk.room.tickets.alike(tx, told) is None
    child = await tell(desk, 2, FELL, area=other)
    assert await refused(desk, child, parent, AGENT) == {"parent": "another_matter"}


@pytest.mark.parametrize("secret", [Secrecy.REPORT, Secrecy.CONFIDENTIAL])
async def test_what_is_secret_never_joins_what_is_not_even_at_one_door(desk: Hotline, secret: Secrecy) -> None:
    parent, guarded = await tell(desk, 1, HOLE), await tell(desk, 2, FELL, secrecy=secret)
    assert guarded.secrecy is secret
    assert await refused(desk, guarded, parent) == {"parent": "guarded_otherwise"}
    assert await refused(desk, parent, guarded) == {"parent": "guarded_otherwise"}


async def test_what_is_closed_takes_nothing_in_and_is_not_merged_even_at_one_door(desk: Hotline) -> None:
    fresh, told = await tell(desk, 1, FELL), await tell(desk, 2, HOLE)
    closed = await desk.act(await desk.to_reply(told), Action.RATE, link(told), **GOOD)
    assert closed.state is State.CLOSED
    with pytest.raises(Conflict, match="parent_not_open"):
        await merged(desk, fresh, closed)
    with pytest.raises(Conflict, match="wrong_state"):
        await merged(desk, closed, fresh)
