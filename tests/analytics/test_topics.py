"""Hot topics: groups of messages, ranked by volume, growth, spread and how much one thing it is."""

from datetime import UTC, datetime, timedelta
from math import sqrt

import pytest

from analytics.rules.topics import heat, hot_topics, topics_of
from kernel.grouping import Message, coherence, vectors

BEGAN = datetime(2026, 3, 1, 9, tzinfo=UTC)


def days(*numbers: float) -> list[datetime]:
    return [BEGAN + timedelta(days=number) for number in numbers]


def test_heat_is_volume_times_growth_times_spread() -> None:
    """By hand: four messages; the busiest thirty days (days 40 to 50) hold three; they fell on three dates."""
    assert heat(days(0, 40, 40.1, 50)) == pytest.approx(4 * 3 * sqrt(3))


def test_what_rises_is_hotter_than_what_trickles() -> None:
    assert heat(days(0, 1, 2, 3)) > heat(days(0, 100, 200, 300))


def test_an_hour_of_copies_is_cooler_than_as_many_voices_over_days() -> None:
    assert heat(days(0, 0.01, 0.02, 0.03)) < heat(days(0, 1, 2, 3))


def test_topics_are_hottest_first_and_two_messages_are_none() -> None:
    messages = [Message("青禾市场占道经营", at) for at in days(0, 1, 2, 0, 1, 2, 3, 5, 6)]
    found = topics_of(messages, [0, 0, 0, 3, 3, 3, 3, 7, 7])
    assert [topic.messages for topic in found] == [(3, 4, 5, 6), (0, 1, 2)]
    assert (found[0].since, found[0].until) == (BEGAN, BEGAN + timedelta(days=3))


def test_topics_are_found_in_what_people_write() -> None:
    said = [
        "青禾市场门口占道经营",
        "云溪小区停水两天",
        "青禾市场占道经营没人管",
        "北岭路的路灯不亮",
        "青禾市场又占道经营了",
    ]
    [topic] = hot_topics([Message(text, at) for text, at in zip(said, days(0, 1, 2, 3, 4), strict=True)])
    assert topic.messages == (0, 2, 4)


def test_one_event_is_hotter_than_as_many_messages_that_only_share_phrases() -> None:
    """Generic topics are pushed down: the same number on the same days, of one market or of any road."""
    one = ["青禾市场门口占道经营", "青禾市场又占道经营了", "青禾市场占道经营没人管", "青禾市场旁边占道经营"]
    any_ = ["望江路的路灯不亮", "石桥村请求修路", "领导您好请求加装路灯", "南岸公园请求开门"]
    at = days(0, 1, 2, 3)
    messages = [Message(text, when) for texts in (any_, one) for text, when in zip(texts, at, strict=True)]
    found = topics_of(messages, [0] * 4 + [4] * 4)
    assert [topic.messages for topic in found] == [(4, 5, 6, 7), (0, 1, 2, 3)]
    assert heat(at, 0.5) == pytest.approx(heat(at) / 2)


def test_texts_that_say_the_same_are_together_and_others_are_not() -> None:
    rows = vectors(["青禾市场占道经营", "青禾市场占道经营", "云溪小区停水", "云溪小区停水"])
    assert coherence(rows[:2]) == pytest.approx(1, abs=1e-5)
    assert coherence(rows[1:3]) == pytest.approx(0, abs=1e-5)
    assert coherence(rows[:1]) == 1


def test_without_messages_there_is_no_topic() -> None:
    assert hot_topics([]) == []
