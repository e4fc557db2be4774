"""Rows by which tickets that others may still join are found by their words, however many there ever were.

What is over or merged into another has no rows: they are as many as the open tickets are, and an event everybody
tells of is one ticket with those that were merged into it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, bindparam, delete, func, select, union_all

from kernel.database import Tx
from ticketing.model.labels import State
from ticketing.model.ticket import Ticket
from ticketing.rules.bands import BANDS, bands
from ticketing.store.tables import OVER, likes, states_not_in, tickets

# So many of the newest with a band in common are looked at, in the same town and anywhere; so many in all are compared.
IN_TOWN, ANYWHERE, COMPARED = 10, 5, 40
ALONE = frozenset({*OVER, State.MERGED})


def words_of(ticket: Ticket) -> str:
    """What is compared with others."""
    return ticket.text + ticket.place


async def keep(tx: Tx, ticket: Ticket, town: str, before: Ticket | None = None) -> None:
    """The rows of a ticket as it is now; nothing is written where they are those of ``before``."""
    wanted, had = rows_of(ticket, town), before is not None and before.state not in ALONE
    if had and wanted and before is not None and (words_of(before), before.area) == (words_of(ticket), ticket.area):
        return
    if had:
        await tx.execute(delete(likes).where(likes.c.ticket == ticket.id))
    if wanted:
        await tx.insert_rows(likes, wanted)


def rows_of(ticket: Ticket, town: str) -> list[dict[str, object]]:
    """The rows of a ticket; none of one that nobody joins any more."""
    if ticket.state in ALONE:
        return []
    received = ticket.received or ticket.created
    found = dict.fromkeys(bands(words_of(ticket)))
    return [{"ticket": ticket.id, "band": band, "town": town, "received": received} for band in found]


def _newest(place: int, *, in_town: bool) -> Select[tuple[str, datetime]]:
    row = likes.c
    found = select(row.ticket, row.received).where(row.band == bindparam(f"band{place}"))
    found = found.where(row.received >= bindparam("since"))
    if in_town:
        found = found.where(row.town == bindparam("town"))
    found = found.order_by(row.received.desc(), row.ticket.desc()).limit(IN_TOWN if in_town else ANYWHERE)
    return select(found.subquery())  # LIMIT inside a UNION needs a query of its own on SQLite


def _alike(*, in_town: bool) -> Select[tuple[str]]:
    each = [_newest(place, in_town=False) for place in range(BANDS)]
    each += [_newest(place, in_town=True) for place in range(BANDS)] if in_town else []
    met = union_all(*each).subquery()
    return (
        select(met.c.ticket)
        .group_by(met.c.ticket)
        .order_by(func.count().desc(), func.max(met.c.received).desc(), met.c.ticket.desc())
        .limit(COMPARED)
    )


_IN_TOWN, _ANYWHERE = _alike(in_town=True), _alike(in_town=False)


async def alike(tx: Tx, ticket: Ticket, town: str, since: datetime) -> list[str]:
    """Ids of open tickets received ``since`` then that have bands in common, those with most of them first: however
    many tell of one event, a few of the newest are read of each band."""
    found = bands(words_of(ticket))
    if not found:
        return []
    given: dict[str, object] = {f"band{place}": band for place, band in enumerate(found)} | {"since": since}
    if town:
        given["town"] = town
    rows = await tx.execute(_IN_TOWN if town else _ANYWHERE, given)
    return [row for row in rows.scalars() if row != ticket.id]


async def without(tx: Tx, after: str, limit: int) -> tuple[list[str], str]:
    """Of the next so many open tickets after an id those that have no rows, and the last id that was looked at; empty
    when there was none."""
    query = select(tickets.c.id).where(states_not_in(OVER), tickets.c.id > after).order_by(tickets.c.id).limit(limit)
    ids = [row["id"] for row in await tx.rows(query)]
    have = await _having(tx, ids)
    return [each for each in ids if each not in have], ids[-1] if ids else ""


async def _having(tx: Tx, ids: Sequence[str]) -> Collection[str]:
    if not ids:
        return ()
    return {row["ticket"] for row in await tx.rows(select(likes.c.ticket).where(likes.c.ticket.in_(ids)).distinct())}
