"""When to try again, how often somebody may do something."""

from datetime import UTC, datetime, timedelta

from channels.rules.pace import Pace
from channels.rules.retrying import (
    DELIVERY_WAITS,
    LOOP_LIMIT,
    delivery_is_over,
    delivery_wait,
    is_loop,
    media_is_over,
    media_wait,
)

NOW = datetime(2026, 3, 16, tzinfo=UTC)
NOTHING = timedelta()


def test_each_wait_is_longer_than_the_one_before() -> None:
    waits = [delivery_wait(attempts, NOTHING) for attempts in range(1, len(DELIVERY_WAITS) + 1)]
    assert waits == sorted(set(waits))
    assert [media_wait(attempts, NOTHING) for attempts in (1, 99)] == [timedelta(seconds=2), timedelta(hours=1)]


def test_a_platform_that_asks_for_more_time_gets_it() -> None:
    assert delivery_wait(1, timedelta(hours=1)) == timedelta(hours=1)


def test_tries_come_to_an_end() -> None:
    assert [delivery_is_over(attempts) for attempts in (1, 5, 6)] == [False, False, True]


def test_a_file_is_given_up_when_the_platform_has_thrown_it_away() -> None:
    assert not media_is_over(NOW, NOW + timedelta(days=2, hours=23))
    assert media_is_over(NOW, NOW + timedelta(days=3))


def test_p45_so_many_messages_can_only_be_a_loop() -> None:
    assert [is_loop(LOOP_LIMIT - 1), is_loop(LOOP_LIMIT)] == [False, True]


def test_a_pace_lets_through_so_many_within_its_span() -> None:
    pace = Pace(3, timedelta(seconds=10))
    assert [pace.allows(NOW + timedelta(seconds=second)) for second in (0, 1, 2, 3, 9)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert pace.allows(NOW + timedelta(seconds=10))
    assert not pace.allows(NOW + timedelta(seconds=10))
