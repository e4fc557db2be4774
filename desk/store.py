"""Rows of conversations and of agents' presence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Index,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    Text,
    case,
    exists,
    func,
    select,
    update,
)

from desk.model import AgentState, Conversation, Presence, Rung, Turn
from kernel.database import Json, Moment, Serial, Tx, metadata, only_where, written_out
from kernel.errors import Conflict, NotFound
from kernel.messages import Address
from kernel.privacy import Vault

_OPEN = "turn <> 'closed'"
_IS_OPEN = written_out(f"conversation.{_OPEN}")
NEVER = datetime.min.replace(tzinfo=UTC)

conversations = Table(
    "conversation",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("address", String(200), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("citizen_id", String(32), nullable=False),
    Column("turn", String(10), nullable=False),
    Column("first_seq", Serial, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("dialogue", Text, nullable=False),
    Column("last_text", Text, nullable=False),
    Column("unread", Integer, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("agent_id", String(32), nullable=False),
    Column("waiting_since", Moment),
    Column("first_reply_due", Moment),
    Column("first_replied_at", Moment),
    Column("tickets", Json, nullable=False),
    Column("version", Integer, nullable=False),
    Index("uq_conversation_open", "address", unique=True, **only_where(_OPEN)),
    Index("ix_conversation_turn", "turn", "waiting_since"),
    Index("ix_conversation_latest", "turn", "last_at"),
    Index("ix_conversation_thread", "address", "first_seq"),
    Index("ix_conversation_agent", "agent_id", "turn"),
)

presences = Table(
    "agent_presence",
    metadata,
    Column("staff_id", String(32), primary_key=True),
    Column("presence", String(10), nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("last_given_at", Moment),
)

calls = Table(
    "phone_call",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("offered_at", Moment, nullable=False),
    Column("answered_at", Moment),
    Column("ended_at", Moment, nullable=False),
    Column("told_by", String(64), nullable=False),
    Column("told_at", Moment, nullable=False),
)


async def add_call(tx: Tx, call: Rung, by: str, at: datetime) -> bool:
    """Keep a call; whether it was not known before."""
    values = {name: getattr(call, name) for name in Rung.__slots__} | {"told_by": by, "told_at": at}
    statement = tx.insert(calls).values(**values)
    return bool((await tx.execute(statement.on_conflict_do_nothing(index_elements=["id"]))).rowcount)


async def call_of(tx: Tx, call_id: str) -> Rung | None:
    """A call as it was told first."""
    row = await tx.row(select(calls).where(calls.c.id == call_id))
    return Rung(**{name: row[name] for name in Rung.__slots__}) if row else None


class ConversationStore:
    """Loads and saves conversations; dialogue and last words are sealed at rest."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def add(self, tx: Tx, conversation: Conversation) -> None:
        """A new row."""
        await tx.execute(conversations.insert().values(**self._values(conversation)))

    async def save(self, tx: Tx, conversation: Conversation) -> Conversation:
        """Write back what was loaded; Conflict when somebody else has written since."""
        saved = replace(conversation, version=conversation.version + 1)
        mine = (conversations.c.id == saved.id) & (conversations.c.version == conversation.version)
        result = await tx.execute(update(conversations).where(mine).values(**self._values(saved)))
        if result.rowcount != 1:
            raise Conflict("conversation_changed")
        return saved

    async def by_id(self, tx: Tx, conversation_id: str, *, lock: bool = False) -> Conversation:
        """One conversation; NotFound. With ``lock`` nobody else changes it until the transaction ends."""
        query = select(conversations).where(conversations.c.id == conversation_id)
        row = await tx.row(query.with_for_update() if lock else query)
        if row is None:
            raise NotFound("conversation")
        return self._conversation(row)

    async def open_with(self, tx: Tx, address: Address, *, lock: bool = False) -> Conversation | None:
        """The open conversation with an address, if there is one."""
        query = select(conversations).where(conversations.c.address == address.key, _IS_OPEN)
        row = await tx.row(query.with_for_update() if lock else query)
        return None if row is None else self._conversation(row)

    async def waiting(self, tx: Tx, limit: int = 50, *, lock: bool = False) -> list[Conversation]:
        """Conversations that wait for a person, longest first; with ``lock`` nobody else changes them.

        None is skipped because somebody has it in hand this moment: a later one would overtake it (P28).
        """
        query = _with_turn(Turn.WAITING).order_by(conversations.c.waiting_since, conversations.c.id).limit(limit)
        return await self._all(tx, query.with_for_update() if lock else query)

    async def held_by(self, tx: Tx, agent_id: str, *, lock: bool = False) -> list[Conversation]:
        """Conversations an agent has now, the latest first."""
        query = _with_turn(Turn.AGENT).where(conversations.c.agent_id == agent_id)
        query = query.order_by(conversations.c.last_at.desc(), conversations.c.id)
        return await self._all(tx, query.with_for_update() if lock else query)

    async def latest(self, tx: Tx, turn: Turn, limit: int, after: Conversation | None = None) -> list[Conversation]:
        """The latest conversations of one state; of those the ones that come behind ``after`` when it is given."""
        last_at, ids = conversations.c.last_at, conversations.c.id
        query = _with_turn(turn).order_by(last_at.desc(), ids.desc()).limit(limit)
        if after is not None:
            query = query.where((last_at < after.last_at) | ((last_at == after.last_at) & (ids < after.id)))
        return await self._all(tx, query)

    async def latest_at(self, tx: Tx, addresses: Sequence[Address], since: datetime, limit: int) -> list[Conversation]:
        """The latest conversations with any of the addresses in which something was said after ``since``."""
        keys = [address.key for address in addresses]
        query = select(conversations).where(conversations.c.address.in_(keys), conversations.c.last_at > since)
        return await self._all(tx, query.order_by(conversations.c.last_at.desc(), conversations.c.id).limit(limit))

    async def silent_between(self, tx: Tx, after: datetime, until: datetime, limit: int) -> list[Conversation]:
        """Conversations with the bot whose last words fell between the two, the longest silent first, locked; those
        somebody has in hand this moment are left out."""
        last_at = conversations.c.last_at
        query = _with_turn(Turn.BOT).where(last_at > after, last_at <= until).order_by(last_at, conversations.c.id)
        return await self._all(tx, query.limit(limit).with_for_update(skip_locked=True))

    async def idle_since(self, tx: Tx, moment: datetime, limit: int) -> list[Conversation]:
        """Conversations with the bot or an agent in which nothing was said since ``moment``, locked; those somebody
        has in hand this moment are left out."""
        talking = conversations.c.turn.in_([Turn.BOT, Turn.AGENT])
        query = select(conversations).where(talking, conversations.c.last_at < moment)
        return await self._all(tx, query.limit(limit).with_for_update(skip_locked=True))

    async def seq_after(self, tx: Tx, conversation: Conversation) -> int | None:
        """Where in the thread the next conversation with the same address begins; None while this is the last."""
        later = (conversations.c.address == conversation.address.key) & (
            conversations.c.first_seq > conversation.first_seq
        )
        first: int | None = await tx.scalar(select(func.min(conversations.c.first_seq)).where(later))
        return first

    async def counts(self, tx: Tx, agent_id: str) -> dict[str, int]:
        """How many wait, are this agent's, and talk with the bot."""
        rows = await tx.rows(
            select(conversations.c.turn, func.count().label("n"))
            .where(conversations.c.turn.in_([Turn.WAITING, Turn.BOT]))
            .group_by(conversations.c.turn)
        )
        by_turn = {row["turn"]: row["n"] for row in rows}
        mine = select(func.count()).where(conversations.c.turn == Turn.AGENT, conversations.c.agent_id == agent_id)
        return {
            "waiting": by_turn.get(Turn.WAITING, 0),
            "bot": by_turn.get(Turn.BOT, 0),
            "mine": await tx.scalar(mine),
        }

    async def _all(self, tx: Tx, query: Select[Any]) -> list[Conversation]:
        return [self._conversation(row) for row in await tx.rows(query)]

    def _values(self, c: Conversation) -> dict[str, object]:
        return {
            "id": c.id,
            "address": c.address.key,
            "channel": c.address.channel,
            "citizen_id": c.citizen_id,
            "turn": c.turn,
            "first_seq": c.first_seq,
            "opened_at": c.opened_at,
            "last_at": c.last_at,
            "dialogue": self._vault.seal(c.dialogue, f"conversation.dialogue:{c.id}"),
            "last_text": self._vault.seal(c.last_text, f"conversation.last_text:{c.id}"),
            "unread": c.unread,
            "reason": c.reason,
            "agent_id": c.agent_id,
            "waiting_since": c.waiting_since,
            "first_reply_due": c.first_reply_due,
            "first_replied_at": c.first_replied_at,
            "tickets": list(c.tickets),
            "version": c.version,
        }

    def _conversation(self, row: RowMapping) -> Conversation:
        return Conversation(
            id=row["id"],
            address=Address.from_key(row["address"]),
            citizen_id=row["citizen_id"],
            turn=Turn(row["turn"]),
            first_seq=row["first_seq"],
            opened_at=row["opened_at"],
            last_at=row["last_at"],
            dialogue=self._vault.open(row["dialogue"], f"conversation.dialogue:{row['id']}"),
            last_text=self._vault.open(row["last_text"], f"conversation.last_text:{row['id']}"),
            unread=row["unread"],
            reason=row["reason"],
            agent_id=row["agent_id"],
            waiting_since=row["waiting_since"],
            first_reply_due=row["first_reply_due"],
            first_replied_at=row["first_replied_at"],
            tickets=tuple(row["tickets"]),
            version=row["version"],
        )


