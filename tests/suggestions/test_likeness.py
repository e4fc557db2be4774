"""Near-equal suggestions are recognised, different ones are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suggestions.rules.likeness import SKETCH, likeness, nearest, sketch
from tests.suggestions.conftest import TEXT


def test_the_same_text_is_wholly_alike_whatever_its_signs() -> None:
    assert likeness(sketch(TEXT), sketch(TEXT.replace("，", "! ").upper())) == 1.0


@pytest.mark.parametrize(
    ("other", "near"),
    [
        (TEXT.replace("很危险", "真的非常危险") + "谢谢！", True),
        ("建议在松园街道的小学门口增设人行横道和减速带。", True),
        ("建议公园晚上多开几盏路灯，方便老人散步。", False),
        ("", False),
    ],
)
def test_only_what_says_nearly_the_same_is_near(other: str, near: bool) -> None:
    assert bool(nearest(other, {"a": sketch(TEXT)})) is near


def test_the_nearest_come_first_and_not_too_many() -> None:
    others = {f"n{n}": sketch(TEXT + "补充说明" * n) for n in range(6)}
    assert nearest(TEXT, others)[0] == "n0"
    assert len(nearest(TEXT, others)) == 3


@given(st.text(max_size=300), st.text(max_size=300))
def test_likeness_is_a_share_and_goes_both_ways(one: str, other: str) -> None:
    a, b = sketch(one), sketch(other)
    assert len(a) <= SKETCH
    assert 0.0 <= likeness(a, b) <= 1.0
    assert likeness(a, b) == likeness(b, a)
    assert not a or likeness(a, a) == 1.0
