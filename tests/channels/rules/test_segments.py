"""P10: what a Chinese text costs as a short message, and that no character is torn between two of its parts."""

import pytest

from channels.rules.rendering import cut
from channels.rules.segments import is_gsm, segment_count, segments

SIGNATURE = "【12345热线】"


@pytest.mark.parametrize(
    ("length", "parts"), [(0, 0), (1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)]
)
def test_p10_chinese_is_counted_by_70_alone_and_67_a_part(length: int, parts: int) -> None:
    assert segment_count("路" * length) == parts
    assert all(len(part) <= 70 for part in segments("路" * length))


@pytest.mark.parametrize(("length", "parts"), [(160, 1), (161, 2), (306, 2), (307, 3)])
def test_p10_the_seven_bit_alphabet_is_counted_by_160_alone_and_153_a_part(length: int, parts: int) -> None:
    assert segment_count("a" * length) == parts


def test_p10_one_character_beyond_the_alphabet_makes_all_of_it_ucs2() -> None:
    assert is_gsm("Ticket FS1 @ 10€")
    assert segment_count("a" * 100) == 1
    assert segment_count("a" * 100 + "路") == 2


def test_p10_a_character_of_two_septets_counts_twice_and_is_not_torn() -> None:
    assert segment_count("a" * 158 + "€") == 1
    assert segment_count("a" * 159 + "€") == 2
    first, second = segments("a" * 152 + "€" + "b" * 20)
    assert (first, second[0]) == ("a" * 152, "€")


def test_p10_an_emoji_on_the_border_stays_whole() -> None:
    assert segment_count("路" * 69 + "😀") == 2
    first, second = segments("路" * 66 + "😀" + "灯" * 10)
    assert (first, second) == ("路" * 66, "😀" + "灯" * 10)
    for part in segments("😀" * 90):
        assert len(part.encode("utf-16-be")) <= 2 * 67
        assert part.encode("utf-16-be").decode("utf-16-be") == part
    assert "".join(segments("😀" * 90)) == "😀" * 90
    # 35 fit alone; of several, each holds 33 and a unit stays empty.
    assert [segment_count("😀" * n) for n in (35, 36, 66, 67)] == [1, 2, 2, 3]


def test_p10_the_signature_is_counted() -> None:
    room = 70 - len(SIGNATURE)
    assert segment_count(SIGNATURE + "路" * room) == 1
    assert segment_count(SIGNATURE + "路" * (room + 1)) == 2


def test_a_long_text_is_cut_by_what_it_costs_and_nothing_is_lost() -> None:
    text = "路灯坏了，请尽快修复。" * 60
    pieces = cut(text, 2, lambda piece: segment_count(SIGNATURE + piece))
    assert "".join(pieces) == text
    assert all(segment_count(SIGNATURE + piece) <= 2 for piece in pieces)
    assert all(piece.endswith(("。", "，")) for piece in pieces)
    assert "".join(cut("😀" * 200, 1, segment_count)) == "😀" * 200
