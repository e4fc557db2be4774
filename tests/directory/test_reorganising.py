"""What orders make of units: by the rules, and by the door with its journal, accounts and history."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from directory.events import (
    DirectoryChanged,
    StaffAccountChanged,
    UnitAdded,
    UnitDutiesChanged,
    UnitRenamed,
    UnitSucceeded,
)
from directory.model import Area, FormerName, Heir, Level, Part, Route, Unit, UnitChange, UnitChangeKind, UnitOrder
from directory.room import DirectoryRoom, build
from directory.rules.reference import heir_of
from directory.rules.reorganising import City, Plan, plan
from directory.staffing import NewStaff
from kernel.errors import Conflict, Invalid
from kernel.people import SYSTEM, Kind, Principal, Role
from kernel.room import Floor

K = UnitChangeKind
NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
BOSS = Principal(Kind.STAFF, "boss", "管理员", frozenset({Role.ADMIN}))
AREAS = {
    "1": Area("1", "市", Level.CITY, ""),
    "11": Area("11", "东区", Level.DISTRICT, "1"),
    "12": Area("12", "西区", Level.DISTRICT, "1"),
}


def unit(code: str, *functions: str, parent: str = "", **more: object) -> Unit:
    made = Unit(code, f"{code}局", code, Level.DISTRICT, "11", functions, parent=parent)
    return replace(made, **more)  # type: ignore[arg-type]


UNITS = (
    unit("TOP"),
    unit("A", "housing", "parks", parent="TOP"),
    unit("B", "water", parent="TOP"),
    unit("A1", "repairs", parent="A"),
    unit("OLD", "telegraph", active=False, successor="A"),
)


def made(kind: UnitChangeKind, units: str, *into: Part, **more: object) -> Plan:
    city = City(UNITS, AREAS, {"housing", "parks", "water", "repairs", "roads"}, {"police"})
    order = UnitOrder(kind, tuple(units.split()), into, "机构改革", **more)  # type: ignore[arg-type]
    return plan(city, order, NOW)


def after(planned: Plan) -> dict[str, Unit]:
    return {each.code: each for each in planned.units}


# -- the rules ------------------------------------------------------------------------------------------


def test_a_renamed_unit_keeps_its_code_and_its_former_name() -> None:
    planned = made(K.RENAME, "A", Part("A", "房屋局", "房屋"))
    assert after(planned)["A"] == replace(
        UNITS[1], name="房屋局", short_name="房屋", former=(FormerName("A局", "A", NOW),)
    )
    assert planned.routes == {}
    assert after(planned)["A"].name_at(datetime(2026, 1, 1, tzinfo=UTC)) == "A局"
    assert after(planned)["A"].name_at(NOW) == "房屋局"


def test_merged_units_end_with_their_successor_which_takes_over_what_was_chosen() -> None:
    planned = made(K.MERGE, "A B", Part("B", functions=("housing",)))
    units = after(planned)
    assert units["B"].functions == ("water", "housing")
    assert (units["A"].active, units["A"].successor, units["A"].functions) == (False, "B", ("housing", "parks"))
    assert units["A1"].parent == "B"
    assert planned.routes == {"A": Route("B")}
    assert planned.retired == ("A",)


def test_units_merge_into_a_new_one() -> None:
    new = Part("C", "住房水务局", "住房水务", Level.DISTRICT, "11", functions=("housing", "water"), parent="TOP")
    planned = made(K.MERGE, "A B", new)
    units = after(planned)
    assert units["C"] == Unit("C", "住房水务局", "住房水务", Level.DISTRICT, "11", ("housing", "water"), parent="TOP")
    assert {units["A"].successor, units["B"].successor} == {"C"}


def test_a_split_says_who_goes_on_with_what() -> None:
    new = Part("P", "园林局", "园林", Level.DISTRICT, "11", functions=("parks",), parent="A")
    planned = made(K.SPLIT, "A", Part("A", functions=("housing",)), new, default="A")
    units = after(planned)
    assert (units["A"].functions, units["P"].functions) == (("housing",), ("parks",))
    assert planned.retired == ()
    route = planned.routes["A"]
    assert [heir_of(route, function, ()) for function in ("housing", "parks", "roads", "")] == ["A", "P", "A", "A"]


def test_a_unit_that_is_split_and_ends_has_an_heir_for_each_part() -> None:
    new = Part("P", "园林局", "园林", Level.DISTRICT, "11", functions=("parks",))
    planned = made(K.SPLIT, "A", Part("B", functions=("housing",)), new, default="B")
    gone = after(planned)["A"]
    assert (gone.active, gone.successor) == (False, "B")
    assert gone.heirs == (Heir("B", ("water", "housing"), ("11",)), Heir("P", ("parks",), ("11",)))
    assert after(planned)["A1"].parent == "B"


def test_parts_with_the_same_function_are_told_apart_by_their_areas() -> None:
    east, west = Heir("E", ("housing",), ("11",)), Heir("W", ("housing",), ("12",))
    route = Route("E", (east, west))
    assert heir_of(route, "housing", {"1", "12", "1201"}) == "W"
    assert heir_of(route, "housing", {"1"}) == "E"


def test_a_closed_unit_hands_everything_to_its_successor_whose_parent_stays_above() -> None:
    planned = made(K.CLOSE, "A", Part("A1", functions=("housing", "parks")))
    assert after(planned)["A1"].parent == "TOP"
    assert after(planned)["A1"].functions == ("repairs", "housing", "parks")


WRONG: list[tuple[UnitChangeKind, str, tuple[Part, ...], dict[str, object], dict[str, str]]] = [
    (K.RENAME, "A", (Part("A", "B局"),), {}, {"into.0.name": "name_taken"}),
    (K.RENAME, "A", (Part("A", "A局"),), {}, {"into.0.name": "name_same"}),
    (K.RENAME, "X", (Part("X", "新"),), {}, {"units": "unknown_unit", "into.0.code": "unknown_unit",
     "into.0.short_name": "required", "into.0.area": "unknown_area"}),
    (K.RENAME, "OLD", (Part("OLD", "新"),), {}, {"units": "unit_retired", "into.0.code": "unit_retired"}),
    (K.MERGE, "A", (Part("A"),), {}, {"units": "two_units"}),
    (K.MERGE, "A B", (Part("B", functions=("magic",)),), {}, {"into.0.functions": "unknown"}),
    (K.MERGE, "A B", (Part("old", "新", "新", Level.DISTRICT, "11"),), {}, {"into.0.code": "unit_code_taken"}),
    (K.MERGE, "A B", (Part("不行", "新", "新", Level.DISTRICT, "11"),), {}, {"into.0.code": "unit_code_malformed"}),
    (K.MERGE, "A B", (Part("C", "新", "新", Level.CITY, "11"),), {}, {"into.0.level": "area_of_other_level"}),
    (K.MERGE, "A B", (Part("B", also=("1",)),), {}, {"into.0.also": "area_of_other_level"}),
    (K.SPLIT, "A", (Part("A"), Part("B")), {}, {"default": "required"}),
    (K.SPLIT, "A", (Part("A"),), {"default": "A"}, {"into": "two_units"}),
    (K.CLOSE, "A", (Part("A"),), {}, {"into": "one_unit"}),
    (K.CLOSE, "A", (Part("B"),), {"staff": {"x": "A1"}}, {"staff": "unknown_unit"}),
    (K.IMPORT, "A", (Part("B"),), {}, {"kind": "unknown"}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "units", "into", "more", "fields"), WRONG, ids=[str(list(w[4])) for w in WRONG])
def test_what_is_wrong_with_an_order_is_named(
    kind: UnitChangeKind, units: str, into: tuple[Part, ...], more: dict[str, object], fields: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as caught:
        made(kind, units, *into, **more)
    assert caught.value.fields == fields


def test_an_order_without_a_reason_is_refused() -> None:
    city = City(UNITS, AREAS, set(), set())
    with pytest.raises(Invalid) as caught:
        plan(city, UnitOrder(K.RENAME, ("A",), (Part("A", "新"),), " "), NOW)
    assert caught.value.fields == {"why": "required"}


def test_a_new_units_parent_must_not_lead_back_to_it() -> None:
    with pytest.raises(Invalid) as caught:
        made(K.SPLIT, "A", Part("C", "新", "新", Level.DISTRICT, "11", parent="D"),
             Part("D", "另", "另", Level.DISTRICT, "11", parent="C"), default="C")  # fmt: skip
    assert caught.value.fields == {"parent": "circle"}


# -- the door -------------------------------------------------------------------------------------------

MERGE = UnitOrder(K.MERGE, ("JZ-CG", "DH-CG"), (Part("JZ-CG", "甲子市城管执法局"),), "两级合一")


async def carry_out(room: DirectoryRoom, floor: Floor, order: UnitOrder, version: int = 1) -> UnitChange:
    async with floor.database.transaction() as tx:
        await room.reorganising.begin(tx, version)
        change = await room.reorganising.carry_out(tx, await room.reorganising.plan(tx, order), BOSS, 3)
    await room.lookup.load()
    return change


async def test_a_change_is_known_everywhere_with_its_history_and_facts(city_room: DirectoryRoom, floor: Floor) -> None:
    await carry_out(city_room, floor, MERGE)
    lookup = city_room.lookup
    assert {unit.code for unit in lookup.units()} == {"JZ-ZF", "JZ-CG", "DH-SY", "JZ-GA"}
    assert lookup.unit("DH-SY").parent == "JZ-CG"
    assert lookup.heir("DH-CG") == "JZ-CG"
    assert lookup.stands_for("JZ-CG") == lookup.successor_to("JZ-CG") == ("JZ-CG", "DH-CG")
    assert {"甲子市城市管理局", "东湖区城市管理局"} <= set(lookup.names_of("JZ-CG"))
    now = floor.clock.now()
    async with floor.database.reading() as tx:
        (change,) = await city_room.reorganising.changes(tx, 10)
        facts = [
            type(recorded.fact)
            for subject in ("unit:JZ-CG", "unit:DH-CG", "unit:DH-SY")
            for recorded in await floor.journal.about(tx, subject)
        ]
        assert (await floor.journal.about(tx, "directory"))[-1].fact == DirectoryChanged(2, {"unit": 3}, now)
        assert await floor.journal.broken_links(tx, "unit:JZ-CG") == []
    assert (change.by, change.why, change.version, change.at, change.tickets) == ("boss", "两级合一", 2, now, 3)
    assert facts == [UnitRenamed, UnitSucceeded, UnitDutiesChanged]


async def test_people_go_with_the_work_and_stay_signed_in(city_room: DirectoryRoom, floor: Floor) -> None:
    async with floor.database.transaction() as tx:
        member = await city_room.staffing.add(
            tx, NewStaff("dhcg", "联络员", frozenset({Role.LIAISON}), "DH-CG"), "", SYSTEM
        )
    change = await carry_out(city_room, floor, MERGE)
    async with floor.database.reading() as tx:
        assert (await city_room.lookup.staff(tx, member.id)).unit == "JZ-CG"
        facts = [recorded.fact for recorded in await floor.journal.about(tx, f"staff:{member.id}")]
    was, is_ = {"unit": "DH-CG"}, {"unit": "JZ-CG"}
    assert facts[-1] == StaffAccountChanged(member.id, floor.clock.now(), "moved", "boss", was, is_, change.id)


async def test_of_a_split_unit_only_those_named_go(city_room: DirectoryRoom, floor: Floor) -> None:
    async with floor.database.transaction() as tx:
        stays, goes = [
            await city_room.staffing.add(tx, NewStaff(login, "承办人", frozenset({Role.HANDLER}), "JZ-CG"), "", SYSTEM)
            for login in ("stays", "goes")
        ]
    new = Part("JZ-HW", "甲子市环境卫生中心", "市环卫中心", Level.CITY, "990000", parent="JZ-CG")
    order = UnitOrder(K.SPLIT, ("JZ-CG",), (Part("JZ-CG", functions=("sanitation",)), new), "分设", "JZ-CG",
                      {goes.id: "JZ-HW"})  # fmt: skip
    async with floor.database.reading() as tx:
        planned = await city_room.reorganising.plan(tx, order)
        assert [(move.staff.id, move.unit) for move in planned.moves] == [(goes.id, "JZ-HW")]
        assert planned.alone == ()
        assert (await city_room.reorganising.plan(tx, replace(order, staff={}))).alone == ("JZ-HW",)
    await carry_out(city_room, floor, order)
    async with floor.database.reading() as tx:
        assert (await city_room.lookup.staff(tx, stays.id)).unit == "JZ-CG"
        assert (await city_room.lookup.staff(tx, goes.id)).unit == "JZ-HW"
        added = (await floor.journal.about(tx, "unit:JZ-HW"))[0].fact
    assert isinstance(added, UnitAdded)
    assert (added.by, added.why, added.name) == ("boss", "分设", "甲子市环境卫生中心")


async def test_a_change_of_what_has_changed_since_is_refused(city_room: DirectoryRoom, floor: Floor) -> None:
    await carry_out(city_room, floor, MERGE)
    with pytest.raises(Conflict) as caught:
        await carry_out(city_room, floor, UnitOrder(K.RENAME, ("JZ-GA",), (Part("JZ-GA", "公安"),), "改名"))
    assert (caught.value.code, caught.value.current) == ("directory_changed", {"version": 2})


async def test_another_process_learns_of_it_before_it_decides(city_room: DirectoryRoom, floor: Floor) -> None:
    other = build(floor)
    await other.lookup.load()
    await carry_out(city_room, floor, MERGE)
    assert other.lookup.unit("DH-CG").active
    async with floor.database.transaction() as tx:
        await other.lookup.hold(tx)
        assert not other.lookup.unit("DH-CG").active
