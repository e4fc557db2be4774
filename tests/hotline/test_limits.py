"""Token buckets: a burst, then a steady rate, each caller for itself."""

from datetime import timedelta

import pytest

from hotline import limits
from hotline.failures import TooMany
from hotline.limits import RATES, Limits, Rate
from kernel.clock import ManualClock
from kernel.people import May

SLOW = {May.CHAT: Rate(burst=3, seconds=10), May.ASK_KNOWLEDGE: Rate(burst=1, seconds=1, reading=True)}


def spent(made: Limits, may: May, remote: str, *, unsafe: bool = True) -> int:
    """How many requests pass before one is refused."""
    for passed in range(100):
        try:
            made.take(may, remote, unsafe=unsafe)
        except TooMany:
            return passed
    return 100


def test_a_burst_passes_and_then_one_at_a_time(clock: ManualClock) -> None:
    made = Limits(clock, SLOW)
    assert spent(made, May.CHAT, "a") == 3
    clock.advance(timedelta(seconds=10))
    assert spent(made, May.CHAT, "a") == 1
    clock.advance(timedelta(hours=1))
    assert spent(made, May.CHAT, "a") == 3


def test_the_refused_are_told_when_to_come_again(clock: ManualClock) -> None:
    made = Limits(clock, SLOW)
    spent(made, May.CHAT, "a")
    clock.advance(timedelta(seconds=4))
    with pytest.raises(TooMany) as refused:
        made.take(May.CHAT, "a", unsafe=True)
    assert refused.value.after == 6


def test_each_caller_and_each_permission_counts_for_itself(clock: ManualClock) -> None:
    made = Limits(clock, SLOW)
    assert spent(made, May.CHAT, "a") == 3
    assert spent(made, May.CHAT, "b") == 3
    assert spent(made, May.READ_SITE, "a") == 100


def test_reading_counts_only_where_the_row_says_so(clock: ManualClock) -> None:
    made = Limits(clock, SLOW)
    assert spent(made, May.CHAT, "a", unsafe=False) == 100
    assert spent(made, May.ASK_KNOWLEDGE, "a", unsafe=False) == 1


def test_callers_of_long_ago_are_forgotten(clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REMEMBERED", 10)
    made = Limits(clock, SLOW)
    for number in range(50):
        made.take(May.CHAT, str(number), unsafe=True)
    assert len(made._buckets) == 10


def test_what_invites_abuse_has_a_row() -> None:
    assert {May.SIGN_IN, May.FIND_OWN_TICKET, May.CHAT, May.TRACK_TICKET, May.MAKE_SUGGESTION} <= set(RATES)
