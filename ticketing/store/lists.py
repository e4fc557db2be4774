"""The lists of the screens: one view a row, each read page by page from where the last one ended."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    RowMapping,
    Select,
    exists,
    false,
    func,
    select,
    true,
    union_all,
)

from kernel import cursors
from kernel.database import Tx
from kernel.labels import Labelled
from ticketing.model.labels import Awaited, State
from ticketing.model.ticket import Ticket
from ticketing.store.body import decode
from ticketing.store.search import LOOKED_THROUGH, beyond, has_all, held_by, newest_spans
from ticketing.store.tables import OUTSIDE, WITH_UNITS, asks, hands, states_in, texts, ticket_units, tickets

LONGEST_PAGE = 200
# Beyond it nobody needs to know how many exactly, and counting them would cost more the longer a list is.
MOST_COUNTED = 1000


# What is before the supervisor is decided there, and what a second reviewer is to agree to has a list of its own.
TO_DECIDE = (Awaited.RETURN, Awaited.OTHER, Awaited.EXCLUSION)


class ViewName(Labelled):
    """Which tickets a list shows."""

    INBOX = "inbox", "单位收件箱"
    TRIAGE = "triage", "待分派"
    REVIEW = "review", "待审核"
    REQUESTS = "requests", "待审批"
    CALLBACK = "callback", "待回访"
    ALL = "all", "全部"
    APPROVAL = "approval", "待内审"
    MINE = "mine", "我经手的"
    OUTSIDE = "outside", "待回应"
    EXCLUSIONS = "exclusions", "剔除待复核"


@dataclass(frozen=True, slots=True)
class View:
    """A list: its name and filters. ``unit`` limits it to one unit's tickets; ``units`` are all it stands for, when
    there are more. ``person`` is whose own list it is; ``awaited`` are the decisions they may take."""

    name: ViewName = ViewName.ALL
    state: State | None = None
    text: str = ""
    unit: str = ""
    matter: str = ""
    area: str = ""
    cursor: str = ""
    limit: int = 50
    units: tuple[str, ...] = ()
    person: str = ""
    awaited: tuple[Awaited, ...] = TO_DECIDE


@dataclass(frozen=True, slots=True)
class Page:
    """Tickets of a list, and the cursor of the next page (None at the end)."""

    items: Sequence[Ticket]
    next: str | None


@dataclass(frozen=True, slots=True)
class _Own:
    """How a view is read among the parts of one unit: the condition there, and the columns that say the same order."""

    where: ColumnElement[bool]
    order: tuple[ColumnElement[Any], ...]


@dataclass(frozen=True, slots=True)
class _Shelf:
    """One view: its condition and the columns it is sorted by, all in one direction."""

    where: ColumnElement[bool]
    order: tuple[ColumnElement[Any], ...]
    own: _Own | None = None
    falling: bool = False
    source: FromClause = tickets


_T, _U, _W, _H, _A = tickets.c, ticket_units.c, texts.c, hands.c, asks.c
_IN_HAND = hands.join(tickets, _T.id == _H.ticket)
_ASKED = asks.join(tickets, _T.id == _A.ticket)
# What is asked is listed by the limit of its decision, however long there is for the whole.
_DECIDED = (_A.decide_by, _A.request)
_NOTHING_ASKED: Select[Any] = select(_A.ticket, *_DECIDED).where(false())
_OPEN_PART = _U.open & _U.inbox_due.is_not(None)
_SHELVES: Mapping[ViewName, _Shelf] = {
    ViewName.INBOX: _Shelf(states_in(WITH_UNITS), (_T.due, _T.id), _Own(_OPEN_PART, (_U.inbox_due, _U.ticket))),
    ViewName.TRIAGE: _Shelf(states_in([State.RECEIVED, State.TRIAGE]), (_T.urgency, _T.received, _T.id)),
    ViewName.REVIEW: _Shelf(states_in([State.REVIEW]), (_T.due, _T.id)),
    ViewName.REQUESTS: _Shelf(true(), _DECIDED, source=_ASKED),
    ViewName.EXCLUSIONS: _Shelf(true(), _DECIDED, source=_ASKED),
    ViewName.CALLBACK: _Shelf(states_in([State.CALL_BACK]), (_T.vote, _T.state_since, _T.id)),
    ViewName.APPROVAL: _Shelf(states_in([State.SUBMITTED]), (_T.due, _T.id)),
    ViewName.MINE: _Shelf(true(), (_H.at, _H.ticket), falling=True, source=_IN_HAND),
    ViewName.OUTSIDE: _Shelf(states_in(OUTSIDE), (_T.state_since, _T.id)),
    ViewName.ALL: _Shelf(true(), (_T.received, _T.id), _Own(true(), (_U.received, _U.ticket)), falling=True),
}

_WAITS = frozenset({ViewName.REQUESTS, ViewName.EXCLUSIONS})


async def find(tx: Tx, view: View) -> Page:
    """One page of a list; Invalid for a cursor that is not ours."""
    shelf = _SHELVES[view.name]
    limit = max(1, min(view.limit, LONGEST_PAGE))
    if _searched(view):
        rows = await _found(tx, view, cursors.moment_of(view.cursor) if view.cursor else None, limit + 1)
    else:
        after = cursors.read(view.cursor, len(shelf.order)) if view.cursor else None
        rows = await tx.rows(_page(tx, view, after, limit + 1))
    page = rows[:limit]
    more = len(rows) > limit
    cursor = cursors.written([page[-1][name] for name in _places(view)]) if more else None
    return Page([decode(row["body"]) for row in page], cursor)


def _places(view: View) -> list[str]:
    """What the columns are called that a list is sorted by."""
    shelf = _SHELVES[view.name]
    order = shelf.own.order if view.unit and shelf.own and not _searched(view) else shelf.order
    return [column.key or "" for column in order]


def _searched(view: View) -> bool:
    return view.name is ViewName.ALL and bool(_words(view))


async def counts(tx: Tx, views: Sequence[View]) -> list[int]:
    """How many tickets each of some lists has; MOST_COUNTED when there are as many or more."""
    some = [_page(tx, view, None, MOST_COUNTED, columns=()).subquery() for view in views]
    columns = [select(func.count()).select_from(each).scalar_subquery().label(f"n{n}") for n, each in enumerate(some)]
    row = await tx.row(select(*columns))
    return [int(row[f"n{n}"]) for n in range(len(views))] if row else [0] * len(views)


def _page(
    tx: Tx, view: View, after: Sequence[object] | None, limit: int, columns: Sequence[ColumnElement[Any]] | None = None
) -> Select[Any]:
    """The first ``limit`` of a list behind ``after``, by one index from where they begin."""
    shelf = _SHELVES[view.name]
    if view.unit and shelf.own is not None:
        return _of_units(tx, view, shelf.own, after, limit, bare=columns is not None)
    if view.name in _WAITS:
        return _of_asked(tx, view, after, limit, bare=columns is not None)
    columns = (_T.body, *shelf.order) if columns is None else columns
    led = _led_by(view)
    order = (led[0], *shelf.order) if led else shelf.order
    query = _filtered(tx, select(*(columns or (_T.id,))).select_from(shelf.source), view).where(shelf.where)
    if view.name is ViewName.MINE:
        query = query.where(_H.person == view.person)
    if led:
        query = query.where(led[0] >= led[1], led[0] <= led[1])
    if view.unit:
        query = query.where(_is_with(view))
    if after is not None:
        query = query.where(beyond(order, (led[1], *after) if led else after, falling=shelf.falling))
    return query.order_by(*(column.desc() if shelf.falling else column for column in order)).limit(limit)


def _is_with(view: View) -> ColumnElement[bool]:
    return exists().where(_U.ticket == _T.id, _U.unit.in_(view.units or (view.unit,)))


def _of_asked(tx: Tx, view: View, after: Sequence[object] | None, limit: int, *, bare: bool) -> Select[Any]:
    """Tickets that wait for some decisions, each once, where the first of these is due; ``bare`` without the tickets
    themselves."""
    # A first reviewer agreed to leave it out of the figures; another one has to.
    kinds = (Awaited.SECOND,) if view.name is ViewName.EXCLUSIONS else view.awaited
    parts = [_asked(tx, view, what, kinds, after, limit) for what in kinds] or [_NOTHING_ASKED]
    found = union_all(*(select(part.subquery()) for part in parts)).subquery()
    order = [found.c.decide_by, found.c.request]
    if bare:
        return select(found.c.ticket).limit(limit)
    query = select(_T.body, *order).select_from(found.join(tickets, found.c.ticket == _T.id))
    return query.order_by(*order).limit(limit)


def _asked(
    tx: Tx, view: View, what: Awaited, kinds: Collection[Awaited], after: Sequence[object] | None, limit: int
) -> Select[Any]:
    """What waits for one sort of decision and for no other of ``kinds`` before."""
    all_asks = asks.alias("of_the_ticket")
    first = select(all_asks.c.request).where(all_asks.c.ticket == _A.ticket, all_asks.c.what.in_(kinds))
    # One look for each: as a join, the planner may read everything that is asked.
    first = first.order_by(all_asks.c.decide_by, all_asks.c.request).limit(1).correlate(asks)
    mine = (_A.what == what) & (_A.request == first.scalar_subquery())
    query: Select[Any] = select(_A.ticket, *_DECIDED).where(mine)
    if view.state or view.matter or view.area or view.unit or view.text.strip():
        query = _filtered(tx, query.join(tickets, _T.id == _A.ticket), view)
        query = query.where(_is_with(view)) if view.unit else query
    if after is not None:
        query = query.where(beyond(_DECIDED, after, falling=False))
    return query.order_by(*_DECIDED).limit(limit)


def _led_by(view: View) -> tuple[ColumnElement[Any], str] | None:
    """The column whose index a list of all is read by, and its value.

    It is asked for as a range and sorted by: asked for as equal, the planner would as well walk through all tickets
    from the newest, which is long where the newest are none of it.
    """
    if view.name is not ViewName.ALL or view.unit:
        return None
    if view.state:
        return _T.state, view.state.value
    return (_T.matter, view.matter) if view.matter else None


def _of_units(tx: Tx, view: View, own: _Own, after: Sequence[object] | None, limit: int, *, bare: bool) -> Select[Any]:
    """What units have of a list, each ticket once, where it comes first; ``bare`` without the tickets themselves."""
    parts = [_own_part(tx, view, unit, after, limit) for unit in view.units or (view.unit,)]
    if len(parts) == 1 and bare:
        return parts[0]
    place, ticket = (column.key or "" for column in own.order)
    found = union_all(*(select(part.subquery()) for part in parts)).subquery()
    if len(parts) > 1:
        found = select(found.c.ticket, func.min(found.c[place]).label(place)).group_by(found.c.ticket).subquery()
    if bare:
        return select(found.c.ticket)
    query = select(_T.body, found.c[place], found.c[ticket])
    query = query.select_from(found.join(tickets, found.c.ticket == _T.id))
    order = [found.c[place], found.c[ticket]]
    falling = _SHELVES[view.name].falling
    return query.order_by(*(column.desc() if falling else column for column in order)).limit(limit)


def _own_part(tx: Tx, view: View, unit: str, after: Sequence[object] | None, limit: int) -> Select[Any]:
    """What one unit has of a list, in its order."""
    shelf = _SHELVES[view.name]
    own = shelf.own
    if own is None:
        raise LookupError(view.name)
    query = select(_U.ticket, own.order[0]).where(_U.unit == unit, own.where)
    if view.state or view.matter or view.area or view.text.strip():
        query = _filtered(tx, query.join(tickets, tickets.c.id == _U.ticket), view)
    if after is not None:
        query = query.where(beyond(own.order, after, falling=shelf.falling))
    order = [column.desc() for column in own.order] if shelf.falling else list(own.order)
    return query.order_by(*order).limit(limit)


def _filtered(tx: Tx, query: Select[Any], view: View) -> Select[Any]:
    """Without the unit: that is another list."""
    led = _led_by(view) if not _words(view) else None
    for column, value in ((_T.state, view.state), (_T.matter, view.matter)):
        if value and (led is None or led[0] is not column):
            query = query.where(column == value)
    if view.area:
        query = query.where(_T.area.startswith(view.area, autoescape=True))
    words = _words(view)
    if words:
        # One look for each ticket of a list that is short by itself.
        held = select(has_all(tx, _W.terms, words)).where(_W.ticket == _T.id).correlate(tickets).scalar_subquery()
        return query.where(held)
    if view.text.strip():
        return query.where(_T.number.startswith(view.text.strip().upper(), autoescape=True))
    return query


def _words(view: View) -> str:
    """What is looked for, unless it is a number or the beginning of one."""
    number = view.text.strip().upper()
    named = number.isascii() and number.isalnum() and any(c.isdigit() for c in number)
    return "" if named else view.text.strip()


# -- words among all there ever were ------------------------------------------------------------------------


async def _found(tx: Tx, view: View, after: tuple[datetime, str] | None, limit: int) -> list[RowMapping]:
    """A frequent word is found among the newest tickets, a rare one by the index of words, span by span: neither reads
    them all."""
    newest: datetime | None = after[0] if after else await tx.scalar(select(func.max(_W.received)))
    if newest is None:
        return []
    if len(view.units) < 2:
        rows = await tx.rows(_among_newest(tx, view, after, limit))
        if len(rows) == limit:
            return rows
    for spans in newest_spans(newest):
        rows = await tx.rows(_by_words(tx, view, after, limit, spans))
        if len(rows) == limit:
            return rows
    return await tx.rows(_by_words(tx, view, after, limit))


def _among_newest(tx: Tx, view: View, after: Sequence[object] | None, limit: int) -> Select[Any]:
    order = (_U.received, _U.ticket) if view.unit else (_W.received, _W.ticket)
    newest = select(*order).where(_U.unit == view.unit) if view.unit else select(*order, _W.terms)
    if after is not None:
        newest = newest.where(beyond(order, after, falling=True))
    some = newest.order_by(*(column.desc() for column in order)).limit(LOOKED_THROUGH).subquery("newest")
    held = has_all(tx, _W.terms if view.unit else some.c.terms, _words(view))
    if view.unit:
        # One look for each: joined, the planner may read all texts there are for a few thousand of them.
        held = select(held).where(_W.ticket == some.c.ticket).correlate(some).scalar_subquery()
    shown: list[ColumnElement[Any]] = [_T.body, some.c.received, _T.id]
    query = select(*shown).join(some, _T.id == some.c.ticket).where(held)
    query = _filtered(tx, query, replace(view, text=""))
    return query.order_by(some.c.received.desc(), some.c.ticket.desc()).limit(limit)


def _by_words(
    tx: Tx, view: View, after: Sequence[object] | None, limit: int, spans: Collection[str] = ()
) -> Select[Any]:
    source, holds = held_by(tx, _words(view), (view.units or (view.unit,)) if view.unit else (), spans)
    held = select(_W.ticket, _W.received).select_from(source).where(holds)
    if after is not None:
        held = held.where(beyond((_W.received, _W.ticket), after, falling=True))
    filtered = bool(view.state or view.matter or view.area)
    if not filtered:
        held = held.order_by(_W.received.desc(), _W.ticket.desc()).limit(limit)
    # Read before anything else: the planner would else walk through all tickets, hoping to meet the word soon.
    found = held.cte("held").prefix_with("MATERIALIZED", dialect="postgresql")
    shown: list[ColumnElement[Any]] = [_T.body, found.c.received, _T.id]
    query = select(*shown).select_from(tickets.join(found, found.c.ticket == _T.id))
    query = _filtered(tx, query, replace(view, text=""))
    return query.order_by(found.c.received.desc(), _T.id.desc()).limit(limit)
