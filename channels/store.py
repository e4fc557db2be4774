"""The room's tables, and what it needs of the mailbox's rows beyond the mailbox's own doors."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    and_,
    delete,
    exists,
    func,
    select,
    update,
)

from kernel.database import Moment, Tx, metadata
from kernel.ids import new_id
from kernel.mailbox import OPEN, Entry, OutState, Posted, inbox, outbox
from kernel.messages import Address, Inbound

token_table = Table(
    "channel_token",
    metadata,
    Column("account", String(120), primary_key=True),
    Column("sealed", Text, nullable=False),
    Column("fetched_at", Moment),
    Column("expires_at", Moment),
    Column("lease", String(32)),
    Column("lease_until", Moment),
)

media_table = Table(
    "channel_media",
    metadata,
    Column("attachment", String(32), primary_key=True),
    Column("message", String(32), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("media_ref", String(300), nullable=False),
    Column("name", String(120), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", String(100), nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Index("ix_channel_media_due", "not_before"),
)


refusal_table = Table(
    "channel_refusal",
    metadata,
    Column("person", String(64), primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A message as it lies in the mailbox."""

    id: str
    seq: int
    reply_by: datetime | None


async def kept(tx: Tx, ids: Collection[str]) -> Mapping[str, Kept]:
    """Number and deadline of messages that came in, by id."""
    if not ids:
        return {}
    rows = await tx.rows(select(inbox.c.id, inbox.c.seq, inbox.c.reply_by).where(inbox.c.id.in_(ids)))
    return {row["id"]: Kept(row["id"], row["seq"], row["reply_by"]) for row in rows}


# -- files still with the platform ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MediaDue:
    """A file to be fetched and kept under the id that was given to it."""

    attachment: str
    message: str
    channel: str
    media_ref: str
    name: str
    attempts: int
    first_seen: datetime


async def want_media(tx: Tx, messages: Collection[Inbound]) -> bool:
    """Write down the files of ``messages`` that are still with the platform; whether there are any."""
    rows = [
        {
            "attachment": message.attachments[0].id,
            "message": message.id,
            "channel": message.address.channel,
            "media_ref": message.media_ref,
            "name": message.attachments[0].name,
            "attempts": 0,
            "reason": "",
            "first_seen": message.received_at,
            "not_before": message.received_at,
        }
        for message in messages
        if message.media_ref and message.attachments
    ]
    if rows:
        await tx.execute(media_table.insert(), rows)
    return bool(rows)