async def keep_presence(tx: Tx, staff_id: str, presence: Presence, seen_at: datetime) -> None:
    """What an agent's screen says of itself."""
    statement = tx.insert(presences).values(staff_id=staff_id, presence=presence, seen_at=seen_at)
    changes = {"presence": presence, "seen_at": seen_at}
    await tx.execute(statement.on_conflict_do_update(index_elements=["staff_id"], set_=changes))


async def keep_here(tx: Tx, staff_id: str, seen_at: datetime) -> None:
    """Whoever takes a conversation is there, be it only for those they take themselves."""
    statement = tx.insert(presences).values(staff_id=staff_id, presence=Presence.BREAK, seen_at=seen_at)
    off = presences.c.presence == Presence.OFFLINE
    changes = {"seen_at": seen_at, "presence": case((off, Presence.BREAK), else_=presences.c.presence)}
    await tx.execute(statement.on_conflict_do_update(index_elements=["staff_id"], set_=changes))


async def is_here(tx: Tx, staff_id: str, since: datetime) -> bool:
    """Whether an agent's screen has spoken ``since`` and did not say they are off line."""
    here = presences.c.presence != Presence.OFFLINE, presences.c.seen_at >= since
    return bool(await tx.scalar(select(exists().where(presences.c.staff_id == staff_id, *here))))


