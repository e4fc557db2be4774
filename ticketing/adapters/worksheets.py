"""Work lists as workbooks: written with xlsxwriter, every cell a text; read with openpyxl as people left them."""

import warnings
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import xlsxwriter
from openpyxl import load_workbook

from kernel.errors import Invalid
from kernel.sheets import CELL_ERROR, FORMULA, Cell, Grid, Holds, Line, Odd, Table

MOST_UNPACKED = 64 * 1024 * 1024
MOST_PARTS = 200
MOST_COLUMNS = 60
_UNUSABLE = {"f": FORMULA, "e": CELL_ERROR}
_WIDTHS = {Holds.LONG: 40, Holds.CODE: 16}


def write(table: Table, readable: frozenset[str]) -> bytes:
    """A workbook of one table; columns not in ``readable`` are for people to fill in."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet(table.layout.label)
    text = {"num_format": "@", "valign": "top", "text_wrap": True}
    head = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1})
    fill = book.add_format({"bold": True, "bg_color": "#FFF4D6", "bottom": 1})
    known, empty = book.add_format(text | {"font_color": "#444444"}), book.add_format(text)
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(table.layout.columns):
        given = column.name in readable
        sheet.set_column(place, place, _WIDTHS.get(column.holds, 18), known if given else empty)
        if column.choices:
            choices = {"validate": "list", "source": list(column.choices.values())}
            sheet.data_validation(1, place, max(len(table.rows), 1), place, choices)
        elif column.what and not given:
            sheet.data_validation(1, place, max(len(table.rows), 1), place, {
                "validate": "any", "input_title": column.label, "input_message": column.what,
            })  # fmt: skip
    for place, column in enumerate(table.layout.columns):
        sheet.write_string(0, place, column.label, head if column.name in readable else fill)
    for number, row in enumerate(table.rows, start=1):
        for place, cell in enumerate(row):
            look = known if table.layout.names[place] in readable else empty
            if cell:
                sheet.write_string(number, place, cell, look)
            else:
                sheet.write_blank(number, place, None, look)
    book.close()
    return out.getvalue()


def read(data: bytes, most_rows: int) -> Grid:
    """The first sheet of a workbook; Invalid for what is none, or too much."""
    try:
        _check_packed(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions openpyxl does not know
            book: Any = load_workbook(BytesIO(data), read_only=True, keep_links=False)
            sheet = book.worksheets[0]
            return Grid(sheet.title, list(_lines(sheet, most_rows)))
    except Invalid:
        raise
    except Exception as error:
        raise Invalid({"file": "sheet_unreadable"}) from error


def _check_packed(data: bytes) -> None:
    """What unpacks to more than anybody filled in is not unpacked."""
    with ZipFile(BytesIO(data)) as packed:
        parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Invalid({"file": "sheet_too_large"})


def _lines(sheet: Any, most_rows: int) -> Iterator[Line]:
    # What a sheet says of its own size is not to be trusted.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        line = [_cell(cell) for cell in cells]
        while line and line[-1] == "":
            line.pop()
        if number > most_rows + 1 and line:
            raise Invalid({"file": "sheet_too_large"})
        if number > 10 * most_rows:
            return
        if line:
            yield number, line


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in _UNUSABLE:
        return Odd(str(getattr(value, "text", value)), fault=_UNUSABLE[cell.data_type])
    match value:
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M")
        case date():
            return value.isoformat()
        case float() if value == int(value):
            return str(int(value))
        case _:
            return str(value)
