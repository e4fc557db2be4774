"""The tray between channels and desk: messages in, messages out; one lane a conversation, claimed by lease.

In: the same external id twice is once. A worker claims the *lane*, so that order is kept; a lease that runs
out frees it after a crash, and only the token of the present lease settles.
Out: queued → sending → sent, failed or unknown. Whoever moves a row from queued to sending owns it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    case,
    exists,
    func,
    or_,
    select,
    true,
    union_all,
    update,
)

from kernel.bell import Bell
from kernel.clock import Clock
from kernel.database import Moment, Serial, Tx, filled, metadata, only_where, written_out
from kernel.errors import Conflict, NotFound
from kernel.ids import new_id
from kernel.labels import Labelled
from kernel.messages import Address, Inbound, Outbound
from kernel.privacy import Vault

MAX_ATTEMPTS = 5
# So many times what is taken at once is looked at: others may have the first of it in hand.
AHEAD = 4
IN_TOPIC = "mailbox.in"
OUT_TOPIC = "mailbox.out"


def reply_topic(inbound_id: str) -> str:
    """The bell topic a request rings that waits for the passive reply to ``inbound_id``."""
    return f"mailbox.reply.{inbound_id}"


def address_topic(address: Address) -> str:
    """The bell topic that rings when there is something new for ``address``."""
    return f"mailbox.address.{address.key}"


class InState(Labelled):
    """What became of a message that came in."""

    WAITING = "waiting", "待处理"
    DONE = "done", "已处理"
    ASIDE = "aside", "搁置"


class OutState(Labelled):
    """What became of a message to a citizen."""

    QUEUED = "queued", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已送达平台"
    FAILED = "failed", "发送失败"
    UNKNOWN = "unknown", "结果不明"


lanes = Table(
    "mailbox_lane",
    metadata,
    Column("address", String(200), primary_key=True),
    Column("last_seq", Serial, nullable=False),
    Column("ready", Boolean, nullable=False),
    Column("ready_since", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("lease_token", String(32)),
    Column("lease_until", Moment),
    Index("ix_mailbox_lane_ready", "ready_since", **only_where("ready")),
)

inbox = Table(
    "mailbox_in",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("address", String(200), nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("seq", Serial, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", String(100), nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("reply_by", Moment),
    Column("body", Text, nullable=False),
    UniqueConstraint("address", "external_id"),
    Index("ix_mailbox_in_waiting", "address", "seq"),
    Index("ix_mailbox_in_aside", "state", **only_where("state = 'aside'")),
)

outbox = Table(
    "mailbox_out",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("address", String(200), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("seq", Serial, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("reply_to", String(32), nullable=False),
    Column("reserved_until", Moment),
    Column("not_before", Moment, nullable=False),
    Column("lease_token", String(32)),
    Column("lease_until", Moment),
    Column("created_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Column("body", Text, nullable=False),
    Index("ix_mailbox_out_address", "address", "seq"),
    Index(
        "ix_mailbox_out_open",
        "channel",
        "not_before",
        **only_where("state IN ('queued', 'sending')"),
    ),
    Index("ix_mailbox_out_sending", "lease_until", **only_where("state = 'sending'")),
    Index("ix_mailbox_out_unclear", "channel", "created_at", **only_where("state = 'unknown'")),
    Index("ix_mailbox_out_reply", "reply_to", **only_where("reply_to <> ''")),
)

_READY = written_out("mailbox_lane.ready")
_ASIDE = written_out("mailbox_in.state = 'aside'")
_SENDING = written_out("mailbox_out.state = 'sending'")
_UNCLEAR = written_out("mailbox_out.state = 'unknown'")
OPEN = written_out("mailbox_out.state IN ('queued', 'sending')")


@dataclass(frozen=True, slots=True)
class Received:
    """What putting a message in gave: its id (the first one's, when it had come before) and whether it is new."""

    id: str
    fresh: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """A claimed conversation with its waiting messages, oldest first."""

    address: Address
    token: str
    until: datetime
    messages: tuple[Inbound, ...]
    attempts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Posted:
    """A message out that is in hand: only the holder of ``token`` settles it."""

    message: Outbound
    seq: int
    attempts: int
    token: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the thread with an address, in or out; ``state`` of the tray it lies in."""

    seq: int
    inbound: Inbound | None = None
    outbound: Outbound | None = None
    state: str = ""
    reason: str = ""


class Mailbox:
    """Both trays over the database; bodies are sealed at rest."""

    def __init__(self, vault: Vault, clock: Clock, bell: Bell) -> None:
        self._vault = vault
        self._clock = clock
        self._bell = bell

    # -- in ---------------------------------------------------------------------------------------------

    async def put_in(self, tx: Tx, messages: Sequence[Inbound]) -> list[Received]:
        """Keep messages, many in one commit; gives one Received each, in the order given."""
        if not messages:
            return []
        now = self._clock.now()
        first: dict[tuple[str, str], Inbound] = {}
        for message in messages:
            first.setdefault((message.address.key, message.external_id), message)
        seqs = await self._next_seqs(tx, [key for key, _ in first], now, ready=True)
        rows = [self._in_row(message, next(seqs[address])) for (address, _), message in first.items()]
        fresh = set((await tx.insert_rows(inbox, rows, _unless_known)).scalars().all())
        ids = {key: message.id for key, message in first.items()}
        ids |= await self._known_ids(tx, [key for key, message in first.items() if message.id not in fresh])
        self._ring(tx, IN_TOPIC)
        answers = []
        for message in messages:
            kept = ids[message.address.key, message.external_id]
            answers.append(Received(kept, fresh=kept == message.id and kept in fresh))
        return answers

    def _in_row(self, message: Inbound, seq: int) -> dict[str, object]:
        return {
            "id": message.id,
            "address": message.address.key,
            "external_id": message.external_id,
            "seq": seq,
            "state": InState.WAITING,
            "attempts": 0,
            "reason": "",
            "received_at": message.received_at,
            "reply_by": message.reply_by,
            "body": self._vault.seal(msgspec.json.encode(message).decode(), f"mailbox_in:{message.id}"),
        }

    async def _known_ids(self, tx: Tx, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], str]:
        known: dict[tuple[str, str], str] = {}
        for address, external_id in keys:
            row = await tx.row(select(inbox.c.id).where(inbox.c.address == address, inbox.c.external_id == external_id))
            if row is None:
                raise NotFound("inbound")
            known[address, external_id] = row["id"]
        return known

    async def _next_seqs(
        self, tx: Tx, addresses: Sequence[str], now: datetime, *, ready: bool
    ) -> dict[str, "_Counter"]:
        """Take numbers from the lanes, in one order so that two transactions never wait for each other."""
        wanted: dict[str, int] = {}
        for address in addresses:
            wanted[address] = wanted.get(address, 0) + 1
        rows = [
            {"address": a, "last_seq": n, "ready": ready, "ready_since": now, "not_before": now}
            for a, n in sorted(wanted.items())
        ]
        result = (await tx.insert_rows(lanes, rows, _or_count_on_ready if ready else _or_count_on)).mappings().all()
        return {row["address"]: _Counter(row["last_seq"] - wanted[row["address"]]) for row in result}

    async def claim(self, tx: Tx, lease: timedelta, limit: int = 20) -> Lane | None:
        """Take the lane that has waited longest for ``lease``; None when nothing waits."""
        now = self._clock.now()
        free = or_(lanes.c.lease_until.is_(None), lanes.c.lease_until < now)
        row = await tx.row(
            select(lanes.c.address)
            .where(_READY, free, lanes.c.not_before <= now)
            .order_by(lanes.c.ready_since)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        token = new_id()
        mine = lanes.c.address == row["address"]
        await tx.execute(update(lanes).where(mine).values(lease_token=token, lease_until=now + lease))
        waiting = await tx.rows(
            select(inbox.c.id, inbox.c.body, inbox.c.attempts)
            .where(inbox.c.address == row["address"], inbox.c.state == InState.WAITING)
            .order_by(inbox.c.seq)
            .limit(limit)
        )
        messages = tuple(self._inbound(each) for each in waiting)
        attempts = tuple(each["attempts"] for each in waiting)
        return Lane(Address.from_key(row["address"]), token, now + lease, messages, attempts)

    async def hold(self, tx: Tx, lane: Lane) -> None:
        """Lock the lane for this transaction; Conflict when the lease has gone to somebody else."""
        row = await tx.row(select(lanes.c.lease_token).where(lanes.c.address == lane.address.key).with_for_update())
        if row is None or row["lease_token"] != lane.token:
            raise Conflict("lease_lost")

    async def settle_in(self, tx: Tx, lane: Lane, inbound_id: str) -> None:
        """The message is dealt with, in the transaction of its effect."""
        await self.hold(tx, lane)
        await tx.execute(update(inbox).where(inbox.c.id == inbound_id).values(state=InState.DONE))

    async def set_aside(self, tx: Tx, lane: Lane, inbound_id: str, reason: str) -> None:
        """The message cannot be dealt with by the program; a person must look. ``reason`` is a code."""
        await self.hold(tx, lane)
        await tx.execute(update(inbox).where(inbox.c.id == inbound_id).values(state=InState.ASIDE, reason=reason))

    async def release(self, tx: Tx, lane: Lane, *, after: timedelta | None = None, failed: str = "") -> None:
        """Give the lane back; ``failed`` is the message that did not work, ``after`` when to look again."""
        await self.hold(tx, lane)
        now = self._clock.now()
        if failed:
            await tx.execute(update(inbox).where(inbox.c.id == failed).values(attempts=inbox.c.attempts + 1))
        waits = exists().where(inbox.c.address == lane.address.key, inbox.c.state == InState.WAITING)
        await tx.execute(
            update(lanes)
            .where(lanes.c.address == lane.address.key)
            .values(
                ready=select(waits).scalar_subquery(),
                ready_since=now,
                not_before=now + (after or timedelta()),
                lease_token=None,
                lease_until=None,
            )
        )
        self._ring(tx, IN_TOPIC)

    async def waiting_aside(self, tx: Tx, limit: int = 100) -> list[tuple[Inbound, str]]:
        """Messages set aside for a person, with the reason."""
        rows = await tx.rows(select(inbox.c.id, inbox.c.body, inbox.c.reason).where(_ASIDE).limit(limit))
        return [(self._inbound(row), row["reason"]) for row in rows]

    # -- out --------------------------------------------------------------------------------------------

    async def put_out(self, tx: Tx, message: Outbound) -> None:
        """Queue a message; the same id twice is once. The first answer to a message whose platform still
        waits is reserved for that request until its deadline."""
        if await tx.scalar(select(exists().where(outbox.c.id == message.id))):
            return
        now = self._clock.now()
        seqs = await self._next_seqs(tx, [message.address.key], now, ready=False)
        reserved = await self._reservation(tx, message, now)
        await tx.execute(
            tx.insert(outbox)
            .values(
                id=message.id,
                address=message.address.key,
                channel=message.address.channel,
                seq=next(seqs[message.address.key]),
                state=OutState.QUEUED,
                attempts=0,
                reason="",
                external_id="",
                reply_to=message.reply_to,
                reserved_until=reserved,
                not_before=now,
                created_at=message.created_at,
                body=self._vault.seal(msgspec.json.encode(message).decode(), f"mailbox_out:{message.id}"),
            )
            .on_conflict_do_nothing(index_elements=["id"])
        )
        topics = [OUT_TOPIC, address_topic(message.address)]
        if reserved is not None:
            topics.append(reply_topic(message.reply_to))
        self._ring(tx, *topics)

    async def _reservation(self, tx: Tx, message: Outbound, now: datetime) -> datetime | None:
        if not message.reply_to:
            return None
        deadline: datetime | None = await tx.scalar(select(inbox.c.reply_by).where(inbox.c.id == message.reply_to))
        if deadline is None or deadline <= now:
            return None
        same = and_(outbox.c.reply_to == message.reply_to, filled(outbox.c.reply_to))
        taken = await tx.scalar(select(exists().where(same)))
        return None if taken else deadline

    async def claim_out(self, tx: Tx, channels: Collection[str], lease: timedelta, limit: int = 50) -> list[Posted]:
        """Take queued messages, per address in order: a later one never overtakes one still open."""
        now = self._clock.now()
        # A channel at a time, so that one with much to send is not sorted through for the others' sake.
        first = [_first_of(channel, now, limit * AHEAD).subquery() for channel in channels]
        if not first:
            return []
        ids = union_all(*(select(each.c.id) for each in first))
        rows = await tx.rows(
            select(outbox)
            .where(outbox.c.id.in_(ids), outbox.c.state == OutState.QUEUED)
            .order_by(outbox.c.not_before)
            .limit(limit)
            .with_for_update(skip_locked=True, of=outbox)
        )
        return [posted for row in rows if (posted := await self._take(tx, row, now + lease)) is not None]

    async def take_reply(self, tx: Tx, inbound_id: str, lease: timedelta) -> Posted | None:
        """The reserved answer to ``inbound_id``, when it is there and nobody has taken it."""
        row = await tx.row(
            select(outbox).where(
                outbox.c.reply_to == inbound_id,
                filled(outbox.c.reply_to),
                outbox.c.reserved_until.is_not(None),
                outbox.c.state == OutState.QUEUED,
            )
        )
        return None if row is None else await self._take(tx, row, self._clock.now() + lease)

    async def _take(self, tx: Tx, row: RowMapping, until: datetime) -> Posted | None:
        token = new_id()
        taken = await tx.execute(
            update(outbox)
            .where(outbox.c.id == row["id"], outbox.c.state == OutState.QUEUED)
            .values(state=OutState.SENDING, lease_token=token, lease_until=until, attempts=outbox.c.attempts + 1)
        )
        if taken.rowcount != 1:
            return None
        return Posted(self._outbound(row), row["seq"], row["attempts"] + 1, token)

    async def sent(self, tx: Tx, posted: Posted, external_id: str = "") -> None:
        """The platform has it."""
        await self._settle(tx, posted, state=OutState.SENT, external_id=external_id)

    async def failed(self, tx: Tx, posted: Posted, reason: str) -> None:
        """The platform refused it for good; ``reason`` is the platform's code, never personal data."""
        await self._settle(tx, posted, state=OutState.FAILED, reason=reason)

    async def unknown(self, tx: Tx, posted: Posted, reason: str) -> None:
        """Nobody can tell whether the platform has it; it is not sent again blindly."""
        await self._settle(tx, posted, state=OutState.UNKNOWN, reason=reason)

    async def try_later(self, tx: Tx, posted: Posted, after: timedelta, reason: str) -> None:
        """The platform surely has not taken it; back to the queue for ``after``."""
        await self._settle(
            tx, posted, state=OutState.QUEUED, reason=reason, not_before=self._clock.now() + after, settled_at=None
        )

    async def _settle(self, tx: Tx, posted: Posted, **values: object) -> None:
        values = {"settled_at": self._clock.now(), "lease_token": None, "lease_until": None, **values}
        mine = and_(outbox.c.id == posted.message.id, outbox.c.lease_token == posted.token)
        if (await tx.execute(update(outbox).where(mine).values(**values))).rowcount != 1:
            raise Conflict("lease_lost")
        self._ring(tx, OUT_TOPIC, address_topic(posted.message.address))

    async def expire_sending(self, tx: Tx) -> int:
        """Messages whose sender died mid-way become *unknown*; gives their number."""
        dead = and_(_SENDING, outbox.c.lease_until < self._clock.now())
        result = await tx.execute(
            update(outbox)
            .where(dead)
            .values(state=OutState.UNKNOWN, reason="sender_died", lease_token=None, settled_at=self._clock.now())
        )
        if result.rowcount:
            self._ring(tx, OUT_TOPIC)
        return result.rowcount

    async def unclear(self, tx: Tx, channels: Collection[str], since: datetime, limit: int = 20) -> list[Outbound]:
        """Messages nobody can tell of whether the platform has them, put out after ``since``; the oldest first."""
        mine = and_(_UNCLEAR, outbox.c.channel.in_(list(channels)))
        query = select(outbox).where(mine, outbox.c.created_at > since).order_by(outbox.c.settled_at)
        return [self._outbound(row) for row in await tx.rows(query.limit(limit))]

    async def disproved(self, tx: Tx, message_id: str, reason: str) -> None:
        """The platform itself says that it never had an unknown message: back to the queue."""
        theirs = and_(outbox.c.id == message_id, outbox.c.state == OutState.UNKNOWN)
        values = {"state": OutState.QUEUED, "reason": reason, "not_before": self._clock.now(), "settled_at": None}
        if (await tx.execute(update(outbox).where(theirs).values(**values))).rowcount:
            self._ring(tx, OUT_TOPIC)

    async def reported(self, tx: Tx, message_id: str, *, reason: str, external_id: str = "") -> bool:
        """The platform tells later what became of a message; ``reason`` is empty when it has it. What failed stays
        failed. Gives whether that was news."""
        failed, state = bool(reason), OutState.FAILED if reason else OutState.SENT
        open_states = [OutState.SENDING, OutState.UNKNOWN] + ([OutState.SENT] if failed else [])
        theirs = and_(outbox.c.id == message_id, outbox.c.state.in_(open_states))
        values: dict[str, object] = {"state": state, "reason": reason, "lease_token": None}
        values |= {"settled_at": self._clock.now()} | ({"external_id": external_id} if external_id else {})
        changed = (await tx.execute(update(outbox).where(theirs).values(**values))).rowcount
        if changed:
            self._ring(tx, OUT_TOPIC)
        return bool(changed)

    # -- reading ----------------------------------------------------------------------------------------

    async def thread(self, tx: Tx, address: Address, after: int = 0, limit: int = 200) -> list[Entry]:
        """The newest ``limit`` lines with ``address`` whose number is greater than ``after``, oldest first."""
        came = await tx.rows(_newest(inbox, address, after, limit))
        went = await tx.rows(_newest(outbox, address, after, limit))
        entries = [Entry(r["seq"], inbound=self._inbound(r), state=r["state"], reason=r["reason"]) for r in came]
        entries += [Entry(r["seq"], outbound=self._outbound(r), state=r["state"], reason=r["reason"]) for r in went]
        return sorted(entries, key=lambda entry: entry.seq)[-limit:]

    async def exchange(self, tx: Tx, inbound_id: str) -> tuple[Inbound, list[Outbound]]:
        """A message that came in, and what was said in answer to it in order; NotFound."""
        row = await tx.row(select(inbox).where(inbox.c.id == inbound_id))
        if row is None:
            raise NotFound("inbound")
        theirs = outbox.c.address == row["address"], outbox.c.seq > row["seq"], outbox.c.reply_to == inbound_id
        went = await tx.rows(select(outbox).where(*theirs).order_by(outbox.c.seq))
        return self._inbound(row), [self._outbound(each) for each in went]

    async def seq_of(self, tx: Tx, inbound_id: str) -> int:
        """Where in its thread a message that came in stands; NotFound."""
        seq: int | None = await tx.scalar(select(inbox.c.seq).where(inbox.c.id == inbound_id))
        if seq is None:
            raise NotFound("inbound")
        return seq

    async def states(self, tx: Tx, ids: Collection[str]) -> Mapping[str, tuple[OutState, str]]:
        """Delivery state and reason of messages out, by id."""
        rows = await tx.rows(select(outbox.c.id, outbox.c.state, outbox.c.reason).where(outbox.c.id.in_(list(ids))))
        return {row["id"]: (OutState(row["state"]), row["reason"]) for row in rows}

    async def backlog(self, tx: Tx) -> dict[str, int]:
        """How much waits: lanes ready, messages aside, messages to send, unknown."""
        counts = {
            "in_waiting": select(func.count()).select_from(lanes).where(_READY),
            "in_aside": select(func.count()).select_from(inbox).where(_ASIDE),
            "out_open": select(func.count()).select_from(outbox).where(OPEN),
        }
        return {name: await tx.scalar(query) for name, query in counts.items()}

    def _inbound(self, row: RowMapping) -> Inbound:
        return msgspec.json.decode(self._vault.open(row["body"], f"mailbox_in:{row['id']}"), type=Inbound)

    def _outbound(self, row: RowMapping) -> Outbound:
        return msgspec.json.decode(self._vault.open(row["body"], f"mailbox_out:{row['id']}"), type=Outbound)

    def _ring(self, tx: Tx, *topics: str) -> None:
        for topic in topics:
            tx.after_commit(lambda topic=topic: self._bell.ring(topic), key=("bell", topic))  # type: ignore[misc]


class _Counter:
    """Hands out the numbers after ``last``."""

    def __init__(self, last: int) -> None:
        self._last = last

    def __next__(self) -> int:
        self._last += 1
        return self._last


def _first_of(channel: str, now: datetime, limit: int) -> Select[tuple[str]]:
    """What is to be sent first on a channel; what waits behind another message to the same address is not."""
    earlier = outbox.alias("earlier")
    blocked = exists().where(
        earlier.c.address == outbox.c.address,
        earlier.c.seq < outbox.c.seq,
        earlier.c.state.in_([OutState.QUEUED, OutState.SENDING]),
    )
    return (
        select(outbox.c.id)
        .where(
            outbox.c.channel == channel,
            OPEN,
            outbox.c.state == OutState.QUEUED,
            outbox.c.not_before <= now,
            or_(outbox.c.reserved_until.is_(None), outbox.c.reserved_until < now),
            ~blocked,
        )
        .order_by(outbox.c.not_before)
        .limit(limit)
    )


def _unless_known(insert: Any) -> Any:
    return insert.on_conflict_do_nothing(index_elements=["address", "external_id"]).returning(inbox.c.id)


def _or_count_on(insert: Any, **changes: Any) -> Any:
    changes["last_seq"] = lanes.c.last_seq + insert.excluded.last_seq
    insert = insert.on_conflict_do_update(index_elements=["address"], set_=changes)
    return insert.returning(lanes.c.address, lanes.c.last_seq)


def _or_count_on_ready(insert: Any) -> Any:
    since = case((lanes.c.ready, lanes.c.ready_since), else_=insert.excluded.ready_since)
    return _or_count_on(insert, ready=true(), ready_since=since)


def _newest(table: Table, address: Address, after: int, limit: int) -> Any:
    return (
        select(table)
        .where(table.c.address == address.key, table.c.seq > after)
        .order_by(table.c.seq.desc())
        .limit(limit)
    )
