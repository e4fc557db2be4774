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
    words = _MASKED.sub(" ", text_)
    cut = " ".join(dict.fromkeys(terms(words)))
    await tx.execute(texts.insert().values(ticket=ticket.id, terms=cut))
    if not tx.is_postgresql:
        statement = text(f"INSERT INTO {FULL_TEXT} (ticket, terms) VALUES (:ticket, :terms)")  # noqa: S608
        await tx.execute(statement.bindparams(ticket=ticket.id, terms=cut))


async def forget_terms(tx: Tx, ticket_id: str) -> None:
    """Take a ticket's words out again."""
    await tx.execute(delete(texts).where(texts.c.ticket == ticket_id))
    if not tx.is_postgresql:
        statement = text(f"DELETE FROM {FULL_TEXT} WHERE ticket = :ticket")  # noqa: S608
        await tx.execute(statement.bindparams(ticket=ticket_id))


def holds(tx: Tx, question: str) -> ColumnElement[bool]:
    """The condition that a ticket holds every term of ``question``; never true for a question without one."""
    wanted = list(dict.fromkeys(terms(question)))[:_MOST_TERMS]
    if tx.is_postgresql:
        vector = func.to_tsvector(literal_column("'simple'"), texts.c.terms)
        query = func.plainto_tsquery(literal_column("'simple'"), " ".join(wanted))
        return tickets.c.id.in_(select(texts.c.ticket).where(vector.op("@@")(query)))
    match = " AND ".join('"' + term.replace('"', '""') + '"' for term in wanted) or '""'
    found = text(f"SELECT ticket FROM {FULL_TEXT} WHERE terms MATCH :match")  # noqa: S608
    return tickets.c.id.in_(found.bindparams(match=match).columns(tickets.c.id))
