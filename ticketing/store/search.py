"""Finds tickets by words: tsvector with GIN on PostgreSQL, FTS5 on SQLite, cut by kernel.chinese on both."""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    delete,
    func,
    literal,
    literal_column,
    text,
    true,
    tuple_,
)

from kernel.chinese import terms
from kernel.database import Tx
from ticketing.model.ticket import Ticket
from ticketing.store.tables import FULL_TEXT, texts

# How many of the newest tickets are looked at one by one: a word that one in twenty holds fills its page.
LOOKED_THROUGH = 1000
# An index of words knows no order. What a ticket was received in, in spans of these lengths, lies among its terms, so
# that a word is asked for in the newest spans first and its postings elsewhere are passed over.
SPANS = (timedelta(days=7), timedelta(days=56), timedelta(days=448))
_MOST_TERMS = 24
# What is left of a masked number would still tell whose it is when put beside another.
_MASKED = re.compile(r"[0-9A-Za-z]*\*[0-9A-Za-z*]*")


async def keep_terms(tx: Tx, ticket: Ticket, text_: str, units: Iterable[str]) -> None:
    """Make a ticket findable by the words of ``text_``, which is masked, among all and among those of its units."""
    received = ticket.received or ticket.created
    found = " ".join((cut(text_), *map(unit_term, sorted(units)), *span_terms(received))).strip()
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


def held_by(
    tx: Tx, question: str, units: Collection[str] = (), spans: Collection[str] = ()
) -> tuple[FromClause, ColumnElement[bool]]:
    """Where the index of words finds the tickets that hold every term of ``question``, one of ``units`` and one of
    ``spans`` when given: what to select from, ``texts`` within, and the condition."""
    either = [[unit_term(unit) for unit in units], list(spans)]
    if tx.is_postgresql:
        return texts, match(texts.c.terms, question, *either)
    found = text(f"SELECT ticket FROM {FULL_TEXT} WHERE terms MATCH :match")  # noqa: S608
    held = found.bindparams(match=words_of(question, *either)).columns(texts.c.ticket).subquery("held")
    return texts.join(held, held.c.ticket == texts.c.ticket), true()


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


def span_terms(received: datetime) -> list[str]:
    """The spans a ticket was received in among its terms, the shortest first; no text cuts to them."""
    return [_span(place, received) for place in range(len(SPANS))]


def newest_spans(received: datetime) -> list[tuple[str, ...]]:
    """What to ask for one after another until a page is full: the span of ``received`` and the one before it, short
    spans first. Whatever one of them finds is newer than all it does not look at."""
    return [(_span(place, received), _span(place, received - SPANS[place])) for place in range(len(SPANS))]


def _span(place: int, moment: datetime) -> str:
    return f"span{place}x{int(moment.timestamp() // SPANS[place].total_seconds())}"


def cut(words: str) -> str:
    """The terms of masked words, each once, to be searched."""
    return " ".join(dict.fromkeys(terms(_MASKED.sub(" ", words))))


def match(column: ColumnElement[str], question: str, *either: Collection[str]) -> ColumnElement[bool]:
    """The condition of PostgreSQL that cut terms hold every term of a question, and one of each of ``either``."""
    simple: ColumnElement[str] = literal_column("'simple'")
    asked: ColumnElement[Any] = func.plainto_tsquery(simple, " ".join(_wanted(question)))
    for some in filter(None, either):
        asked = asked.op("&&")(func.to_tsquery(simple, " | ".join(some)))
    return func.to_tsvector(simple, column).op("@@")(asked)


def words_of(question: str, *either: Collection[str]) -> str:
    """What SQLite's full-text search is asked to find every term of a question, and one of each of ``either``."""
    wanted = [_quoted(term) for term in _wanted(question)] or ['""']
    return " AND ".join((*wanted, *(f"({' OR '.join(map(_quoted, some))})" for some in either if some)))


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _wanted(question: str) -> list[str]:
    return list(dict.fromkeys(terms(question)))[:_MOST_TERMS]
