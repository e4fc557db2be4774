"""Finds tickets by words: tsvector with GIN on PostgreSQL, FTS5 on SQLite, cut by kernel.chinese on both."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    delete,
    func,
    literal,
    literal_column,
    select,
    text,
    true,
    tuple_,
)

from kernel.chinese import terms
from kernel.database import Tx
from ticketing.model.ticket import Ticket
from ticketing.store.tables import FULL_TEXT, texts

# How many of the newest tickets are looked at one by one: a word that is in more than one of a hundred fills its page.
LOOKED_THROUGH = 5000
_MOST_TERMS = 24
# What is left of a masked number would still tell whose it is when put beside another.
_MASKED = re.compile(r"[0-9A-Za-z]*\*[0-9A-Za-z*]*")


async def keep_terms(tx: Tx, ticket: Ticket, text_: str, units: Iterable[str]) -> None:
    """Make a ticket findable by the words of ``text_``, which is masked, among all and among those of its units."""
    found = " ".join((cut(text_), *map(unit_term, sorted(units)))).strip()
    received = ticket.received or ticket.created
    await tx.execute(texts.insert().values(ticket=ticket.id, terms=found, received=received))
    if not tx.is_postgresql:
        statement = text(f"INSERT INTO {FULL_TEXT} (ticket, terms) VALUES (:ticket, :terms)")  # noqa: S608
        await tx.execute(statement.bindparams(ticket=ticket.id, terms=found))


async def forget_terms(tx: Tx, ticket_id: str) -> None:
    """Take a ticket's words out again."""
    await tx.execute(delete(texts).where(texts.c.ticket == ticket_id))
    if not tx.is_postgresql:
        statement = text(f"DELETE FROM {FULL_TEXT} WHERE ticket = :ticket")  # noqa: S608
        await tx.execute(statement.bindparams(ticket=ticket_id))


def holding(tx: Tx, question: str, units: Collection[str] = ()) -> FromClause:
    """The tickets that hold every term of ``question``, of some units when given, as the index of words has them."""
    if tx.is_postgresql:
        query = select(texts.c.ticket).where(match(texts.c.terms, question, units))
        # Read before anything else: the planner would else walk through all tickets, hoping to meet the word soon.
        return query.cte("held").prefix_with("MATERIALIZED", dialect="postgresql")
    found = text(f"SELECT ticket FROM {FULL_TEXT} WHERE terms MATCH :match")  # noqa: S608
    return found.bindparams(match=words_of(question)).columns(texts.c.ticket).subquery("held")


def has_all(tx: Tx, column: ColumnElement[str], question: str) -> ColumnElement[bool]:
    """The condition that cut terms hold every term of a question, looked at one by one."""
    within = func.strpos if tx.is_postgresql else func.instr
    padded = literal(" ") + column + literal(" ")
    return and_(true(), *(within(padded, f" {term} ") > 0 for term in _wanted(question) or [" "]))


def beyond(order: Sequence[ColumnElement[Any]], values: Sequence[object], *, falling: bool) -> ColumnElement[bool]:
    """Behind ``values`` in an order, as one comparison: an index begins there."""
    last = tuple_(*(literal(value, column.type) for column, value in zip(order, values, strict=True)))
    return tuple_(*order) < last if falling else tuple_(*order) > last


def unit_term(unit: str) -> str:
    """A unit among a ticket's terms; no text cuts to it."""
    return f"unit{unit.encode().hex()}"


def cut(words: str) -> str:
    """The terms of masked words, each once, to be searched."""
    return " ".join(dict.fromkeys(terms(_MASKED.sub(" ", words))))


def match(column: ColumnElement[str], question: str, units: Collection[str] = ()) -> ColumnElement[bool]:
    """The condition of PostgreSQL that cut terms hold every term of a question, and one of ``units`` if any."""
    simple: ColumnElement[str] = literal_column("'simple'")
    asked: ColumnElement[Any] = func.plainto_tsquery(simple, " ".join(_wanted(question)))
    if units:
        asked = asked.op("&&")(func.to_tsquery(simple, " | ".join(map(unit_term, units))))
    return func.to_tsvector(simple, column).op("@@")(asked)


def words_of(question: str) -> str:
    """What SQLite's full-text search is asked to find every term of a question."""
    return " AND ".join('"' + term.replace('"', '""') + '"' for term in _wanted(question)) or '""'


def _wanted(question: str) -> list[str]:
    return list(dict.fromkeys(terms(question)))[:_MOST_TERMS]
