"""A city's files become reference data, or a list of everything that is wrong with them, by file, row and column."""

import csv
import io
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

import msgspec

from directory.model import Area, CalendarDay, City, CityData, DayKind, Level, Place, PlaceKind, Unit
from directory.rules.reference import calendar_of

COLUMNS: Mapping[str, Sequence[str]] = {
    "areas.csv": ("code", "name", "level", "parent", "aliases"),
    "places.csv": ("name", "kind", "town", "aliases"),
    "functions.csv": ("code", "name"),
    "powers.csv": ("code", "name"),
    "units.csv": ("code", "name", "short_name", "level", "area", "functions", "powers", "parent", "hours"),
    "calendar.csv": ("date", "kind", "name"),
}
# Not every city's file has it: further areas of the unit's own level, parted by "|".
ALSO = "also"
# Nor this one: "yes" where a unit's results pass through its leader.
APPROVAL = "approval"
_YES_OR_NO = {"": False, "no": False, "yes": True}
CITY_FILE = "city.toml"
FILES = (CITY_FILE, *COLUMNS)

_LONGEST = 100
_CODE_LONGEST = 32
_UNIT_HOURS = ("", "24x7")
_ABOVE = {Level.CITY: None, Level.DISTRICT: Level.CITY, Level.TOWN: Level.DISTRICT, Level.VILLAGE: Level.TOWN}

