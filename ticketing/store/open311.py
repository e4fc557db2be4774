"""What Open311 reads: tickets everybody may see, and who posted one."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, or_, select

from kernel.database import Tx
from ticketing.model.labels import Action, State
from ticketing.model.ticket import Ticket
from ticketing.rules.open311 import Wanted, states_of
from ticketing.store.body import decode
from ticketing.store.tables import PUBLIC, matter_states, records, tickets

_T = tickets.c
_parents = tickets.alias("parent_ticket")
_P = _parents.c
# A ticket and the state of the one it was merged into.
Found = tuple[Ticket, State | None]


async def published(tx: Tx, wanted: Wanted) -> list[Found]:
    """One page of the tickets everybody may see, the newest first."""
    query = _joined().where(PUBLIC, _T.received >= wanted.since, _T.received <= wanted.until)
    if wanted.services:
        query = query.where(_T.matter.in_(wanted.services))
    if len(wanted.statuses) == 1:
        query = query.where(_has(next(iter(wanted.statuses))))
    query = query.order_by(_T.received.desc(), _T.id.desc())
    return await _found(tx, query.limit(wanted.size).offset((wanted.page - 1) * wanted.size))


async def numbered(tx: Tx, numbers: Sequence[str], poster: str = "") -> list[Found]:
    """Those of the tickets that everybody, or whoever posted them, may see."""
    posted = select(records.c.ticket).where(
        records.c.ticket == _T.id, records.c.what == Action.SUBMIT.value, records.c.by == poster
    )
    mine = posted.exists() if poster else _T.public
    query = _joined().where(_T.number.in_(numbers), or_(_T.public, mine))
    return await _found(tx, query.order_by(_T.received.desc(), _T.id.desc()))


async def catalogue_changed(tx: Tx) -> datetime | None:
    """When the matters last changed."""
    changed: datetime | None = await tx.scalar(select(matter_states.c.changed_at))
    return changed


def _joined() -> Select[tuple[str, str]]:
    on = and_(_T.state == State.MERGED, _P.number == _T.parent)
    return select(_T.body, _P.state.label("above")).select_from(tickets.outerjoin(_parents, on))


def _has(status: str) -> ColumnElement[bool]:
    states = states_of(status)
    above = _P.state.in_(states)
    return or_(_T.state.in_(states), and_(_T.state == State.MERGED, above))


async def _found(tx: Tx, query: Select[tuple[str, str]]) -> list[Found]:
    rows = await tx.rows(query)
    return [(decode(row["body"]), State(row["above"]) if row["above"] else None) for row in rows]
