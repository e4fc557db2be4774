"""Rows of entries' versions, of what became of their answers, and of questions without an answer."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    Date,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    and_,
    cast,
    func,
    or_,
    select,
    update,
)

from kernel.chinese import shingles
from kernel.database import Json, Moment, Tx, metadata, only_where
from kernel.errors import Conflict, NotFound
from kernel.ids import new_id
from knowledge.model import (
    QUOTABLE,
    Article,
    ArticleState,
    QuestionReason,
    QuestionState,
    UnansweredQuestion,
)

_LIVE = "state IN ('published', 'expiring')"

articles = Table(
    "article",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("state", String(20), nullable=False),
    Column("owner", String(32), nullable=False),
    Column("valid_to", Date),
    Column("review_due", Date),
    Column("reminded_for", Date),
    Column("content", Json, nullable=False),
    Column("imported", String(64), nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("saved_by", String(32), nullable=False),
    Column("reason", Text, nullable=False),
    Index("uq_article_live", "id", unique=True, **only_where(_LIVE)),
    Index("ix_article_state", "state", "owner"),
)

counters = Table(
    "knowledge_counter",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("value", Integer, nullable=False),
)

uses = Table(
    "article_use",
    metadata,
    Column("article", String(60), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("solved", Integer, nullable=False),
    Column("unsolved", Integer, nullable=False),
)

questions = Table(
    "unanswered_question",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("area", String(32), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("article", String(60), nullable=False),
    Column("times", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Index("ix_unanswered_question_state", "state", "times", "last_at"),
)

_PUBLISHED = "published"
_BESIDES_CONTENT = frozenset({"state", "version"})


# -- entries --------------------------------------------------------------------------------------------


async def published_version(tx: Tx) -> int:
    """How often the set of quotable entries has changed."""
    return int(await tx.scalar(select(counters.c.value).where(counters.c.name == _PUBLISHED)) or 0)


async def bump_published(tx: Tx) -> None:
    """Note that the set of quotable entries changes with this transaction."""
    statement = tx.insert(counters).values(name=_PUBLISHED, value=1)
    await tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": counters.c.value + 1}))


async def quotable(tx: Tx) -> tuple[Article, ...]:
    """All entries that are published, those past their day included."""
    query = select(articles).where(articles.c.state.in_([state.value for state in QUOTABLE])).order_by(articles.c.id)
    return tuple(_article(row) for row in await tx.rows(query))


@dataclass(frozen=True, slots=True)
class Saved:
    """A version, when and by whom it was saved last, and the reason somebody gave for its state."""

    article: Article
    at: datetime
    reason: str
    by: str


async def versions(
    tx: Tx, states: Collection[ArticleState], owners: Collection[str], limit: int, start: int = 0, said: str = ""
) -> tuple[Saved, ...]:
    """Versions in any of ``states`` (empty: all), of any of these units (empty: all), that hold the words ``said``,
    the newest first, without the first ``start``."""
    query = select(articles).order_by(articles.c.saved_at.desc(), articles.c.id, articles.c.version.desc())
    query = query.limit(limit).offset(start)
    if states:
        query = query.where(articles.c.state.in_([state.value for state in states]))
    if owners:
        query = query.where(articles.c.owner.in_(owners))
    if said:
        query = query.where(or_(articles.c.id == said, cast(articles.c.content, Text).contains(said, autoescape=True)))
    return tuple(_saved(row) for row in await tx.rows(query))


async def history(tx: Tx, article_id: str) -> tuple[Saved, ...]:
    """All versions of an entry, the newest first; none of one nobody knows."""
    query = select(articles).where(articles.c.id == article_id).order_by(articles.c.version.desc())
    return tuple(_saved(row) for row in await tx.rows(query))


def _saved(row: RowMapping) -> Saved:
    return Saved(_article(row), row["saved_at"], row["reason"], row["saved_by"])


async def version_of(tx: Tx, article_id: str, version: int, *, lock: bool = False) -> Article:
    """One version; NotFound. With ``lock`` nobody else changes it until the transaction ends."""
    query = select(articles).where(articles.c.id == article_id, articles.c.version == version)
    row = await tx.row(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound("article")
    return _article(row)


async def live_version(tx: Tx, article_id: str) -> Article | None:
    """The version that is published or has expired last, if there is one."""
    states = [*(state.value for state in QUOTABLE), ArticleState.EXPIRED.value]
    query = select(articles).where(articles.c.id == article_id, articles.c.state.in_(states))
    row = await tx.row(query.order_by(articles.c.version.desc()))
    return None if row is None else _article(row)


async def next_version(tx: Tx, article_id: str) -> int:
    """The number a new version of an entry gets."""
    latest = select(func.max(articles.c.version)).where(articles.c.id == article_id)
    return int(await tx.scalar(latest) or 0) + 1


async def imported_digests(tx: Tx, ids: Collection[str]) -> set[tuple[str, str]]:
    """What files brought in before: (id, digest)."""
    query = select(articles.c.id, articles.c.imported).where(articles.c.id.in_(ids), articles.c.imported != "")
    return {(row["id"], row["imported"]) for row in await tx.rows(query)}


async def add(tx: Tx, article: Article, by: str, at: datetime, imported: str = "") -> None:
    """A new version."""
    await tx.execute(
        articles.insert().values(
            id=article.id, version=article.version, imported=imported, saved_by=by, saved_at=at, **_values(article)
        )
    )


async def save(tx: Tx, article: Article, before: ArticleState, by: str, at: datetime, reason: str = "") -> None:
    """Write a version back; Conflict when it is no longer in the state ``before``."""
    mine = and_(articles.c.id == article.id, articles.c.version == article.version, articles.c.state == before.value)
    values = _values(article) | {"saved_by": by, "saved_at": at, "reason": reason}
    if (await tx.execute(update(articles).where(mine).values(**values))).rowcount != 1:
        raise Conflict("article_changed")


async def past_or_ending(tx: Tx, until: date) -> tuple[Article, ...]:
    """Quotable versions whose last day is before ``until``."""
    states = [state.value for state in QUOTABLE]
    query = select(articles).where(articles.c.state.in_(states), articles.c.valid_to < until)
    return tuple(_article(row) for row in await tx.rows(query.order_by(articles.c.id)))


async def to_remind(tx: Tx, until: date) -> tuple[Article, ...]:
    """Quotable versions to be verified before ``until`` of which nobody was reminded yet; they count as reminded."""
    states = [state.value for state in QUOTABLE]
    fresh = or_(articles.c.reminded_for.is_(None), articles.c.reminded_for != articles.c.review_due)
    due = and_(articles.c.state.in_(states), articles.c.review_due < until, fresh)
    rows = await tx.rows(select(articles).where(due).order_by(articles.c.id))
    await tx.execute(update(articles).where(due).values(reminded_for=articles.c.review_due))
    return tuple(_article(row) for row in rows)


def digest_of(article: Article) -> str:
    """A digest of what an entry says, whatever its state and version."""
    return hashlib.sha256(msgspec.json.encode(_content(article), order="deterministic")).hexdigest()


def _content(article: Article) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(article)
    return {name: value for name, value in told.items() if name not in _BESIDES_CONTENT}


def _values(article: Article) -> dict[str, Any]:
    return {
        "state": article.state.value,
        "owner": article.owner,
        "valid_to": article.valid_to,
        "review_due": article.review_due,
        "content": _content(article),
        "reason": "",
    }


def _article(row: RowMapping) -> Article:
    article = msgspec.convert(row["content"], Article)
    return replace(article, state=ArticleState(row["state"]), version=row["version"])


# -- what became of answers -----------------------------------------------------------------------------


async def count_use(tx: Tx, article_id: str, day: date, *, solved: bool) -> None:
    """One more answer that helped or did not."""
    name = "solved" if solved else "unsolved"
    first = {"solved": int(solved), "unsolved": int(not solved)}
    statement = tx.insert(uses).values(article=article_id, day=day, **first)
    more = {name: uses.c[name] + 1}
    await tx.execute(statement.on_conflict_do_update(index_elements=["article", "day"], set_=more))


async def use_since(tx: Tx, day: date) -> Mapping[str, int]:
    """How often each entry was quoted and rated from ``day`` on."""
    total = func.sum(uses.c.solved + uses.c.unsolved).label("total")
    rows = await tx.rows(select(uses.c.article, total).where(uses.c.day >= day).group_by(uses.c.article))
    return {row["article"]: int(row["total"]) for row in rows}


# -- questions ------------------------------------------------------------------------------------------


async def queue_question(
    tx: Tx, masked: str, area: str, reason: QuestionReason, article: str, at: datetime
) -> tuple[str, int]:
    """Put a question into the queue, or count it once more when it is there; gives its id and how often so far.

    One that was dealt with and is asked again comes back.
    """
    values = {
        "id": new_id(),
        "digest": _question_digest(masked, area, article),
        "text": masked,
        "area": area,
        "reason": reason.value,
        "article": article,
        "times": 1,
        "state": QuestionState.OPEN.value,
        "first_at": at,
        "last_at": at,
    }
    again = {"times": questions.c.times + 1, "last_at": at, "state": QuestionState.OPEN.value}
    statement = tx.insert(questions).values(**values)
    statement = statement.on_conflict_do_update(index_elements=["digest"], set_=again)
    row = (await tx.execute(statement.returning(questions.c.id, questions.c.times))).one()
    return str(row.id), int(row.times)


async def open_questions(tx: Tx, limit: int) -> tuple[UnansweredQuestion, ...]:
    """The queue, what was asked most often first."""
    query = select(questions).where(questions.c.state == QuestionState.OPEN.value)
    rows = await tx.rows(query.order_by(questions.c.times.desc(), questions.c.last_at.desc()).limit(limit))
    return tuple(_question(row) for row in rows)


async def settle_question(tx: Tx, question_id: str, article: str) -> None:
    """Take a question off the queue; NotFound when it is not on it."""
    state = QuestionState.SETTLED if article else QuestionState.DISMISSED
    mine = and_(questions.c.id == question_id, questions.c.state == QuestionState.OPEN.value)
    values = {"state": state.value} | ({"article": article} if article else {})
    if (await tx.execute(update(questions).where(mine).values(**values))).rowcount != 1:
        raise NotFound("question")


def _question_digest(masked: str, area: str, article: str) -> str:
    same: Iterable[str] = sorted(shingles(masked, 2))
    return hashlib.sha256("\0".join((area, article, *same)).encode()).hexdigest()


def _question(row: RowMapping) -> UnansweredQuestion:
    return UnansweredQuestion(
        id=row["id"],
        text=row["text"],
        area=row["area"],
        reason=QuestionReason(row["reason"]),
        article=row["article"],
        times=row["times"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        state=QuestionState(row["state"]),
    )
