"""Every fault of a book is told at once with its place, also those between sheets; while there is one nothing loads."""

import pytest

from hotline.data.report import import_view, lines_of
from tests.hotline.data.small_city import SHEETS, House, book, edited, where

TWELVE = {
    **edited("areas", ("990001002,柳浦镇,town", "990001002,柳浦镇,street")),
    **edited("places", ("990001001,,DH-CG", "990001001,,DH-XX"), ("hospital,990001002", "hospital,990009")),
    **edited("functions", ("police,治安", "police,")),
    **edited("units", ("24x7", "always"), ("JZ-ZS,\n", "JZ-XX,\n"), ("990001,sanitation", "990001,sanitation|magic")),
    **edited("calendar", ("2026-01-04", "2026-02-30")),
    **edited("matters", ("litter,环境", ",环境"), ("HELP", "SHOUT"), ("enforcement,police", "enforcement,piloting")),
    # The entry names another matter than the one whose code is a planted fault.
    **edited("articles", ("DH-CG,990001,个人", "DH-YY,990001,个人"), (",litter\n", ",noise\n")),
}
PLACES = [
    ("areas", 5, "level", "unknown"),
    ("places", 2, "owner", "unknown_unit"),
    ("places", 3, "town", "unknown_town"),
    ("functions", 4, "name", "missing"),
    ("units", 3, "hours", "unknown"),
    ("units", 4, "functions", "unknown"),
    ("units", 4, "parent", "unknown"),
    ("calendar", 3, "date", "date_invalid"),
    ("matters", 2, "code", "missing"),
    ("matters", 3, "supports", "unknown"),
    ("matters", 4, "kind", "unknown"),
    ("articles", 2, "owner", "unknown_unit"),
]


async def test_twelve_planted_faults_are_told_with_their_places_and_no_other(small: House) -> None:
    before = await small.packed()
    checked = await small.load(book(**TWELVE))
    assert where(checked.problems) == PLACES
    assert not checked.loaded
    assert await small.packed() == before


async def test_faults_are_told_in_chinese_with_the_cell(small: House) -> None:
    checked = await small.city.check(book(**edited("units", ("24x7", "always"))))
    view = import_view(checked, small.city.layouts, dry_run=True)
    fault = view.faults[0]
    assert (fault.sheet_label, fault.row, fault.column_label, fault.cell) == ("单位", 3, "办公时间", "I3")
    assert fault.text == "没有这个代码或选项：always"
    assert list(lines_of(view)) == [
        "单位 第 3 行“办公时间”列（I3）：没有这个代码或选项：always",
        "共 1 处错误，未载入任何内容",
    ]


async def test_a_matter_may_go_to_who_coordinates(small: House) -> None:
    nobody_cleans = edited("units", ("990001,sanitation", "990001,")) | edited("matters", (",urban_enforcement,", ",,"))
    assert (await small.city.check(book(**nobody_cleans))).problems == ()


async def test_a_matter_of_enforcement_may_not_go_to_who_coordinates(small: House) -> None:
    """Never enforcement to a unit without the power, by the same rule as when units change on /admin."""
    checked = await small.city.check(book(**edited("units", ("990001,sanitation", "990001,"))))
    told = [(p.sheet, p.row, p.column, p.code) for p in checked.problems]
    assert told == [("matters", 3, "function", "no_lead")]


async def test_a_matter_without_a_lead_in_a_town_is_told(small: House) -> None:
    units = edited("units", ("coordination", ""), ("990001,sanitation", "990001,"))
    checked = await small.city.check(book(**units))
    told = [(p.sheet, p.row, p.column, p.code, p.value) for p in checked.problems]
    assert told == [
        ("matters", 2, "function", "no_lead", "松园街道、柳浦镇"),
        ("matters", 3, "function", "no_lead", "松园街道、柳浦镇"),
    ]


async def test_a_matter_with_two_leads_in_a_town_is_told(small: House) -> None:
    second = "DH-HW,东湖区环卫处,东湖环卫,district,990001,sanitation,,DH-CG,\n"
    checked = await small.city.check(book(units=SHEETS["units"] + second))
    assert where(checked.problems) == [("matters", 2, "function", "several_leads")]


