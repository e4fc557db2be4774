"""Rows of daily figures, and how far the journal was read into them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Column, Date, Index, Integer, String, Table, func, select, update

from kernel.database import Serial, Tx, metadata

figures = Table(
    "figure",
    metadata,
    Column("day", Date, primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("key", String(120), primary_key=True),
    Column("count", Serial, nullable=False, autoincrement=False),
    Index("ix_figure_name", "name", "day"),
)

positions = Table(
    "figure_position",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("position", Serial, nullable=False),
)

FIGURES, ROLL_UPS = 1, 2  # the rows of figure_position


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one day."""

    day: date
    name: str
    key: str
    count: int


async def position(tx: Tx, of: int = FIGURES) -> int:
    """The journal position up to which facts are counted; others wait until the transaction ends."""
    statement = tx.insert(positions).values(id=of, position=0)
    await tx.execute(statement.on_conflict_do_nothing(index_elements=["id"]))
    return int(await tx.scalar(select(positions.c.position).where(positions.c.id == of).with_for_update()))


async def move_to(tx: Tx, reached: int, of: int = FIGURES) -> None:
    """Facts up to ``reached`` are counted."""
    await tx.execute(update(positions).where(positions.c.id == of).values(position=reached))


async def add(tx: Tx, more: Mapping[tuple[date, str, str], int]) -> None:
    """Add to figures; those that were not there begin."""
    if not more:
        return
    statement = tx.insert(figures)
    statement = statement.on_conflict_do_update(
        index_elements=["day", "name", "key"], set_={"count": figures.c.count + statement.excluded.count}
    )
    # In one order always, so that two processes never wait for each other's rows.
    rows = [{"day": day, "name": name, "key": key, "count": more[day, name, key]} for day, name, key in sorted(more)]
    await tx.execute(statement, rows)


async def put(tx: Tx, day: date, numbers: Mapping[tuple[str, str], int]) -> None:
    """Numbers as they stand on ``day``, by name and key, in place of what stood there under these names."""
    names = {name for name, _ in numbers}
    await tx.execute(figures.delete().where(figures.c.day == day, figures.c.name.in_(names)))
    rows = [{"day": day, "name": name, "key": key, "count": numbers[name, key]} for name, key in sorted(numbers)]
    if rows:
        await tx.execute(figures.insert(), rows)


async def latest(tx: Tx, names: Collection[str], first: date, last: date, key: str = "") -> dict[str, int]:
    """Numbers as they stood on the last of the days on which they were taken; nothing when they never were."""
    day = await last_day(tx, names, first, last)
    return await totals(tx, names, day, day, key) if day else {}


async def last_day(tx: Tx, names: Collection[str], first: date, last: date) -> date | None:
    """The last of the days on which one of the numbers was taken."""
    within = figures.c.name.in_(names), figures.c.day >= first, figures.c.day <= last
    day: date | None = await tx.scalar(select(func.max(figures.c.day)).where(*within))
    return day


async def between(tx: Tx, first: date, last: date) -> Sequence[Figure]:
    """All figures of the days from ``first`` to ``last``."""
    query = select(figures).where(figures.c.day >= first, figures.c.day <= last)
    rows = await tx.rows(query.order_by(figures.c.day, figures.c.name, figures.c.key))
    return [Figure(row["day"], row["name"], row["key"], row["count"]) for row in rows]


async def by_value(tx: Tx, name: str, attribute: str, first: date, last: date) -> dict[str, int]:
    """The sums of a figure over the days by the values of one attribute, the greatest first."""
    many = func.sum(figures.c.count)
    query = select(figures.c.key, many.label("many")).where(
        figures.c.name == name,
        figures.c.key.startswith(f"{attribute}=", autoescape=True),
        figures.c.day >= first,
        figures.c.day <= last,
    )
    rows = await tx.rows(query.group_by(figures.c.key).order_by(many.desc(), figures.c.key))
    return {row["key"].partition("=")[2]: int(row["many"]) for row in rows}


async def totals(tx: Tx, names: Collection[str], first: date, last: date, key: str = "") -> dict[str, int]:
    """The sums of some figures over the days from ``first`` to ``last``."""
    query = select(figures.c.name, func.sum(figures.c.count).label("many")).where(
        figures.c.name.in_(names), figures.c.key == key, figures.c.day >= first, figures.c.day <= last
    )
    return {row["name"]: int(row["many"]) for row in await tx.rows(query.group_by(figures.c.name))}
