"""Workbooks: read with openpyxl as people left them, written with xlsxwriter so that table programs keep them."""

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter
from openpyxl import load_workbook
from openpyxl.utils.datetime import from_excel

from kernel.errors import Invalid
from kernel.sheets import (
    BECAME_DATE,
    BECAME_NUMBER,
    CELL_ERROR,
    FORMULA,
    HEADER_ROW,
    Cell,
    Column,
    Grid,
    Holds,
    Line,
    Odd,
    Table,
)

LONGEST_SHEET = 1_048_576
LOOKED_AT = 10  # rows that show how wide a sheet is
BESIDE = 10  # columns beside the widest that are looked at for cells without a header
EXACT = 10**15
# Numbers between these can be days: 1927 to 2119.
DAYS = range(10_000, 80_000)
WIDTHS = {Holds.TEXT: 18, Holds.LONG: 60, Holds.CODE: 16, Holds.DATE: 12, Holds.LIST: 40, Holds.CODES: 30}
# A workbook of the same data is the same file.
MADE = datetime(1980, 1, 1, tzinfo=UTC)

# openpyxl's types of cells nobody typed a value into.
_UNUSABLE = {"f": FORMULA, "e": CELL_ERROR}
_ZEROS = re.compile(r"0{2,}")
# openpyxl undoes the workbooks' way of writing control characters in half of the cells only.
_ESCAPED = re.compile(r"_x(000[9AD]|005F)_")


# -- reading --------------------------------------------------------------------------------------------


def read_workbook(data: bytes, *, skip: str, most_rows: int, most_columns: int) -> Iterator[Grid]:
    """Every sheet but ``skip`` that has something in it; Invalid for what is no workbook or too much."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions openpyxl does not know
        try:
            book: Any = load_workbook(BytesIO(data), read_only=True, keep_links=False)
            for sheet in book.worksheets:
                if sheet.title.strip() != skip:
                    lines = list(_lines(sheet, book.epoch, most_rows, most_columns))
                    if lines:
                        yield Grid(sheet.title, lines)
        except Invalid:
            raise
        except Exception as error:
            raise Invalid({"file": "workbook_broken"}) from error


def _lines(sheet: Any, epoch: datetime, most_rows: int, most_columns: int) -> Iterator[Line]:
    # What a sheet says of its own size is not to be trusted: rows would be filled up to it.
    sheet.reset_dimensions()
    width = _width(sheet, most_columns)
    taken = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=width + BESIDE), start=HEADER_ROW):
        if number > LONGEST_SHEET or taken > most_rows:
            raise Invalid({"file": "too_many_rows"}, sheet=sheet.title)
        line = [_cell(cell, epoch) for cell in cells]
        while line and not line[-1]:
            line.pop()
        if line:
            taken += 1
            yield number, line


def _width(sheet: Any, most_columns: int) -> int:
    widest = 0
    for cells in sheet.iter_rows(max_row=LOOKED_AT):
        widest = max([widest, *(place for place, cell in enumerate(cells, start=1) if cell.value is not None)])
    if widest > most_columns:
        raise Invalid({"file": "too_many_columns"}, sheet=sheet.title)
    return widest


def _cell(cell: Any, epoch: datetime) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in _UNUSABLE:
        return Odd(str(getattr(value, "text", value)), fault=_UNUSABLE[cell.data_type])
    match value:
        case bool():
            return Odd(str(value).upper(), fault="became_bool")
        case int() | float():
            return _number(value, cell.number_format, epoch)
        case date() | time() | timedelta():
            return _moment(value)
        case _:
            return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), str(value))


def _moment(value: date | time | timedelta) -> Odd:
    moment: datetime | None = None
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime.combine(value, time())
    return Odd(str(value), moment, BECAME_DATE)


def _number(value: float, shown_as: str, epoch: datetime) -> Cell:
    if abs(value) >= EXACT:
        return Odd(repr(value), fault=BECAME_NUMBER)
    text = str(int(value)) if value == int(value) else repr(value)
    if _ZEROS.fullmatch(shown_as or ""):
        text = text.zfill(len(shown_as))
    moment = from_excel(value, epoch) if int(value) in DAYS else None
    return Odd(text, moment if isinstance(moment, datetime) else None)


# -- writing --------------------------------------------------------------------------------------------


def write_workbook(tables: Sequence[Table], guide: str, title: str) -> bytes:
    """A workbook of the tables for people: Chinese headers, labels in place of values, a first sheet that explains.

    Every cell is text, so that no code becomes a number and nothing is run. Invalid when a cell is too long for one.
    """
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    book.set_properties({"title": title, "created": MADE})
    looks = {
        "head": book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "valign": "vcenter"}),
        "cell": book.add_format({"num_format": "@", "valign": "top"}),
        "long": book.add_format({"num_format": "@", "valign": "top", "text_wrap": True}),
    }
    _write_guide(book.add_worksheet(guide), [each.layout for each in tables], looks)
    for each in tables:
        _write_table(book.add_worksheet(each.layout.label), each, looks)
    book.close()
    return out.getvalue()


def _write_table(sheet: Any, table: Table, looks: Mapping[str, Any]) -> None:
    columns = table.layout.columns
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        width = max(WIDTHS.get(column.holds, 14), 2 * len(column.label) + 2)
        sheet.set_column(place, place, width, looks["cell"])
    _write_row(sheet, 0, [column.label for column in columns], looks["head"])
    for number, row in enumerate(table.rows, start=1):
        shown = [column.choices.get(cell, cell) for column, cell in zip(columns, row, strict=True)]
        _write_row(sheet, number, shown, looks["cell"])
    for place, column in enumerate(columns):
        if column.choices:
            choices = {"validate": "list", "source": list(column.choices.values())}
            sheet.data_validation(1, place, LONGEST_SHEET - 1, place, choices)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(columns) - 1)


def _write_guide(sheet: Any, layouts: Sequence[Any], looks: Mapping[str, Any]) -> None:
    for place, width in enumerate((14, 16, 18, 10, 90)):
        sheet.set_column(place, place, width)
    _write_row(sheet, 0, ["工作表", "列", "CSV 列名", "必填", "说明"], looks["head"])
    number = 0
    for layout in layouts:
        number += 1
        _write_row(sheet, number, [layout.label, "", f"{layout.name}.csv", "", layout.what], looks["head"])
        for column in layout.columns:
            number += 1
            needed = "是" if column.required else ""
            _write_row(sheet, number, ["", column.label, column.name, needed, explain(column)], looks["long"])


def explain(column: Column) -> str:
    """What may stand in a column, in a sentence."""
    choices = "、".join(f"{label}（{value}）" for value, label in column.choices.items())
    return "；".join(part for part in (column.what, f"可选：{choices}" if choices else "") if part)


def _write_row(sheet: Any, number: int, cells: Sequence[str], look: Any) -> None:
    for place, text in enumerate(cells):
        # An empty text is a cell without one: the look stays, and what is read back is empty again.
        if sheet.write_string(number, place, text, look) < 0:
            raise Invalid({"file": "cell_too_long"}, row=number + 1)
