"""Coordinates come in with the city's sheets, and a point finds the place it is nearest to."""

from dataclasses import replace

import pytest

from directory.importing import CityFilesWrong
from directory.model import Area, City, Level, Spot
from directory.room import DirectoryRoom
from directory.rules.nearby import NearbyFinder
from kernel.coordinates import metres_between, wgs84_of
from kernel.messages import GeoPoint
from tests.directory.conftest import WriteCity

HEADER = "place,area,lat,lon,datum,source\n"
CITY = Area("99", "甲子市", Level.CITY, "")
EAST, WEST = Area("9901", "东湖区", Level.DISTRICT, "99"), Area("9902", "西岭区", Level.DISTRICT, "99")
PINE, WILLOW = Area("990101", "松园街道", Level.TOWN, "9901"), Area("990102", "柳浦镇", Level.TOWN, "9901")
PEACE, JOY = (
    Area("99010101", "和安社区", Level.VILLAGE, "990101"),
    Area("99010102", "乐安社区", Level.VILLAGE, "990101"),
)
LINEAGES = {each[-1].code: each for each in [
    (CITY,), (CITY, EAST), (CITY, WEST), (CITY, EAST, PINE), (CITY, EAST, WILLOW),
    (CITY, EAST, PINE, PEACE), (CITY, EAST, PINE, JOY),
]}  # fmt: skip
# A step of 0.001 degrees to the north is 111 metres.
HERE = GeoPoint(30.0, 120.0)


def spot(name: str, area: Area, north: float) -> Spot:
    """A spot so many thousandths of a degree north of HERE."""
    return Spot(name, area.code, 30.0 + north / 1000, 120.0, "测绘")


def found(*spots: Spot) -> tuple[str, str, int, bool] | None:
    """What is nearest to HERE."""
    near = NearbyFinder(spots, LINEAGES).find(HERE)
    return None if near is None else (near.place, near.area, near.metres, near.certain)


def test_the_nearest_place_tells_its_village_and_how_far_it_is() -> None:
    assert found(spot("老井", PEACE, 1), spot("牌坊", PEACE, -3)) == ("老井", PEACE.code, 111, True)


def test_where_two_villages_are_about_as_near_only_the_town_is_told() -> None:
    assert found(spot("老井", PEACE, 1), spot("牌坊", JOY, -3)) == ("老井", PINE.code, 111, True)
    assert found(spot("老井", PEACE, 1), spot("牌坊", JOY, -4)) == ("老井", PEACE.code, 111, True)


def test_where_two_towns_are_about_as_near_the_nearer_is_a_proposal() -> None:
    assert found(spot("老井", PEACE, 1), spot("码头", WILLOW, 3)) == ("老井", PINE.code, 111, False)


def test_what_is_farther_off_is_a_proposal_and_beyond_a_kilometre_nothing() -> None:
    assert found(spot("老井", PEACE, 5)) == ("老井", PEACE.code, 556, False)
    assert found(spot("老井", PEACE, 8.9)) == ("老井", PEACE.code, 990, False)
    assert found(spot("老井", PEACE, 9.1)) is None


def test_places_of_areas_no_longer_in_use_or_too_wide_say_nothing() -> None:
    gone = replace(PEACE, active=False)
    lineages = LINEAGES | {PEACE.code: (CITY, EAST, PINE, gone)}
    assert NearbyFinder([spot("老井", PEACE, 1)], lineages).find(HERE) is None
    assert found(spot("湖", EAST, 1), spot("山", Area("97", "无", Level.TOWN, ""), 1)) is None


async def test_a_file_of_coordinates_comes_in_as_wgs84(room: DirectoryRoom, write_city: WriteCity) -> None:
    folder = write_city()
    rows = "松园北路,,30.0,120.0,wgs84,测绘\n和安社区居委会,990001001001,30.001,120.0,GCJ-02,地图\n"
    (folder / "coordinates.csv").write_text(HEADER + rows, "utf-8")
    await room.importer.import_folder(folder)
    await room.lookup.load()
    near = room.lookup.nearby(HERE)
    assert near is not None
    assert (near.place, near.area, near.town, near.metres) == ("松园北路", "990001001", "990001001", 0)
    mapped = GeoPoint(*wgs84_of(30.001, 120.0))
    village = room.lookup.nearby(mapped)
    assert village is not None
    assert (village.place, village.area, village.metres) == ("和安社区居委会", "990001001001", 0)
    assert metres_between(mapped, GeoPoint(30.001, 120.0)) > 300


async def test_a_folder_without_coordinates_leaves_them_as_they_are(room: DirectoryRoom, write_city: WriteCity) -> None:
    folder = write_city()
    (folder / "coordinates.csv").write_text(HEADER + "松园北路,,30.0,120.0,wgs84,测绘\n", "utf-8")
    await room.importer.import_folder(folder)
    (folder / "coordinates.csv").unlink()
    report = await room.importer.import_folder(folder)
    await room.lookup.load()
    assert report.changed == {}
    assert room.lookup.nearby(HERE) is not None


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("松园北路,,91,120.0,wgs84,测绘", ("lat", "degrees_invalid")),
        ("松园北路,,30.0,东经120度,wgs84,测绘", ("lon", "degrees_invalid")),
        ("松园北路,,30.0,120.0,bd09,测绘", ("datum", "unknown")),
        ("松园北路,,30.0,120.0,wgs84,", ("source", "missing")),
        ("没有这条路,,30.0,120.0,wgs84,测绘", ("area", "missing")),
        ("和安社区居委会,,30.0,120.0,wgs84,测绘", ("area", "area_of_several")),
        ("松园北路,990001,30.0,120.0,wgs84,测绘", ("area", "unknown")),
    ],
)
async def test_what_is_wrong_with_a_row_is_named(
    room: DirectoryRoom, write_city: WriteCity, row: str, fault: tuple[str, str]
) -> None:
    folder = write_city()
    (folder / "coordinates.csv").write_text(HEADER + row + "\n", "utf-8")
    with pytest.raises(CityFilesWrong) as caught:
        await room.importer.import_folder(folder)
    assert [(each.sheet, each.row, each.column, each.code) for each in caught.value.problems] == [
        ("coordinates", 2, *fault)
    ]


def test_a_point_lies_in_the_city_or_not_and_anywhere_where_nobody_said() -> None:
    city = City("市", "市", "1", "12345", "Asia/Shanghai", "T", (), ())
    london, here = GeoPoint(51.5, 0.1), GeoPoint(23.02, 113.12)
    assert [city.holds(each) for each in (london, here)] == [True, True]
    bound = replace(city, bounds=(22.6, 112.35, 23.6, 113.4))
    assert [bound.holds(each) for each in (london, here)] == [False, True]
