"""Rows of cases, of what they count for, and of the sums: reports read sums, and a number's tickets by their index."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Float,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    and_,
    func,
    or_,
    select,
)

from analytics.model import Grain, Slice, Version
from analytics.rules.cases import Case
from analytics.rules.scoring import Share
from kernel.database import Json, Moment, Tx, metadata, only_where

cases = Table(
    "measured_case",
    metadata,
    Column("number", String(24), primary_key=True),
    Column("person", String(32), nullable=False),
    Column("matter", String(40), nullable=False),
    Column("opened", Moment),
    Column("closed", Moment),
    Column("look_at", Moment),
    Column("body", Json, nullable=False),
    Index("ix_measured_case_person", "person", "matter"),
    Index("ix_measured_case_look", "look_at", **only_where("look_at IS NOT NULL")),
)

parts = Table(
    "measured_part",
    metadata,
    Column("number", String(24), primary_key=True),
    Column("measure", String(20), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("day", Date, nullable=False),
    Column("unit", String(32), nullable=False),
    Column("matter", String(40), nullable=False),
    Column("area", String(32), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("numerator", Float, nullable=False),
    Column("denominator", Integer, nullable=False),
    Column("excluded", Boolean, nullable=False),
    Column("lawful", Boolean, nullable=False),
    Index("ix_measured_part_day", "measure", "day", "number"),
    Index("ix_measured_part_unit", "measure", "unit", "day"),
    Index("ix_measured_part_place", "measure", "matter", "day"),
)

KEY = ("grain", "measure", "day", "unit", "matter", "area", "channel")
SUMS = ("all_num", "all_den", "kept_num", "kept_den", "score_num", "score_den")
rollups = Table(
    "rollup",
    metadata,
    Column("grain", String(8), primary_key=True),
    Column("measure", String(20), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("unit", String(32), primary_key=True),
    Column("matter", String(40), primary_key=True),
    Column("area", String(32), primary_key=True),
    Column("channel", String(20), primary_key=True),
    *(Column(name, Float, nullable=False) for name in SUMS),
    Index("ix_rollup_unit", "grain", "unit", "day"),
    Index("ix_rollup_day", "grain", "day"),
    Index("ix_rollup_matter", "matter", "day", **only_where("matter <> ''")),
)


@dataclass(frozen=True, slots=True)
class Row:
    """What one ticket counts for one measure once; ``excluded`` and ``lawful`` say in which versions it does not."""

    number: str
    measure: str
    place: int
    day: date
    unit: str
    matter: str
    area: str
    channel: str
    numerator: float
    denominator: int
    excluded: bool
    lawful: bool


@dataclass(frozen=True, slots=True)
class Drilled:
    """A ticket behind a number."""

    number: str
    day: date
    unit: str
    numerator: float
    denominator: int
    excluded: bool


async def cases_of(tx: Tx, numbers: Collection[str]) -> dict[str, Case]:
    """The cases there are, by number."""
    rows = await tx.rows(select(cases.c.body).where(cases.c.number.in_(numbers)))
    found = [msgspec.convert(row["body"], Case) for row in rows]
    return {case.number: case for case in found}


async def cases_of_people(tx: Tx, people: Collection[str], since: datetime) -> list[Case]:
    """What some people told of, and what of it ended since then."""
    query = select(cases.c.body).where(cases.c.person.in_(people), cases.c.person != "", cases.c.closed >= since)
    return [msgspec.convert(row["body"], Case) for row in await tx.rows(query)]


async def waiting(tx: Tx, now: datetime, limit: int) -> list[Case]:
    """Cases that count differently by now, though nothing happened."""
    query = select(cases.c.body).where(cases.c.look_at <= now).order_by(cases.c.look_at, cases.c.number).limit(limit)
    return [msgspec.convert(row["body"], Case) for row in await tx.rows(query)]


async def keep_cases(tx: Tx, changed: Iterable[tuple[Case, datetime | None]]) -> None:
    """Write cases down, each with the moment it has to be looked at again."""
    rows = [
        {
            "number": case.number,
            "person": case.person,
            "matter": case.matter,
            "opened": case.opened,
            "closed": case.closed,
            "look_at": look_at,
            "body": msgspec.to_builtins(case),
        }
        for case, look_at in changed
    ]
    if not rows:
        return
    statement = tx.insert(cases)
    kept = {name: statement.excluded[name] for name in rows[0] if name != "number"}
    await tx.execute(statement.on_conflict_do_update(index_elements=["number"], set_=kept), rows)


async def parts_of(tx: Tx, numbers: Collection[str]) -> list[Row]:
    """What some tickets counted for until now."""
    query = select(parts).where(parts.c.number.in_(numbers))
    return [Row(**row) for row in await tx.rows(query)]


async def replace_parts(tx: Tx, before: Collection[Row], after: Collection[Row]) -> None:
    """Tickets count for ``after`` and no more for ``before``; the sums follow by the difference."""
    gone, new = set(before) - set(after), set(after) - set(before)
    if not gone and not new:
        return
    kept = {(row.number, row.measure, row.place) for row in new}
    dropped = [row for row in gone if (row.number, row.measure, row.place) not in kept]
    for row in dropped:
        same = and_(parts.c.number == row.number, parts.c.measure == row.measure, parts.c.place == row.place)
        await tx.execute(parts.delete().where(same))
    if new:
        statement = tx.insert(parts)
        changed = {column.name: statement.excluded[column.name] for column in parts.c if not column.primary_key}
        statement = statement.on_conflict_do_update(index_elements=["number", "measure", "place"], set_=changed)
        await tx.execute(statement, [msgspec.to_builtins(row, builtin_types=(date,)) for row in new])
    await _add(tx, difference(gone, new))


def difference(gone: Iterable[Row], new: Iterable[Row]) -> dict[tuple[Any, ...], list[float]]:
    """By how much the sums change, by KEY, in the order of SUMS, when ``gone`` count no more and ``new`` do."""
    sums: dict[tuple[Any, ...], list[float]] = {}
    for sign, rows in ((-1, gone), (1, new)):
        for row in rows:
            kept, scored = not row.excluded, not row.excluded and not row.lawful
            pair = (sign * row.numerator, sign * row.denominator)
            more = [each * counts for counts in (True, kept, scored) for each in pair]
            for key in _keys(row):
                had = sums.setdefault(key, [0.0] * len(SUMS))
                sums[key] = [a + b for a, b in zip(had, more, strict=True)]
    return {key: more for key, more in sums.items() if any(more)}


def _keys(row: Row) -> Iterable[tuple[Any, ...]]:
    about = (row.measure, row.day)
    yield (Grain.CITY.value, *about, "", "", "", "")
    yield (Grain.PLACE.value, *about, "", row.matter, row.area, "")
    yield (Grain.CHANNEL.value, *about, "", "", "", row.channel)
    if row.unit:
        yield (Grain.UNIT.value, *about, row.unit, "", "", "")


async def _add(tx: Tx, sums: Mapping[tuple[Any, ...], Sequence[float]]) -> None:
    if not sums:
        return
    statement = tx.insert(rollups)
    more = {name: rollups.c[name] + statement.excluded[name] for name in SUMS}
    # In one order always, so that two processes never wait for each other's rows.
    rows = [dict(zip((*KEY, *SUMS), (*key, *sums[key]), strict=True)) for key in sorted(sums)]
    await tx.execute(statement.on_conflict_do_update(index_elements=KEY, set_=more), rows)


# -- reading ----------------------------------------------------------------------------------------------


def _grain(part: Slice) -> Grain:
    if part.unit:
        return Grain.UNIT
    if part.matter or part.area:
        return Grain.PLACE
    return Grain.CHANNEL if part.channel else Grain.CITY


def _of(part: Slice) -> ColumnElement[bool]:
    where = [rollups.c.grain == _grain(part).value, rollups.c.day >= part.since, rollups.c.day <= part.until]
    if part.unit:
        where.append(rollups.c.unit.in_(part.units))
    if part.matter:
        where.append(rollups.c.matter == part.matter)
    if part.area:
        where.append(rollups.c.area.startswith(part.area, autoescape=True))
    if part.channel:
        where.append(rollups.c.channel == part.channel)
    return and_(*where)


def _sum(name: str) -> ColumnElement[float]:
    return func.sum(rollups.c[name]).label(name)


async def shares(tx: Tx, part: Slice) -> dict[str, dict[Version, Share]]:
    """Every measure in both versions."""
    query = select(rollups.c.measure, *map(_sum, SUMS[:4])).where(_of(part)).group_by(rollups.c.measure)
    return {row["measure"]: _versions(row) for row in await tx.rows(query)}


async def by_day(tx: Tx, part: Slice) -> dict[date, dict[str, dict[Version, Share]]]:
    """Every measure of every day."""
    query = select(rollups.c.day, rollups.c.measure, *map(_sum, SUMS[:4])).where(_of(part))
    days: dict[date, dict[str, dict[Version, Share]]] = {}
    for row in await tx.rows(query.group_by(rollups.c.day, rollups.c.measure)):
        days.setdefault(row["day"], {})[row["measure"]] = _versions(row)
    return days


def _versions(row: RowMapping) -> dict[Version, Share]:
    return {
        Version.ALL: Share(row["all_num"], round(row["all_den"])),
        Version.KEPT: Share(row["kept_num"], round(row["kept_den"])),
    }


async def scored(
    tx: Tx, since: date, until: date, grain: Grain, unit: str = ""
) -> dict[str, dict[str, tuple[Share, Share]]]:
    """By unit (empty for the city) and measure: what counts, and what counts without lawful refusals."""
    names = SUMS[2:]
    query = select(rollups.c.unit, rollups.c.measure, *map(_sum, names)).where(
        rollups.c.grain == grain.value, rollups.c.day >= since, rollups.c.day <= until
    )
    if unit:
        query = query.where(rollups.c.unit == unit)
    found: dict[str, dict[str, tuple[Share, Share]]] = {}
    for row in await tx.rows(query.group_by(rollups.c.unit, rollups.c.measure)):
        kept = Share(row["kept_num"], round(row["kept_den"]))
        found.setdefault(row["unit"], {})[row["measure"]] = kept, Share(row["score_num"], round(row["score_den"]))
    return found


async def hottest(tx: Tx, since: date, until: date, limit: int) -> list[tuple[str, str, int]]:
    """Matter, town and how many tickets: the most first."""
    many = func.sum(rollups.c.all_den).label("many")
    query = (
        select(rollups.c.matter, rollups.c.area, many)
        .where(
            rollups.c.grain == Grain.PLACE.value,
            rollups.c.measure == "volume",
            rollups.c.day >= since,
            rollups.c.day <= until,
            rollups.c.matter != "",
        )
        .group_by(rollups.c.matter, rollups.c.area)
        .having(func.sum(rollups.c.all_den) > 0)
        .order_by(many.desc(), rollups.c.matter, rollups.c.area)
    )
    return [(row["matter"], row["area"], round(row["many"])) for row in await tx.rows(query.limit(limit))]


async def drill(
    tx: Tx, measure: str, part: Slice, version: Version, hit: bool | None, limit: int, after: tuple[date, str] | None
) -> list[Drilled]:
    """The tickets behind a number, the newest first: all, those in the numerator, or those that are not."""
    where = [parts.c.measure == measure, parts.c.day >= part.since, parts.c.day <= part.until]
    for column, value in ((parts.c.matter, part.matter), (parts.c.channel, part.channel)):
        if value:
            where.append(column == value)
    if part.unit:
        where.append(parts.c.unit.in_(part.units))
    if part.area:
        where.append(parts.c.area.startswith(part.area, autoescape=True))
    if version is Version.KEPT:
        where.append(parts.c.excluded.is_(False))
    if hit is not None:
        where.append(parts.c.numerator > 0 if hit else parts.c.numerator == 0)
    if after is not None:
        day, number = after
        where.append(or_(parts.c.day < day, and_(parts.c.day == day, parts.c.number < number)))
    query = select(parts).where(*where).order_by(parts.c.day.desc(), parts.c.number.desc()).limit(limit)
    return [
        Drilled(row["number"], row["day"], row["unit"], row["numerator"], row["denominator"], row["excluded"])
        for row in await tx.rows(query)
    ]
