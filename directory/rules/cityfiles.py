"""A city's sheets become reference data, or a list of everything that is wrong with them, by sheet, row and column."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from directory.model import Area, CalendarDay, City, CityData, DayKind, Level, Place, PlaceKind, Unit
from directory.rules.citysheets import (
    ALL_DAY,
    CITY,
    COORDINATES,
    LAYOUTS,
    OPTIONAL,
    SETTINGS,
    TABLES,
    TEXTS,
    unit_table,
)
from directory.rules.coordinates import read_spots
from directory.rules.reference import calendar_of
from kernel.sheets import BOM, HEADER_ROW, Codes, Problem, Row, Sheet, read_csv, split_parts, write_csv

CITY_FILE = "city.toml"
FILES = (CITY_FILE, *(f"{layout.name}.csv" for layout in TABLES))
# A folder may do without it.
COORDINATES_FILE = f"{COORDINATES.name}.csv"

_HOURS = re.compile(r"([0-9:]{5})\s*-\s*([0-9:]{5})")
_UNIT_HOURS = ("", ALL_DAY)
_ABOVE = {Level.CITY: None, Level.DISTRICT: Level.CITY, Level.TOWN: Level.DISTRICT, Level.VILLAGE: Level.TOWN}
_ORDER = [layout.name for layout in LAYOUTS]


def read_city_files(texts: Mapping[str, str]) -> tuple[CityData, tuple[Problem, ...]]:
    """The data of the files of a folder, given by name; they may be used only when there is no problem."""
    problems = [Problem(file.partition(".")[0], 0, "", "file_missing") for file in FILES if file not in texts]
    sheets = {}
    for layout in TABLES:
        text = texts.get(f"{layout.name}.csv")
        sheets[layout.name] = Sheet(layout, whole=False) if text is None else read_csv(layout, text, problems)
    text = texts.get(COORDINATES_FILE)
    sheets[COORDINATES.name] = Sheet(COORDINATES) if text is None else read_csv(COORDINATES, text, problems)
    city = read_settings_file(texts[CITY_FILE], problems) if CITY_FILE in texts else None
    return read_city_sheets(sheets, city, problems)


def read_city_sheets(
    sheets: Mapping[str, Sheet], city: City | None, problems: list[Problem]
) -> tuple[CityData, tuple[Problem, ...]]:
    """The data of the sheets of a city, by their layouts' names, and all ``problems`` in the order of the sheets."""
    known = {name: Codes(sheet) for name, sheet in sheets.items()}
    areas = _areas(sheets["areas"].rows, city, known["areas"])
    by_code = {area.code: area for area in areas}
    if city is not None and sheets["areas"].whole and not any(area.level is Level.CITY for area in areas):
        problems.append(Problem("areas", HEADER_ROW, "level", "no_city", city.area_code))
    places = _places(sheets["places"].rows, by_code, known)
    data = CityData(
        city,
        areas,
        places,
        _names(sheets["functions"].rows),
        _names(sheets["powers"].rows),
        _units(sheets["units"].rows, by_code, known),
        _days(sheets["calendar"].rows, city),
        read_spots(sheets[COORDINATES.name].rows, areas, places, known["areas"]),
    )
    return data, tuple(sorted(problems, key=lambda problem: (_ORDER.index(problem.sheet), problem.row)))


# -- the city itself ------------------------------------------------------------------------------------


def read_settings_file(text: str, problems: list[Problem]) -> City | None:
    """The city of a city.toml; None when it is none."""

    def wrong(column: str, code: str, value: str = "") -> None:
        problems.append(Problem(CITY.name, 0, column, code, value))

    try:
        city = msgspec.convert(tomllib.loads(text), City)
    except tomllib.TOMLDecodeError as error:
        wrong("", "not_toml", str(error))
        return None
    except msgspec.ValidationError as error:
        wrong("", "setting_wrong", str(error))
        return None
    if fault := _calendar_fault(city):
        wrong(*fault)
    return city


