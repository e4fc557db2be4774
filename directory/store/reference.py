"""Rows of the reference data: areas, places, functions, powers, units, calendar days, and their version."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

import msgspec
from sqlalchemy import Boolean, Column, Date, Integer, RowMapping, Select, String, Table, and_, delete, select, update

from directory.model import (
    Area,
    CalendarDay,
    City,
    CityData,
    DayKind,
    FormerName,
    Heir,
    Level,
    Place,
    PlaceKind,
    Unit,
)
from directory.store.spots import load_spots, spot_row, spots
from kernel.database import Json, Moment, Tx, metadata

Row = dict[str, Any]

_STATE = 1  # the one row of directory_state
_BATCH = 200

states = Table(
    "directory_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("changed_at", Moment),
)

cities = Table(
    "city", metadata, Column("area_code", String(32), primary_key=True), Column("settings", Json, nullable=False)
)

areas = Table(
    "area",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("level", String(10), nullable=False),
    Column("parent", String(32), nullable=False),
    Column("aliases", Json, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("rank", Integer, nullable=False),
)

places = Table(
    "place",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("town", String(32), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("aliases", Json, nullable=False),
    Column("owner", String(32), nullable=False),
)

functions = Table(
    "function",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("rank", Integer, nullable=False),
)

powers = Table(
    "power",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("rank", Integer, nullable=False),
)

units = Table(
    "unit",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("short_name", String(100), nullable=False),
    Column("level", String(10), nullable=False),
    Column("area", String(32), nullable=False),
    Column("functions", Json, nullable=False),
    Column("powers", Json, nullable=False),
    Column("parent", String(32), nullable=False),
    Column("hours", String(20), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("also", Json, nullable=False),
    Column("former", Json, nullable=False),
    Column("successor", String(32), nullable=False),
    Column("heirs", Json, nullable=False),
    Column("approval", Boolean, nullable=False),
    Column("rank", Integer, nullable=False),
)

days = Table(
    "calendar_day",
    metadata,
    Column("date", Date, primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("name", String(100), nullable=False),
)


class Gone(Enum):
    """What becomes of a row that the data no longer hold."""

    DELETED = "deleted"
    RETIRED = "retired"  # kept, inactive: tickets name it
    KEPT = "kept"  # kept as it is: tickets name it


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One table and the rows the data give it."""

    table: Table
    rows: Callable[[CityData], list[Row]]
    gone: Gone

    @property
    def keys(self) -> list[str]:
        return [column.name for column in self.table.primary_key.columns]

    @property
    def ranked(self) -> bool:
        """Whether the rows keep the order of the file."""
        return "rank" in self.table.c

    def key(self, row: Row | RowMapping) -> tuple[object, ...]:
        return tuple(row[name] for name in self.keys)


def _plain(item: object) -> Row:
    """The item as it comes back from a JSON column, so that the two can be compared."""
    return msgspec.json.decode(msgspec.json.encode(item), type=Row)


_SHEETS = (
    _Sheet(
        cities,
        lambda data: [{"area_code": c.area_code, "settings": _plain(c)} for c in [data.city] if c],
        Gone.DELETED,
    ),
    _Sheet(areas, lambda data: [_plain(each) for each in data.areas], Gone.RETIRED),
    _Sheet(places, lambda data: [_plain(each) for each in data.places], Gone.DELETED),
    _Sheet(
        functions,
        lambda data: [{"code": code, "name": name} for code, name in data.functions.items()],
        Gone.KEPT,
    ),
    _Sheet(powers, lambda data: [{"code": code, "name": name} for code, name in data.powers.items()], Gone.KEPT),
    _Sheet(units, lambda data: [_plain(each) for each in data.units], Gone.RETIRED),
    _Sheet(
        days, lambda data: [{"date": d.date, "kind": d.kind.value, "name": d.name} for d in data.days], Gone.DELETED
    ),
    _Sheet(spots, lambda data: [spot_row(each) for each in data.spots], Gone.DELETED),
)


async def version(tx: Tx) -> int:
    """The version of the reference data, 0 before the first import."""
    return int(await tx.scalar(select(states.c.version).where(states.c.id == _STATE)) or 0)


async def version_held(tx: Tx) -> int:
    """The version, which nobody changes until the transaction ends; others may hold it as well."""
    query = select(states.c.version).where(states.c.id == _STATE)
    return int(await tx.scalar(query.with_for_update(read=True)) or 0)


async def lock(tx: Tx) -> int:
    """The version, for whoever is about to change the data: changes follow each other and wait for those who hold."""
    statement = tx.insert(states).values(id=_STATE, version=0, changed_at=None)
    await tx.execute(statement.on_conflict_do_nothing(index_elements=["id"]))
    return int(await tx.scalar(select(states.c.version).where(states.c.id == _STATE).with_for_update()))


async def load(tx: Tx) -> CityData:
    """All reference data, in the order of the files."""
    city = await tx.row(select(cities))
    return CityData(
        city=None if city is None else msgspec.convert(city["settings"], City),
        areas=tuple(_area(row) for row in await tx.rows(select(areas).order_by(areas.c.rank, areas.c.code))),
        places=tuple(_place(row) for row in await tx.rows(select(places).order_by(places.c.town, places.c.name))),
        functions={row["code"]: row["name"] for row in await tx.rows(_by_rank(functions))},
        powers={row["code"]: row["name"] for row in await tx.rows(_by_rank(powers))},
        units=await load_units(tx),
        days=tuple(
            CalendarDay(row["date"], DayKind(row["kind"]), row["name"])
            for row in await tx.rows(select(days).order_by(days.c.date))
        ),
        spots=await load_spots(tx),
    )


