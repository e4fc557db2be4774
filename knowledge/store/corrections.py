"""Rows of what people say is wrong with entries; the way to tell a citizen is sealed."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    func,
    literal,
    select,
    tuple_,
    update,
)

from kernel import cursors
from kernel.database import Moment, Tx, metadata, only_where
from kernel.errors import Conflict, Invalid, NotFound
from kernel.messages import Address
from kernel.privacy import Vault
from knowledge.model import Correction, CorrectionState

corrections = Table(
    "correction",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("article", String(60), nullable=False),
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("by", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("mending", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("told_at", Moment),
    Index("ix_correction_state", "state", "at"),
    Index("ix_correction_article", "article"),
    Index("ix_correction_to_tell", "article", **only_where("state = 'mended' AND sealed <> '' AND told_at IS NULL")),
)

MOST = 100
_ORDER = (corrections.c.at, corrections.c.id)


def _context(correction: str) -> str:
    return f"correction:{correction}"


async def add(tx: Tx, vault: Vault, correction: Correction, tell: Address | None) -> bool:
    """A new row; whether there was none of its id."""
    sealed = vault.seal(tell.key, _context(correction.id)) if tell else ""
    c = correction
    values = {"id": c.id, "article": c.article, "version": c.version, "text": c.text, "by": c.by, "at": c.at}
    begun = {"state": c.state.value, "mending": 0, "reason": "", "told_at": None}
    statement = tx.insert(corrections).values(**values, sealed=sealed, **begun)
    return bool((await tx.execute(statement.on_conflict_do_nothing(index_elements=["id"]))).rowcount)


async def find(tx: Tx, state: CorrectionState, cursor: str, limit: int) -> tuple[tuple[Correction, ...], str | None]:
    """A page of those in a state, the oldest first, and the cursor of the next."""
    limit = max(1, min(limit, MOST))
    query = select(corrections).where(corrections.c.state == state.value)
    if cursor:
        at, id_ = cursors.read(cursor, 2)
        if not isinstance(at, datetime):
            raise Invalid({"cursor": "wrong"})
        query = query.where(tuple_(*_ORDER) > tuple_(literal(at, corrections.c.at.type), literal(str(id_))))
    rows = await tx.rows(query.order_by(*_ORDER).limit(limit + 1))
    found = tuple(_correction(row) for row in rows[:limit])
    return found, cursors.written([found[-1].at, found[-1].id]) if len(rows) > limit else None


async def count_open(tx: Tx) -> int:
    """How many wait for the editors."""
    return int(await tx.scalar(select(func.count()).where(corrections.c.state == CorrectionState.OPEN.value)) or 0)


async def of_article(tx: Tx, article: str) -> tuple[Correction, ...]:
    """What is still to be mended in an entry, the oldest first."""
    left = [CorrectionState.OPEN.value, CorrectionState.MENDING.value]
    query = select(corrections).where(corrections.c.article == article, corrections.c.state.in_(left))
    return tuple(_correction(row) for row in await tx.rows(query.order_by(*_ORDER)))


async def by_id(tx: Tx, correction: str) -> Correction:
    """One; NotFound."""
    row = await tx.row(select(corrections).where(corrections.c.id == correction))
    if row is None:
        raise NotFound("correction")
    return _correction(row)


async def refuse(tx: Tx, correction: str, reason: str) -> None:
    """Nothing is to be mended; Conflict when that was decided already."""
    mine = corrections.c.id == correction, corrections.c.state == CorrectionState.OPEN.value
    values = {"state": CorrectionState.REFUSED.value, "reason": reason}
    if (await tx.execute(update(corrections).where(*mine).values(**values))).rowcount != 1:
        raise Conflict("correction_settled")


async def mend_with(tx: Tx, ids: Collection[str], article: str, version: int) -> None:
    """A version of the entry is being written to mend them; Conflict when one was decided already."""
    mine = corrections.c.id.in_(ids), corrections.c.article == article
    open_ = corrections.c.state == CorrectionState.OPEN.value
    values = {"state": CorrectionState.MENDING.value, "mending": version}
    if (await tx.execute(update(corrections).where(*mine, open_).values(**values))).rowcount != len(set(ids)):
        raise Conflict("correction_settled")


async def mended(tx: Tx, article: str, version: int) -> int:
    """The version is out; gives how many it mends."""
    values = {"state": CorrectionState.MENDED.value}
    return (await tx.execute(update(corrections).where(*_mending(article, version)).values(**values))).rowcount


async def reopen(tx: Tx, article: str, version: int) -> None:
    """The version will not come out."""
    values = {"state": CorrectionState.OPEN.value, "mending": 0}
    await tx.execute(update(corrections).where(*_mending(article, version)).values(**values))


async def take_to_tell(tx: Tx, vault: Vault, at: datetime, limit: int) -> Mapping[str, tuple[Address, str]]:
    """Citizens whose word was heeded and who are to be told, taken: id → where, and of which entry. What the way was is
    forgotten."""
    waits = (
        corrections.c.state == CorrectionState.MENDED.value,
        corrections.c.sealed != "",
        corrections.c.told_at.is_(None),
    )
    rows = await tx.rows(
        select(corrections).where(*waits).order_by(*_ORDER).limit(limit).with_for_update(skip_locked=True)
    )
    found = {}
    for row in rows:
        key = vault.open(row["sealed"], _context(row["id"]))
        found[row["id"]] = (Address.from_key(key), row["article"])
    done = update(corrections).where(corrections.c.id.in_(list(found))).values(told_at=at, sealed="")
    if found:
        await tx.execute(done)
    return found


def _mending(article: str, version: int) -> tuple[ColumnElement[bool], ...]:
    state = corrections.c.state == CorrectionState.MENDING.value
    return corrections.c.article == article, corrections.c.mending == version, state


def _correction(row: RowMapping) -> Correction:
    return Correction(
        id=row["id"],
        article=row["article"],
        version=row["version"],
        text=row["text"],
        by=row["by"],
        at=row["at"],
        tell=bool(row["sealed"]),
        state=CorrectionState(row["state"]),
        mending=row["mending"],
        reason=row["reason"],
    )
