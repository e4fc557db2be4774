"""Rows of the bot's answers that were drawn to be judged, and what people said of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Column, Date, Index, String, Table, Text, func, literal, select, tuple_, update

from analytics.model import Judged, Tally
from kernel import cursors
from kernel.database import Json, Moment, Tx, metadata

samples = Table(
    "bot_sample",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("conversation", String(32), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("day", Date, nullable=False),
    Column("answered_at", Moment, nullable=False),
    Column("articles", Json, nullable=False),
    Column("verdict", String(8), nullable=False),
    Column("reason", Text, nullable=False),
    Column("judged_by", String(64), nullable=False),
    Column("judged_at", Moment),
    Index("ix_bot_sample_day", "day", "verdict"),
    Index("ix_bot_sample_list", "verdict", "answered_at", "id"),
)
_ORDER = (samples.c.answered_at, samples.c.id)


@dataclass(frozen=True, slots=True)
class Sample:
    """An answer that was drawn: ``id`` is that of the citizen's message, ``verdict`` empty while nobody judged it."""

    id: str
    conversation: str
    channel: str
    day: date
    answered_at: datetime
    articles: list[str]
    verdict: str = ""
    reason: str = ""
    judged_by: str = ""
    judged_at: datetime | None = None


async def add(tx: Tx, drawn: Sequence[Sample]) -> None:
    """Put answers on the list; those that are on it stay as they are."""
    if drawn:
        rows = [{name: getattr(one, name) for name in Sample.__slots__} for one in drawn]
        await tx.execute(tx.insert(samples).on_conflict_do_nothing(index_elements=["id"]), rows)


async def with_verdicts(tx: Tx, verdicts: Sequence[str], limit: int, cursor: str) -> tuple[list[Sample], str | None]:
    """A page of those with one of the verdicts, the oldest answer first, and the cursor of the next; Invalid for one
    that is not ours."""
    query = select(samples).where(samples.c.verdict.in_(verdicts))
    if cursor:
        at, id_ = cursors.moment_of(cursor)
        behind = (literal(at, samples.c.answered_at.type), literal(id_, samples.c.id.type))
        query = query.where(tuple_(*_ORDER) > tuple_(*behind))
    rows = await tx.rows(query.order_by(*_ORDER).limit(limit + 1))
    found = [Sample(**row) for row in rows[:limit]]
    return found, cursors.written([found[-1].answered_at, found[-1].id]) if len(rows) > limit else None


async def one(tx: Tx, sample_id: str) -> Sample | None:
    """An answer that was drawn, held until the transaction ends."""
    row = await tx.row(select(samples).where(samples.c.id == sample_id).with_for_update())
    return Sample(**row) if row else None


async def settle(tx: Tx, judged: Sample) -> None:
    """Write a verdict down."""
    values = {name: getattr(judged, name) for name in ("verdict", "reason", "judged_by", "judged_at")}
    await tx.execute(update(samples).where(samples.c.id == judged.id).values(**values))


async def tally(tx: Tx, since: date, until: date, channel: str = "") -> Tally:
    """What was said of the answers given on some days."""
    query = select(samples.c.verdict, func.count().label("many"))
    query = query.where(samples.c.day >= since, samples.c.day <= until)
    if channel:
        query = query.where(samples.c.channel == channel)
    many = {row["verdict"]: int(row["many"]) for row in await tx.rows(query.group_by(samples.c.verdict))}
    return Tally(many.get(Judged.RIGHT, 0), many.get(Judged.WRONG, 0), many.get(Judged.UNSURE, 0), many.get("", 0))