_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: ``row`` as a text editor counts lines (1 is the header), ``code`` what, ``value`` what stood."""

    file: str
    row: int
    column: str
    code: str
    value: str = ""

    @property
    def where(self) -> str:
        """The place of the problem, e.g. ``areas.csv:12:parent``."""
        return f"{self.file}:{self.row}:{self.column}"


class _Row:
    """One row; reads its cells and notes what is wrong with them."""

    def __init__(self, file: str, number: int, cells: Mapping[str, str], problems: list[Problem]) -> None:
        self._file = file
        self._number = number
        self._cells = cells
        self._problems = problems

    def wrong(self, column: str, code: str) -> None:
        self._problems.append(Problem(self._file, self._number, column, code, self._cells.get(column, "")))

    def text(self, column: str, *, required: bool = True, longest: int = _LONGEST) -> str:
        value = self._cells.get(column, "")
        if required and not value:
            self.wrong(column, "missing")
        if len(value) > longest:
            self.wrong(column, "too_long")
        return value

    def code(self, column: str, *, required: bool = True) -> str:
        return self.text(column, required=required, longest=_CODE_LONGEST)

    def texts(self, column: str) -> tuple[str, ...]:
        found = [part.strip() for part in self._cells.get(column, "").split("|")]
        if any(len(part) > _LONGEST for part in found):
            self.wrong(column, "too_long")
        return tuple(dict.fromkeys(part for part in found if part))

    def choice(self, column: str, kind: type[_Choice]) -> _Choice | None:
        value = self.text(column)
        if value in {each.value for each in kind}:
            return kind(value)
        if value:
            self.wrong(column, "unknown")
        return None

    def day(self, column: str) -> date | None:
        value = self.text(column)
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.wrong(column, "date_invalid")
            return None


def read_city_files(texts: Mapping[str, str]) -> tuple[CityData, tuple[Problem, ...]]:
    """The data of the files, given by name; they may be used only when there is no problem."""
    problems = [Problem(file, 0, "", "file_missing") for file in FILES if file not in texts]
    sheets = {file: list(_rows(file, texts.get(file, ""), problems)) for file in COLUMNS if file in texts}
    city = _city(texts.get(CITY_FILE, ""), problems) if CITY_FILE in texts else None
    areas = _areas(sheets.get("areas.csv", []), city)
    by_code = {area.code: area for area in areas}
    functions = _names(sheets.get("functions.csv", []))
    powers = _names(sheets.get("powers.csv", []))
    data = CityData(
        city,
        areas,
        _places(sheets.get("places.csv", []), by_code),
        functions,
        powers,
        _units(sheets.get("units.csv", []), by_code, functions, powers),
        _days(sheets.get("calendar.csv", []), city),
    )
    return data, tuple(sorted(problems, key=lambda problem: (FILES.index(problem.file), problem.row)))


def _rows(file: str, text: str, problems: list[Problem]) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    try:
        header = [column.strip() for column in next(reader, [])]
        missing = [column for column in COLUMNS[file] if column not in header]
        problems += [Problem(file, 1, column, "column_missing") for column in missing]
        for cells in reader:
            if missing or not any(cell.strip() for cell in cells):
                continue
            row = _Row(file, reader.line_num, dict(zip(header, map(str.strip, cells), strict=False)), problems)
            if len(cells) != len(header):
                row.wrong("", "cells_do_not_fit_the_header")
                continue
            yield row
    except csv.Error:
        problems.append(Problem(file, reader.line_num, "", "not_csv"))


def _city(text: str, problems: list[Problem]) -> City | None:
    def wrong(column: str, code: str, value: str = "") -> None:
        problems.append(Problem(CITY_FILE, 0, column, code, value))

    try:
        city = msgspec.convert(tomllib.loads(text), City)
    except tomllib.TOMLDecodeError as error:
        wrong("", "not_toml", str(error))
        return None
    except msgspec.ValidationError as error:
        wrong("", "setting_wrong", str(error))
        return None
    try:
        calendar_of(city, ())
    except ValueError as error:
        wrong("business_hours" if "zone" not in str(error) else "zone", "wrong", str(error))
    return city


def _areas(rows: Sequence[_Row], city: City | None) -> tuple[Area, ...]:
    read: list[tuple[_Row, Area]] = []
    for row in rows:
        code, name, level = row.code("code"), row.text("name"), row.choice("level", Level)
        if level is not None:
            parent = row.code("parent", required=level is not Level.CITY)
            read.append((row, Area(code, name, level, parent, row.texts("aliases"))))
    _refuse_repeats(read, lambda area: area.code, "code")
    by_code = {area.code: area for _, area in read}
    for row, area in read:
        if area.level is Level.CITY and (area.parent or (city is not None and area.code != city.area_code)):
            row.wrong("code", "not_the_city_of_city_toml")
        elif area.parent and area.parent not in by_code:
            row.wrong("parent", "unknown")
        elif area.parent and by_code[area.parent].level is not _ABOVE[area.level]:
            row.wrong("parent", "parent_of_wrong_level")
    return tuple(area for _, area in read)


def _places(rows: Sequence[_Row], areas: Mapping[str, Area]) -> tuple[Place, ...]:
    read: list[tuple[_Row, Place]] = []
    for row in rows:
        name, kind, town = row.text("name"), row.choice("kind", PlaceKind), row.code("town")
        if town and (town not in areas or areas[town].level is not Level.TOWN):
            row.wrong("town", "unknown_town")
        elif kind is not None:
            read.append((row, Place(name, kind, town, row.texts("aliases"))))
    _refuse_repeats(read, lambda place: (place.name, place.town), "name")
    return tuple(place for _, place in read)


def _names(rows: Sequence[_Row]) -> dict[str, str]:
    read = [(row, (row.code("code"), row.text("name"))) for row in rows]
    _refuse_repeats(read, lambda pair: pair[0], "code")
    return dict(pair for _, pair in read)


def _units(
    rows: Sequence[_Row], areas: Mapping[str, Area], functions: Mapping[str, str], powers: Mapping[str, str]
) -> tuple[Unit, ...]:
    read: list[tuple[_Row, Unit]] = []
    for row in rows:
        level = row.choice("level", Level)
        unit = Unit(
            code=row.code("code"),
            name=row.text("name"),
            short_name=row.text("short_name"),
            level=level or Level.CITY,
            area=row.code("area"),
            functions=row.texts("functions"),
            powers=row.texts("powers"),
            parent=row.code("parent", required=False),
            hours=row.text("hours", required=False),
            also=row.texts(ALSO),
            approval=_YES_OR_NO.get(row.text(APPROVAL, required=False), False),
        )
        if row.text(APPROVAL, required=False) not in _YES_OR_NO:
            row.wrong(APPROVAL, "unknown")
        if unit.area and unit.area not in areas:
            row.wrong("area", "unknown")
        elif unit.area and level is not None and areas[unit.area].level is not level:
            row.wrong("level", "level_is_not_the_areas")
        if any(code not in areas or areas[code].level is not level for code in unit.also):
            row.wrong(ALSO, "area_of_other_level")
        if not set(unit.functions) <= functions.keys():
            row.wrong("functions", "unknown")
        if not set(unit.powers) <= powers.keys():
            row.wrong("powers", "unknown")
        if unit.hours not in _UNIT_HOURS:
            row.wrong("hours", "unknown")
        read.append((row, unit))
    _refuse_repeats(read, lambda unit: unit.code, "code")
    _refuse_wrong_parents(read)
    return tuple(unit for _, unit in read)


def units_file(units: Iterable[Unit]) -> str:
    """The units.csv that says what the active units are now."""
    text = io.StringIO()
    columns = [*COLUMNS["units.csv"], ALSO, APPROVAL]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for unit in units:
        cells = {name: getattr(unit, name) for name in columns} | {APPROVAL: "yes" if unit.approval else ""}
        writer.writerow(["|".join(cell) if isinstance(cell, tuple) else str(cell) for cell in cells.values()])
    return text.getvalue()


def _refuse_wrong_parents(read: Sequence[tuple[_Row, Unit]]) -> None:
    parents = {unit.code: unit.parent for _, unit in read}
    for row, unit in read:
        if unit.parent and unit.parent not in parents:
            row.wrong("parent", "unknown")
            continue
        seen, at = {unit.code}, unit.parent
        while at and at not in seen:
            seen.add(at)
            at = parents.get(at, "")
        if at == unit.code:
            row.wrong("parent", "circle")


def _days(rows: Sequence[_Row], city: City | None) -> tuple[CalendarDay, ...]:
    read: list[tuple[_Row, CalendarDay]] = []
    for row in rows:
        day, kind, name = row.day("date"), row.choice("kind", DayKind), row.text("name")
        if day is not None and city is not None and day.year not in city.calendar_years:
            row.wrong("date", "year_not_announced")
        elif day is not None and kind is not None:
            read.append((row, CalendarDay(day, kind, name)))
    _refuse_repeats(read, lambda each: each.date, "date")
    return tuple(day for _, day in read)


_Item = TypeVar("_Item")


def _refuse_repeats(read: Sequence[tuple[_Row, _Item]], key: Callable[[_Item], object], column: str) -> None:
    seen: set[object] = set()
    for row, item in read:
        if key(item) in seen:
            row.wrong(column, "repeated")
        seen.add(key(item))
