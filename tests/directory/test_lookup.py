"""The door: areas, units and calendar from memory, anew when the data change, in every process."""

from datetime import UTC, datetime

import pytest

from directory.lookup import TOPIC
from directory.model import Level
from directory.room import DirectoryRoom, build
from kernel.errors import NotFound
from kernel.room import Floor
from tests.directory.conftest import CHEAP, CITY_FILES, WriteCity

# Answered from memory or by plain reads: one kind of database is enough.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_areas_are_listed_by_level_and_parent(city_room: DirectoryRoom) -> None:
    lookup = city_room.lookup
    assert [area.name for area in lookup.areas(Level.DISTRICT)] == ["东湖区", "西岭区"]
    assert [area.name for area in lookup.areas(parent="990001")] == ["松园街道", "柳浦镇"]
    assert lookup.areas(Level.VILLAGE, "990001") == ()


def test_the_lineage_goes_from_the_city_down(city_room: DirectoryRoom) -> None:
    names = [area.name for area in city_room.lookup.lineage("990001002001")]
    assert names == ["甲子市", "东湖区", "柳浦镇", "桃坑村民委员会"]


def test_towns_are_found_under_city_and_district_and_a_town_is_under_itself(city_room: DirectoryRoom) -> None:
    lookup = city_room.lookup
    assert [town.code for town in lookup.towns_under("990000")] == ["990001001", "990001002", "990002001"]
    assert [town.code for town in lookup.towns_under("990002")] == ["990002001"]
    assert [town.code for town in lookup.towns_under("990001001")] == ["990001001"]
    assert lookup.towns_under("990001001001") == ()


def test_units_are_found_by_function_and_exact_area_and_power(city_room: DirectoryRoom) -> None:
    lookup = city_room.lookup
    assert [unit.code for unit in lookup.units_at("sanitation", "990000")] == ["JZ-CG"]
    assert [unit.code for unit in lookup.units_at("sanitation", "990001")] == ["DH-CG"]
    assert lookup.units_at("sanitation", "990001", "urban_enforcement") == ()
    assert [unit.code for unit in lookup.units_at("sanitation", "990001001", "urban_enforcement")] == ["DH-SY"]
    assert lookup.units_at("sanitation", "990002") == ()


def test_what_does_not_exist_is_not_found(city_room: DirectoryRoom) -> None:
    lookup = city_room.lookup
    for ask in (lookup.area, lookup.lineage, lookup.towns_under, lookup.unit, lookup.function_name, lookup.power_name):
        with pytest.raises(NotFound):
            ask("nowhere")
    assert lookup.lies_in("nowhere", "990000") is False


def test_before_an_import_there_is_no_city_no_calendar_and_no_place(room: DirectoryRoom) -> None:
    with pytest.raises(NotFound):
        room.lookup.city()
    with pytest.raises(NotFound):
        room.lookup.calendar()
    assert room.lookup.find_places("松园街道") == ()


def test_the_calendar_keeps_the_citys_holidays_and_hours(city_room: DirectoryRoom) -> None:
    calendar = city_room.lookup.calendar()
    assert not calendar.is_workday(datetime(2026, 1, 1, tzinfo=UTC).date())
    assert calendar.is_workday(datetime(2026, 1, 4, tzinfo=UTC).date())
    assert calendar.is_open(datetime(2026, 3, 16, 1, 0, tzinfo=UTC))
    assert not calendar.is_open(datetime(2026, 3, 16, 4, 30, tzinfo=UTC))


def test_a_place_carries_town_and_district(city_room: DirectoryRoom) -> None:
    (hit,) = city_room.lookup.find_places("松园北路的路灯坏了")
    assert (hit.area, hit.town, hit.district, hit.kind, hit.certain) == (
        "990001001",
        "990001001",
        "990001",
        "road",
        True,
    )


def test_a_community_of_two_towns_is_settled_by_its_district(city_room: DirectoryRoom) -> None:
    lookup = city_room.lookup
    assert {hit.area for hit in lookup.find_places("和安社区垃圾成堆")} == {"990001001001", "990002001001"}
    (hit,) = lookup.find_places("西岭区的和安社区垃圾成堆")
    assert (hit.area, hit.certain) == ("990002001001", True)


async def test_another_process_takes_up_a_change_when_its_loop_steps(
    city_room: DirectoryRoom, floor: Floor, write_city: WriteCity
) -> None:
    other = build(floor, CHEAP)
    (loop,) = other.room.loops
    assert loop.in_web
    assert TOPIC in loop.topics
    assert await loop.step() is False
    assert other.lookup.city().name == "甲子市"
    with floor.bell.listen(TOPIC) as ear:
        renamed = CITY_FILES["units.csv"].replace("市公安局", "市警察局")
        await city_room.importer.import_folder(write_city(units_csv=renamed))
        assert await ear.heard(1)
    assert other.lookup.unit("JZ-GA").short_name == "市公安局"
    await loop.step()
    assert other.lookup.unit("JZ-GA").short_name == "市警察局"


async def test_a_loop_that_finds_no_new_version_keeps_what_it_has(city_room: DirectoryRoom) -> None:
    city = city_room.lookup.city()
    await city_room.lookup.refresh()
    assert city_room.lookup.city() is city
