"""The tray of facts: what happened, told once, numbered after commit, chained per subject, read by cursor.

PostgreSQL numbers rows before they commit, so a reader of plain serials would skip a slow transaction. Here a
sequencer numbers committed facts under one lock; readers go by those positions and miss nothing.
Personal data stand beside the chain under a per-person key: deleting the key leaves the chain whole.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    select,
    text,
    update,
)

from kernel.bell import Bell
from kernel.clock import Clock
from kernel.database import Database, Json, Moment, Serial, Tx, metadata, only_where, written_out
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.privacy import Sealer, Vault, new_person_key, with_person_key

TOPIC = "journal"
NUMBERED = f"{TOPIC}.numbered"
ADVISORY_LOCK = 1234501
GENESIS = "0" * 64


class Fact(Protocol):
    """A frozen dataclass in a room's events.py. ``subject`` names what it is about, e.g. ``ticket:N``.

    ``CHAINED`` facts are linked by digests per subject. A class that was renamed says what it was ``FORMERLY`` called:
    what was stated under that name is read as it, and lies as it was written.
    """

    CHAINED: ClassVar[bool]

    @property
    def at(self) -> datetime:
        """When it happened."""
        ...

    @property
    def subject(self) -> str:
        """What it is about."""
        ...


@dataclass(frozen=True, slots=True)
class Personal:
    """Personal data that belong to a fact: whose they are (a citizen's id) and what they say."""

    person: str
    data: Mapping[str, str]


journal = Table(
    "journal",
    metadata,
    Column("serial", Serial, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("position", Serial, unique=True),
    Column("kind", String(60), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("at", Moment, nullable=False),
    Column("body", Json, nullable=False),
    Column("person", String(32), nullable=False),
    Column("sealed", Text, nullable=False),
    Column("link", Integer),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Index("ix_journal_unnumbered", "serial", **only_where("position IS NULL")),
    Index("ix_journal_subject", "subject", "serial"),
)

heads = Table(
    "journal_head",
    metadata,
    Column("subject", String(80), primary_key=True),
    Column("link", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
)

cursors = Table(
    "journal_cursor",
    metadata,
    Column("reader", String(60), primary_key=True),
    Column("position", Serial, nullable=False),
)

person_keys = Table(
    "person_key",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("wrapped", Text, nullable=False),
    Column("forgotten", Boolean, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact as it lies in the journal, with its reading position (None: not numbered yet).
    ``kind`` is what it is called now."""

    id: str
    position: int | None
    kind: str
    subject: str
    at: datetime
    fact: Any
    person: str


# After the lock, in one statement: a statement before it would not see what the last numbering committed.
_waiting = (
    select(journal.c.serial, func.row_number().over(order_by=journal.c.serial).label("place"))
    .where(written_out("journal.position IS NULL"))
    .order_by(journal.c.serial)
    .limit(bindparam("limit"))
    .subquery()
)
_earlier = journal.alias()
_last = select(func.coalesce(func.max(_earlier.c.position), 0)).scalar_subquery()
_NUMBERED = (
    update(journal)
    .where(journal.c.serial == _waiting.c.serial)
    .values(position=_last + _waiting.c.place)
    .returning(journal.c.kind)
)
_HEAD_MOVED = update(heads).where(heads.c.subject == bindparam("of"))


def kind_of(fact_type: type) -> str:
    """The name of a fact's kind: its room and its class, e.g. ``ticketing.TicketOpened``."""
    return _in_its_room(fact_type, fact_type.__name__)


def _in_its_room(fact_type: type, name: str) -> str:
    return f"{fact_type.__module__.split('.', 1)[0]}.{name}"


def numbered(kind: str) -> str:
    """The topic that rings when facts of ``kind`` have been numbered."""
    return f"{NUMBERED}.{kind}"


class Journal:
    """States facts inside transactions and lets readers follow them."""

    def __init__(self, vault: Vault, clock: Clock, bell: Bell, kinds: Sequence[type]) -> None:
        self._vault = vault
        self._clock = clock
        self._bell = bell
        self._kinds = {kind_of(kind): kind for kind in kinds}
        self._former = {_in_its_room(kind, kind.FORMERLY): kind_of(kind) for kind in kinds if hasattr(kind, "FORMERLY")}

    async def state(self, tx: Tx, fact: Fact, personal: Personal | None = None) -> str:
        """Write ``fact`` down in the transaction of what it tells; gives its id."""
        kind = kind_of(type(fact))
        if kind not in self._kinds:
            raise NotFound("fact_kind", kind=kind)
        body = msgspec.to_builtins(fact)
        row: dict[str, Any] = {
            "id": new_id(),
            "kind": kind,
            "subject": fact.subject,
            "at": fact.at,
            "body": body,
            "person": personal.person if personal else "",
            "sealed": "",
            "link": None,
            "previous": "",
            "digest": "",
        }
        if personal is not None:
            sealer = await self.person_sealer(tx, personal.person)
            row["sealed"] = sealer.seal(msgspec.json.encode(personal.data).decode(), f"journal:{row['id']}")
        if fact.CHAINED:
            await self._chain(tx, row)
        await tx.execute(journal.insert(), row)
        tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))
        return str(row["id"])

    async def _chain(self, tx: Tx, row: dict[str, Any]) -> None:
        # Made, or held and read, in one statement: whoever states the next fact of the subject waits here.
        statement = tx.insert(heads).values(subject=row["subject"], link=0, digest=GENESIS)
        held = statement.on_conflict_do_update(index_elements=["subject"], set_={"link": heads.c.link})
        head = (await tx.execute(held.returning(heads.c.link, heads.c.digest))).mappings().one()
        row["link"] = head["link"] + 1
        row["previous"] = head["digest"]
        row["digest"] = _digest(row)
        await tx.execute(_HEAD_MOVED, {"of": row["subject"], "link": row["link"], "digest": row["digest"]})

    async def broken_links(self, tx: Tx, subject: str) -> list[str]:
        """What is wrong with the chain of ``subject``; empty when it verifies."""
        rows = await tx.rows(
            select(journal).where(journal.c.subject == subject, journal.c.link.is_not(None)).order_by(journal.c.link)
        )
        wrong, previous = [], GENESIS
        for expected, row in enumerate(rows, start=1):
            if row["link"] != expected:
                wrong.append(f"link {expected} is missing")
            if row["previous"] != previous or row["digest"] != _digest(dict(row)):
                wrong.append(f"link {row['link']} was altered")
            previous = row["digest"]
        head = await tx.row(select(heads).where(heads.c.subject == subject))
        told = (head["link"], head["digest"]) if head is not None else (0, GENESIS)
        if told != (len(rows), previous):
            wrong.append("the end was cut off")
        return wrong

    # -- numbering and reading --------------------------------------------------------------------------

    async def sequence(self, database: Database, limit: int = 1000) -> int:
        """Number committed facts that have no position yet; gives how many. Safe in any number of processes."""
        async with database.transaction() as tx:
            if tx.is_postgresql:
                await tx.execute(text("SELECT pg_advisory_xact_lock(:lock)").bindparams(lock=ADVISORY_LOCK))
            kinds = (await tx.execute(_NUMBERED, {"limit": limit})).scalars().all()
            if kinds:
                tx.after_commit(lambda: self._bell.ring(NUMBERED, *map(numbered, set(kinds))))
        return len(kinds)

    async def last_position(self, tx: Tx) -> int:
        """The position of the newest numbered fact, 0 when there is none."""
        return int(await tx.scalar(select(func.coalesce(func.max(journal.c.position), 0))))

    async def read_after(self, tx: Tx, position: int, limit: int = 500) -> list[Recorded]:
        """Numbered facts after ``position``, in order."""
        rows = await tx.rows(
            select(journal).where(journal.c.position > position).order_by(journal.c.position).limit(limit)
        )
        return [self._recorded(row) for row in rows]

    async def about(self, tx: Tx, subject: str) -> list[Recorded]:
        """All facts about ``subject`` in the order they were stated."""
        rows = await tx.rows(select(journal).where(journal.c.subject == subject).order_by(journal.c.serial))
        return [self._recorded(row) for row in rows]

    async def follow(
        self, database: Database, reader: str, effect: Callable[[Tx, Sequence[Recorded]], Awaitable[None]]
    ) -> int:
        """One step of a reader: the facts after its cursor, their effect and the moved cursor commit together.

        Gives the number of facts read; 0 when there is nothing new or another process is at it.
        """
        async with database.transaction() as tx:
            query = select(cursors).where(cursors.c.reader == reader).with_for_update(skip_locked=True)
            row = await tx.row(query)
            if row is None:
                # It follows for the first time, or another process is at it.
                begun = tx.insert(cursors).values(reader=reader, position=0)
                await tx.execute(begun.on_conflict_do_nothing(index_elements=["reader"]))
                row = await tx.row(query)
            if row is None:
                return 0
            facts = await self.read_after(tx, row["position"])
            if facts:
                await effect(tx, facts)
                await tx.execute(update(cursors).where(cursors.c.reader == reader).values(position=facts[-1].position))
            return len(facts)

    def _recorded(self, row: RowMapping) -> Recorded:
        name = self._former.get(row["kind"], row["kind"])
        kind = self._kinds.get(name)
        fact = msgspec.convert(row["body"], type=kind) if kind is not None else row["body"]
        return Recorded(row["id"], row["position"], name, row["subject"], row["at"], fact, row["person"])

    # -- personal data ----------------------------------------------------------------------------------

    async def person_sealer(self, tx: Tx, person: str) -> Sealer:
        """The sealer under the key of ``person``, made on first use; NotFound when the person was forgotten."""
        statement = tx.insert(person_keys).values(person=person, wrapped=new_person_key(self._vault), forgotten=False)
        await tx.execute(statement.on_conflict_do_nothing(index_elements=["person"]))
        row = await tx.row(select(person_keys).where(person_keys.c.person == person))
        if row is None or row["forgotten"]:
            raise NotFound("person_key")
        return with_person_key(self._vault, row["wrapped"])

    async def personal(self, tx: Tx, fact_id: str) -> dict[str, str]:
        """The personal data beside a fact; NotFound when there are none or the person was forgotten."""
        row = await tx.row(select(journal.c.person, journal.c.sealed).where(journal.c.id == fact_id))
        if row is None or not row["sealed"]:
            raise NotFound("personal_data")
        sealer = await self.person_sealer(tx, row["person"])
        return msgspec.json.decode(sealer.open(row["sealed"], f"journal:{fact_id}"), type=dict[str, str])

    async def forget(self, tx: Tx, person: str) -> None:
        """Delete the key of ``person``: what was sealed under it can never be read again."""
        await tx.execute(update(person_keys).where(person_keys.c.person == person).values(wrapped="", forgotten=True))

    async def drop_cursor(self, tx: Tx, reader: str) -> None:
        """Let a reader start again from the beginning."""
        await tx.execute(delete(cursors).where(cursors.c.reader == reader))


def _digest(row: Mapping[str, Any]) -> str:
    """SHA-256 over what was said, when, about what, and the digest before; sealed data count by their ciphertext."""
    sealed = hashlib.sha256(row["sealed"].encode()).hexdigest()
    said = [row["id"], row["kind"], row["subject"], row["at"].isoformat(), row["link"], row["person"], sealed]
    body = msgspec.json.encode(row["body"], order="deterministic").decode()
    return hashlib.sha256(msgspec.json.encode([row["previous"], *said, body])).hexdigest()
