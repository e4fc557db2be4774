"""Files made to harm, and files table programs have spoilt: a clear word about each, soon, and nothing is run."""

import struct
import zipfile
import zlib
from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from hotline.data.books import MOST_ROWS, read_files
from hotline.data.writing import workbook
from hotline.failures import problem_of
from hotline.wording import FIELDS
from kernel.errors import Invalid
from kernel.sheets import Problem, Row, read_sheet, table
from tests.hotline.data.small_city import House, book, where

SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def made(*rows: tuple[Any, ...], title: str = "单位", formats: dict[str, str] | None = None) -> bytes:
    """A workbook as openpyxl makes it."""
    out = BytesIO()
    made_book = openpyxl.Workbook()
    sheet = made_book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for cell, shown_as in (formats or {}).items():
        sheet[cell].number_format = shown_as
    made_book.save(out)
    return out.getvalue()


def with_entries(data: bytes, **entries: bytes) -> bytes:
    """The same package with entries replaced or added; a name's slashes are written as __."""
    out = BytesIO()
    new = {name.replace("__", "/").replace("_dot_", "."): content for name, content in entries.items()}
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in old.infolist():
            if entry.filename not in new:
                archive.writestr(entry, old.read(entry))
        for name, content in new.items():
            archive.writestr(name, content)
    return out.getvalue()


def refused(name: str, data: bytes) -> str:
    """Why a file is refused, of which there are Chinese words."""
    with pytest.raises(Invalid) as caught:
        read_files([(name, data)])
    text = problem_of(caught.value, "").fields["file"]
    assert text in FIELDS.values()
    return caught.value.fields["file"]


def sheet_xml(rows: str, dimension: str = "A1") -> bytes:
    """The XML of a sheet."""
    return f'<worksheet xmlns="{MAIN}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'.encode()


def replaced_sheet(xml: bytes) -> bytes:
    return with_entries(made(("a",)), **{SHEET.replace("/", "__").replace(".", "_dot_"): xml})


def test_a_bomb_is_not_unpacked() -> None:
    assert refused("a.xlsx", replaced_sheet(sheet_xml(" " * 120_000_000))) == "unpacks_too_large"


def test_a_bomb_that_lies_about_its_size_is_broken() -> None:
    bomb = bytearray(replaced_sheet(sheet_xml(" " * 120_000_000)))
    true, false = struct.pack("<L", len(sheet_xml(" " * 120_000_000))), struct.pack("<L", 1000)
    assert bomb.count(true) >= 1
    assert refused("a.xlsx", bytes(bomb.replace(true, false))) == "workbook_broken"


def test_two_million_rows_are_too_many() -> None:
    one = '<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>x{n}</t></is></c></row>'
    rows = "".join(one.format(n=n) for n in range(1, 2_000_001))
    assert refused("a.xlsx", replaced_sheet(sheet_xml(rows))) == "too_many_rows"
    assert f"{MOST_ROWS // 10_000} 万行" in FIELDS["too_many_rows"]


def test_two_million_lines_of_csv_are_too_many() -> None:
    assert refused("units.csv", b"code\n" + b"x\n" * 2_000_000) == "too_many_rows"


def test_a_sheet_that_claims_to_be_huge_is_read_for_what_it_is() -> None:
    far = '<row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row>'
    far += '<row r="1048570"><c r="A1048570" t="inlineStr"><is><t>x</t></is></c></row>'
    grid = read_files([("a.xlsx", replaced_sheet(sheet_xml(far, "A1:XFD1048576")))]).grids[0]
    assert [number for number, _ in grid.lines] == [1, 1_048_570]


def test_a_cell_at_the_end_of_the_alphabet_is_too_far() -> None:
    far = '<row r="1"><c r="XFD1" t="inlineStr"><is><t>x</t></is></c></row>'
    assert refused("a.xlsx", replaced_sheet(sheet_xml(far))) == "too_many_columns"
    assert refused("units.csv", b"," * 500) == "too_many_columns"


def test_macros_links_old_and_encrypted_workbooks_are_refused_by_what_they_hold() -> None:
    plain = made(("code",))
    assert refused("innocent.xlsx", with_entries(plain, xl__vbaProject_dot_bin=b"\0")) == "has_macros"
    types = "[Content_Types]_dot_xml"
    macro = b'<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    assert refused("a.xlsm", with_entries(plain, **{types: macro})) == "has_macros"
    link = with_entries(plain, xl__externalLinks__externalLink1_dot_xml=b"<externalLink/>")
    assert refused("a.xlsx", link) == "has_external_links"
    assert refused("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512) == "old_excel"


def test_entities_are_not_expanded() -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    xml = laughs.encode() + sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>')
    assert refused("a.xlsx", replaced_sheet(xml)) == "workbook_broken"


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.xlsx", b"", "file_empty"),
        ("a.xlsx", b"not a workbook", "not_a_workbook"),
        ("a.xlsx", b"PK\x03\x04 broken", "workbook_broken"),
        ("a.docx", with_entries(made(("a",)), word__document_dot_xml=b"<d/>")[:200], "workbook_broken"),
        ("a.pdf", b"%PDF-1.7", "not_a_workbook"),
        ("units.csv", b'code,name\n"open', "not_csv"),
        ("units.csv", b"\xff\xff\xff", "not_csv"),
    ],
)
def test_what_is_no_table_is_refused(name: str, data: bytes, why: str) -> None:
    assert refused(name, data) == why