async def test_a_sheet_left_out_stays_as_it_is_and_is_checked_against(small: House) -> None:
    only = dict.fromkeys(SHEETS) | edited("units", ("DH-CG,", "DH-CM,"))
    checked = await small.load(book(**only))
    assert where(checked.problems) == [("places", 2, "owner", "unknown_unit"), ("articles", 2, "owner", "unknown_unit")]
    only |= edited("places", ("DH-CG", "DH-CM")) | edited("articles", ("DH-CG", "DH-CM"))
    await small.loaded(book(**only))
    assert small.directory.lookup.unit("DH-CM").name == "东湖区城市管理局"
    assert small.directory.lookup.unit("DH-CG").active is False


async def test_a_book_is_not_blamed_for_what_was_wrong_before(small: House) -> None:
    await small.loaded(book())
    async with small.floor.database.transaction() as tx:
        await tx.connection.exec_driver_sql("UPDATE unit SET active = false WHERE code = 'DH-CG'")
    only = dict.fromkeys(SHEETS) | edited("calendar", ("元旦", "新年"))
    checked = await small.load(book(**only))
    assert (checked.problems, checked.loaded) == ((), True)
    # It was wrong indeed: a sheet that is handed in again is told of it.
    again = await small.city.check(book(**(dict.fromkeys(SHEETS) | {"places": SHEETS["places"]})))
    assert where(again.problems) == [("places", 2, "owner", "unknown_unit")]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"flags": "code\n1\n"}, ("flags", 0, "", "sheet_unknown")),
        ({"units": SHEETS["units"].splitlines()[0] + "\n"}, ("units", 0, "", "sheet_empty")),
        (edited("city", ("name,甲子市\n", "")), ("city", 1, "setting", "setting_missing")),
        (edited("city", ("08:30-12:00", "上午")), ("city", 8, "value", "hours_malformed")),
        (edited("city", ("08:30-12:00", "08:30-15:00")), ("city", 8, "value", "wrong")),
        (edited("city", ("calendar_years,2026", "calendar_years,今年")), ("city", 9, "value", "years_malformed")),
        *(
            (edited("city", ("short,甲子", f"bounds,{bounds}\nshort,甲子")), ("city", 3, "value", "bounds_malformed"))
            for bounds in ("22.6", "23|112|22|113", "南|西|北|东", "22|112|23|nan")
        ),
        (edited("city", ("short,甲子", "tall,甲子")), ("city", 1, "setting", "setting_missing")),
        (edited("city", ("hotline,12345", "name,乙丑市")), ("city", 5, "setting", "repeated")),
        (edited("articles", ("litter-days", "Litter Days")), ("articles", 2, "id", "bad_id")),
        (edited("articles", (",litter\n", ",glitter\n")), ("articles", 2, "matter", "unknown_matter")),
        (edited("articles", ("990001,个人", "990007,个人")), ("articles", 2, "areas", "unknown_area")),
        (edited("articles", ("01,,2027", "01,2025-01-01,2027")), ("articles", 2, "valid_to", "before_valid_from")),
    ],
)
async def test_a_fault_of_each_sheet_is_told(
    small: House, given: dict[str, str], fault: tuple[str, int, str, str]
) -> None:
    checked = await small.load(book(**given))
    assert fault in where(checked.problems)
    assert not checked.loaded


async def test_a_code_that_lost_its_zero_is_told(empty: House) -> None:
    zeros = {"functions": SHEETS["functions"].replace("police", "007")}
    zeros |= {"units": SHEETS["units"].replace(",police,", ",007,")}
    zeros |= {"matters": SHEETS["matters"].replace(",police,P2", ",007,P2").replace(",police,city", ",007,city")}
    await empty.loaded(book(**zeros))
    checked = await empty.city.check(book(**zeros | {"functions": zeros["functions"].replace("007", "7")}))
    assert where(checked.problems)[0] == ("functions", 4, "code", "zeros_lost")
    assert checked.problems[0].value == "007"


async def test_an_empty_database_needs_the_city_and_its_areas(empty: House) -> None:
    checked = await empty.load(book(city=None, areas=None))
    assert where(checked.problems)[:2] == [("city", 0, "", "sheet_missing"), ("areas", 0, "", "sheet_missing")]
