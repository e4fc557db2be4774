"""Rows of how officers want to be reached, and of what each is to be told."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text, delete, func, select, update

from kernel.database import Json, Moment, Tx, metadata, only_where
from kernel.privacy import Vault
from ticketing.model.labels import State, Urgency
from ticketing.rules.reaching import Reach, Waiting, Way
from ticketing.store.tables import tickets

reaches = Table(
    "officer_reach",
    metadata,
    Column("staff", String(32), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
)

officer_notices = Table(
    "officer_notice",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("staff", String(32), nullable=False),
    Column("ticket", ForeignKey("ticket.id"), nullable=False),
    Column("what", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("read_at", Moment),
    Index("ix_officer_notice_waiting", "staff", **only_where("sent_at IS NULL AND read_at IS NULL")),
    Index("ix_officer_notice_staff", "staff", "at"),
    Index("ix_officer_notice_ticket", "ticket"),
    Index("ix_officer_notice_at", "at"),
)

officer_messages = Table(
    "officer_message",
    metadata,
    Column("message", String(32), primary_key=True),
    Column("staff", String(32), nullable=False),
    Column("way", String(10), nullable=False),
    Column("at", Moment, nullable=False),
    # What goes out on the next way, and when, unless it was read by then.
    Column("rest", Json, nullable=False),
    Column("texts", Json, nullable=False),
    Column("link", Text, nullable=False),
    Column("told_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Index("ix_officer_message_at", "at"),
)

# Nothing is left to do for anybody; for a unit.
_ENDED = [s.value for s in (State.CLOSED, State.WITHDRAWN, State.ARCHIVED, State.MERGED)]
_DONE = [*_ENDED, State.REPLIED.value, State.CALL_BACK.value]


@dataclass(frozen=True, slots=True)
class OfficerNotice:
    """A thing an officer was or is to be told of."""

    number: str
    what: str
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sent:
    """A message to an officer: on which way, the ways that are left, the whole and the short text, its page; when they
    were told, and from when on the next way is tried while it is unread."""

    staff: str
    way: Way
    rest: tuple[Way, ...]
    texts: tuple[str, str]
    link: str
    told_at: datetime
    until: datetime
    urgent: bool


def _context(staff: str) -> str:
    return f"officer_reach:{staff}"


async def keep(tx: Tx, vault: Vault, staff: str, reach: Reach, now: datetime) -> None:
    """Write down what an officer chose; the addresses are sealed."""
    sealed = vault.seal(msgspec.json.encode(reach).decode(), _context(staff))
    statement = tx.insert(reaches).values(staff=staff, sealed=sealed, changed_at=now)
    changes = {"sealed": sealed, "changed_at": now}
    await tx.execute(statement.on_conflict_do_update(index_elements=["staff"], set_=changes))


async def of(tx: Tx, vault: Vault, staff: Collection[str]) -> Mapping[str, Reach]:
    """What officers chose; who chose nothing is left out."""
    if not staff:
        return {}
    rows = await tx.rows(select(reaches).where(reaches.c.staff.in_(staff)))
    opened = {row["staff"]: vault.open(row["sealed"], _context(row["staff"])) for row in rows}
    return {who: msgspec.json.decode(text, type=Reach) for who, text in opened.items()}


async def add(tx: Tx, rows: Sequence[Mapping[str, object]]) -> None:
    """Things to be told, or that were told at once."""
    if rows:
        await tx.execute(officer_notices.insert(), list(rows))


async def who_waits(tx: Tx, after: str, limit: int) -> Sequence[str]:
    """Officers something waits for, in the order of their ids."""
    waiting = officer_notices.c.sent_at.is_(None) & officer_notices.c.read_at.is_(None)
    query = select(officer_notices.c.staff).where(waiting, officer_notices.c.staff > after)
    rows = await tx.rows(query.distinct().order_by(officer_notices.c.staff).limit(limit))
    return [row["staff"] for row in rows]


async def take_waiting(tx: Tx, staff: str, now: datetime, *, of_unit: bool = True) -> Sequence[Waiting]:
    """What waits for an officer, taken: nobody else tells it. What nothing is left to do for is left out."""
    mine = (
        (officer_notices.c.staff == staff) & officer_notices.c.sent_at.is_(None) & officer_notices.c.read_at.is_(None)
    )
    taken = update(officer_notices).where(mine).values(sent_at=now)
    ids = [row[0] for row in (await tx.execute(taken.returning(officer_notices.c.id))).all()]
    if not ids:
        return []
    query = (
        select(tickets.c.number, officer_notices.c.what, tickets.c.urgency, tickets.c.due)
        .join(tickets, tickets.c.id == officer_notices.c.ticket)
        .where(officer_notices.c.id.in_(ids), tickets.c.state.not_in(_DONE if of_unit else _ENDED))
    )
    return [Waiting(r["number"], r["what"], Urgency(r["urgency"]), r["due"]) for r in await tx.rows(query)]


async def newest(tx: Tx, staff: str, limit: int) -> Sequence[OfficerNotice]:
    """An officer's notices, the newest first."""
    query = (
        select(tickets.c.number, officer_notices.c.what, officer_notices.c.at, officer_notices.c.read_at)
        .join(tickets, tickets.c.id == officer_notices.c.ticket)
        .where(officer_notices.c.staff == staff)
        .order_by(officer_notices.c.at.desc(), officer_notices.c.id.desc())
    )
    rows = await tx.rows(query.limit(limit))
    return [OfficerNotice(row["number"], row["what"], row["at"], row["read_at"]) for row in rows]


