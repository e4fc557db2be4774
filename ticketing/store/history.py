"""Rows of tickets of other systems: kept once each, found by number, by words, by matter and by the caller's number."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import (
    DDL,
    BindParameter,
    Column,
    ColumnElement,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    bindparam,
    event,
    func,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.schema import ExecutableDDLElement

from kernel import cursors
from kernel.database import Moment, Tx, filled, metadata, only_where
from kernel.ids import new_id
from ticketing.model.duties import PastTicket
from ticketing.model.labels import Outcome
from ticketing.store.search import LOOKED_THROUGH, beyond, cut, has_all, match, words_of
from ticketing.store.tables import matter_states

_STATE = 2  # the row of matter_state that counts changes of what is learnt from here
_BATCH = 400

past = Table(
    "past_ticket",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("source", String(40), nullable=False),
    Column("number", String(64), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("matter", String(40), nullable=False),
    Column("matter_text", Text, nullable=False),
    Column("area", String(32), nullable=False),
    Column("area_text", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("unit", String(32), nullable=False),
    Column("unit_text", Text, nullable=False),
    Column("received", Moment),
    Column("replied", Moment),
    Column("closed", Moment),
    Column("outcome", String(20), nullable=False),
    Column("outcome_text", Text, nullable=False),
    Column("reply", Text, nullable=False),
    Column("returned", Integer, nullable=False),
    Column("phone_index", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("imported", Moment, nullable=False),
    # when it was received, or the nearest to it that is known
    Column("at", Moment, nullable=False),
    Column("terms", Text, nullable=False),
    Index("uq_past_ticket_number", "source", "number", unique=True),
    Index("ix_past_ticket_by_number", "number", postgresql_ops={"number": "text_pattern_ops"}),
    Index("ix_past_ticket_at", "at", "id"),
    Index("ix_past_ticket_matter", "matter", "at", **only_where("matter <> ''")),
    Index("ix_past_ticket_unit", "unit", "at", **only_where("unit <> ''")),
    Index("ix_past_ticket_phone", "phone_index", "at", **only_where("phone_index <> ''")),
)
Index(
    "ix_past_ticket_terms",
    func.to_tsvector(literal_column("'simple'"), past.c.terms),
    postgresql_using="gin",
    _table=past,
).ddl_if(dialect="postgresql")
FULL_TEXT = "fts_past_ticket"
_NEWEST = (past.c.at, past.c.id)


def _on_sqlite(moment: str, statement: str) -> None:
    ddl: ExecutableDDLElement = DDL(statement)  # type: ignore[no-untyped-call]
    event.listen(past, moment, ddl.execute_if(dialect="sqlite"))


_on_sqlite("after_create", f"CREATE VIRTUAL TABLE IF NOT EXISTS {FULL_TEXT} USING fts5(ticket UNINDEXED, terms)")
_on_sqlite("before_drop", f"DROP TABLE IF EXISTS {FULL_TEXT}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A ticket to be kept, and the blind index of the caller's number."""

    ticket: PastTicket
    phone_index: str = ""

    @property
    def digest(self) -> str:
        """What tells whether it says something new; the caller's number is forgotten in time and tells nothing."""
        return hashlib.sha256(msgspec.json.encode(self.ticket)).hexdigest()


@dataclass(frozen=True, slots=True)
class Source:
    """What is kept of one other system."""

    name: str
    tickets: int
    last: datetime


# -- writing --------------------------------------------------------------------------------------------


async def known(tx: Tx, source: str) -> dict[str, str]:
    """The digest of every number of a source."""
    rows = await tx.rows(select(past.c.number, past.c.digest).where(past.c.source == source))
    return {row["number"]: row["digest"] for row in rows}


async def keep(tx: Tx, tickets: Sequence[Kept], at: datetime) -> None:
    """Keep tickets under their numbers; what was there under the same ones is replaced."""
    for start in range(0, len(tickets), _BATCH):
        await _keep(tx, tickets[start : start + _BATCH], at)