async def claim_media(tx: Tx, channels: Collection[str], now: datetime, lease: timedelta) -> MediaDue | None:
    """Take the file that is due longest for ``lease``; None when none is due."""
    row = await tx.row(
        select(media_table)
        .where(media_table.c.channel.in_(channels), media_table.c.not_before <= now)
        .order_by(media_table.c.not_before)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None:
        return None
    await put_off_media(tx, row["attachment"], now + lease, row["reason"], row["attempts"] + 1)
    return MediaDue(
        row["attachment"],
        row["message"],
        row["channel"],
        row["media_ref"],
        row["name"],
        row["attempts"] + 1,
        row["first_seen"],
    )


async def put_off_media(tx: Tx, attachment: str, until: datetime, reason: str, attempts: int) -> None:
    """Look at the file again at ``until``."""
    mine = media_table.c.attachment == attachment
    await tx.execute(update(media_table).where(mine).values(not_before=until, reason=reason, attempts=attempts))


async def finish_media(tx: Tx, attachment: str) -> bool:
    """The file is dealt with; False when somebody else did that."""
    done = await tx.execute(media_table.delete().where(media_table.c.attachment == attachment))
    return done.rowcount == 1


# -- access tokens --------------------------------------------------------------------------------------


async def token_row(tx: Tx, account: str) -> RowMapping:
    """The account's token, locked for this transaction."""
    statement = tx.insert(token_table).values(account=account, sealed="")
    await tx.execute(statement.on_conflict_do_nothing(index_elements=["account"]))
    rows = await tx.rows(select(token_table).where(token_table.c.account == account).with_for_update())
    return rows[0]


async def end_lease(tx: Tx, account: str, lease: str, token: Mapping[str, object]) -> None:
    """Give the lease back, with the new ``token``'s columns if there are any, unless another has it by now."""
    mine = (token_table.c.account == account) & (token_table.c.lease == lease)
    await tx.execute(update(token_table).where(mine).values(lease=None, lease_until=None, **token))


async def begin_lease(tx: Tx, account: str, lease: str, until: datetime) -> None:
    """Let the holder of ``lease`` alone fetch a token until ``until``."""
    mine = token_table.c.account == account
    await tx.execute(update(token_table).where(mine).values(lease=lease, lease_until=until))


# -- messages out ---------------------------------------------------------------------------------------


async def take_at(tx: Tx, entries: Collection[Entry], until: datetime) -> list[Posted]:
    """Take the queued messages among ``entries`` for the page they are about to be pushed to."""
    queued = [entry for entry in entries if entry.state == OutState.QUEUED]
    waiting = {entry.outbound.id: (entry.outbound, entry.seq) for entry in queued if entry.outbound is not None}
    if not waiting:
        return []
    token = new_id()
    rows = await tx.rows(
        update(outbox)
        .where(outbox.c.id.in_(list(waiting)), outbox.c.state == OutState.QUEUED)
        .values(state=OutState.SENDING, lease_token=token, lease_until=until, attempts=outbox.c.attempts + 1)
        .returning(outbox.c.id, outbox.c.attempts)
    )
    return [Posted(*waiting[row["id"]], row["attempts"], token) for row in rows]


async def has_unknown(tx: Tx, address: Address, seq: int) -> bool:
    """Whether messages up to ``seq`` are there of which nobody could tell whether the page has them."""
    return bool(await tx.scalar(select(exists().where(_unknown(address, seq)))))


async def confirm(tx: Tx, address: Address, seq: int, now: datetime) -> None:
    """The page has everything up to ``seq``: what was unknown is sent."""
    await tx.execute(update(outbox).where(_unknown(address, seq)).values(state=OutState.SENT, settled_at=now))


def _unknown(address: Address, seq: int) -> ColumnElement[bool]:
    return and_(outbox.c.address == address.key, outbox.c.seq <= seq, outbox.c.state == OutState.UNKNOWN)


async def give_up_unread(tx: Tx, channel: str, before: datetime, now: datetime) -> int:
    """Messages nobody came back for since ``before`` have failed; they stay in the thread. Gives their number."""
    old = and_(OPEN, outbox.c.channel == channel, outbox.c.state == OutState.QUEUED, outbox.c.created_at < before)
    gone = await tx.execute(
        update(outbox).where(old).values(state=OutState.FAILED, reason="not_picked_up", settled_at=now)
    )
    return gone.rowcount


async def sent_since(tx: Tx, addresses: Collection[Address], since: datetime) -> Mapping[str, int]:
    """How many messages each address was sent since ``since``, by the address's key."""
    lately = (outbox.c.address.in_([a.key for a in addresses])) & (outbox.c.created_at >= since)
    rows = await tx.rows(
        select(outbox.c.address, func.count().label("number"))
        .where(lately, outbox.c.state == OutState.SENT)
        .group_by(outbox.c.address)
    )
    return {row["address"]: row["number"] for row in rows}


# -- who wants no messages any more ----------------------------------------------------------------------


async def refuse(tx: Tx, person: str, channel: str, at: datetime) -> None:
    """Whoever this index stands for wants none."""
    values = {"person": person, "channel": channel, "at": at}
    await tx.execute(tx.insert(refusal_table).values(**values).on_conflict_do_nothing(index_elements=["person"]))


async def welcome(tx: Tx, person: str) -> None:
    """They want them again."""
    await tx.execute(delete(refusal_table).where(refusal_table.c.person == person))


async def refusing(tx: Tx, people: Collection[str]) -> frozenset[str]:
    """Who of these wants none."""
    rows = await tx.rows(select(refusal_table.c.person).where(refusal_table.c.person.in_(people)))
    return frozenset(row["person"] for row in rows)
