"""API keys of other programs: made and revoked by administrators, known by what they show."""

from dataclasses import dataclass, replace
from datetime import timedelta

from directory.events import ApiKeyMade, ApiKeyRevoked
from directory.model import ApiKey
from directory.rules.keys import KEY_ID, hashed, new_key_token, wrong_fields
from directory.store import reference
from directory.store.keys import KeyStore
from kernel.database import Tx
from kernel.errors import Invalid, NotAllowed
from kernel.ids import new_id
from kernel.people import KeyScope, Kind, Principal
from kernel.room import Floor

TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key to be made."""

    name: str
    scopes: frozenset[KeyScope]
    unit: str = ""
    per_minute: int = 120


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

    async def holder_of(self, token: str) -> KeyHolder:
        """Who a key makes its bearer; NotAllowed("bad_key") when there is none such or it was revoked."""
        async with self._database.reading() as tx:
            key = await self._store.by_digest(tx, hashed(token))
        if key is None or key.revoked is not None:
            raise NotAllowed("bad_key")
        now = self._clock.now()
        if key.used is None or now - key.used >= TOUCH_EVERY:
            async with self._database.transaction() as tx:
                await self._store.touch(tx, key.id, now)
        principal = Principal(Kind.KEY, key.id, key.name, unit=key.unit, scopes=key.scopes)
        return KeyHolder(principal, key.per_minute)