async def _keep(tx: Tx, tickets: Sequence[Kept], at: datetime) -> None:
    rows = [{"id": new_id(), **_row(each, at)} for each in tickets]
    statement = tx.insert(past).values(rows)
    others = {name: statement.excluded[name] for name in rows[0] if name not in {"id", "source", "number"}}
    statement = statement.on_conflict_do_update(index_elements=["source", "number"], set_=others)
    ids = [row.id for row in await tx.execute(statement.returning(past.c.id))]
    if not tx.is_postgresql:
        await _keep_words(tx, ids)


async def _keep_words(tx: Tx, ids: Sequence[str]) -> None:
    chosen: BindParameter[Sequence[str]] = bindparam("ids", ids, expanding=True)
    await tx.execute(text(f"DELETE FROM {FULL_TEXT} WHERE ticket IN :ids").bindparams(chosen))  # noqa: S608
    copied = f"INSERT INTO {FULL_TEXT} (ticket, terms) SELECT id, terms FROM past_ticket WHERE id IN :ids"  # noqa: S608
    await tx.execute(text(copied).bindparams(chosen))


async def forget_callers(tx: Tx, before: datetime) -> int:
    """Drop the callers' numbers of tickets that ended ``before`` then; gives how many."""
    ended = func.coalesce(past.c.closed, past.c.replied, past.c.received, past.c.imported)
    old = filled(past.c.phone_index) & (ended < before)
    return (await tx.execute(update(past).where(old).values(phone_index=""))).rowcount


async def bump(tx: Tx, at: datetime) -> None:
    """Note that there is something new to learn."""
    statement = tx.insert(matter_states).values(id=_STATE, version=1, changed_at=at)
    changes = {"version": matter_states.c.version + 1, "changed_at": at}
    await tx.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changes))


# -- reading --------------------------------------------------------------------------------------------


async def version(tx: Tx) -> int:
    """How often what is learnt from here has changed."""
    return int(await tx.scalar(select(matter_states.c.version).where(matter_states.c.id == _STATE)) or 0)


async def changed_at(tx: Tx) -> datetime | None:
    """When what is learnt from here changed last; None while it never did."""
    found: datetime | None = await tx.scalar(select(matter_states.c.changed_at).where(matter_states.c.id == _STATE))
    return found


async def sources(tx: Tx) -> list[Source]:
    """What is kept, by source."""
    count, last = func.count().label("tickets"), func.max(past.c.imported).label("last")
    rows = await tx.rows(select(past.c.source, count, last).group_by(past.c.source).order_by(past.c.source))
    return [Source(row["source"], row["tickets"], row["last"]) for row in rows]


async def by_number(tx: Tx, number: str, units: Collection[str] | None = None) -> list[PastTicket]:
    """The tickets of a number, one of each source that has it; of some units when given."""
    query = select(past).where(past.c.number == number, *_of(units)).order_by(past.c.source)
    return [_ticket(row) for row in await tx.rows(query)]


async def find(
    tx: Tx, question: str, units: Collection[str] | None, limit: int, cursor: str = ""
) -> tuple[list[PastTicket], str | None]:
    """A page of tickets whose number begins with ``question`` or that hold its words, the newest first, of some units
    if any; and the cursor of the next page. Invalid for a cursor that is not ours."""
    asked, shown, newest = question.strip(), _of(units), [column.desc() for column in _NEWEST]
    if cursor:
        shown.append(beyond(_NEWEST, cursors.moment_of(cursor), falling=True))
    if not asked:
        rows = await tx.rows(select(past).where(*shown).order_by(*newest).limit(limit + 1))
    else:
        # Two questions: asked as one, neither index would serve.
        numbered = select(past).where(*shown, past.c.number.startswith(asked, autoescape=True))
        rows = await tx.rows(numbered.order_by(*newest).limit(limit + 1))
        rows += await _by_words(tx, asked, shown, limit + 1)
    found = {row["id"]: row for row in rows}
    page = sorted(found.values(), key=lambda row: (row["at"], row["id"]), reverse=True)
    last = page[limit - 1] if len(page) > limit else None
    return [_ticket(row) for row in page[:limit]], cursors.written([last["at"], last["id"]]) if last else None


