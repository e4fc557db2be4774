"""What is kept to guard who citizens are: doubtful spans, looks at identities, leaks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    RowMapping,
    String,
    Table,
    Text,
    case,
    func,
    select,
    update,
)

from kernel.database import Moment, Tx, filled, metadata, only_where
from kernel.errors import Conflict, NotFound
from ticketing.model.labels import State, Urgency
from ticketing.model.privacy import Access, Leak, LookKind, Purpose
from ticketing.model.ticket import Ticket
from ticketing.store.body import decode
from ticketing.store.tables import tickets

LONGEST_PAGE = 200
LONGEST_TRACE = 20_000

# ``mark`` stands for the words of a span under a key: the words themselves are in the ticket alone.
spans = Table(
    "ticket_span",
    metadata,
    Column("ticket", ForeignKey("ticket.id"), primary_key=True),
    Column("mark", String(64), primary_key=True),
    Column("found_at", Moment, nullable=False),
    Column("verdict", String(8), nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment),
    # How far it was told that nobody has decided.
    Column("told", String(16), nullable=False),
    Index("ix_ticket_span_waiting", "verdict", "found_at"),
)

accesses = Table(
    "ticket_access",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("ticket", ForeignKey("ticket.id")),
    Column("number", String(24), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("role", String(20), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Column("fields", String(60), nullable=False),
    Column("talk", String(32), nullable=False),
    Index("ix_ticket_access_at", "at", "id"),
    Index("ix_ticket_access_ticket", "ticket", "at"),
    Index("ix_ticket_access_talk", "talk", "by", **only_where("talk <> ''")),
    Index("ix_ticket_access_number", "number", "at", "id"),
    Index("ix_ticket_access_by", "by", "at", "id"),
    Index("ix_ticket_access_unit", "unit", "at", "id"),
)

leaks = Table(
    "ticket_leak",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("ticket", ForeignKey("ticket.id"), nullable=False),
    Column("number", String(24), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("opened_by", String(64), nullable=False),
    Column("why", Text, nullable=False),
    Column("notify_by", Moment, nullable=False),
    Column("notified_at", Moment),
    Column("notified_by", String(64), nullable=False),
    Column("notice", Text, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", String(64), nullable=False),
    Column("conclusion", Text, nullable=False),
    Column("told_late", Boolean, nullable=False),
    Index("ix_ticket_leak_ticket", "ticket", "closed_at"),
    Index("ix_ticket_leak_opened", "opened_at", "id"),
)

WAITING = ""
# Least time is given for these.
_SOON = (Urgency.P0.value, Urgency.P1.value)


@dataclass(frozen=True, slots=True)
class Trace:
    """Which looks are asked for; empty filters ask for all."""

    since: datetime
    until: datetime
    number: str = ""
    by: str = ""
    unit: str = ""
    kind: LookKind | None = None


# -- doubtful spans ---------------------------------------------------------------------------------------


async def note_spans(tx: Tx, ticket_id: str, marks: Collection[str], now: datetime) -> bool:
    """Let new spans wait for a person; forget the undecided ones that the text no longer has. Gives whether something
    waits where nothing did."""
    known = {row["mark"]: row["verdict"] for row in await tx.rows(select(spans).where(spans.c.ticket == ticket_id))}
    gone = [mark for mark, verdict in known.items() if verdict == WAITING and mark not in marks]
    if gone:
        await tx.execute(spans.delete().where(spans.c.ticket == ticket_id, spans.c.mark.in_(gone)))
    fresh = [mark for mark in dict.fromkeys(marks) if mark not in known]
    new: dict[str, object] = {
        "ticket": ticket_id,
        "found_at": now,
        "verdict": WAITING,
        "by": "",
        "at": None,
        "told": "",
    }
    if fresh:
        await tx.execute(spans.insert(), [{**new, "mark": mark} for mark in fresh])
    return bool(fresh) and WAITING not in known.values()


async def verdicts(tx: Tx, ticket_id: str) -> Mapping[str, str]:
    """What was decided about each span of a ticket; WAITING for nothing yet."""
    rows = await tx.rows(select(spans.c.mark, spans.c.verdict).where(spans.c.ticket == ticket_id))
    return {row["mark"]: row["verdict"] for row in rows}


async def decide_span(tx: Tx, ticket_id: str, mark: str, verdict: str, by: str, now: datetime) -> None:
    """Write down what a person decided; NotFound for a span the ticket does not have."""
    mine = (spans.c.ticket == ticket_id) & (spans.c.mark == mark)
    done = await tx.execute(update(spans).where(mine).values(verdict=verdict, by=by, at=now))
    if done.rowcount != 1:
        raise NotFound("span")


async def waiting(tx: Tx, limit: int, start: int = 0) -> list[Ticket]:
    """Tickets with spans nobody has decided about, P0 and P1 first, then the longest waiting."""
    return [each.ticket for each in await _queue(tx, limit, start)]


@dataclass(frozen=True, slots=True)
class Undecided:
    """A ticket with words that have waited ``since`` then; ``told`` is what was told last of that."""

    ticket: Ticket
    since: datetime
    told: str


async def untold(tx: Tx, limit: int, told_all: str, states: Collection[State]) -> list[Undecided]:
    """Those in some states of which not everything was told yet, in the same order."""
    return await _queue(tx, limit, 0, tickets.c.state.in_(states), having=func.max(spans.c.told) != told_all)


async def _queue(
    tx: Tx, limit: int, start: int, *where: ColumnElement[bool], having: ColumnElement[bool] | None = None
) -> list[Undecided]:
    since, urgent = func.min(spans.c.found_at), tickets.c.urgency.in_(_SOON)
    query = select(spans.c.ticket, since.label("since"), func.max(spans.c.told).label("told"))
    query = query.join(tickets, tickets.c.id == spans.c.ticket).where(spans.c.verdict == WAITING, *where)
    query = query.group_by(spans.c.ticket, tickets.c.urgency)
    if having is not None:
        query = query.having(having)
    order = (case((urgent, 0), else_=1), since, spans.c.ticket)
    found = await tx.rows(query.order_by(*order).limit(limit).offset(start))
    texts = await tx.rows(
        select(tickets.c.id, tickets.c.body).where(tickets.c.id.in_([row["ticket"] for row in found]))
    )
    bodies = {row["id"]: row["body"] for row in texts}
    return [Undecided(decode(bodies[row["ticket"]]), row["since"], row["told"]) for row in found]


async def keep_told(tx: Tx, ticket_id: str, told: str) -> None:
    """What was told of the spans that wait."""
    mine = (spans.c.ticket == ticket_id) & (spans.c.verdict == WAITING)
    await tx.execute(update(spans).where(mine).values(told=told))


async def waits_since(tx: Tx, ticket_id: str) -> datetime | None:
    """Since when spans of a ticket have waited; None when none does."""
    query = select(spans.c.found_at).where(spans.c.ticket == ticket_id, spans.c.verdict == WAITING)
    row = await tx.row(query.order_by(spans.c.found_at).limit(1))
    return row["found_at"] if row is not None else None


# -- looks ------------------------------------------------------------------------------------------------


async def keep_look(tx: Tx, look: Access, ticket_id: str | None) -> None:
    """Write down that somebody looked; without a ticket at a talk."""
    values = {name: getattr(look, name) for name in Access.__slots__}
    values |= {"purpose": look.purpose or "", "fields": ",".join(look.fields)}
    await tx.execute(accesses.insert().values(ticket=ticket_id, **values))


async def seen_lately(tx: Tx, ticket_id: str, by: str, since: datetime) -> bool:
    """Whether it is written down already that somebody has the ticket open."""
    mine = (accesses.c.ticket == ticket_id) & (accesses.c.by == by) & (accesses.c.at >= since)
    query = select(accesses.c.id).where(mine, accesses.c.kind == LookKind.VIEW).limit(1)
    return await tx.row(query) is not None


async def seen_in_talk(tx: Tx, talk: str, by: str, kind: LookKind, purpose: Purpose | None, since: datetime) -> bool:
    """Whether it is written down already, ``since`` then, that somebody looked at a talk in this way."""
    c = accesses.c
    mine = (c.talk == talk) & (c.talk != "") & (c.by == by) & (c.kind == kind) & (c.at >= since)
    return await tx.row(select(c.id).where(mine, c.purpose == (purpose or "")).limit(1)) is not None


async def looks_at(tx: Tx, ticket_id: str, kinds: Collection[LookKind]) -> list[Access]:
    """Who looked at one ticket, the newest first."""
    query = select(accesses).where(accesses.c.ticket == ticket_id, accesses.c.kind.in_(list(kinds)))
    return [_access(row) for row in await tx.rows(query.order_by(accesses.c.at.desc(), accesses.c.id.desc()))]


async def trace(tx: Tx, asked: Trace, limit: int, before: tuple[datetime, str] | None = None) -> list[Access]:
    """Who looked in a stretch of time, the newest first; ``before`` is where the last page ended."""
    c = accesses.c
    where: list[ColumnElement[bool]] = [c.at >= asked.since, c.at < asked.until]
    pairs = ((c.number, asked.number), (c.by, asked.by), (c.unit, asked.unit), (c.kind, asked.kind))
    where += [column == value for column, value in pairs if value]
    if before is not None:
        where.append((c.at < before[0]) | ((c.at == before[0]) & (c.id < before[1])))
    query = select(accesses).where(*where).order_by(c.at.desc(), c.id.desc()).limit(limit)
    return [_access(row) for row in await tx.rows(query)]


def _access(row: RowMapping) -> Access:
    return Access(
        row["id"],
        row["number"],
        LookKind(row["kind"]),
        row["at"],
        row["by"],
        row["role"],
        row["unit"],
        Purpose(row["purpose"]) if row["purpose"] else None,
        row["note"],
        tuple(row["fields"].split(",")) if row["fields"] else (),
        row["talk"],
    )


# -- leaks ------------------------------------------------------------------------------------------------


async def add_leak(tx: Tx, leak: Leak, ticket_id: str) -> None:
    """Write down a suspected leak."""
    await tx.execute(leaks.insert().values(ticket=ticket_id, told_late=False, **_leak_values(leak)))


async def save_leak(tx: Tx, leak: Leak) -> None:
    """Write back what was done about one; Conflict when it is closed already."""
    mine = (leaks.c.id == leak.id) & leaks.c.closed_at.is_(None)
    done = await tx.execute(update(leaks).where(mine).values(**_leak_values(leak)))
    if done.rowcount != 1:
        raise Conflict("leak_closed")


async def leak(tx: Tx, leak_id: str) -> Leak:
    """One; NotFound."""
    row = await tx.row(select(leaks).where(leaks.c.id == leak_id))
    if row is None:
        raise NotFound("leak")
    return _leak(row)


async def all_leaks(tx: Tx, limit: int = LONGEST_PAGE, start: int = 0) -> list[Leak]:
    """The newest ones, those still open first."""
    order = (leaks.c.closed_at.is_not(None), leaks.c.opened_at.desc(), leaks.c.id)
    return [_leak(row) for row in await tx.rows(select(leaks).order_by(*order).limit(limit).offset(start))]


async def is_frozen(tx: Tx, ticket_id: str) -> bool:
    """Whether nobody may see who the citizen is: a leak is being looked into."""
    query = select(leaks.c.id).where(leaks.c.ticket == ticket_id, leaks.c.closed_at.is_(None)).limit(1)
    return await tx.row(query) is not None


async def is_citizen_frozen(tx: Tx, citizen: str) -> bool:
    """Whether a leak about any ticket of the citizen is being looked into."""
    mine = (tickets.c.citizen == citizen) & filled(tickets.c.citizen)
    query = select(leaks.c.id).join(tickets, tickets.c.id == leaks.c.ticket).where(mine, leaks.c.closed_at.is_(None))
    return await tx.row(query.limit(1)) is not None


async def late_leaks(tx: Tx, now: datetime) -> Sequence[Leak]:
    """Those whose citizen was not told in time, once each."""
    late = (leaks.c.notify_by <= now) & leaks.c.notified_at.is_(None) & leaks.c.closed_at.is_(None)
    rows = await tx.rows(select(leaks).where(late, ~leaks.c.told_late).limit(LONGEST_PAGE))
    ids = [row["id"] for row in rows]
    if ids:
        await tx.execute(update(leaks).where(leaks.c.id.in_(ids)).values(told_late=True))
    return [_leak(row) for row in rows]


def _leak_values(one: Leak) -> dict[str, object]:
    return {name: getattr(one, name) for name in Leak.__slots__}


def _leak(row: RowMapping) -> Leak:
    return Leak(**{name: row[name] for name in Leak.__slots__})
