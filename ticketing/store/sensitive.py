"""Rows of the lists of sensitive words, and their version."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Boolean, Column, Integer, RowMapping, String, Table, Text, select, update

from kernel.database import Json, Moment, Tx, metadata
from ticketing.rules.sensitive import SensitiveWord

sensitive_words = Table(
    "sensitive_word",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(12), nullable=False),
    # as it is found: two entries of one kind that fold alike are one
    Column("folded", String(40), nullable=False, unique=True),
    Column("active", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Json, nullable=False),
)
sensitive_states = Table(
    "sensitive_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
)
sensitive_changes = Table(
    "sensitive_change",
    metadata,
    Column("word", String(32), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("why", Text, nullable=False),
    Column("body", Json, nullable=False),
)
_STATE = 1


async def version(tx: Tx) -> int:
    """The version of the lists; 0 before the first list was taken in."""
    found = await tx.scalar(select(sensitive_states.c.version).where(sensitive_states.c.id == _STATE))
    return int(found or 0)


async def next_version(tx: Tx) -> int:
    """One version more; whoever else changes the lists waits for this transaction."""
    statement = tx.insert(sensitive_states).values(id=_STATE, version=1)
    changed = {"version": sensitive_states.c.version + 1}
    statement = statement.on_conflict_do_update(index_elements=["id"], set_=changed)
    return int((await tx.execute(statement.returning(sensitive_states.c.version))).scalar_one())


async def all_words(tx: Tx) -> Sequence[SensitiveWord]:
    """Every entry, in the order they were made."""
    return [_word(row) for row in await tx.rows(select(sensitive_words).order_by(sensitive_words.c.id))]


async def by_id(tx: Tx, id_: str) -> SensitiveWord | None:
    """One entry, or None."""
    row = await tx.row(select(sensitive_words).where(sensitive_words.c.id == id_))
    return _word(row) if row else None


async def taken(tx: Tx, folded: Sequence[str]) -> dict[str, str]:
    """Which of these folded words there are already, with the ids of their entries."""
    query = select(sensitive_words.c.folded, sensitive_words.c.id).where(sensitive_words.c.folded.in_(folded))
    return {row["folded"]: row["id"] for row in await tx.rows(query)}


async def add(tx: Tx, found: Sequence[tuple[str, SensitiveWord]], why: str) -> int:
    """Keep new entries, each with its folded word; one that another process has just kept stays. Gives how many."""
    kept = 0
    for folded, word in found:
        values = _values(word) | {"id": word.id, "folded": folded}
        done = await tx.execute(tx.insert(sensitive_words).values(**values).on_conflict_do_nothing())
        if done.rowcount == 1:
            kept += 1
            await _note(tx, word, why)
    return kept


async def change(tx: Tx, folded: str, word: SensitiveWord, known: int, why: str) -> bool:
    """Keep a changed entry; False when somebody else has changed it since version ``known``."""
    mine = (sensitive_words.c.id == word.id) & (sensitive_words.c.version == known)
    done = await tx.execute(update(sensitive_words).where(mine).values(**_values(word), folded=folded))
    if done.rowcount == 1:
        await _note(tx, word, why)
    return bool(done.rowcount == 1)


async def history(tx: Tx, id_: str) -> list[tuple[SensitiveWord, str]]:
    """What became of an entry, the newest first, each with the reason that was given."""
    query = (
        select(sensitive_changes).where(sensitive_changes.c.word == id_).order_by(sensitive_changes.c.version.desc())
    )
    return [(msgspec.convert(row["body"], SensitiveWord), row["why"]) for row in await tx.rows(query)]


async def _note(tx: Tx, word: SensitiveWord, why: str) -> None:
    row = {"word": word.id, "version": word.version, "at": word.at, "by": word.by, "why": why}
    await tx.execute(sensitive_changes.insert().values(**row, body=msgspec.to_builtins(word)))


def _values(word: SensitiveWord) -> dict[str, object]:
    at: datetime | None = word.at
    return {
        "kind": word.kind.value,
        "active": word.active,
        "at": at,
        "by": word.by,
        "version": word.version,
        "body": msgspec.to_builtins(word),
    }


def _word(row: RowMapping) -> SensitiveWord:
    return msgspec.convert(row["body"], SensitiveWord)
