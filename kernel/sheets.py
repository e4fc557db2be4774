"""Sheets: what columns a table of data has, its rows read with every fault noted, and the same rows written again.

A room says what its sheets hold in a ``Layout``; workbooks and CSV files are only different ways to carry them.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import TypeVar

from kernel.labels import Labelled

BOM = "\ufeff"
HEADER_ROW = 1
LONGEST_CODE = 32
LONGEST_TEXT = 100
# What a fault of a cell is called that a table program has spoilt.
FORMULA, CELL_ERROR, BECAME_DATE, BECAME_NUMBER = "formula", "cell_error", "became_date", "became_number"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_END = re.compile(r"\r\n?")
_POINT_ZERO = re.compile(r"(-?\d+)\.0+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+\d+")
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0?0:00(?::00)?)?")
_PARTS = re.compile(r"\\[\\|]|\||[^\\|]+|\\")
# Table programs take a cell that begins so for a formula; full-width forms too, where the keyboard is Chinese.
_ACTIVE = "=+-@\t＝＋－＠"
_DEFUSED = re.compile(rf"'+[{re.escape(_ACTIVE)}]")

E_ = TypeVar("E_", bound=StrEnum)


class Holds(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    LONG = "long"
    CODE = "code"
    DATE = "date"
    LIST = "list"
    CODES = "codes"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. ``label`` and ``what`` are Chinese; ``choices`` maps the values there are to their labels.

    An ``optional`` column may be missing altogether; an empty cell of a ``required`` one is a fault.
    """

    name: str
    label: str
    what: str = ""
    holds: Holds = Holds.TEXT
    required: bool = False
    optional: bool = False
    longest: int = LONGEST_TEXT
    choices: Mapping[str, str] = field(default_factory=dict)


def code(name: str, label: str, what: str = "", *, required: bool = True, longest: int = LONGEST_CODE) -> Column:
    """A column of codes, one a cell."""
    return Column(name, label, what, Holds.CODE, required=required, longest=longest)


def choice(name: str, label: str, choices: Mapping[str, str], what: str = "", *, required: bool = True) -> Column:
    """A column whose cells are one of ``choices``."""
    return Column(name, label, what, Holds.CHOICE, required=required, choices=choices)


def labels(kind: type[Labelled]) -> dict[str, str]:
    """The values of an enum with their labels, as a column's choices."""
    return {each.value: each.label for each in kind}


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet: ``name`` is its file's without ``.csv``, ``key`` names the columns that tell its rows apart.

    ``gone`` is what becomes of what a sheet no longer holds, in a word.
    """

    name: str
    label: str
    what: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("code",)
    gone: str = "删除"

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of a name."""
        return next(column for column in self.columns if column.name == name)

    def called(self, header: str) -> Column | None:
        """The column a header means, by name or label."""
        said = header.strip().lower()
        return next((column for column in self.columns if said in {column.name, column.label.lower()}), None)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: ``row`` as a table program counts (1 is the header), ``code`` what, ``value`` what stood.

    ``sheet`` and ``column`` are names of layouts; the column is empty when the row as a whole is wrong.
    """

    sheet: str
    row: int
    column: str
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell that is no plain text: how it reads as text, as a moment of the wall clock, and what is wrong with it."""

    text: str
    moment: datetime | None = None
    fault: str = ""


