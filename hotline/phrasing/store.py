"""Rows of the wordings: written once, never changed; the newest of a key holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, String, Table, Text, and_, func, select

from kernel.database import Moment, Tx, metadata

phrase_texts = Table(
    "phrase_text",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    # none: as it comes with the program again
    Column("text", Text),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("why", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """What somebody made of a text; ``text`` None is the default."""

    key: str
    version: int
    text: str | None
    at: datetime
    by: str
    why: str


async def many(tx: Tx) -> int:
    """How many rows there are: it changes with every change."""
    return int(await tx.scalar(select(func.count()).select_from(phrase_texts)) or 0)


async def newest(tx: Tx) -> dict[str, Wording]:
    """The wording in force of every key that ever had one."""
    rows = phrase_texts.c
    last = select(rows.key, func.max(rows.version).label("version")).group_by(rows.key).subquery()
    query = select(phrase_texts).join(last, and_(last.c.key == rows.key, last.c.version == rows.version))
    return {row["key"]: Wording(**row) for row in await tx.rows(query)}


async def of_key(tx: Tx, key: str) -> Sequence[Wording]:
    """Every wording of a key, the newest first."""
    query = select(phrase_texts).where(phrase_texts.c.key == key).order_by(phrase_texts.c.version.desc())
    return [Wording(**row) for row in await tx.rows(query)]


async def add(tx: Tx, made: Wording) -> bool:
    """Keep a wording; False when another has its number already."""
    values = {name: getattr(made, name) for name in Wording.__slots__}
    statement = tx.insert(phrase_texts).values(**values)
    done = await tx.execute(statement.on_conflict_do_nothing(index_elements=["key", "version"]))
    return done.rowcount == 1
