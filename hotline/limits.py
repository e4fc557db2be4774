"""How often one place may do what invites abuse: token buckets in the process, one a permission and address; what
guards a secret is counted in the database as well, over all processes."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from hotline import store
from hotline.failures import TooMany
from kernel.clock import Clock
from kernel.database import Database
from kernel.people import May
from kernel.privacy import Vault

REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` at once, then one every ``seconds``. ``reading`` requests count too when it is set; ``shared`` ones
    are counted over all processes. Where ``failing`` is set only what is refused counts in the end."""

    burst: int
    seconds: float
    reading: bool = False
    shared: bool = False
    failing: bool = False


# Sign-in is also locked per account and address, in the database (settings.security); these rows slow down one address
# over many accounts. A town hall may reach us from one address: the rows leave room for a room full of people, and
# since all of them sign in at half past eight, who gives the right password costs the others nothing. Where a flood
# would only cost work each process guards itself; where it would guess or gather secrets all count together.
RATES: Mapping[May, Rate] = {
    May.SIGN_IN: Rate(burst=20, seconds=3, failing=True),
    May.FIND_OWN_TICKET: Rate(burst=20, seconds=3, shared=True),
    May.RATE_BY_LINK: Rate(burst=20, seconds=3),
    May.CHAT: Rate(burst=60, seconds=1),
    May.MAKE_SUGGESTION: Rate(burst=20, seconds=6),
    May.TRACK_TICKET: Rate(burst=60, seconds=1),
    May.ASK_KNOWLEDGE: Rate(burst=120, seconds=0.2, reading=True),
    May.UNMASK_TICKET: Rate(burst=60, seconds=2, shared=True),
    May.UNMASK_TALK: Rate(burst=60, seconds=2, shared=True),
    May.USE_OPEN311: Rate(burst=120, seconds=0.5, reading=True),
}


@dataclass(slots=True)
class _Bucket:
    left: float
    at: datetime


class Shared:
    """Counts in the database: of each place the moment its bucket is full again is kept."""

    def __init__(self, database: Database, vault: Vault, clock: Clock, rates: Mapping[May, Rate] = RATES) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._rates = rates

    async def take(self, may: May, remote: str, *, unsafe: bool) -> None:
        """Count one request of all processes; TooMany when the bucket is empty."""
        rate = self._rates.get(may)
        if rate is None or not rate.shared or not (unsafe or rate.reading):
            return
        place, now = self._vault.blind_index("hotline.rate", f"{may}:{remote}"), self._clock.now()
        async with self._database.transaction() as tx:
            full = max(await store.full_at(tx, place, now), now) + timedelta(seconds=rate.seconds)
            early = (full - now).total_seconds() - rate.burst * rate.seconds
            if early > 0:
                raise TooMany(ceil(early))
            await store.fill_at(tx, place, full)

    async def forget_full(self) -> int:
        """Drop the places whose buckets are full; gives how many."""
        async with self._database.transaction() as tx:
            return await store.forget_full(tx, self._clock.now())


class Limits:
    """Counts requests; several web processes count each for itself."""

    def __init__(self, clock: Clock, rates: Mapping[May, Rate] = RATES) -> None:
        self._clock = clock
        self._rates = rates
        self._buckets: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()

    def take(self, may: May, remote: str, *, unsafe: bool) -> None:
        """Count one request; TooMany when the bucket is empty."""
        rate = self._rates.get(may)
        if rate is not None and (unsafe or rate.reading):
            self._spend((may, remote), rate)

    def give_back(self, may: May, remote: str) -> None:
        """Count a request that went well as not made, where the row counts failures alone."""
        rate, bucket = self._rates.get(may), self._buckets.get((may, remote))
        if rate is not None and rate.failing and bucket is not None:
            bucket.left = min(rate.burst, bucket.left + 1)

    def take_key(self, key: str, per_minute: int) -> None:
        """Count one request under an API key, whatever it asks for; TooMany."""
        self._spend(("key", key), Rate(burst=per_minute, seconds=60 / per_minute))

    def _spend(self, place: tuple[str, str], rate: Rate) -> None:
        now = self._clock.now()
        bucket = self._buckets.pop(place, None) or _Bucket(rate.burst, now)
        bucket.left = min(rate.burst, bucket.left + max(0.0, (now - bucket.at).total_seconds()) / rate.seconds)
        bucket.at = now
        self._buckets[place] = bucket
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        if bucket.left < 1:
            raise TooMany(ceil((1 - bucket.left) * rate.seconds))
        bucket.left -= 1
