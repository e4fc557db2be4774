"""What the supervisors' wall asks for: counts and short lists of what is open, by indexes alone."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select

from kernel import cursors
from kernel.database import Tx, written_out
from ticketing.model.labels import Awaited, State
from ticketing.model.ticket import Ticket
from ticketing.rules.agenda import FAR
from ticketing.rules.side_actions import BEFORE_THE_REPLY
from ticketing.store.body import decode
from ticketing.store.search import beyond
from ticketing.store.tables import ASKING, HURRIES, OPEN_PART, asks, states_in, ticket_units, tickets

_T = tickets.c
MOST_COUNTED = 10_000
# Whatever counts toward a reply: in these states alone a ticket can be overdue.
OPEN: tuple[State, ...] = BEFORE_THE_REPLY
# Written out, not bound: only so does PostgreSQL see that the partial index holds all of it.
SUPERVISED = written_out("ticket.supervision > 0")
HURRYING = written_out(f"ticket.{HURRIES}")
BY_STEP = (_T.step_due, _T.id)


async def counts(tx: Tx, bounds: Mapping[str, tuple[datetime | None, datetime | None]]) -> dict[str, int]:
    """How many open tickets are due within each of ``bounds`` (after the first moment, up to the second); MOST_COUNTED
    when there are as many or more."""
    columns = []
    for name, each in bounds.items():
        some = select(_T.id).where(states_in(OPEN), between(*each)).limit(MOST_COUNTED).subquery()
        columns.append(select(func.count()).select_from(some).scalar_subquery().label(name))
    row = await tx.row(select(*columns))
    return {name: int(row[name]) for name in bounds} if row else dict.fromkeys(bounds, 0)


def between(after: datetime | None, until: datetime | None) -> ColumnElement[bool]:
    """Due after a moment, up to another; None is no bound."""
    where = [_T.due < FAR] if until is None else [_T.due <= until]
    if after is not None:
        where.append(_T.due > after)
    return and_(*where)


def paused() -> ColumnElement[bool]:
    """No clock runs toward a reply."""
    return _T.due >= FAR


async def levels(tx: Tx) -> dict[int, int]:
    """How many open tickets are supervised at each level."""
    query = select(_T.supervision, func.count().label("many")).where(SUPERVISED, states_in(OPEN))
    return {row["supervision"]: row["many"] for row in await tx.rows(query.group_by(_T.supervision))}


# What the wall counts as one: leaving a ticket out of the figures is still a request like others.
OTHERS = (Awaited.OTHER, Awaited.EXCLUSION, Awaited.SECOND)


async def awaited(tx: Tx) -> dict[str, int]:
    """On how many tickets something waits for each kind of decision."""
    what = case((asks.c.what.in_(OTHERS), Awaited.OTHER.value), else_=asks.c.what).label("what")
    query = select(what, func.count(asks.c.ticket.distinct()).label("many")).group_by(what)
    return {row["what"]: row["many"] for row in await tx.rows(query)}


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some of the open tickets: which, and in what order."""

    where: ColumnElement[bool]
    order: tuple[ColumnElement[Any], ...] = (_T.due, _T.id)


def supervised(level: int) -> Shelf:
    """At a level of supervision, those due first."""
    return Shelf(SUPERVISED & (_T.supervision == level) & states_in(OPEN))


def due(where: ColumnElement[bool]) -> Shelf:
    """Open tickets, those due first."""
    return Shelf(states_in(OPEN) & where)


def asking(what: Awaited, *, before: datetime | None = None) -> Shelf:
    """Tickets on which something waits for a decision, those due first; only what was to be decided ``before``."""
    kinds = OTHERS if what is Awaited.OTHER else (what,)
    waits = exists().where(asks.c.ticket == _T.id, asks.c.what.in_(kinds))
    return Shelf(ASKING & (waits if before is None else waits.where(asks.c.decide_by < before)))


# Only there does an appeal, or a proposal to decline, wait; requests of units wait in other states.
PROPOSED: Mapping[str, tuple[State, ...]] = {
    "appeals": (State.DECLINED,),
    "refusals": (State.RECEIVED, State.TRIAGE),
}


def proposed(name: str) -> Shelf:
    """Tickets on which an appeal or a proposal to decline waits, those due first."""
    return Shelf(ASKING & _T.state.in_(PROPOSED[name]))


async def proposals(tx: Tx) -> dict[str, int]:
    """On how many tickets an appeal waits, and on how many a proposal to decline."""
    columns = [func.count().filter(_T.state.in_(states)).label(name) for name, states in PROPOSED.items()]
    row = await tx.row(select(*columns).where(ASKING))
    return {name: int(row[name]) for name in PROPOSED} if row else {}


async def late_rulings(tx: Tx, now: datetime) -> int:
    """How many disputes should have been ruled on by now."""
    late = select(func.count()).where(asks.c.what == Awaited.DISPUTE, asks.c.decide_by < now)
    return int(await tx.scalar(late))


def urgent() -> Shelf:
    """Open emergencies and urgent tickets, those first on which something is to be done first."""
    return Shelf(states_in(OPEN) & HURRYING, BY_STEP)


def late_steps(now: datetime) -> Shelf:
    """Tickets due later on which something should have been done by now, be it accepted, reviewed or called back."""
    return Shelf(_late_step(now), BY_STEP)


async def late_steps_counted(tx: Tx, now: datetime) -> int:
    """How many of these there are; MOST_COUNTED when there are as many or more."""
    some = select(_T.id).where(_late_step(now)).limit(MOST_COUNTED).subquery()
    return int(await tx.scalar(select(func.count()).select_from(some)) or 0)


def _late_step(now: datetime) -> ColumnElement[bool]:
    return (_T.step_due <= now) & (_T.due > now)


async def page(tx: Tx, shelf: Shelf, limit: int, cursor: str = "") -> tuple[list[Ticket], str | None]:
    """One page, and the cursor of the next (None at the end); Invalid for a cursor that is not ours."""
    query = select(_T.body, *shelf.order).where(shelf.where)
    if cursor:
        query = query.where(beyond(shelf.order, cursors.read(cursor, len(shelf.order)), falling=False))
    rows = await tx.rows(query.order_by(*shelf.order).limit(limit + 1))
    shown = rows[:limit]
    behind = cursors.written([shown[-1][c.key or ""] for c in shelf.order]) if len(rows) > limit else None
    return [decode(row["body"]) for row in shown], behind


async def ever_had(tx: Tx, units: Collection[str]) -> set[str]:
    """Those of some units that have, or had, a part of a ticket."""
    if not units:
        return set()
    query = select(ticket_units.c.unit).where(ticket_units.c.unit.in_(units)).group_by(ticket_units.c.unit)
    return {row["unit"] for row in await tx.rows(query)}


async def open_parts(tx: Tx, units: Collection[str]) -> dict[str, int]:
    """How many open parts of tickets lie at each of some units."""
    if not units:
        return {}
    mine = OPEN_PART & ticket_units.c.unit.in_(units)
    query = select(ticket_units.c.unit, func.count().label("many")).where(mine).group_by(ticket_units.c.unit)
    return {row["unit"]: row["many"] for row in await tx.rows(query)}
