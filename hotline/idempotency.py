"""A request sent twice under one Idempotency-Key is done once; the second answer equals the first."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from hotline import store
from kernel.clock import Clock
from kernel.database import Database
from kernel.errors import Conflict, Invalid
from kernel.ids import new_id
from kernel.privacy import Vault

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
HELD = timedelta(seconds=60)
LONGEST_KEY = 128


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked under a key: by whom, of which route, with what."""

    key: str
    who: str
    route: str
    body: bytes

    @property
    def row(self) -> str:
        """The key of the row: one person's key on one route means nothing elsewhere."""
        return _hash(self.who, self.route, self.key)

    @property
    def fingerprint(self) -> str:
        """What must be equal for two requests to be the same."""
        return hashlib.sha256(self.body).hexdigest()


class Once:
    """Keeps answers, sealed, for a day."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    async def do(self, asked: Asked, work: Callable[[], Awaitable[Kept]]) -> Kept:
        """The answer of ``work``, or the one kept for the same request.

        Conflict("key_in_use") while the first request is at work, Invalid when the key was used for something else.
        A request that fails leaves no trace: it may be tried again.
        """
        if len(asked.key) > LONGEST_KEY:
            raise Invalid({HEADER: "too_long"})
        holder = new_id()
        kept = await self._claim(asked, holder)
        if kept is not None:
            return kept
        try:
            answer = await work()
        except BaseException:
            async with self._database.transaction() as tx:
                await store.release(tx, asked.row, holder)
            raise
        sealed = self._vault.seal(answer.body.decode(), f"idempotent_answer:{asked.row}")
        async with self._database.transaction() as tx:
            await store.settle(tx, asked.row, holder, answer.status, sealed)
        return answer

    async def _claim(self, asked: Asked, holder: str) -> Kept | None:
        now = self._clock.now()
        mine = {"fingerprint": asked.fingerprint, "holder": holder, "at": now, "held_until": now + HELD}
        async with self._database.transaction() as tx:
            found = await store.claim(tx, asked.row, mine)
            if found.fingerprint != asked.fingerprint:
                raise Invalid({HEADER: "key_reused"}, code="key_reused")
            if found.status is not None:
                body = self._vault.open(found.body, f"idempotent_answer:{asked.row}")
                return Kept(found.status, body.encode())
            if found.holder != holder:
                if found.held_until > now:
                    raise Conflict("key_in_use")
                await store.take_over(tx, asked.row, holder, now + HELD)
        return None

    async def forget_old(self) -> int:
        """Drop answers older than a day; gives how many."""
        async with self._database.transaction() as tx:
            return await store.forget_before(tx, self._clock.now() - KEPT)


def _hash(*parts: str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)}:{part}".encode())
    return digest.hexdigest()
