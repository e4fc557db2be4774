"""A follow-up goes on about the entry spoken of; what names a subject of its own does not."""

import pytest

from bot.model import FollowUp
from bot.rules.follow_up import follow_up_in


def _is_place(words: str) -> bool:
    return words in {"禅城", "顺德", "桂城街道"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("那要多少钱?", FollowUp("fee")),
        ("收唔收钱㗎", FollowUp("fee")),
        ("小孩呢?", FollowUp(who="小孩")),
        ("细路仔又点办呢", FollowUp(who="细路仔")),
        ("老人家要带咩材料", FollowUp("materials", "老人家")),
        ("禅城哪里办?", FollowUp("place", in_place=True)),
        ("顺德呢", FollowUp(in_place=True)),
        ("桂城街道那边要几耐", FollowUp("limit", in_place=True)),
        ("电话几多号", FollowUp("phone")),
        ("别人代办可以吗", FollowUp(who="别人代办")),
        ("补办身份证要什么材料", None),
        ("小孩入学要什么材料", None),
        ("路灯坏了", None),
        ("好的", None),
        ("那么这个事情我想再请问一下你们要多少钱才可以", None),
    ],
)
def test_what_is_asked_of_the_entry_spoken_of(text: str, wanted: FollowUp | None) -> None:
    assert follow_up_in(text, _is_place) == wanted
