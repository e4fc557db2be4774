"""The lists of the screens: one view a row, each read page by page from where the last one ended."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from kernel.database import Tx
from kernel.errors import Invalid
from kernel.labels import Labelled
from ticketing.model import State, Ticket
from ticketing.store.search import holds
from ticketing.store.tables import ticket_units, tickets
from ticketing.store.tickets import decode

LONGEST_PAGE = 200


class ViewName(Labelled):
    """Which tickets a list shows."""

    INBOX = "inbox", "单位收件箱"
    TRIAGE = "triage", "待分派"
    REVIEW = "review", "待审核"
    REQUESTS = "requests", "待审批"
    CALLBACK = "callback", "待回访"
    ALL = "all", "全部"
    APPROVAL = "approval", "待内审"


@dataclass(frozen=True, slots=True)
class View:
    """A list: its name and filters. ``unit`` limits it to one unit's tickets; ``units`` are all it stands for, when
    there are more."""

    name: ViewName = ViewName.ALL
    state: State | None = None
    text: str = ""
    unit: str = ""
    matter: str = ""
    area: str = ""
    cursor: str = ""
    limit: int = 50
    units: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Tickets of a list, and the cursor of the next page (None at the end)."""

    items: Sequence[Ticket]
    next: str | None


@dataclass(frozen=True, slots=True)
class _Shelf:
    """One view: its condition and the columns it is sorted by, all in one direction."""

    where: ColumnElement[bool]
    order: tuple[ColumnElement[Any], ...]
    falling: bool = False


# Where a member unit has something to do; what is replied to, withdrawn or closed is none of its work any more.
WITH_UNITS = (
    State.DISPATCHED,
    State.ACCEPTED,
    State.IN_PROGRESS,
    State.SUSPENDED,
    State.SHELVED,
    State.SUBMITTED,
    State.REVIEW,
    State.REHANDLE,
)
_T = tickets.c
_SHELVES: Mapping[ViewName, _Shelf] = {
    ViewName.INBOX: _Shelf(_T.state.in_(WITH_UNITS), (_T.due, _T.id)),
    ViewName.TRIAGE: _Shelf(_T.state.in_([State.RECEIVED, State.TRIAGE]), (_T.urgency, _T.received, _T.id)),
    ViewName.REVIEW: _Shelf(_T.state == State.REVIEW, (_T.due, _T.id)),
    ViewName.REQUESTS: _Shelf(_T.asking, (_T.due, _T.id)),
    ViewName.CALLBACK: _Shelf(_T.state == State.CALL_BACK, (_T.state_since, _T.id)),
    ViewName.APPROVAL: _Shelf(_T.state == State.SUBMITTED, (_T.due, _T.id)),
    ViewName.ALL: _Shelf(_T.id.is_not(None), (_T.received, _T.id), falling=True),
}


async def find(tx: Tx, view: View) -> Page:
    """One page of a list; Invalid for a cursor that is not ours."""
    shelf = _SHELVES[view.name]
    limit = max(1, min(view.limit, LONGEST_PAGE))
    query = _filtered(tx, select(tickets.c.body, *shelf.order), view).where(shelf.where)
    if view.cursor:
        query = query.where(_after(shelf, _read(view.cursor, len(shelf.order))))
    order = [column.desc() for column in shelf.order] if shelf.falling else list(shelf.order)
    rows = await tx.rows(query.order_by(*order).limit(limit + 1))
    page = rows[:limit]
    more = len(rows) > limit
    cursor = _write([page[-1][column.key or ""] for column in shelf.order]) if more else None
    return Page([decode(row["body"]) for row in page], cursor)


async def count(tx: Tx, view: View) -> int:
    """How many tickets a list has."""
    query = _filtered(tx, select(func.count()).select_from(tickets), view).where(_SHELVES[view.name].where)
    return int(await tx.scalar(query))


def _filtered(tx: Tx, query: Select[Any], view: View) -> Select[Any]:
    for column, value in ((_T.state, view.state), (_T.matter, view.matter)):
        if value:
            query = query.where(column == value)
    if view.area:
        query = query.where(_T.area.startswith(view.area, autoescape=True))
    if view.unit:
        units = view.units or (view.unit,)
        theirs = exists().where(ticket_units.c.ticket == _T.id, ticket_units.c.unit.in_(units))
        query = query.where(theirs.where(ticket_units.c.open) if view.name is ViewName.INBOX else theirs)
    if view.text.strip():
        query = query.where(_named(tx, view.text.strip()))
    return query


def _named(tx: Tx, text: str) -> ColumnElement[bool]:
    number = text.upper()
    if number.isascii() and number.isalnum() and any(c.isdigit() for c in number):
        return or_(_T.number == number, _T.number.startswith(number, autoescape=True))
    return holds(tx, text)


def _after(shelf: _Shelf, values: Sequence[Any]) -> ColumnElement[bool]:
    """Behind ``values`` in the order of the shelf, spelt out as both databases use their indexes for it."""
    ways = []
    for place, column in enumerate(shelf.order):
        same = [earlier == values[n] for n, earlier in enumerate(shelf.order[:place])]
        beyond = column < values[place] if shelf.falling else column > values[place]
        ways.append(and_(*same, beyond))
    return or_(*ways)


def _write(values: Sequence[object]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def _read(cursor: str, length: int) -> list[object]:
    try:
        raw = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=list[str])
        values = [_value(each) for each in raw]
    except (binascii.Error, msgspec.DecodeError, ValueError) as error:
        raise Invalid({"cursor": "wrong"}) from error
    if len(values) != length:
        raise Invalid({"cursor": "wrong"})
    return values


def _value(text: str) -> object:
    return datetime.fromisoformat(text) if len(text) > 18 and text[4:5] == "-" else text
