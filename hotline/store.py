"""The house's own tables: answers kept so that a request sent twice is done once, and how often a place has asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Index, Integer, String, Table, Text, delete, select, update

from kernel.database import Moment, Tx, metadata

answers = Table(
    "idempotent_answer",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("holder", String(32), nullable=False),
    Column("at", Moment, nullable=False),
    Column("held_until", Moment, nullable=False),
    Column("status", Integer),
    Column("body", Text, nullable=False),
    Index("ix_idempotent_answer_at", "at"),
)

rates = Table(
    "request_rate",
    metadata,
    Column("place", String(64), primary_key=True),
    Column("full_at", Moment, nullable=False),
    Index("ix_request_rate_full_at", "full_at"),
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What stands under a key: whose it is, what was asked, and the sealed answer once there is one."""

    fingerprint: str
    holder: str
    held_until: datetime
    status: int | None
    body: str


async def claim(tx: Tx, key: str, values: Mapping[str, object]) -> Claim:
    """Put the claim under ``key`` unless there is one; gives the one that stands."""
    statement = tx.insert(answers).values(key=key, status=None, body="", **values)
    await tx.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
    row = await tx.row(select(answers).where(answers.c.key == key).with_for_update())
    if row is None:
        raise RuntimeError("a claim just made is gone")
    return Claim(row["fingerprint"], row["holder"], row["held_until"], row["status"], row["body"])


async def take_over(tx: Tx, key: str, holder: str, until: datetime) -> None:
    """Make ``holder`` the owner of a claim whose owner is gone."""
    await tx.execute(update(answers).where(answers.c.key == key).values(holder=holder, held_until=until))


async def settle(tx: Tx, key: str, holder: str, status: int, body: str) -> None:
    """Keep the answer, if the claim is still the holder's."""
    mine = (answers.c.key == key) & (answers.c.holder == holder)
    await tx.execute(update(answers).where(mine).values(status=status, body=body))


async def release(tx: Tx, key: str, holder: str) -> None:
    """Forget a claim that came to nothing, so that the same key may be tried again."""
    mine = (answers.c.key == key) & (answers.c.holder == holder) & answers.c.status.is_(None)
    await tx.execute(delete(answers).where(mine))


async def forget_before(tx: Tx, moment: datetime) -> int:
    """Drop what is older than ``moment``; gives how many."""
    return int((await tx.execute(delete(answers).where(answers.c.at < moment))).rowcount)


async def full_at(tx: Tx, place: str, now: datetime) -> datetime:
    """When the bucket of ``place`` is full again, held until the transaction ends; ``now`` of one not known yet."""
    statement = tx.insert(rates).values(place=place, full_at=now)
    await tx.execute(statement.on_conflict_do_nothing(index_elements=["place"]))
    found: datetime = await tx.scalar(select(rates.c.full_at).where(rates.c.place == place).with_for_update())
    return found


async def fill_at(tx: Tx, place: str, moment: datetime) -> None:
    """Write down when the bucket of ``place`` is full again."""
    await tx.execute(update(rates).where(rates.c.place == place).values(full_at=moment))


async def forget_full(tx: Tx, now: datetime) -> int:
    """Drop what is full; gives how many."""
    return int((await tx.execute(delete(rates).where(rates.c.full_at <= now))).rowcount)
