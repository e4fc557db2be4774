"""City files: wrong ones are named by file, row and column and load nothing; right ones load once."""

from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from directory.events import DirectoryChanged
from directory.importing import CityFilesWrong, read_city
from directory.model import CityData, Part, UnitChangeKind, UnitOrder
from directory.room import DirectoryRoom
from directory.rules.citysheets import TABLES
from directory.store import reference
from kernel.database import Tx
from kernel.errors import Conflict, NotFound, Unavailable
from kernel.people import SYSTEM
from kernel.room import Floor
from kernel.sheets import Problem
from tests.directory.conftest import CITY_FILES, WriteCity
from tests.rooms import ROOT


def changed(file: str, old: str, new: str) -> dict[str, str | None]:
    assert old in CITY_FILES[file]
    return {file.replace(".", "_"): CITY_FILES[file].replace(old, new, 1)}


WRONG = [
    ("areas.csv", "990001001,松园街道", ",松园街道", "areas.csv:5:code", "missing"),
    ("areas.csv", "松园街道,town", "松园街道,street", "areas.csv:5:level", "unknown"),
    ("areas.csv", "town,990001,松园", "town,990009,松园", "areas.csv:5:parent", "unknown"),
    ("areas.csv", "town,990001,松园", "town,990000,松园", "areas.csv:5:parent", "parent_of_wrong_level"),
    ("areas.csv", "990001002,柳浦镇", "990001001,柳浦镇", "areas.csv:6:code", "repeated"),
    ("areas.csv", "990000,甲子市", "990009,甲子市", "areas.csv:2:code", "not_the_city_of_city_toml"),
    ("areas.csv", "code,name,level", "code,title,level", "areas.csv:1:name", "column_missing"),
    ("places.csv", "road,990001001,", "road,990001,", "places.csv:2:town", "unknown_town"),
    ("places.csv", "松园北路,road", "松园北路,street", "places.csv:2:kind", "unknown"),
    (
        "places.csv",
        "松园北路,road,990001001,",
        "松园北路,road,990001001,,,",
        "places.csv:2:",
        "cells_do_not_fit_the_header",
    ),
    ("functions.csv", "police,治安", "sanitation,治安", "functions.csv:3:code", "repeated"),
    ("powers.csv", "urban_enforcement,城市管理执法", "urban_enforcement,", "powers.csv:2:name", "missing"),
    ("units.csv", "990000,sanitation,", "990000,sanitation|magic,", "units.csv:3:functions", "unknown"),
    ("units.csv", "sanitation,urban_enforcement", "sanitation,magic", "units.csv:3:powers", "unknown"),
    ("units.csv", "district,990001", "district,990000", "units.csv:4:level", "level_is_not_the_areas"),
    ("units.csv", "district,990001", "district,990077", "units.csv:4:area", "unknown"),
    ("units.csv", ",JZ-CG,", ",JZ-XX,", "units.csv:4:parent", "unknown"),
    ("units.csv", "urban_enforcement,JZ-ZF,", "urban_enforcement,DH-CG,", "units.csv:3:parent", "circle"),
    ("units.csv", "24x7", "always", "units.csv:6:hours", "unknown"),
    ("calendar.csv", "2026-01-01", "2026-13-01", "calendar.csv:2:date", "date_invalid"),
    ("calendar.csv", "2026-01-01", "2027-01-01", "calendar.csv:2:date", "year_not_announced"),
    ("calendar.csv", "holiday", "party", "calendar.csv:2:kind", "unknown"),
    ("calendar.csv", "2026-01-04", "2026-01-01", "calendar.csv:3:date", "repeated"),
    ("city.toml", 'name = "甲子市"', "name = 1", "city.toml:0:", "setting_wrong"),
    ("city.toml", 'name = "甲子市"', "name = ", "city.toml:0:", "not_toml"),
    ("city.toml", "Asia/Shanghai", "Asia/Nowhere", "city.toml:0:zone", "wrong"),
    ("city.toml", '["08:30", "12:00"]', '["08:30", "15:00"]', "city.toml:0:business_hours", "wrong"),
]


@pytest.mark.parametrize(("file", "old", "new", "where", "code"), WRONG, ids=[f"{w[3]} {w[4]}" for w in WRONG])
def test_an_error_is_named_by_file_row_and_column(
    file: str, old: str, new: str, where: str, code: str, write_city: WriteCity
) -> None:
    folder = write_city(**changed(file, old, new))
    with pytest.raises(CityFilesWrong) as caught:
        read_city(folder)
    assert caught.value.fields[where] == code
    assert caught.value.code == "city_files_wrong"


def test_all_errors_are_told_at_once(write_city: WriteCity) -> None:
    folder = write_city(
        **changed("areas.csv", "松园街道,town", "松园街道,street"), **changed("calendar.csv", "holiday", "party")
    )
    with pytest.raises(CityFilesWrong) as caught:
        read_city(folder)
    assert {problem.sheet for problem in caught.value.problems} >= {"areas", "calendar"}
    assert Problem("areas", 5, "level", "unknown", "street") in caught.value.problems


