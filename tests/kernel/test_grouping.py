"""Messages about one event find each other; others stay apart."""

from datetime import UTC, datetime, timedelta

import pytest

from kernel.grouping import Message, group, likeness, opening

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
MARKET = (
    "青禾市场门口占道经营，车都过不去",
    "青禾市场占道经营太严重，门口走不了路",
    "投诉青禾市场门口的摊贩占道经营",
)
OTHERS = ("云溪小区停水两天了", "北岭路的路灯不亮", "公交十七路等了一个小时", "长丰河发臭，水面有死鱼")


def told(*texts: str, days: int = 1, place: str = "") -> list[Message]:
    return [Message(text, BEGAN + timedelta(days=days * number), place) for number, text in enumerate(texts)]


def test_messages_about_one_event_are_one_group_and_others_are_alone() -> None:
    found = group(told(MARKET[0], *OTHERS[:2], MARKET[1], *OTHERS[2:], MARKET[2]))
    assert found == [0, 1, 2, 0, 4, 5, 0]


def test_the_order_of_the_rows_does_not_matter() -> None:
    messages = told(MARKET[0], *OTHERS, MARKET[1])
    assert len(set(group(messages[::-1]))) == len(set(group(messages))) == 5
    assert group(messages[::-1])[0] == group(messages[::-1])[-1]


def test_an_event_is_named_by_its_first_message_in_time() -> None:
    late, *rest, early = told(MARKET[0], *OTHERS, MARKET[1])[::-1]
    assert group([late, *rest, early])[0] == 5


def test_messages_of_different_known_places_are_of_different_events() -> None:
    one, other = told(MARKET[0], place="甲街道"), told(MARKET[1], place="乙街道")
    assert group([*one, *told(*OTHERS), *other])[0] != group([*one, *told(*OTHERS), *other])[-1]
    nowhere = told(MARKET[1])
    assert group([*one, *told(*OTHERS), *nowhere])[-1] == 0


@pytest.mark.parametrize(("days", "events"), [(300, 1), (400, 2)])
def test_what_comes_up_again_after_a_year_is_another_event(days: int, events: int) -> None:
    again = Message(MARKET[1], BEGAN + timedelta(days=days))
    found = group([*told(MARKET[0], *OTHERS, days=0), again])
    assert len({found[0], found[-1]}) == events


def test_a_message_very_much_like_two_events_makes_them_one(monkeypatch: pytest.MonkeyPatch) -> None:
    messages = told("甲", "乙", "丙")
    near: list[list[tuple[float, int]]] = [[], [], [(0.4, 0), (0.3, 1)]]
    monkeypatch.setattr("kernel.grouping._nearest", lambda _messages: iter(near))
    assert group(messages) == [0, 0, 0]
    near[2] = [(0.4, 0), (0.2, 1)]
    assert group(messages) == [0, 1, 0]


def test_nothing_is_grouped_of_nothing() -> None:
    assert group([]) == []
    assert group(told("", "", "！")) == [0, 1, 2]


def test_a_text_is_as_alike_as_can_be_to_itself_and_not_to_another() -> None:
    alike = likeness([MARKET[0], MARKET[0], *OTHERS])
    assert alike[0, 1] == pytest.approx(1.0, abs=1e-5)
    assert alike[0, 2] == pytest.approx(0.0, abs=0.05)


@pytest.mark.parametrize(
    ("text", "begins"), [("路灯坏了。已经三天", "路灯坏了"), ("路灯坏了吗？是的", "路灯坏了吗"), ("灯" * 50, "灯" * 40)]
)
def test_the_opening_is_the_first_sentence_or_forty_characters(text: str, begins: str) -> None:
    assert opening(text) == begins
