"""Reads matters.csv: every wrong cell is named by row and column, and nothing is taken unless all is right."""

import csv
import io
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from directory.model import Level
from ticketing.model import Matter, TicketKind, Urgency

FILE = "matters.csv"
COLUMNS = (
    *("code", "level1", "level2", "name", "keywords", "examples", "kind", "function", "owner_level"),
    *("needs_power", "supports", "urgency", "asks", "basis"),
)
LONGEST_CODE = 40
E_ = TypeVar("E_", bound=Enum)
Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell; ``row`` counts from 1 with the header."""

    row: int
    column: str
    code: str
    value: str = ""

    @property
    def where(self) -> str:
        """File, row and column in one word."""
        return f"{FILE}:{self.row}:{self.column}"


def read_matters(text: str, is_function: Known, is_power: Known) -> tuple[tuple[Matter, ...], tuple[Problem, ...]]:
    """The matters of the file's text and what is wrong with it; the two say which codes there are."""
    problems: list[Problem] = []
    found: dict[str, Matter] = {}
    for number, cells in _rows(text, problems):
        row = _Row(number, cells, problems)
        matter = row.matter(is_function, is_power)
        if matter is None:
            continue
        if matter.code in found:
            row.wrong("code", "repeated")
        found[matter.code] = matter
    return tuple(found.values()), tuple(problems)


def _rows(text: str, problems: list[Problem]) -> Iterator[tuple[int, Mapping[str, str]]]:
    reader = csv.DictReader(io.StringIO(text), strict=True)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        problems.extend(Problem(1, name, "column_missing") for name in missing)
        return
    try:
        for cells in reader:
            if None in cells or any(value is None for value in cells.values()):
                problems.append(Problem(reader.line_num, "", "wrong_number_of_cells"))
                continue
            yield reader.line_num, cells
    except csv.Error:
        problems.append(Problem(reader.line_num, "", "unreadable"))


class _Row:
    """One row of the file; what is wrong is collected, not raised."""

    def __init__(self, number: int, cells: Mapping[str, str], problems: list[Problem]) -> None:
        self._number = number
        self._cells = cells
        self._problems = problems

    def wrong(self, column: str, code: str) -> None:
        """Note a problem."""
        self._problems.append(Problem(self._number, column, code, self._cells.get(column, "")[:40]))

    def matter(self, is_function: Known, is_power: Known) -> Matter | None:
        """The matter of the row; None when a cell it cannot do without is wrong."""
        code, name = self._text("code", LONGEST_CODE), self._text("name", 60)
        kind, urgency = self._choice("kind", TicketKind), self._choice("urgency", Urgency)
        level = self._choice("owner_level", Level)
        self._listed("function", [self._cells["function"].strip()], is_function)
        power = self._cells["needs_power"].strip()
        self._listed("needs_power", [power] if power else [], is_power)
        supports = self._several("supports")
        self._listed("supports", supports, is_function)
        if not self._several("keywords"):
            self.wrong("keywords", "required")
        if not (code and name and kind and urgency and level):
            return None
        return Matter(
            code, self._text("level1", 60), self._text("level2", 60), name, self._several("keywords"),
            self._several("examples"), kind, self._cells["function"].strip(), level, power, supports, urgency,
            self._several("asks"), self._several("basis"),
        )  # fmt: skip

    def _text(self, column: str, longest: int) -> str:
        value = self._cells[column].strip()
        if not value:
            self.wrong(column, "required")
        elif len(value) > longest:
            self.wrong(column, "too_long")
        return value

    def _several(self, column: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self._cells[column].split("|") if part.strip())

    def _choice(self, column: str, kind: type[E_]) -> E_ | None:
        try:
            return kind(self._cells[column].strip().lower())
        except ValueError:
            self.wrong(column, "not_in_list")
            return None

    def _listed(self, column: str, values: Collection[str], known: Known) -> None:
        if any(not known(value) for value in values):
            self.wrong(column, "unknown")