def read_settings_sheet(sheet: Sheet, problems: list[Problem]) -> City | None:
    """The city of a sheet with a row for each setting; None when it is none."""
    if not sheet.whole:
        return None
    rows: dict[str, Row] = {}
    for row in sheet.rows:
        setting = row.text("setting")
        row.text("value")
        if setting not in SETTINGS | OPTIONAL and not (setting.startswith(TEXTS) and len(setting) > len(TEXTS)):
            row.wrong("setting", "unknown")
        elif setting in rows:
            row.wrong("setting", "repeated")
        else:
            rows[setting] = row
    missing = [name for name in SETTINGS if name not in rows]
    problems += [Problem(CITY.name, HEADER_ROW, "setting", "setting_missing", name) for name in missing]
    hours = _hours(rows["business_hours"]) if "business_hours" in rows else ()
    years = _years(rows["calendar_years"]) if "calendar_years" in rows else ()
    bounds = _bounds(rows["bounds"]) if "bounds" in rows else None
    if missing or any(row.is_faulty("value") for row in rows.values()):
        return None
    texts = {name.removeprefix(TEXTS): row.raw("value") for name, row in rows.items() if name.startswith(TEXTS)}
    fixed = {name: rows[name].raw("value") for name in SETTINGS if name not in {"business_hours", "calendar_years"}}
    city = City(**fixed, business_hours=hours, calendar_years=years, texts=texts, bounds=bounds)
    if fault := _calendar_fault(city):
        rows[fault[0]].wrong("value", fault[1])
    return city


def _hours(row: Row) -> tuple[tuple[str, str], ...]:
    found = [_HOURS.fullmatch(part) for part in split_parts(row.raw("value"))]
    if not all(found):
        row.wrong("value", "hours_malformed")
    return tuple((each.group(1), each.group(2)) for each in found if each)


def _bounds(row: Row) -> tuple[float, float, float, float] | None:
    try:
        south, west, north, east = map(float, split_parts(row.raw("value")))
    except ValueError:
        row.wrong("value", "bounds_malformed")
        return None
    if not (-90 <= south < north <= 90 and -180 <= west < east <= 180):
        row.wrong("value", "bounds_malformed")
    return south, west, north, east


def _years(row: Row) -> tuple[int, ...]:
    parts = [part.removesuffix(".0") for part in split_parts(row.raw("value"))]
    if not all(part.isdecimal() and len(part) == 4 for part in parts):
        row.wrong("value", "years_malformed")
        return ()
    return tuple(map(int, parts))


def _calendar_fault(city: City) -> tuple[str, str, str] | None:
    try:
        calendar_of(city, ())
    except ValueError as error:
        return ("zone" if "zone" in str(error) else "business_hours", "wrong", str(error))
    return None


# -- the tables -----------------------------------------------------------------------------------------


def _areas(rows: Sequence[Row], city: City | None, known: Codes) -> tuple[Area, ...]:
    read: list[tuple[Row, Area]] = []
    for row in rows:
        code, name, level = row.text("code"), row.text("name"), row.choice("level", Level)
        parent = row.text("parent", required=level not in {None, Level.CITY})
        aliases = row.parts("aliases")
        if level is not None:
            read.append((row, Area(code, name, level, parent, aliases)))
    _refuse_repeats(read, lambda area: area.code, "code")
    by_code = {area.code: area for _, area in read}
    for row, area in read:
        if area.level is Level.CITY and (area.parent or (city is not None and area.code != city.area_code)):
            row.wrong("code", "not_the_city_of_city_toml")
        elif area.parent and area.parent not in known:
            row.wrong("parent", "unknown")
        elif area.parent in by_code and by_code[area.parent].level is not _ABOVE[area.level]:
            row.wrong("parent", "parent_of_wrong_level")
    return tuple(area for _, area in read)