async def _by_words(tx: Tx, asked: str, shown: Sequence[ColumnElement[bool]], limit: int) -> list[RowMapping]:
    """As with our own tickets: a frequent word among the newest, a rare one by the index of words."""
    newest = [column.desc() for column in _NEWEST]
    if not tx.is_postgresql:
        found = text(f"SELECT ticket FROM {FULL_TEXT} WHERE terms MATCH :match")  # noqa: S608
        named = found.bindparams(match=words_of(asked)).columns(past.c.id)
        return await tx.rows(select(past).where(*shown, past.c.id.in_(named)).order_by(*newest).limit(limit))
    some = select(past.c.id, past.c.at, past.c.terms).where(*shown).order_by(*newest).limit(LOOKED_THROUGH)
    looked = some.subquery("newest")
    query = select(past).join(looked, looked.c.id == past.c.id).where(has_all(tx, looked.c.terms, asked))
    rows = await tx.rows(query.order_by(looked.c.at.desc(), looked.c.id.desc()).limit(limit))
    if len(rows) == limit:
        return rows
    holding = select(past.c.id).where(*shown, match(past.c.terms, asked)).cte("held")
    held = holding.prefix_with("MATERIALIZED", dialect="postgresql")
    return await tx.rows(select(past).join(held, held.c.id == past.c.id).order_by(*newest).limit(limit))


async def of_matter(tx: Tx, matter: str, limit: int) -> list[PastTicket]:
    """The newest tickets of a matter."""
    query = select(past).where(past.c.matter == matter, filled(past.c.matter))
    return [_ticket(row) for row in await tx.rows(query.order_by(past.c.at.desc()).limit(limit))]


async def of_phone(tx: Tx, phone_index: str, limit: int) -> list[PastTicket]:
    """The newest tickets of a caller's number."""
    query = select(past).where(past.c.phone_index == phone_index, filled(past.c.phone_index))
    return [_ticket(row) for row in await tx.rows(query.order_by(past.c.at.desc()).limit(limit))]


async def lessons(tx: Tx, per_matter: int) -> list[tuple[str, str]]:
    """Text and matter of the newest tickets of every matter, at most ``per_matter`` of each."""
    order = (past.c.at.desc(), past.c.number)
    place = func.row_number().over(partition_by=past.c.matter, order_by=order).label("place")
    ranked = select(past.c.text, past.c.matter, place).where(past.c.matter != "").subquery()
    query = select(ranked.c.text, ranked.c.matter).where(ranked.c.place <= per_matter)
    rows = await tx.rows(query.order_by(ranked.c.matter, ranked.c.place))
    return [(row["text"], row["matter"]) for row in rows]


async def led(tx: Tx) -> list[tuple[str, str, str, int]]:
    """How many tickets of a matter in an area a unit has led: matter, area, unit, number."""
    columns = (past.c.matter, past.c.area, past.c.unit)
    query = select(*columns, func.count().label("n")).where(past.c.matter != "", past.c.unit != "", past.c.area != "")
    rows = await tx.rows(query.group_by(*columns).order_by(*columns))
    return [(row["matter"], row["area"], row["unit"], row["n"]) for row in rows]


def _of(units: Collection[str] | None) -> list[ColumnElement[bool]]:
    return [] if units is None else [past.c.unit.in_(list(units)), filled(past.c.unit)]


def _row(kept: Kept, at: datetime) -> dict[str, object]:
    ticket = kept.ticket
    row = {name: getattr(ticket, name) for name in PastTicket.__slots__}
    return row | {
        "imported": at,
        "at": ticket.received or ticket.replied or ticket.closed or at,
        "outcome": ticket.outcome.value if ticket.outcome else "",
        "phone_index": kept.phone_index,
        "digest": kept.digest,
        "terms": cut(f"{ticket.title} {ticket.text} {ticket.place}"),
    }


def _ticket(row: RowMapping) -> PastTicket:
    values = {name: row[name] for name in PastTicket.__slots__}
    return PastTicket(**values | {"outcome": Outcome(row["outcome"]) if row["outcome"] else None})
