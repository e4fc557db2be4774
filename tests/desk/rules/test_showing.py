"""Who it is stays masked, what it is about can be read, and nothing is lost when the agent writes over it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules.showing import restored, shown, shown_beside

SAID = "我叫张小三，电话13800138000，同济路25号3栋502室漏水，粤E12345占道"


def test_names_and_numbers_of_persons_are_masked_p44() -> None:
    assert shown(SAID) == "我叫张*三，电话138****8000，同济路25号3栋502室漏水，粤E12345占道"


def test_what_the_agent_left_alone_is_whole_again() -> None:
    assert restored(shown(SAID), SAID) == SAID


def test_what_the_agent_added_stays_beside_it() -> None:
    edited = shown(SAID).replace("漏水", "天花板漏水") + "（已电话核实）"
    assert restored(edited, SAID) == SAID.replace("漏水", "天花板漏水") + "（已电话核实）"


def test_a_part_cut_out_shows_no_more_than_the_whole_p44() -> None:
    assert shown("叫张小三，漏水") == "叫张小三，漏水", "nothing tells that this is a name"
    assert shown_beside("叫张小三，漏水", SAID) == "叫张*三，漏水"


@pytest.mark.parametrize("text", ["", "路灯坏了", "请拨12345或110", "2026-03-16"])
def test_words_without_personal_data_stay_as_they_are(text: str) -> None:
    assert shown(text) == text


@given(st.text())
def test_any_text_can_be_shown(text: str) -> None:
    assert isinstance(shown(text), str)
    assert restored(text, "") == text
