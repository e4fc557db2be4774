"""Finds tickets by words: tsvector with GIN on PostgreSQL, FTS5 on SQLite, cut by kernel.chinese on both."""

import re

from sqlalchemy import ColumnElement, delete, func, literal_column, select, text

from kernel.chinese import terms
from kernel.database import Tx
from ticketing.model import Ticket
from ticketing.store.tables import FULL_TEXT, texts, tickets

_MOST_TERMS = 24
# What is left of a masked number would still tell whose it is when put beside another.
_MASKED = re.compile(r"[0-9A-Za-z]*\*[0-9A-Za-z*]*")


async def keep_terms(tx: Tx, ticket: Ticket, text_: str) -> None:
    """Make a ticket findable by the words of ``text_``, which is masked."""
    found = cut(text_)
    await tx.execute(texts.insert().values(ticket=ticket.id, terms=found))
    if not tx.is_postgresql:
        statement = text(f"INSERT INTO {FULL_TEXT} (ticket, terms) VALUES (:ticket, :terms)")  # noqa: S608
        await tx.execute(statement.bindparams(ticket=ticket.id, terms=found))


async def forget_terms(tx: Tx, ticket_id: str) -> None:
    """Take a ticket's words out again."""
    await tx.execute(delete(texts).where(texts.c.ticket == ticket_id))
    if not tx.is_postgresql:
        statement = text(f"DELETE FROM {FULL_TEXT} WHERE ticket = :ticket")  # noqa: S608
        await tx.execute(statement.bindparams(ticket=ticket_id))


def holds(tx: Tx, question: str) -> ColumnElement[bool]:
    """The condition that a ticket holds every term of ``question``; never true for a question without one."""
    if tx.is_postgresql:
        return tickets.c.id.in_(select(texts.c.ticket).where(match(texts.c.terms, question)))
    found = text(f"SELECT ticket FROM {FULL_TEXT} WHERE terms MATCH :match")  # noqa: S608
    return tickets.c.id.in_(found.bindparams(match=words_of(question)).columns(tickets.c.id))


def cut(words: str) -> str:
    """The terms of masked words, each once, to be searched."""
    return " ".join(dict.fromkeys(terms(_MASKED.sub(" ", words))))


def match(column: ColumnElement[str], question: str) -> ColumnElement[bool]:
    """The condition of PostgreSQL that cut terms hold every term of a question."""
    vector = func.to_tsvector(literal_column("'simple'"), column)
    return vector.op("@@")(func.plainto_tsquery(literal_column("'simple'"), " ".join(_wanted(question))))


def words_of(question: str) -> str:
    """What SQLite's full-text search is asked to find every term of a question."""
    return " AND ".join('"' + term.replace('"', '""') + '"' for term in _wanted(question)) or '""'


def _wanted(question: str) -> list[str]:
    return list(dict.fromkeys(terms(question)))[:_MOST_TERMS]