@pytest.mark.parametrize("file", ["city.toml", *(f"{layout.name}.csv" for layout in TABLES)])
def test_a_missing_file_is_named(file: str, write_city: WriteCity) -> None:
    with pytest.raises(CityFilesWrong) as caught:
        read_city(write_city(**{file.replace(".", "_"): None}))
    assert caught.value.fields[f"{file}:0:"] == "file_missing"


def test_a_file_in_another_encoding_is_named(write_city: WriteCity) -> None:
    folder = write_city()
    (folder / "units.csv").write_bytes(CITY_FILES["units.csv"].encode("gb18030"))
    with pytest.raises(CityFilesWrong) as caught:
        read_city(folder)
    assert caught.value.fields == {"units.csv:0:": "file_unreadable"}


def test_a_file_saved_by_a_spreadsheet_with_a_mark_at_its_start_is_read(write_city: WriteCity) -> None:
    data = read_city(write_city(areas_csv="\ufeff" + CITY_FILES["areas.csv"].replace("\n", "\r\n")))
    assert data.areas[0].name == "甲子市"


async def test_nothing_is_loaded_while_there_is_one_error(
    room: DirectoryRoom, floor: Floor, write_city: WriteCity
) -> None:
    with pytest.raises(CityFilesWrong):
        await room.import_city(write_city(**changed("calendar.csv", "holiday", "party")))
    async with floor.database.reading() as tx:
        assert await reference.load(tx) == CityData()
        assert await reference.version(tx) == 0
        assert await floor.journal.about(tx, "directory") == []
    with pytest.raises(Unavailable):
        await room.lookup.check()


async def test_an_import_loads_every_row_and_is_known_at_once(room: DirectoryRoom, write_city: WriteCity) -> None:
    folder = write_city()
    report = await room.import_city(folder)
    assert report.version == 1
    assert report.changed == {
        "city": 1, "area": 9, "place": 2, "function": 2, "power": 1, "unit": 5, "calendar_day": 2
    }  # fmt: skip
    data = read_city(folder)
    lookup = room.lookup
    await lookup.check()
    assert lookup.city() == data.city
    assert lookup.areas() == data.areas
    assert lookup.units() == data.units
    assert lookup.function_name("police") == "治安"


async def test_the_same_import_twice_changes_nothing_and_states_nothing(
    city_room: DirectoryRoom, floor: Floor, write_city: WriteCity
) -> None:
    report = await city_room.import_city(write_city())
    assert (report.version, report.changed) == (1, {})
    async with floor.database.reading() as tx:
        stated = await floor.journal.about(tx, "directory")
    assert [type(recorded.fact) for recorded in stated] == [DirectoryChanged]
    assert stated[0].fact.changed["area"] == 9


async def test_a_changed_row_alone_is_written(city_room: DirectoryRoom, write_city: WriteCity) -> None:
    report = await city_room.import_city(write_city(**changed("units.csv", "市城管局", "市城管执法局")))
    assert (report.version, report.changed) == (2, {"unit": 1})
    assert city_room.lookup.unit("JZ-CG").short_name == "市城管执法局"


async def test_what_the_files_no_longer_hold_is_retired_when_tickets_may_name_it(
    city_room: DirectoryRoom, write_city: WriteCity
) -> None:
    folder = write_city(
        units_csv="".join(line for line in CITY_FILES["units.csv"].splitlines(True) if "JZ-GA" not in line),
        areas_csv="".join(line for line in CITY_FILES["areas.csv"].splitlines(True) if "桃坑" not in line),
        places_csv="name,kind,town,aliases\n",
        calendar_csv="date,kind,name\n",
        functions_csv="code,name\nsanitation,环境卫生\n",
    )
    report = await city_room.import_city(folder)
    assert report.changed == {"area": 1, "place": 2, "unit": 1, "calendar_day": 2}
    lookup = city_room.lookup
    assert "JZ-GA" not in {unit.code for unit in lookup.units()}
    assert lookup.unit("JZ-GA").active is False
    assert lookup.units_at("police", "990000") == ()
    assert lookup.area("990001002001").active is False
    assert lookup.find_places("柳浦桃坑村")[0].area == "990001002"
    assert not any(hit.kind == "road" for hit in lookup.find_places("松园北路"))
    assert lookup.function_name("police") == "治安"
    assert (await city_room.import_city(folder)).changed == {}


async def test_what_comes_back_is_active_again(city_room: DirectoryRoom, write_city: WriteCity) -> None:
    shorter = "".join(line for line in CITY_FILES["units.csv"].splitlines(True) if "JZ-GA" not in line)
    await city_room.import_city(write_city(units_csv=shorter))
    await city_room.import_city(write_city())
    assert city_room.lookup.units_at("police", "990000") == (city_room.lookup.unit("JZ-GA"),)


