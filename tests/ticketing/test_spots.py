"""Two like matters in one town are told apart by the spot they are at."""

import pytest

from ticketing.rules.spots import spot

AROUND = ("佛山市", "佛山", "禅城区", "禅城", "祖庙街道", "祖庙")


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("禅城区祖庙街道同济路路灯不亮三天了", "禅城区祖庙街道同济路", "同济路"),
        ("祖庙街道,同济路路灯坏", "祖庙街道,同济路", "同济路"),
        ("祖庙街道绿景二路12号对面路灯不亮", "祖庙街道", "绿景二路"),
        ("佛山市禅城区祖庙街道普君社区附近路灯不亮", "佛山市禅城区祖庙街道", "普君社区"),
        ("祖庙街道路灯不亮，影响道路通行", "祖庙街道", ""),
        ("禅城区祖庙街道祖庙路31号路灯不亮", "禅城区祖庙街道祖庙路", "祖庙路"),
        ("祖庙路的路灯不亮", "祖庙路", "祖庙路"),
        ("祖庙街道的路面有坑", "祖庙街道", ""),
        ("祖庙的垃圾没人清", "祖庙", ""),
        ("路灯不亮", "", ""),
    ],
)
def test_the_spot_is_what_is_left_without_the_areas(text: str, words: str, found: str) -> None:
    assert spot(text, words, AROUND) == found
