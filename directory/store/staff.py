"""Rows of staff accounts, their sessions and the counters of failed sign-ins."""

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    delete,
    false,
    func,
    or_,
    select,
    update,
)

from directory.model import OpenSession, Staff
from directory.rules.lockout import Counter
from kernel.database import Json, Moment, Tx, metadata
from kernel.errors import Conflict, NotFound
from kernel.people import Role

# So much of a session's digest tells it from the others; it opens nothing.
SESSION_ID = 16
_SESSION = re.compile(rf"[0-9a-f]{{{SESSION_ID}}}")

staff = Table(
    "staff",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("login", String(40), nullable=False, unique=True),
    Column("name", String(60), nullable=False),
    Column("roles", Json, nullable=False),
    Column("unit", String(32), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("password", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("outsourced", Boolean, nullable=False),
    Column("renew", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("signed_in_at", Moment),
    Index("ix_staff_unit", "unit"),
)

sessions = Table(
    "staff_session",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("staff_id", ForeignKey("staff.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("device", String(40), nullable=False),
    Index("ix_staff_session_staff", "staff_id"),
)

counters = Table(
    "sign_in_counter",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("locked_until", Moment),
)


@dataclass(frozen=True, slots=True)
class Session:
    """A session as it lies in the database, with its holder."""

    staff: Staff
    expires: datetime
    seen: datetime


class StaffStore:
    """Loads and saves accounts, sessions and counters. Tokens are kept as SHA-256 only."""

    # -- accounts ---------------------------------------------------------------------------------------

    async def add(self, tx: Tx, member: Staff, password: str, now: datetime) -> None:
        """A new account; ``password`` is the hash. Conflict("login_taken")."""
        statement = tx.insert(staff).values(
            id=member.id,
            login=member.login,
            name=member.name,
            roles=sorted(member.roles),
            unit=member.unit,
            active=member.active,
            password=password,
            created_at=now,
            outsourced=member.outsourced,
            renew=member.renew,
            version=member.version,
        )
        result = await tx.execute(statement.on_conflict_do_nothing(index_elements=["login"]))
        if result.rowcount != 1:
            raise Conflict("login_taken")

    async def by_id(self, tx: Tx, staff_id: str) -> Staff:
        """One account, also an inactive one; NotFound."""
        row = await tx.row(select(staff).where(staff.c.id == staff_id))
        if row is None:
            raise NotFound("staff")
        return staff_of(row)

    async def with_password(self, tx: Tx, login: str) -> tuple[Staff, str] | None:
        """The active account of a login and its password's hash, if there is one."""
        row = await tx.row(select(staff).where(staff.c.login == login, staff.c.active))
        return None if row is None else (staff_of(row), row["password"])

    async def everyone(self, tx: Tx) -> list[Staff]:
        """All accounts by login."""
        return [staff_of(row) for row in await tx.rows(select(staff).order_by(staff.c.login))]

    async def of_units(self, tx: Tx, units: Collection[str]) -> list[Staff]:
        """All accounts of some units by login, shut ones too."""
        query = select(staff).where(staff.c.unit.in_(units), staff.c.unit != "").order_by(staff.c.login)
        return [staff_of(row) for row in await tx.rows(query)]

    async def of_hotline(self, tx: Tx) -> list[Staff]:
        """All accounts that are of no unit by login, shut ones too."""
        query = select(staff).where(staff.c.unit == "").order_by(staff.c.login)
        return [staff_of(row) for row in await tx.rows(query)]

    async def counts(self, tx: Tx) -> dict[str, int]:
        """How many active accounts each unit has."""
        query = select(staff.c.unit, func.count().label("many")).where(staff.c.active, staff.c.unit != "")
        return {row["unit"]: row["many"] for row in await tx.rows(query.group_by(staff.c.unit))}

    async def move(self, tx: Tx, staff_id: str, unit: str) -> None:
        """To another unit; whoever is signed in stays so."""
        values = {"unit": unit, "version": staff.c.version + 1}
        await tx.execute(update(staff).where(staff.c.id == staff_id).values(**values))

    async def names(self, tx: Tx, ids: Iterable[str]) -> dict[str, str]:
        """Names by id; an unknown id has none."""
        query = select(staff.c.id, staff.c.name).where(staff.c.id.in_(set(ids)))
        return {row["id"]: row["name"] for row in await tx.rows(query)}

    async def save(self, tx: Tx, member: Staff) -> Staff:
        """Write back what was loaded; Conflict when somebody else has written since."""
        mine = (staff.c.id == member.id) & (staff.c.version == member.version)
        values = {
            "name": member.name,
            "roles": sorted(member.roles),
            "unit": member.unit,
            "active": member.active,
            "outsourced": member.outsourced,
            "renew": member.renew,
            "version": member.version + 1,
        }
        result = await tx.execute(update(staff).where(mine).values(**values))
        if result.rowcount != 1:
            raise Conflict("account_changed")
        return replace(member, version=member.version + 1)

    async def set_password(self, tx: Tx, staff_id: str, password: str, *, renew: bool | None = None) -> None:
        """Another password's hash; ``renew`` says whether it has to be replaced, None leaves that as it is."""
        values: dict[str, object] = {"password": password} | ({} if renew is None else {"renew": renew})
        await tx.execute(update(staff).where(staff.c.id == staff_id).values(**values))

    async def note_signed_in(self, tx: Tx, staff_id: str, now: datetime) -> None:
        """Somebody came in under it."""
        await tx.execute(update(staff).where(staff.c.id == staff_id).values(signed_in_at=now))

    # -- sessions ---------------------------------------------------------------------------------------

    async def add_session(
        self, tx: Tx, token: str, staff_id: str, now: datetime, expires: datetime, device: str
    ) -> None:
        """A new session."""
        values = {"staff_id": staff_id, "created_at": now, "expires_at": expires, "seen_at": now, "device": device}
        await tx.execute(sessions.insert().values(token=_hashed(token), **values))

    async def sessions_of(
        self, tx: Tx, staff_id: str, now: datetime, idle_since: datetime, token: str = ""
    ) -> list[OpenSession]:
        """One person's sessions that still open something, the last used first; ``token`` is that of whoever asks."""
        query = select(sessions).where(
            sessions.c.staff_id == staff_id, sessions.c.expires_at > now, sessions.c.seen_at > idle_since
        )
        mine = _hashed(token)
        return [
            OpenSession(
                row["token"][:SESSION_ID], row["device"], row["created_at"], row["seen_at"], row["token"] == mine
            )
            for row in await tx.rows(query.order_by(sessions.c.seen_at.desc(), sessions.c.token))
        ]

    async def end_one_of(self, tx: Tx, staff_id: str, session_id: str) -> bool:
        """Delete one of a person's sessions; whether there was one."""
        one = sessions.c.token.like(f"{session_id}%") if _SESSION.fullmatch(session_id) else false()
        gone = await tx.execute(delete(sessions).where(sessions.c.staff_id == staff_id, one))
        return bool(gone.rowcount)

    async def end_others_of(self, tx: Tx, staff_id: str, token: str) -> int:
        """Delete a person's sessions but one; gives how many."""
        others = (sessions.c.staff_id == staff_id) & (sessions.c.token != _hashed(token))
        return int((await tx.execute(delete(sessions).where(others))).rowcount)

    async def session(self, tx: Tx, token: str) -> Session | None:
        """The session of a token whose holder's account is active, however old it is."""
        joined = sessions.join(staff, staff.c.id == sessions.c.staff_id)
        query = select(staff, sessions.c.expires_at, sessions.c.seen_at).select_from(joined)
        row = await tx.row(query.where(sessions.c.token == _hashed(token), staff.c.active))
        return None if row is None else Session(staff_of(row), row["expires_at"], row["seen_at"])

    async def touch_session(self, tx: Tx, token: str, now: datetime) -> None:
        """Write down that a session was used."""
        await tx.execute(update(sessions).where(sessions.c.token == _hashed(token)).values(seen_at=now))

    async def end_session(self, tx: Tx, token: str) -> str:
        """Delete a session; gives its holder's id, empty when there was none."""
        query = delete(sessions).where(sessions.c.token == _hashed(token)).returning(sessions.c.staff_id)
        return str(await tx.scalar(query) or "")

    async def end_sessions_of(self, tx: Tx, staff_id: str) -> None:
        """Delete every session of one person."""
        await tx.execute(delete(sessions).where(sessions.c.staff_id == staff_id))

    # -- counters ---------------------------------------------------------------------------------------

    async def counter(self, tx: Tx, key: str, now: datetime) -> Counter:
        """The counter of ``key``, locked until the transaction ends; a new one where there was none."""
        statement = tx.insert(counters).values(key=key, failures=0, since=now, locked_until=None)
        await tx.execute(statement.on_conflict_do_nothing(index_elements=["key"]))
        row = await tx.row(select(counters).where(counters.c.key == key).with_for_update())
        if row is None:
            raise NotFound("sign_in_counter")
        return Counter(row["failures"], row["since"], row["locked_until"])

    async def set_counter(self, tx: Tx, key: str, counter: Counter) -> None:
        """Write a counter back."""
        values = {"failures": counter.failures, "since": counter.since, "locked_until": counter.locked_until}
        await tx.execute(update(counters).where(counters.c.key == key).values(**values))

    async def forgive(self, tx: Tx, key: str) -> None:
        """Forget a counter."""
        await tx.execute(delete(counters).where(counters.c.key == key))

    async def locks(self, tx: Tx, now: datetime, keys: Collection[str] | None = None) -> dict[str, datetime]:
        """Until when each of ``keys``, or whatever there is, is locked; what is not locked is left out."""
        query = select(counters.c.key, counters.c.locked_until).where(counters.c.locked_until > now)
        rows = await tx.rows(query if keys is None else query.where(counters.c.key.in_(keys)))
        return {row["key"]: row["locked_until"] for row in rows}

    # -- sweeping ---------------------------------------------------------------------------------------

    async def sweep(self, tx: Tx, now: datetime, idle_since: datetime, counted_since: datetime) -> int:
        """Delete sessions past their end or unused since ``idle_since``, and counters nobody needs; gives how many."""
        ended = or_(sessions.c.expires_at <= now, sessions.c.seen_at <= idle_since)
        gone = await tx.execute(delete(sessions).where(ended))
        unlocked = or_(counters.c.locked_until.is_(None), counters.c.locked_until <= now)
        forgotten = await tx.execute(delete(counters).where(unlocked, counters.c.since <= counted_since))
        return int(gone.rowcount + forgotten.rowcount)


def staff_of(row: RowMapping) -> Staff:
    """The account a row holds."""
    roles = frozenset(Role(role) for role in row["roles"])
    about = (row["id"], row["login"], row["name"], roles, row["unit"], row["active"])
    return Staff(*about, row["outsourced"], row["renew"], row["version"])


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
