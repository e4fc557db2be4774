"""Sheets: cells read as people and table programs write them, faults noted by place, nothing written that runs."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.sheets import (
    BECAME_DATE,
    BECAME_NUMBER,
    Column,
    Grid,
    Holds,
    Layout,
    Odd,
    Problem,
    Sheet,
    choice,
    clean,
    code,
    defused,
    join_parts,
    read_csv,
    read_day,
    read_sheet,
    restored,
    split_parts,
    table,
    write_csv,
)

TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
LAYOUT = Layout(
    "things",
    "东西",
    "",
    (
        code("code", "代码"),
        Column("name", "名称", required=True, longest=8),
        Column("parts", "部分", holds=Holds.LIST),
        choice("kind", "种类", {"BIG": "大", "small": "小"}, required=False),
        Column("day", "日期", holds=Holds.DATE),
        Column("more", "备注", optional=True),
    ),
)
HEADER = ("code", "name", "parts", "kind", "day")


def read(
    *lines: tuple[object, ...], header: tuple[str, ...] = HEADER, even: bool = False
) -> tuple[Sheet, list[Problem]]:
    problems: list[Problem] = []
    rows = [header, *lines]
    sheet = read_sheet(LAYOUT, Grid("东西", list(enumerate(rows, start=1)), even), problems)  # type: ignore[arg-type]
    return sheet, problems


def faults(*lines: tuple[object, ...], **how: object) -> list[tuple[int, str, str]]:
    sheet, problems = read(*lines, **how)  # type: ignore[arg-type]
    for row in sheet.rows:
        row.text("code"), row.text("name"), row.parts("parts"), row.text("kind"), row.day("day")
    return [(problem.row, problem.column, problem.code) for problem in problems]


@given(st.lists(TEXTS))
def test_parts_joined_in_a_cell_come_apart_again(parts: list[str]) -> None:
    wanted = [cleaned for part in parts if (cleaned := clean(part))]
    assert [part for part in split_parts(join_parts(parts)) if part] == wanted


@pytest.mark.parametrize(
    ("cell", "parts"),
    [("甲|乙", ["甲", "乙"]), (" 甲 | 乙 ", ["甲", "乙"]), (r"甲\|乙", ["甲|乙"]), (r"a\b\\c", [r"a\b\c"]), ("", [""])],
)
def test_a_bar_parts_a_cell_unless_a_backslash_stands_before_it(cell: str, parts: list[str]) -> None:
    assert split_parts(cell) == parts


@given(TEXTS)
def test_a_defused_cell_is_restored_to_what_it_was(text: str) -> None:
    assert restored(defused(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@SUM(A1)", "\tx", "＝1", "'=1", "''=1"])
def test_p42_no_cell_of_a_csv_file_begins_like_a_formula(text: str) -> None:
    assert defused(text) == f"'{text}"
    assert restored(defused(text)) == text


@given(st.lists(st.tuples(TEXTS, TEXTS, st.lists(TEXTS, max_size=3)), max_size=4))
def test_a_table_written_as_csv_is_read_the_same(rows: list[tuple[str, str, list[str]]]) -> None:
    made = table(LAYOUT, [(f"c{n}", a, parts, "BIG", None, b) for n, (a, b, parts) in enumerate(rows)])
    problems: list[Problem] = []
    text = write_csv(made)
    assert text.startswith("\ufeff")
    sheet = read_csv(LAYOUT, text, problems)
    assert problems == []
    assert [tuple(row.raw(name) for name in LAYOUT.names) for row in sheet.rows] == list(made.rows)


def test_columns_are_known_by_name_or_label_in_any_order() -> None:
    sheet, problems = read(("甲", "A1", "", "", ""), header=("名称", "Code", "部分", "种类", "日期"))
    assert problems == []
    assert (sheet.rows[0].text("code"), sheet.rows[0].text("name")) == ("A1", "甲")
    assert sheet.places["code"] == 1


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        (("code", "name", "parts", "kind"), (1, "day", "column_missing")),
        ((*HEADER, "colour"), (1, "colour", "column_unknown")),
        ((*HEADER, "代码"), (1, "code", "column_repeated")),
        (("code", "", "name", "parts", "kind", "day"), (1, "", "column_without_name")),
    ],
)
def test_a_wrong_header_is_told_and_nothing_else_of_the_sheet(
    header: tuple[str, ...], fault: tuple[int, str, str]
) -> None:
    assert faults(("", "", "", "", "", "", ""), ("x",), header=header) == [fault]


def test_every_wrong_cell_is_told_once_with_the_row_a_table_program_shows() -> None:
    found = faults(
        ("A", "甲", "", "大", "2026-01-05"),
        ("", "", "", "", ""),
        ("", "甲乙丙丁戊己庚辛壬", "", "", "2026/13/1"),
        ("B", "", "", "", ""),
    )
    assert found == [
        (4, "code", "missing"),
        (4, "name", "too_long"),
        (4, "day", "date_invalid"),
        (5, "name", "missing"),
    ]


def test_a_row_of_another_length_than_the_header_is_told() -> None:
    assert faults(("A", "甲", "", "", "", "more"))[0] == (2, "", "cells_do_not_fit_the_header")
    assert faults(("A", "甲", ""), even=True) == [(2, "", "cells_do_not_fit_the_header")]
    assert faults(("A", "甲", "")) == []


@pytest.mark.parametrize(
    ("cell", "text"),
    [("440604.0", "440604"), ("'440604", "440604"), (Odd("440604"), "440604"), (" 00123\u00a0", "00123")],
)
def test_a_code_a_table_program_has_written_is_read_right(cell: object, text: str) -> None:
    sheet, problems = read((cell, "甲", "", "", ""))
    assert (sheet.rows[0].text("code"), problems) == (text, [])


@pytest.mark.parametrize(
    ("cell", "fault"),
    [("4.40604E+11", BECAME_NUMBER), (Odd("2026-03-04", datetime(2026, 3, 4), BECAME_DATE), BECAME_DATE)],  # noqa: DTZ001
)
def test_a_code_a_table_program_has_spoilt_is_told(cell: object, fault: str) -> None:
    assert faults((cell, "甲", "", "", "")) == [(2, "code", fault)]


@pytest.mark.parametrize(
    "cell",
    ["2026-01-05", "2026/1/5", "2026年1月5日", "2026-01-05 00:00:00", Odd("46027", datetime(2026, 1, 5))],  # noqa: DTZ001
)
def test_a_day_is_read_however_it_is_written(cell: object) -> None:
    sheet, problems = read(("A", "甲", "", "", cell))
    assert (sheet.rows[0].day("day"), problems) == (date(2026, 1, 5), [])


@pytest.mark.parametrize("text", ["", "2026-02-30", "05/01/2026", "46027", "2026-1", "2026-01-05 08:00"])
def test_what_may_be_another_day_is_none(text: str) -> None:
    assert read_day(text) is None


def test_text_that_is_no_csv_is_told() -> None:
    problems: list[Problem] = []
    assert not read_csv(LAYOUT, 'code,name\n"a"b,c', problems).whole
    assert [problem.code for problem in problems] == ["not_csv"]
