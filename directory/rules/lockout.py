"""When sign-in is refused for a while: too many failures under one login or from one place."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kernel.privacy import Vault

# A town hall of many desks may reach us from one place.
PLACE_FACTOR = 10


def login_key(vault: Vault, login: str) -> str:
    """Under what the failures of a login are counted. What is typed there may be a password: it is not kept in the
    open."""
    return f"login:{vault.blind_index('login', login)}"


@dataclass(frozen=True, slots=True)
class Counter:
    """Failures since a moment, and until when nobody gets in."""

    failures: int
    since: datetime
    locked_until: datetime | None = None

    def is_locked(self, now: datetime) -> bool:
        """Whether sign-in is refused now."""
        return self.locked_until is not None and now < self.locked_until


def attempted(counter: Counter, now: datetime, limit: int, lock: timedelta) -> Counter:
    """The counter after one more attempt, counted as failed until it succeeds.

    Counting before the password is checked keeps a burst of parallel guesses within the limit. Failures older than
    ``lock`` are forgotten; at ``limit`` the lock begins.
    """
    if counter.is_locked(now):
        return counter
    fresh = counter.locked_until is not None or now - counter.since >= lock
    counted = Counter(1, now) if fresh else replace(counter, failures=counter.failures + 1)
    return replace(counted, locked_until=now + lock) if counted.failures >= limit else counted


def uncounted(counter: Counter, limit: int) -> Counter:
    """The counter of a place after the right password: this attempt was no failure, the others stay."""
    failures = max(0, counter.failures - 1)
    return Counter(failures, counter.since, counter.locked_until if failures >= limit else None)