async def load_units(tx: Tx) -> tuple[Unit, ...]:
    """All units, also those no longer active."""
    return tuple(_unit(row) for row in await tx.rows(_by_rank(units)))


async def save_units(tx: Tx, changed: Sequence[Unit]) -> None:
    """Write units that were changed; new ones come last."""
    ranks = {row["code"]: row["rank"] for row in await tx.rows(select(units.c.code, units.c.rank))}
    last = max(ranks.values(), default=-1)
    sheet = next(sheet for sheet in _SHEETS if sheet.table is units)
    rows = []
    for unit in changed:
        last += unit.code not in ranks
        rows.append({**_plain(unit), "rank": ranks.get(unit.code, last)})
    await _upsert(tx, sheet, rows)


def _by_rank(table: Table) -> Select[Any]:
    return select(table).order_by(table.c.rank, table.c.code)


async def save(tx: Tx, data: CityData) -> dict[str, int]:
    """Make the tables say what ``data`` say; gives the number of rows changed by table, empty when none was."""
    await lock(tx)
    counts = {sheet.table.name: await _save_sheet(tx, sheet, sheet.rows(data)) for sheet in _SHEETS}
    return {name: count for name, count in counts.items() if count}


async def load_calendar(tx: Tx) -> tuple[City | None, tuple[CalendarDay, ...]]:
    """The city and its days only."""
    city = await tx.row(select(cities))
    found = await tx.rows(select(days).order_by(days.c.date))
    shown = tuple(CalendarDay(row["date"], DayKind(row["kind"]), row["name"]) for row in found)
    return (None if city is None else msgspec.convert(city["settings"], City)), shown


async def save_calendar(tx: Tx, city: City, shown: Sequence[CalendarDay]) -> dict[str, int]:
    """Make the city's row and its days say this; gives the number of rows changed by table."""
    data = CityData(city=city, days=tuple(shown))
    sheets = [sheet for sheet in _SHEETS if sheet.table in {cities, days}]
    counts = {sheet.table.name: await _save_sheet(tx, sheet, sheet.rows(data)) for sheet in sheets}
    return {name: count for name, count in counts.items() if count}


async def next_version(tx: Tx, now: datetime) -> int:
    """Count the version up; gives the new one."""
    await tx.execute(update(states).where(states.c.id == _STATE).values(version=states.c.version + 1, changed_at=now))
    return await version(tx)


async def _save_sheet(tx: Tx, sheet: _Sheet, rows: Sequence[Row]) -> int:
    before = {sheet.key(row): dict(row) for row in await tx.rows(select(sheet.table))}
    after = {sheet.key(row): row for row in rows}
    if sheet.ranked:
        after = _ranked(after, before, keep=sheet.gone is Gone.KEPT)
    changed = [row for key, row in after.items() if before.get(key) != row]
    for start in range(0, len(changed), _BATCH):
        await _upsert(tx, sheet, changed[start : start + _BATCH])
    gone = [row for key, row in before.items() if key not in after]
    if sheet.gone is Gone.RETIRED:
        gone = [row for row in gone if row["active"]]
    if sheet.gone is not Gone.KEPT:
        for row in gone:
            await _remove(tx, sheet, row)
        return len(changed) + len(gone)
    return len(changed)


def _ranked(
    after: Mapping[tuple[object, ...], Row], before: Mapping[tuple[object, ...], Row], *, keep: bool
) -> dict[tuple[object, ...], Row]:
    """The rows with ranks that put them in order; those in order already keep theirs, so that nothing of them changes.

    With ``keep`` the rows that are gone stay, behind the others.
    """
    rows = dict(after)
    if keep:
        rows |= {key: row for key, row in sorted(before.items(), key=lambda item: item[1]["rank"]) if key not in after}
    last = -1
    for key, row in rows.items():
        rank = before[key]["rank"] if key in before else -1
        last = rank if rank > last else last + 1
        rows[key] = {**row, "rank": last}
    return rows


async def _upsert(tx: Tx, sheet: _Sheet, rows: Sequence[Row]) -> None:
    statement = tx.insert(sheet.table).values(list(rows))
    others = {column.name: statement.excluded[column.name] for column in sheet.table.c if not column.primary_key}
    await tx.execute(statement.on_conflict_do_update(index_elements=sheet.keys, set_=others))


async def _remove(tx: Tx, sheet: _Sheet, row: Row) -> None:
    this = and_(*(sheet.table.c[name] == row[name] for name in sheet.keys))
    if sheet.gone is Gone.RETIRED:
        await tx.execute(update(sheet.table).where(this).values(active=False))
    else:
        await tx.execute(delete(sheet.table).where(this))


def _area(row: RowMapping) -> Area:
    return Area(row["code"], row["name"], Level(row["level"]), row["parent"], tuple(row["aliases"]), row["active"])


def _place(row: RowMapping) -> Place:
    return Place(row["name"], PlaceKind(row["kind"]), row["town"], tuple(row["aliases"]), row["owner"])


def _unit(row: RowMapping) -> Unit:
    return Unit(
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        level=Level(row["level"]),
        area=row["area"],
        functions=tuple(row["functions"]),
        powers=tuple(row["powers"]),
        parent=row["parent"],
        hours=row["hours"],
        active=row["active"],
        also=tuple(row["also"]),
        former=msgspec.convert(row["former"], tuple[FormerName, ...]),
        successor=row["successor"],
        heirs=msgspec.convert(row["heirs"], tuple[Heir, ...]),
        approval=row["approval"],
    )