async def test_another_city_takes_the_place_of_the_first(city_room: DirectoryRoom, write_city: WriteCity) -> None:
    await city_room.import_city(write_city(**changed("city.toml", "甲子市", "乙丑市")))
    assert city_room.lookup.city().name == "乙丑市"
    with pytest.raises(NotFound):
        city_room.lookup.area("1")


# -- files and changes made by hand ---------------------------------------------------------------------

RENAMED = UnitOrder(UnitChangeKind.RENAME, ("JZ-CG",), (Part("JZ-CG", "甲子市城市管理和综合执法局"),), "挂牌")
MERGED = UnitOrder(UnitChangeKind.MERGE, ("JZ-CG", "DH-CG"), (Part("JZ-CG"),), "两级合一")


async def change(room: DirectoryRoom, floor: Floor, order: UnitOrder) -> None:
    async with floor.database.transaction() as tx:
        await room.reorganising.begin(tx, 1)
        await room.reorganising.carry_out(tx, await room.reorganising.plan(tx, order), SYSTEM, 0)


@pytest.mark.parametrize(("order", "named"), [(RENAMED, "JZ-CG"), (MERGED, "DH-CG")], ids=["renamed", "merged"])
async def test_files_do_not_silently_undo_what_was_changed_by_hand(
    city_room: DirectoryRoom, floor: Floor, write_city: WriteCity, order: UnitOrder, named: str
) -> None:
    await change(city_room, floor, order)
    with pytest.raises(Conflict) as caught:
        await city_room.import_city(write_city())
    assert caught.value.code == "files_undo_changes"
    assert named in str(caught.value.data["units"])


async def test_files_win_when_it_is_said_so_and_the_history_shows_it(
    city_room: DirectoryRoom, floor: Floor, write_city: WriteCity
) -> None:
    await change(city_room, floor, MERGED)
    report = await city_room.import_city(write_city(), files_win=True)
    assert report.undone == ("东湖区城市管理局", "松园街道办事处")
    unit = city_room.lookup.unit("DH-CG")
    assert (unit.active, unit.successor) == (True, "")
    async with floor.database.reading() as tx:
        newest, _ = await city_room.reorganising.changes(tx, 10)
    assert (newest.kind, {each.code for each in newest.after}) == (UnitChangeKind.IMPORT, {"DH-CG", "DH-SY"})
    assert (await city_room.import_city(write_city())).changed == {}


async def test_the_exported_file_changes_nothing_and_its_name_is_kept(
    city_room: DirectoryRoom, floor: Floor, write_city: WriteCity
) -> None:
    await change(city_room, floor, RENAMED)
    async with floor.database.reading() as tx:
        exported = await city_room.reorganising.file(tx)
    report = await city_room.import_city(write_city(units_csv=exported))
    assert (report.changed, report.undone) == ({}, ())
    assert [former.name for former in city_room.lookup.unit("JZ-CG").former] == ["甲子市城市管理局"]


async def test_a_name_changed_by_the_files_is_kept_as_well(
    city_room: DirectoryRoom, floor: Floor, write_city: WriteCity
) -> None:
    await city_room.import_city(write_city(**changed("units.csv", "市城管局", "市城管执法局")))
    former = city_room.lookup.unit("JZ-CG").former
    assert [(each.short_name, each.until) for each in former] == [("市城管局", floor.clock.now())]


async def test_files_never_retire_a_unit_that_has_open_tickets(
    city_room: DirectoryRoom, floor: Floor, write_city: WriteCity
) -> None:
    async def held(_tx: Tx, units: Collection[str]) -> Mapping[str, int]:
        assert list(units) == ["JZ-GA"]
        return {"JZ-GA": 12}

    shorter = "".join(line for line in CITY_FILES["units.csv"].splitlines(True) if "JZ-GA" not in line)
    with pytest.raises(Conflict) as caught:
        await city_room.import_city(write_city(units_csv=shorter), held, files_win=True)
    assert (caught.value.code, caught.value.data["units"]) == ("units_hold_tickets", "甲子市公安局（JZ-GA）12件")
    assert city_room.lookup.unit("JZ-GA").active


async def test_a_unit_may_serve_further_areas(city_room: DirectoryRoom, write_city: WriteCity) -> None:
    rows = CITY_FILES["units.csv"].splitlines()
    wider = [f"{row},{also}" for row, also in zip(rows, ["also", "", "", "990002", "", ""], strict=True)]
    await city_room.import_city(write_city(units_csv="\n".join(wider)))
    assert city_room.lookup.units_at("sanitation", "990002") == (city_room.lookup.unit("DH-CG"),)
    with pytest.raises(CityFilesWrong) as caught:
        read_city(write_city(units_csv="\n".join(wider).replace(",990002", ",990001001")))
    assert caught.value.fields == {"units.csv:4:also": "area_of_other_level"}


@pytest.mark.parametrize("folder", sorted(path.parent for path in (ROOT / "cities").glob("*/city.toml")), ids=str)
def test_the_cities_that_come_with_the_program_have_no_errors(folder: Path) -> None:
    assert read_city(folder).areas