async def unread(tx: Tx, staff: str) -> int:
    """How many an officer has not read."""
    query = select(func.count()).where(officer_notices.c.staff == staff, officer_notices.c.read_at.is_(None))
    return int(await tx.scalar(query) or 0)


async def read(tx: Tx, staff: str, number: str, now: datetime) -> None:
    """An officer has opened a ticket: what was said of it is read, what was still to be said is not said any more."""
    theirs = (officer_notices.c.staff == staff) & officer_notices.c.read_at.is_(None)
    ticket = select(tickets.c.id).where(tickets.c.number == number).scalar_subquery()
    await tx.execute(update(officer_notices).where(theirs, officer_notices.c.ticket == ticket).values(read_at=now))


async def readdress(tx: Tx, staff: str, other: str, *, told_at: datetime | None = None) -> None:
    """What somebody has not read is the other's: what was told them at a moment, or else what still waits."""
    if staff == other:
        return
    theirs = (officer_notices.c.staff == staff) & officer_notices.c.read_at.is_(None)
    at = officer_notices.c.sent_at == told_at if told_at else officer_notices.c.sent_at.is_(None)
    await tx.execute(update(officer_notices).where(theirs, at).values(staff=other))


async def forget(tx: Tx, before: datetime) -> int:
    """Drop old notices; gives how many."""
    return (await tx.execute(delete(officer_notices).where(officer_notices.c.at < before))).rowcount


async def note_message(tx: Tx, message: str, at: datetime, sent: Sent) -> None:
    """A message to an officer is under way: what becomes of it is looked at for a while."""
    row = {name: getattr(sent, name) for name in Sent.__slots__} | {"rest": list(sent.rest), "texts": list(sent.texts)}
    await tx.execute(officer_messages.insert().values(message=message, at=at, **row))


async def messages(tx: Tx, after: str, limit: int) -> Mapping[str, Sent]:
    """Messages that are looked at, in the order of their ids."""
    query = select(officer_messages).where(officer_messages.c.message > after).order_by(officer_messages.c.message)
    rows = await tx.rows(query.limit(limit))
    return {row["message"]: msgspec.convert({n: row[n] for n in Sent.__slots__}, Sent) for row in rows}


async def no_more_ways(tx: Tx, ids: Collection[str]) -> None:
    """These have been followed by a message on another way, or were read: they are looked at for failures only."""
    await tx.execute(update(officer_messages).where(officer_messages.c.message.in_(ids)).values(rest=[]))


async def unread_of(tx: Tx, staff: str, told_at: datetime) -> Sequence[tuple[str, str]]:
    """The tickets an officer was told of at that moment and has not read, each with what was said of it."""
    mine = (officer_notices.c.staff == staff) & (officer_notices.c.sent_at == told_at)
    query = (
        select(tickets.c.number, officer_notices.c.what)
        .join(tickets, tickets.c.id == officer_notices.c.ticket)
        .where(mine, officer_notices.c.read_at.is_(None))
    )
    return [(row["number"], row["what"]) for row in await tx.rows(query)]


async def forget_messages(tx: Tx, ids: Collection[str], before: datetime) -> None:
    """Messages nobody looks at any more: these, and all older ones."""
    gone = officer_messages.c.message.in_(ids) | (officer_messages.c.at < before)
    await tx.execute(delete(officer_messages).where(gone))
