"""The lock-out's arithmetic."""

from datetime import UTC, datetime, timedelta

from directory.rules.lockout import Counter, attempted, uncounted

NOW = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)
LOCK = timedelta(minutes=15)


def after(attempts: int, start: Counter, now: datetime = NOW) -> Counter:
    for _ in range(attempts):
        start = attempted(start, now, 5, LOCK)
    return start


def test_the_lock_begins_with_the_last_attempt_allowed() -> None:
    assert not after(4, Counter(0, NOW)).is_locked(NOW)
    locked = after(5, Counter(0, NOW))
    assert locked.is_locked(NOW)
    assert locked.locked_until == NOW + LOCK


def test_attempts_while_locked_do_not_lengthen_the_lock() -> None:
    locked = after(5, Counter(0, NOW))
    assert after(20, locked, NOW + timedelta(minutes=14)) == locked


def test_the_lock_ends_and_counting_begins_anew() -> None:
    later = NOW + LOCK
    counter = after(1, after(5, Counter(0, NOW)), later)
    assert counter == Counter(1, later)
    assert not counter.is_locked(later)


def test_failures_long_ago_do_not_count() -> None:
    assert after(1, after(4, Counter(0, NOW)), NOW + LOCK) == Counter(1, NOW + LOCK)


def test_a_success_takes_back_its_own_attempt_only() -> None:
    assert uncounted(after(3, Counter(0, NOW)), 5).failures == 2
    assert uncounted(after(5, Counter(0, NOW)), 5).locked_until is None
    assert uncounted(Counter(0, NOW), 5).failures == 0
