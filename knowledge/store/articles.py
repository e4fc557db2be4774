"""Rows of entries' versions."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from kernel import cursors
from kernel.chinese import normalise
from kernel.database import Json, Moment, Tx, metadata, only_where
from kernel.errors import Conflict, Invalid, NotFound
from knowledge.model import QUOTABLE, Article, ArticleState, Origin

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
    Column("origin", String(20), nullable=False),
    Column("source", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("words", Text, nullable=False),
    Index("uq_article_live", "id", unique=True, **only_where(_LIVE)),
    Index("ix_article_state", "state", "owner"),
    Index("ix_article_saved", "state", "saved_at"),
    Index("ix_article_source", "source", **only_where("source <> ''")),
)

counters = Table(
    "knowledge_counter",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("value", Integer, nullable=False),
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
    """A version, when and by whom it was saved last, the reason somebody gave for its state, and where it came from:
    ``source`` is the number of the ticket or the id of the conversation. ``revision`` counts its savings."""

    article: Article
    at: datetime
    by: str
    reason: str
    origin: Origin
    source: str
    revision: int


@dataclass(frozen=True, slots=True)
class Listing:
    """Which versions a list shows; an empty filter shows all. ``words`` must all be in what is asked or answered;
    with ``due_before`` only versions that end or are to be verified before that day, with ``or_due_before`` those that
    are out and do so besides those in the states."""

    states: Collection[ArticleState] = ()
    owners: Collection[str] = ()
    words: str = ""
    origin: Origin | None = None
    due_before: date | None = None
    or_due_before: date | None = None
    cursor: str = ""
    limit: int = 50


_NEWEST = (articles.c.saved_at, articles.c.id, articles.c.version)
MOST_LISTED = 200


async def versions(tx: Tx, asked: Listing) -> tuple[tuple[Saved, ...], str | None]:
    """A page of versions, the newest first, and the cursor of the next; Invalid for a cursor that is not ours."""
    limit = max(1, min(asked.limit, MOST_LISTED))
    query = select(articles).where(*_filters(asked))
    if asked.cursor:
        query = query.where(tuple_(*_NEWEST) < tuple_(*_read_cursor(asked.cursor)))
    order = [column.desc() for column in _NEWEST]
    found = [_saved(row) for row in await tx.rows(query.order_by(*order).limit(limit + 1))]
    shown, more = tuple(found[:limit]), len(found) > limit
    return shown, _cursor(shown[-1]) if more else None


async def count(tx: Tx, asked: Listing) -> int:
    """How many versions a list has."""
    return int(await tx.scalar(select(func.count()).select_from(articles).where(*_filters(asked))) or 0)


async def counts(tx: Tx, asked: Listing) -> Mapping[ArticleState, int]:
    """How many versions there are in each state, whatever states are asked for."""
    query = select(articles.c.state, func.count().label("many")).where(*_filters(replace(asked, states=())))
    rows = await tx.rows(query.group_by(articles.c.state))
    return {ArticleState(row["state"]): row["many"] for row in rows}


def _filters(asked: Listing) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.states:
        in_them = articles.c.state.in_([state.value for state in asked.states])
        found.append(or_(in_them, _is_due(asked.or_due_before)) if asked.or_due_before else in_them)
    if asked.owners:
        found.append(articles.c.owner.in_(asked.owners))
    if asked.origin is not None:
        found.append(articles.c.origin == asked.origin.value)
    if asked.due_before is not None:
        found.append(or_(articles.c.valid_to < asked.due_before, articles.c.review_due < asked.due_before))
    found += [articles.c.words.contains(word, autoescape=True) for word in normalise(asked.words).lower().split()]
    return found


def _is_due(before: date) -> ColumnElement[bool]:
    is_out = articles.c.state.in_([state.value for state in QUOTABLE])
    return and_(is_out, or_(articles.c.valid_to < before, articles.c.review_due < before))


def _cursor(last: Saved) -> str:
    return cursors.written([last.at, last.article.id, str(last.article.version)])


def _read_cursor(cursor: str) -> list[ColumnElement[Any]]:
    at, id_, version = cursors.read(cursor, len(_NEWEST))
    if not isinstance(at, datetime) or not str(version).isdigit():
        raise Invalid({"cursor": "wrong"})
    return [literal(v, c.type) for v, c in zip((at, id_, int(str(version))), _NEWEST, strict=True)]


async def saved(tx: Tx, article_id: str, version: int) -> Saved:
    """One version with what is known of its saving; NotFound."""
    row = await tx.row(select(articles).where(articles.c.id == article_id, articles.c.version == version))
    if row is None:
        raise NotFound("article")
    return _saved(row)


async def versions_of(tx: Tx, article_id: str) -> tuple[Saved, ...]:
    """All versions of an entry, the newest first; NotFound when there is none."""
    rows = await tx.rows(select(articles).where(articles.c.id == article_id).order_by(articles.c.version.desc()))
    if not rows:
        raise NotFound("article")
    return tuple(_saved(row) for row in rows)


async def is_under_way(tx: Tx, article_id: str) -> bool:
    """Whether any version of an entry is out or may still come out."""
    ended = [ArticleState.WITHDRAWN.value, ArticleState.EXPIRED.value]
    return bool(await tx.scalar(select(exists().where(articles.c.id == article_id, articles.c.state.not_in(ended)))))


async def newest(tx: Tx, ids: Collection[str]) -> dict[str, Article]:
    """Of each entry the newest version that was not withdrawn."""
    gone = ArticleState.WITHDRAWN.value
    query = select(articles).where(articles.c.id.in_(ids), articles.c.state != gone)
    rows = await tx.rows(query.order_by(articles.c.version))
    return {row["id"]: _article(row) for row in rows}


async def newest_listed(tx: Tx, asked: Listing) -> Sequence[Article]:
    """Of each entry the newest version a list would show, all of them, by id."""
    rows = await tx.rows(select(articles).where(*_filters(asked)).order_by(articles.c.id, articles.c.version))
    return tuple({row["id"]: _article(row) for row in rows}.values())


async def has_source(tx: Tx, origin: Origin, source: str) -> bool:
    """Whether something came of this source already."""
    return bool(await tx.scalar(select(exists().where(articles.c.source == source, articles.c.origin == origin.value))))


async def is_titled(tx: Tx, title: str) -> bool:
    """Whether an entry of this very title is out or under way."""
    gone = ArticleState.WITHDRAWN.value
    same = articles.c.words.startswith(_first_words(title), autoescape=True)
    return bool(await tx.scalar(select(exists().where(same, articles.c.state != gone))))


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


async def add(
    tx: Tx,
    article: Article,
    by: str,
    at: datetime,
    imported: str = "",
    origin: Origin = Origin.EDITOR,
    source: str = "",
) -> None:
    """A new version."""
    born = {"id": article.id, "version": article.version, "imported": imported, "origin": origin.value}
    kept = {"source": source, "saved_by": by, "saved_at": at, "revision": 1}
    await tx.execute(articles.insert().values(**born, **kept, **_values(article)))


async def save(tx: Tx, article: Article, before: ArticleState, by: str, at: datetime, reason: str = "") -> None:
    """Write a version back; Conflict when it is no longer in the state ``before``."""
    mine = and_(articles.c.id == article.id, articles.c.version == article.version, articles.c.state == before.value)
    counted = {"revision": articles.c.revision + 1}
    values = _values(article) | {"saved_by": by, "saved_at": at, "reason": reason} | counted
    if (await tx.execute(update(articles).where(mine).values(**values))).rowcount != 1:
        raise Conflict("article_changed")


async def past_or_ending(tx: Tx, until: date) -> tuple[Article, ...]:
    """Quotable versions whose last day is before ``until``."""
    states = [state.value for state in QUOTABLE]
    query = select(articles).where(articles.c.state.in_(states), articles.c.valid_to < until)
    return tuple(_article(row) for row in await tx.rows(query.order_by(articles.c.id)))


async def to_remind(tx: Tx, until: date, today: date, again: timedelta) -> tuple[tuple[Article, date], ...]:
    """Quotable versions that end or are to be verified before ``until``, each with that day, of which nobody was
    reminded yet, or whose day is past and nobody was for ``again``; they count as reminded."""
    states = [state.value for state in QUOTABLE]
    soon = or_(articles.c.review_due < until, articles.c.valid_to < until)
    rows = await tx.rows(select(articles).where(articles.c.state.in_(states), soon).order_by(articles.c.id))
    found = []
    for row in rows:
        day = min(day for day in (row["review_due"], row["valid_to"]) if day is not None)
        last: date | None = row["reminded_for"]
        # Before the day the row says for which day, after it on which day somebody was reminded.
        is_told = last == day if day >= today else last is not None and last > day and today - last < again
        if not is_told:
            mine = articles.c.id == row["id"], articles.c.version == row["version"]
            await tx.execute(update(articles).where(*mine).values(reminded_for=max(day, today)))
            found.append((_article(row), day))
    return tuple(found)


async def owned(tx: Tx, today: date) -> dict[str, tuple[int, int]]:
    """By owner, how many entries it is to keep right, and how many of them are past their day.

    To be kept right is what was published and neither replaced nor taken down: published, expiring, and expired, which
    waits for its editors. Past their day are those expired, past ``valid_to`` (the last day) or past ``review_due``.
    """
    kept = [state.value for state in (*QUOTABLE, ArticleState.EXPIRED)]
    is_late = or_(
        articles.c.state == ArticleState.EXPIRED.value, articles.c.valid_to < today, articles.c.review_due < today
    )
    late = func.sum(case((is_late, 1), else_=0)).label("late")
    query = select(articles.c.owner, func.count().label("many"), late).where(articles.c.state.in_(kept))
    rows = await tx.rows(query.group_by(articles.c.owner))
    return {row["owner"]: (int(row["many"]), int(row["late"])) for row in rows}


def digest_of(article: Article) -> str:
    """A digest of what an entry says, whatever its state and version."""
    return hashlib.sha256(msgspec.json.encode(_content(article), order="deterministic")).hexdigest()


def _content(article: Article) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(article)
    # Entries without files digest as they did before there were any, so that no import takes them for changed.
    besides = _BESIDES_CONTENT if article.attachments else _BESIDES_CONTENT | {"attachments"}
    return {name: value for name, value in told.items() if name not in besides}


def _values(article: Article) -> dict[str, Any]:
    return {
        "state": article.state.value,
        "owner": article.owner,
        "valid_to": article.valid_to,
        "review_due": article.review_due,
        "content": _content(article),
        "reason": "",
        "words": f"{_first_words(article.title)}{normalise(_searched(article)).lower()}",
    }


def _first_words(title: str) -> str:
    return f"{normalise(title).lower()}\n"


def _searched(article: Article) -> str:
    return "\n".join((article.id, *article.variants, article.short, article.full))


def _saved(row: RowMapping) -> Saved:
    known = row["reason"], Origin(row["origin"]), row["source"], row["revision"]
    return Saved(_article(row), row["saved_at"], row["saved_by"], *known)


def _article(row: RowMapping) -> Article:
    article = msgspec.convert(row["content"], Article)
    return replace(article, state=ArticleState(row["state"]), version=row["version"])
