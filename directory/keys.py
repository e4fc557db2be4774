"""API keys of other programs: made and revoked by administrators, known by what they show."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from directory.events import ApiKeyFollowed, ApiKeyMade, ApiKeyRevoked
from directory.model import ApiKey
from directory.rules.keys import KEY_ID, OVERLAP_DAYS, hashed, new_key_token, opens, wrong_fields
from directory.store import reference
from directory.store.keys import KeyStore
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.ids import new_id
from kernel.people import SYSTEM, KeyScope, Kind, Principal
from kernel.room import Floor

TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be made."""

    name: str
    scopes: frozenset[KeyScope]
    unit: str = ""
    per_minute: int = 120
    expires: datetime | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Who a key makes its bearer, and how many requests a minute it may send."""

    principal: Principal
    per_minute: int


class Keys:
    """Makes, revokes and knows keys."""

    def __init__(self, floor: Floor, store: KeyStore) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._store = store

    async def everyone(self, tx: Tx) -> list[ApiKey]:
        """All keys, the newest first, revoked ones too."""
        return await self._store.everyone(tx)

    async def make(self, tx: Tx, new: NewKey, by: Principal) -> tuple[ApiKey, str]:
        """A new key and what its bearer has to show, which nobody can read again; Invalid names what is wrong."""
        return await self._make(tx, new, by)

    async def follow(
        self, tx: Tx, key_id: str, overlap_days: int, expires: datetime | None, by: Principal
    ) -> tuple[ApiKey, str]:
        """A key that takes the place of another with all it may do; both open until the overlap is over.

        NotFound; Conflict("key_gone") for one that opens nothing any more; Invalid.
        """
        old, now = await self._store.by_id(tx, key_id), self._clock.now()
        if not opens(old, now):
            raise Conflict("key_gone")
        if overlap_days not in OVERLAP_DAYS:
            raise Invalid({"overlap_days": "out_of_range"})
        new = NewKey(old.name, old.scopes, old.unit, old.per_minute, expires, old.purpose)
        key, token = await self._make(tx, new, by, follows=old.id)
        until = now + timedelta(days=overlap_days)
        until = min(until, old.expires) if old.expires is not None else until
        await self._store.expire(tx, old.id, until)
        await self._journal.state(tx, ApiKeyFollowed(old.id, now, by.id, key.id, until))
        if until <= now:
            await self.revoke(tx, old.id, by)
        return key, token

    async def _make(self, tx: Tx, new: NewKey, by: Principal, follows: str = "") -> tuple[ApiKey, str]:
        prefix, token = new_key_token()
        key = ApiKey(
            id=f"{KEY_ID}{new_id()}",
            name=new.name.strip(),
            prefix=prefix,
            scopes=new.scopes,
            unit=new.unit.strip(),
            per_minute=new.per_minute,
            made_by=by.id,
            made=self._clock.now(),
            expires=new.expires,
            purpose=new.purpose.strip(),
            follows=follows,
        )
        wrong = wrong_fields(key, {unit.code for unit in await reference.load_units(tx) if unit.active})
        if wrong:
            raise Invalid(wrong)
        await self._store.add(tx, key, hashed(token))
        scopes = tuple(sorted(key.scopes))
        await self._journal.state(tx, ApiKeyMade(key.id, key.made, by.id, key.name, scopes, key.unit))
        return key, token

    async def revoke(self, tx: Tx, key_id: str, by: Principal) -> ApiKey:
        """From now on it opens nothing; revoking it twice changes nothing. NotFound."""
        key, now = await self._store.by_id(tx, key_id), self._clock.now()
        if key.revoked is not None:
            return key
        await self._store.revoke(tx, key_id, now)
        await self._journal.state(tx, ApiKeyRevoked(key_id, now, by.id))
        return replace(key, revoked=now)

    async def expire(self) -> int:
        """Revoke what has expired, so that whatever stands and falls with a key is told; gives how many."""
        async with self._database.transaction() as tx:
            overdue = await self._store.overdue(tx, self._clock.now())
            for key_id in overdue:
                await self.revoke(tx, key_id, SYSTEM)
        return len(overdue)

    async def holder_of(self, token: str) -> KeyHolder:
        """Who a key makes its bearer; NotAllowed("bad_key") when there is none such or it was revoked,
        NotAllowed("key_expired") once its time is over."""
        async with self._database.reading() as tx:
            key = await self._store.by_digest(tx, hashed(token))
        if key is None or key.revoked is not None:
            raise NotAllowed("bad_key")
        now = self._clock.now()
        if not opens(key, now):
            raise NotAllowed("key_expired")
        if key.used is None or now - key.used >= TOUCH_EVERY:
            async with self._database.transaction() as tx:
                await self._store.touch(tx, key.id, now)
        principal = Principal(Kind.KEY, key.id, key.name, unit=key.unit, scopes=key.scopes)
        return KeyHolder(principal, key.per_minute)
