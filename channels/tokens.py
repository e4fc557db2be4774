"""One access token for all processes: one of them fetches it, the others wait and read what it wrote down."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.model import FreshToken
from channels.store import begin_lease, end_lease, token_row
from kernel.bell import Bell
from kernel.clock import Clock
from kernel.database import Database
from kernel.errors import HotlineError, Unavailable
from kernel.ids import new_id
from kernel.privacy import Vault

LEASE = timedelta(seconds=15)
# The platform hands out a new token in the last five minutes of the old one, which then still works.
MARGIN = timedelta(minutes=4)
TOO_SOON = timedelta(seconds=10)
WAITS = 20


@dataclass(frozen=True, slots=True)
class _Kept:
    value: str
    fetched_at: datetime
    expires_at: datetime


class TokenKeeper:
    """Keeps the token of one account in the database, sealed.

    A refusal names the token that was refused: when another has taken its place meanwhile, that one is given and
    nothing is fetched, so that a late answer to an old call cannot throw away a fresh token.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        bell: Bell,
        account: str,
        fetch: Callable[[], Awaitable[FreshToken]],
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._bell = bell
        self._account = account
        self._fetch = fetch
        self._topic = f"channels.token.{account}"
        self._cached: _Kept | None = None

    async def current(self) -> str:
        """The token in use; Unavailable when none can be had now."""
        if self._cached is not None and self._lasts(self._cached):
            return self._cached.value
        return await self._obtain(stale="")

    async def renewed(self, stale: str) -> str:
        """Another token than ``stale``; Unavailable when the platform gives no other."""
        if self._cached is not None and self._cached.value == stale:
            self._cached = None
        return await self._obtain(stale)

    async def _obtain(self, stale: str) -> str:
        with self._bell.listen(self._topic) as ear:
            for _ in range(WAITS):
                kept, lease = await self._look(stale)
                if kept is not None:
                    self._cached = kept
                    return kept.value
                if lease:
                    return await self._refresh(lease)
                await ear.heard(0.5)
        raise Unavailable("token_not_ready")

    async def _look(self, stale: str) -> tuple[_Kept | None, str]:
        """The token written down when it will do, else a lease when it is on us to fetch one."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            row = await token_row(tx, self._account)
            kept = None
            if row["sealed"]:
                value = self._vault.open(row["sealed"], self._context)
                kept = _Kept(value, row["fetched_at"], row["expires_at"])
            if kept is not None and self._lasts(kept) and kept.value != stale:
                return kept, ""
            if kept is not None and kept.value == stale and now - kept.fetched_at < TOO_SOON:
                raise Unavailable("token_refused", TOO_SOON)
            if row["lease_until"] is not None and row["lease_until"] > now:
                return None, ""
            lease = new_id()
            await begin_lease(tx, self._account, lease, now + LEASE)
        return None, lease

    async def _refresh(self, lease: str) -> str:
        try:
            fresh = await self._fetch()
        except HotlineError:
            await self._settle(lease, {})
            raise
        now = self._clock.now()
        self._cached = _Kept(fresh.value, now, now + fresh.lasts)
        sealed = self._vault.seal(fresh.value, self._context)
        await self._settle(lease, {"sealed": sealed, "fetched_at": now, "expires_at": now + fresh.lasts})
        return fresh.value

    async def _settle(self, lease: str, token: Mapping[str, object]) -> None:
        async with self._database.transaction() as tx:
            await end_lease(tx, self._account, lease, token)
            tx.after_commit(lambda: self._bell.ring(self._topic))

    @property
    def _context(self) -> str:
        return f"channel_token:{self._account}"

    def _lasts(self, kept: _Kept) -> bool:
        return kept.expires_at - MARGIN > self._clock.now()