Cell = str | Odd
Line = tuple[int, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet as its file holds it: its title and numbered rows. ``even``: all rows must be as long as the first."""

    title: str
    lines: Sequence[Line]
    even: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a layout. Not ``whole``: its header is wrong, so nothing can be said of what it does not hold.

    ``places`` are the columns' positions, counted from 0.
    """

    layout: Layout
    rows: tuple["Row", ...] = ()
    whole: bool = True
    places: Mapping[str, int] = field(default_factory=dict)


class Row:
    """One row; reads its cells as its layout says and notes what is wrong with them, of each cell the first thing."""

    def __init__(self, layout: Layout, number: int, cells: Mapping[str, str], problems: list[Problem]) -> None:
        self.number = number
        self._layout = layout
        self._cells = cells
        self._problems = problems
        self._faulty: set[str] = set()

    def raw(self, column: str) -> str:
        """What stands in a cell, without a word about it."""
        return self._cells.get(column, "")

    def wrong(self, column: str, code: str, value: str | None = None) -> None:
        """Note that a cell is wrong, unless that was said of it before; ``value`` in place of what stands there."""
        if column not in self._faulty:
            self._faulty.add(column)
            shown = self.raw(column) if value is None else value
            self._problems.append(Problem(self._layout.name, self.number, column, code, shown[:LONGEST_TEXT]))

    def is_faulty(self, column: str) -> bool:
        """Whether something was said of a cell."""
        return column in self._faulty

    def text(self, column: str, *, required: bool | None = None) -> str:
        """The cell as text; ``required`` where that depends on the other cells."""
        held, value = self._layout.column(column), self.raw(column)
        if not value and (held.required if required is None else required):
            self.wrong(column, "missing")
        if len(value) > held.longest:
            self.wrong(column, "too_long")
        return value

    def parts(self, column: str) -> tuple[str, ...]:
        """The cell's parts, each once."""
        held = self._layout.column(column)
        found = tuple(dict.fromkeys(part for part in split_parts(self.raw(column)) if part))
        if not found and held.required:
            self.wrong(column, "missing")
        if any(len(part) > held.longest for part in found):
            self.wrong(column, "too_long")
        return found

    def choice(self, column: str, kind: type[E_]) -> E_ | None:
        """The member a cell names by value or label; None when it names none."""
        value = self.text(column)
        chosen = chosen_value(self._layout.column(column), value)
        if chosen:
            return kind(chosen.lower())
        if value:
            self.wrong(column, "unknown")
        return None

    def day(self, column: str) -> date | None:
        """The cell as a day; None when it is empty or none."""
        value = self.text(column)
        found = read_day(value)
        if value and found is None:
            self.wrong(column, "date_invalid")
        return found


class Codes:
    """The codes a sheet declares, for others to name; of a sheet that could not be read, any."""

    def __init__(self, sheet: Sheet) -> None:
        self._any = not sheet.whole
        self._declared = {row.raw("code") for row in sheet.rows}

    def __contains__(self, code: object) -> bool:
        return self._any or code in self._declared


def chosen_value(column: Column, text: str) -> str:
    """The value of ``column.choices`` that ``text`` names, however it is written; empty when it names none."""
    said = text.strip().lower()
    return next((value for value, label in column.choices.items() if said in {value.lower(), label.lower()}), "")


def read_day(text: str) -> date | None:
    """A day as people and table programs write it: 2026-01-05, 2026/1/5, 2026年1月5日; None for anything else."""
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


# -- from a file's cells to rows ------------------------------------------------------------------------


def sheet_of(table: "Table", problems: list[Problem]) -> Sheet:
    """The sheet of a table that was not read from a file."""
    rows = [table.layout.names, *table.rows]
    return read_sheet(table.layout, Grid(table.layout.name, list(enumerate(rows, start=HEADER_ROW))), problems)


def read_sheet(layout: Layout, grid: Grid, problems: list[Problem]) -> Sheet:
    """The rows of a grid whose first line is the header; what is wrong goes into ``problems``."""
    lines = iter(grid.lines)
    number, first = next(lines, (HEADER_ROW, ()))
    header = [_plain(cell) for cell in first]
    while header and not header[-1]:
        header.pop()
    places = _places(layout, header, number, problems)
    if places is None:
        return Sheet(layout, whole=False)
    rows = []
    for number, cells in lines:
        if not any(map(_plain, cells)):
            continue
        row = _row(layout, number, cells, places, problems)
        if any(_plain(cell) for cell in cells[len(header) :]) or (grid.even and len(cells) != len(first)):
            row.wrong("", "cells_do_not_fit_the_header", "")
            continue
        rows.append(row)
    return Sheet(layout, tuple(rows), places=places)


def _places(layout: Layout, header: Sequence[str], number: int, problems: list[Problem]) -> dict[str, int] | None:
    places: dict[str, int] = {}
    wrong: list[tuple[str, str]] = []
    for place, said in enumerate(header):
        column = layout.called(said)
        if column is None:
            wrong.append((said, "column_unknown" if said else "column_without_name"))
        elif column.name in places:
            wrong.append((column.name, "column_repeated"))
        else:
            places[column.name] = place
    wrong += [(c.name, "column_missing") for c in layout.columns if c.name not in places and not c.optional]
    problems += [Problem(layout.name, number, name, what) for name, what in wrong]
    return None if wrong else places


def _row(layout: Layout, number: int, cells: Sequence[Cell], places: Mapping[str, int], problems: list[Problem]) -> Row:
    texts: dict[str, str] = {}
    faults: dict[str, str] = {}
    for name, place in places.items():
        texts[name], fault = _read_cell(layout.column(name), cells[place] if place < len(cells) else "")
        if fault:
            faults[name] = fault
    row = Row(layout, number, texts, problems)
    for name, fault in faults.items():
        row.wrong(name, fault)
    return row


def _read_cell(column: Column, cell: Cell) -> tuple[str, str]:
    """The text of a cell as its column holds it, and its fault."""
    if isinstance(cell, Odd):
        if column.holds is Holds.DATE and cell.moment is not None:
            return cell.moment.date().isoformat(), ""
        return cell.text, cell.fault
    text = clean(cell)
    if column.holds is Holds.CODE:
        text = text.lstrip("'")
        if found := _POINT_ZERO.fullmatch(text):
            return found.group(1), ""
        if _SCIENTIFIC.fullmatch(text):
            return text, BECAME_NUMBER
    return text, ""


def _plain(cell: Cell) -> str:
    return (cell.text if isinstance(cell, Odd) else cell).strip()


# -- from values to cells -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as they are written: every cell a text, in the order of the layout's columns."""

    layout: Layout
    rows: tuple[tuple[str, ...], ...] = ()

    def by_key(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """The rows by the cells of their key."""
        at = [self.layout.names.index(name) for name in self.layout.key]
        return {tuple(row[place] for place in at): row for row in self.rows}


def table(layout: Layout, rows: Iterable[Sequence[object]]) -> Table:
    """A table of values: None is an empty cell, a day is written as such, several values are joined."""
    return Table(layout, tuple(tuple(map(_written, row)) for row in rows))


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case tuple() | list():
            return join_parts(map(str, value))
        case date():
            return value.isoformat()
        case _:
            return clean(str(value))


def clean(text: str) -> str:
    """A cell's text with one kind of line end, nothing invisible that breaks files, and no space around it."""
    return _CONTROL.sub("", _LINE_END.sub("\n", text)).strip()


def join_parts(parts: Iterable[str]) -> str:
    """Several texts in one cell, separated by a bar; a bar or a backslash in a text gets a backslash before it."""
    cleaned = (clean(part) for part in parts)
    return "|".join(part.replace("\\", "\\\\").replace("|", "\\|") for part in cleaned if part)


def split_parts(cell: str) -> list[str]:
    """The texts ``join_parts`` has joined; a backslash before anything else is itself."""
    parts = [""]
    for piece in _PARTS.findall(cell):
        if piece == "|":
            parts.append("")
        else:
            parts[-1] += piece[1] if piece in {"\\\\", "\\|"} else piece
    return [part.strip() for part in parts]


def defused(text: str) -> str:
    """A CSV cell that no table program takes for a formula: an apostrophe stands before what would be one."""
    return f"'{text}" if text[:1] in set(_ACTIVE) or _DEFUSED.match(text) else text


def restored(text: str) -> str:
    """The cell ``defused`` was given."""
    return text[1:] if _DEFUSED.match(text) else text


# -- CSV ------------------------------------------------------------------------------------------------


def read_csv(layout: Layout, text: str, problems: list[Problem]) -> Sheet:
    """The rows of a CSV text; rows count as a table program shows them, whatever lines their cells have."""
    try:
        return read_sheet(layout, csv_grid(layout.name, text), problems)
    except csv.Error:
        problems.append(Problem(layout.name, 0, "", "not_csv"))
        return Sheet(layout, whole=False)


def csv_grid(title: str, text: str, most: int | None = None) -> Grid:
    """The cells of a CSV text, of ``most`` rows when given; csv.Error when it is none."""
    reader = islice(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), strict=True), most)
    return Grid(title, [(n, [restored(cell) for cell in cells]) for n, cells in enumerate(reader, start=1)], even=True)


def write_csv(table: Table) -> str:
    """The CSV text of a table: table programs read its Chinese by the mark at its beginning, and run nothing of it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([table.layout.names, *([defused(cell) for cell in row] for row in table.rows)])
    return BOM + out.getvalue()
