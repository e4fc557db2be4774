"""Tickets that wait for a dispatcher and may be sent with a glance, with what was decided about each."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import select

from kernel import cursors
from kernel.database import Tx
from ticketing.model.duties import DispatchDecision
from ticketing.model.labels import State, TicketKind
from ticketing.model.ticket import Ticket
from ticketing.store.body import decode
from ticketing.store.search import beyond
from ticketing.store.tables import states_in, tickets

_T = tickets.c
_ORDER = (_T.urgency, _T.received, _T.id)
# A report is read by a person before it goes anywhere.
_PROPOSED = states_in([State.TRIAGE]) & (_T.kind != TicketKind.REPORT.value)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that waits, what was decided about it, and the cursor of what comes behind it."""

    ticket: Ticket
    decision: DispatchDecision | None
    cursor: str


async def waiting(tx: Tx, cursor: str, limit: int) -> list[Waiting]:
    """The most urgent and longest waiting first, behind ``cursor``; Invalid for one that is not ours."""
    query = select(_T.body, _T.decision, *_ORDER).where(_PROPOSED)
    if cursor:
        query = query.where(beyond(_ORDER, cursors.read(cursor, len(_ORDER)), falling=False))
    rows = await tx.rows(query.order_by(*_ORDER).limit(limit))
    return [
        Waiting(
            decode(row["body"]),
            _decision(row["decision"]),
            cursors.written([row[column.key or ""] for column in _ORDER]),
        )
        for row in rows
    ]


async def decisions(tx: Tx, limit: int) -> list[DispatchDecision]:
    """What was decided about those that wait, without the tickets: enough to count."""
    query = select(_T.decision).where(_PROPOSED).order_by(*_ORDER).limit(limit)
    found = [_decision(row["decision"]) for row in await tx.rows(query)]
    return [decision for decision in found if decision is not None]


def _decision(kept: object) -> DispatchDecision | None:
    return msgspec.convert(kept, DispatchDecision) if kept else None
