"""The parts of a ticket are found in what people write."""

import pytest

from bot.rules import slots
from bot.rules.grievance import says_enough, substance, title_of
from bot.rules.times import times_in
from directory.lookup import Lookup


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我姓李，住在这里", "李"),
        ("我姓陈先生", "陈先生"),
        ("我叫王小明，电话是", "王小明"),
        ("我叫不到车", ""),
        ("姓名：欧阳", "欧阳"),
        ("物业姓什么我不知道", ""),
    ],
)
def test_a_name_is_taken_only_when_given(text: str, name: str) -> None:
    assert slots.name_in(text) == name


@pytest.mark.parametrize(("text", "wanted"), [("请帮我保密", True), ("怕报复", True), ("路灯坏了", False)])
def test_the_wish_for_secrecy_is_heard(text: str, wanted: bool) -> None:
    assert slots.wants_secrecy(text) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"), [("我要匿名举报", True), ("不想留姓名", True), ("实名举报，不用匿名", False), ("投诉", False)]
)
def test_the_wish_for_anonymity_is_heard(text: str, wanted: bool) -> None:
    assert slots.wants_anonymity(text) is wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("楼下烧烤档晚上好吵，睡不着", ["晚上"]),
        ("巴士站中午好晒", ["中午"]),
        ("路灯坏了三天了，晚上很黑", ["三天了"]),
        ("昨天下午停电，晚上才来电", ["昨天下午"]),
        ("晚上好，想问一下", []),
        ("早上好", []),
        ("下午场的票退不了", []),
    ],
)
def test_the_part_of_the_day_is_a_time_where_nothing_closer_is_said(text: str, said: list[str]) -> None:
    assert [text[start:end] for start, end in times_in(text)] == said


def test_a_place_is_read_down_to_the_door(lookup: Lookup) -> None:
    found = slots.where_in("昨晚在桂城街道灯湖东路12号楼下有人打架", lookup.find_places)
    assert found.text.startswith("桂城街道灯湖东路12号")
    assert lookup.area(found.town).name == "桂城街道"
    assert found.certain


def test_no_place_gives_nothing(lookup: Lookup) -> None:
    assert slots.where_in("路灯坏了很久没人修", lookup.find_places) == slots.Where()


def test_an_unknown_road_is_kept_as_said_and_a_lamp_is_no_road(lookup: Lookup) -> None:
    assert slots.unknown_place_in("幸运星路的路灯坏了") == "幸运星路"
    assert slots.unknown_place_in("门口的路灯坏了") == ""
    assert slots.unknown_place_in("我要投诉小区物业") == ""
    assert slots.unknown_place_in("工资被拖欠，老板跑路了") == ""


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("我要投诉", False),
        ("我要投诉物业", False),
        ("你好，我想举报", False),
        ("路灯坏了", True),
        ("投诉酒吧噪音扰民", True),
    ],
)
def test_a_bare_wish_is_not_enough(text: str, enough: bool) -> None:
    assert says_enough(text) is enough


def test_a_title_leaves_out_the_greeting() -> None:
    assert title_of("您好！我要投诉楼下餐馆油烟太大。每天都这样。") == "楼下餐馆油烟太大"
    assert len(title_of("投诉" + "很长的内容" * 20)) <= 28
    assert substance("你好，我要投诉") == ""


def test_traditional_letters_name_the_same_place(lookup: Lookup) -> None:
    found = slots.where_in("南海區桂城街道", lookup.find_places)
    assert lookup.area(found.town).name == "桂城街道"


def test_a_place_and_a_name_with_blanks_and_emoji_are_told_as_said(lookup: Lookup) -> None:
    found = slots.where_in("路灯坏了，在桂城 街道🙏灯湖东路１２号", lookup.find_places)
    assert found.text == "桂城 街道🙏灯湖东路１２号"
    assert lookup.area(found.town).name == "桂城街道"
    assert slots.name_in("我 姓 陳，住这里") == "陳"
