"""Rows of API keys; of the key itself only the digest."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Column, Integer, RowMapping, String, Table, select, update

from directory.model import ApiKey
from kernel.database import Json, Moment, Tx, metadata
from kernel.errors import NotFound
from kernel.people import KeyScope

keys = Table(
    "api_key",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("prefix", String(16), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("scopes", Json, nullable=False),
    Column("unit", String(32), nullable=False),
    Column("per_minute", Integer, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("made", Moment, nullable=False),
    Column("used", Moment),
    Column("revoked", Moment),
    Column("expires", Moment),
    Column("purpose", String(200), nullable=False),
    Column("follows", String(40), nullable=False),
)


class KeyStore:
    """Loads and saves keys."""

    async def add(self, tx: Tx, key: ApiKey, digest: str) -> None:
        """A new key."""
        row = {name: getattr(key, name) for name in ApiKey.__slots__} | {"scopes": sorted(key.scopes)}
        await tx.execute(keys.insert().values(**row, digest=digest))

    async def by_digest(self, tx: Tx, digest: str) -> ApiKey | None:
        """The key of a digest, also a revoked one."""
        row = await tx.row(select(keys).where(keys.c.digest == digest))
        return _key(row) if row is not None else None

    async def by_id(self, tx: Tx, key_id: str) -> ApiKey:
        """One key, also a revoked one; NotFound."""
        row = await tx.row(select(keys).where(keys.c.id == key_id))
        if row is None:
            raise NotFound("key")
        return _key(row)

    async def everyone(self, tx: Tx) -> list[ApiKey]:
        """All keys, the newest first, revoked ones too."""
        return [_key(row) for row in await tx.rows(select(keys).order_by(keys.c.made.desc(), keys.c.id))]

    async def names(self, tx: Tx, ids: Iterable[str]) -> dict[str, str]:
        """Names by id."""
        query = select(keys.c.id, keys.c.name).where(keys.c.id.in_(set(ids)))
        return {row["id"]: row["name"] for row in await tx.rows(query)}

    async def touch(self, tx: Tx, key_id: str, now: datetime) -> None:
        """Write down that a key was used."""
        await tx.execute(update(keys).where(keys.c.id == key_id).values(used=now))

    async def revoke(self, tx: Tx, key_id: str, now: datetime) -> None:
        """From now on it opens nothing."""
        await tx.execute(update(keys).where(keys.c.id == key_id).values(revoked=now))

    async def expire(self, tx: Tx, key_id: str, moment: datetime) -> None:
        """It opens nothing from then on."""
        await tx.execute(update(keys).where(keys.c.id == key_id).values(expires=moment))

    async def overdue(self, tx: Tx, now: datetime) -> list[str]:
        """Keys that have expired and were not revoked yet."""
        query = select(keys.c.id).where(keys.c.expires <= now, keys.c.revoked.is_(None)).order_by(keys.c.id)
        return [row["id"] for row in await tx.rows(query.with_for_update(skip_locked=True))]


def _key(row: RowMapping) -> ApiKey:
    scopes = frozenset(KeyScope(scope) for scope in row["scopes"])
    return ApiKey(**{name: row[name] for name in ApiKey.__slots__ if name != "scopes"}, scopes=scopes)
