"""A point is a trouble, a request or a question: once, and not each sentence of a letter."""

import pytest

from tests.ticketing.making import ticket
from ticketing.rules.points import gathered, points_of
from ticketing.rules.replycheck import check_reply
from ticketing.rules.results import DONE, SETTLED
from ticketing.rules.subjects import said_in, subjects_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我是同济路的一名住户。同济路的路灯坏了。打扰了，请您谅解。", ["同济路的路灯坏了"]),
        ("楼下的烧烤店噪音、油烟、占道", ["楼下的烧烤店噪音", "油烟", "占道"]),
        ("1、电梯经常坏；2、楼道没灯", ["电梯经常坏", "楼道没灯"]),
        ("路灯坏了三天。路灯至今没人修。", ["路灯坏了三天"]),
        ("公园的护栏断了，同济路的路灯坏…", []),
        ("公园的护栏断了。同济路的路灯坏…", ["公园的护栏断了"]),
        ("学校、医院旁边的路灯坏了", ["学校、医院旁边的路灯坏了"]),
    ],
)
def test_what_is_told_makes_so_many_points(text: str, expected: list[str]) -> None:
    assert points_of(text) == expected


def test_what_is_said_again_of_a_point_belongs_to_it() -> None:
    (point,) = gathered("路灯坏了三天。路灯的灯杆也歪了，没人修。")
    assert point.more == ("路灯的灯杆也歪了，没人修",)
    assert {"路灯", "灯杆"} <= point.subjects


def test_the_same_in_other_words_is_found() -> None:
    assert said_in(subjects_of("工地噪音太大"), "该工地噪声超标") >= {"噪音", "工地"}
    assert said_in(subjects_of("同济路的路灯坏了"), "垃圾桶已清运") == frozenset()


@pytest.mark.parametrize("text", ["学费已全部退款", "水费已退费", "餐馆已查封"])
def test_one_vocabulary_tells_what_is_settled(text: str) -> None:
    assert SETTLED.search(text)
    assert DONE.search(text)


def test_what_is_only_explained_is_done_and_settles_nothing() -> None:
    assert DONE.search("已向您解释")
    assert not SETTLED.search("已向您解释")


def test_a_title_cut_off_is_no_point() -> None:
    whole = check_reply(ticket(title="路灯坏了", text="谢谢"), "您好！路灯已修复。")
    assert [each.quote for each in whole if each.label == "诉求要点"] == ["路灯坏了"]
    cut = check_reply(ticket(title="路灯坏了没人来修希望…", text="谢谢"), "您好！路灯已修复。")
    assert [each for each in cut if each.label == "诉求要点"] == []