def _places(rows: Sequence[Row], areas: Mapping[str, Area], known: Mapping[str, Codes]) -> tuple[Place, ...]:
    read: list[tuple[Row, Place]] = []
    for row in rows:
        name, kind, town, owner = row.text("name"), row.choice("kind", PlaceKind), row.text("town"), row.text("owner")
        aliases = row.parts("aliases")
        if town and (town not in known["areas"] or (town in areas and areas[town].level is not Level.TOWN)):
            row.wrong("town", "unknown_town")
        if owner and owner not in known["units"]:
            row.wrong("owner", "unknown_unit")
        if kind is not None:
            read.append((row, Place(name, kind, town, aliases, owner)))
    _refuse_repeats(read, lambda place: (place.name, place.town), "name")
    return tuple(place for _, place in read)


def _names(rows: Sequence[Row]) -> dict[str, str]:
    read = [(row, (row.text("code"), row.text("name"))) for row in rows]
    _refuse_repeats(read, lambda pair: pair[0], "code")
    return dict(pair for _, pair in read)


def _units(rows: Sequence[Row], areas: Mapping[str, Area], known: Mapping[str, Codes]) -> tuple[Unit, ...]:
    read: list[tuple[Row, Unit]] = []
    for row in rows:
        level = row.choice("level", Level)
        unit = Unit(
            code=row.text("code"),
            name=row.text("name"),
            short_name=row.text("short_name"),
            level=level or Level.CITY,
            area=row.text("area"),
            functions=row.parts("functions"),
            powers=row.parts("powers"),
            parent=row.text("parent"),
            hours=row.text("hours"),
            also=row.parts("also"),
            approval=row.text("approval") == "yes",
        )
        if unit.area and unit.area not in known["areas"]:
            row.wrong("area", "unknown")
        elif unit.area in areas and level is not None and areas[unit.area].level is not level:
            row.wrong("level", "level_is_not_the_areas")
        if any(code not in known["areas"] or (code in areas and areas[code].level is not level) for code in unit.also):
            row.wrong("also", "area_of_other_level")
        for column, codes in (("functions", unit.functions), ("powers", unit.powers)):
            if strangers := [each for each in codes if each not in known[column]]:
                row.wrong(column, "unknown", "|".join(strangers))
        if unit.hours not in _UNIT_HOURS:
            row.wrong("hours", "unknown")
        read.append((row, unit))
    _refuse_repeats(read, lambda unit: unit.code, "code")
    _refuse_wrong_parents(read, known["units"])
    return tuple(unit for _, unit in read)


def units_file(units: Iterable[Unit]) -> str:
    """The units.csv that says what the active units are now, without a mark of its encoding."""
    return write_csv(unit_table(units)).removeprefix(BOM)


def _refuse_wrong_parents(read: Sequence[tuple[Row, Unit]], known: Codes) -> None:
    parents = {unit.code: unit.parent for _, unit in read}
    for row, unit in read:
        if unit.parent and unit.parent not in known:
            row.wrong("parent", "unknown")
            continue
        seen, at = {unit.code}, unit.parent
        while at and at not in seen:
            seen.add(at)
            at = parents.get(at, "")
        if at and at == unit.code:
            row.wrong("parent", "circle")


def _days(rows: Sequence[Row], city: City | None) -> tuple[CalendarDay, ...]:
    read: list[tuple[Row, CalendarDay]] = []
    for row in rows:
        day, kind, name = row.day("date"), row.choice("kind", DayKind), row.text("name")
        if day is not None and city is not None and day.year not in city.calendar_years:
            row.wrong("date", "year_not_announced")
        elif day is not None and kind is not None:
            read.append((row, CalendarDay(day, kind, name)))
    _refuse_repeats(read, lambda each: each.date, "date")
    return tuple(day for _, day in read)


_Item = TypeVar("_Item")


def _refuse_repeats(read: Sequence[tuple[Row, _Item]], key: Callable[[_Item], object], column: str) -> None:
    seen: set[object] = set()
    for row, item in read:
        if key(item) in seen:
            row.wrong(column, "repeated")
        seen.add(key(item))