async def note_given(tx: Tx, staff_id: str, at: datetime) -> None:
    """The agent was given a conversation."""
    await tx.execute(update(presences).where(presences.c.staff_id == staff_id).values(last_given_at=at))


async def agents(tx: Tx, *, lock: bool = False) -> Sequence[AgentState]:
    """Agents who are not off line and all who hold a conversation; with ``lock`` one distributor at a time."""
    rows = await _presences(tx, presences.c.presence != Presence.OFFLINE, lock=lock)
    count = select(conversations.c.agent_id, func.count().label("n")).where(conversations.c.turn == Turn.AGENT)
    loads = {row["agent_id"]: row["n"] for row in await tx.rows(count.group_by(conversations.c.agent_id))}
    # Who holds one without having been there before the count: read again, they may have come this moment.
    strangers = loads.keys() - {row["staff_id"] for row in rows}
    rows += await _presences(tx, presences.c.staff_id.in_(strangers), lock=lock) if strangers else []
    known = [
        AgentState(
            r["staff_id"], Presence(r["presence"]), r["seen_at"], loads.get(r["staff_id"], 0), r["last_given_at"]
        )
        for r in rows
    ]
    gone = strangers - {agent.staff_id for agent in known}
    return [*known, *(AgentState(each, Presence.OFFLINE, NEVER, loads[each]) for each in sorted(gone))]


async def _presences(tx: Tx, which: ColumnElement[bool], *, lock: bool) -> list[RowMapping]:
    query = select(presences).where(which).order_by(presences.c.staff_id)
    return await tx.rows(query.with_for_update() if lock else query)


async def presence_of(tx: Tx, staff_id: str) -> Presence:
    """What an agent said last; off line when they never said anything."""
    value = await tx.scalar(select(presences.c.presence).where(presences.c.staff_id == staff_id))
    return Presence(value) if value else Presence.OFFLINE


def _with_turn(turn: Turn) -> Select[Any]:
    return select(conversations).where(conversations.c.turn == turn)