def test_a_zip_without_tables_is_refused_and_names_in_it_lead_nowhere() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.md", "x")
    assert refused("a.zip", out.getvalue()) == "not_a_workbook"
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("../../etc/units.csv", "code\n")
        archive.writestr("__MACOSX/units.csv", "junk")
    assert [grid.title for grid in read_files([("a.zip", out.getvalue())]).grids] == ["units"]


def test_a_damaged_entry_is_a_broken_workbook() -> None:
    data = bytearray(workbook([]))
    position = data.find(zlib.compress(b"x")[:1], 400)
    data[position : position + 50] = b"\0" * 50
    assert refused("a.xlsx", bytes(data)) == "workbook_broken"


# -- what table programs do to cells --------------------------------------------------------------------


def read(data: bytes, house: House, name: str) -> tuple[tuple[Row, ...], list[Problem]]:
    problems: list[Problem] = []
    layout = next(each for each in house.city.layouts if each.name == name)
    sheet = read_sheet(layout, read_files([("a.xlsx", data)]).grids[0], problems)
    return sheet.rows, problems


def test_numbers_dates_and_zeros_of_a_workbook_are_read_right(small: House) -> None:
    header = ("code", "name", "level", "parent", "aliases")
    data = made(
        header, (990007.0, "某区", "区", 990000, None), (7, "乙区", "district", 990000, 12), formats={"A3": "000000"}
    )
    rows, problems = read(data, small, "areas")
    assert problems == []
    assert [row.raw("code") for row in rows] == ["990007", "000007"]
    assert [row.raw("aliases") for row in rows] == ["", "12"]
    assert rows[0].raw("parent") == "990000"


def test_a_day_is_read_from_a_date_a_number_or_a_text(small: House) -> None:
    day = datetime(2026, 10, 1)  # noqa: DTZ001 - workbooks know no zones
    rows, problems = read(
        made(("日期", "类型", "名称"), (day, "放假", "国庆"), (46297, "放假", "国庆"), ("2026/10/3", "放假", "国庆")),
        small,
        "calendar",
    )
    assert problems == []
    assert [row.day("date") and str(row.day("date")) for row in rows] == ["2026-10-01", "2026-10-02", "2026-10-03"]


def test_what_a_workbook_has_spoilt_is_told_with_its_cell(small: House) -> None:
    header = ("code", "name", "level", "parent", "aliases")
    day = datetime(2026, 3, 4)  # noqa: DTZ001
    rows = (
        ("=CONCAT(1,2)", "甲区", "区", 990000, ""),
        (day, "乙区", "区", 990000, ""),
        (1234567890123456789, "丙区", "区", 990000, ""),
        ("990009", True, "区", 990000, ""),
        ("990010", "#REF!", "区", 990000, ""),
    )
    _, problems = read(made(header, *rows), small, "areas")
    assert [(p.row, p.column, p.code) for p in problems] == [
        (2, "code", "formula"),
        (3, "code", "became_date"),
        (4, "code", "became_number"),
        (5, "name", "became_bool"),
        (6, "name", "cell_error"),
    ]


def test_a_text_that_looks_like_a_formula_is_text(small: House) -> None:
    layout = next(each for each in small.city.layouts if each.name == "functions")
    rows, problems = read(workbook([table(layout, [("x", "=HYPERLINK(1)")])]), small, "functions")
    assert (rows[0].raw("name"), problems) == ("=HYPERLINK(1)", [])


def test_csv_of_a_chinese_table_program_is_read() -> None:
    text = "code,name\nx,治安\n"
    for data in (text.encode("gb18030"), text.encode("utf-16"), b"\xef\xbb\xbf" + text.encode()):
        assert read_files([("functions.csv", data)]).grids[0].lines[1][1] == ["x", "治安"]


async def test_a_formula_in_a_workbook_loads_nothing(small: House) -> None:
    data = made(
        ("code", "name"), ("coordination", "=1+1"), ("sanitation", "环境卫生"), ("police", "治安"), title="职能"
    )
    checked = await small.load(read_files([("a.xlsx", data)]))
    assert where(checked.problems) == [("functions", 2, "name", "formula")]
    assert (await small.load(book())).before == checked.before
