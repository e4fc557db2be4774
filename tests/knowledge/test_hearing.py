"""Words written as others that sound alike: what is put right, what is left, what stays doubtful."""

import pytest

from kernel.sounds import readings
from knowledge.model import Entry
from knowledge.rules.hearing import Ear

ENTRIES = (
    Entry("fund", "公积金怎么提取", ("住房公积金提取要什么材料",), "职工可以提取住房公积金"),
    Entry("permit", "居住证怎么办理", ("居住证要带什么",), "居住半年以上可以申领"),
    Entry("passport", "护照怎么办理", ("护照去哪里办",), "携带身份证到出入境窗口办理护照"),
    Entry("rooster", "家禽怎么检疫", ("公鸡出栏要检疫吗",), "公鸡和母鸡"),
)


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear.of(ENTRIES, ("社保",), frozenset({"怎么", "什么"}))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("公鸡金怎么提取", "公积金怎么提取"),
        ("攻积金能提吗", "公积金能提吗"),
        ("我要办居住正", "我要办居住证"),
        ("社宝交了几年", "社保交了几年"),
    ],
)
def test_a_word_is_heard_where_no_entry_writes_what_stands_there(ear: Ear, written: str, meant: str) -> None:
    heard = ear.hear(written)
    assert heard.text == meant
    assert heard.changes
    assert not heard.doubtful


def test_what_is_a_word_of_its_own_may_have_been_meant(ear: Ear) -> None:
    heard = ear.hear("护罩去哪里办")
    assert (heard.text, heard.changes, heard.doubtful) == ("护照去哪里办", (("护罩", "护照"),), True)


@pytest.mark.parametrize(
    "text",
    ["公积金怎么提取", "公鸡出栏要检疫吗", "职工可以提取", "", "！？", "abc 123", "龘龘", "今天下雨", "公", "居住半年"],
)
def test_what_is_written_right_or_sounds_like_nothing_is_left(ear: Ear, text: str) -> None:
    heard = ear.hear(text)
    assert heard.text == text
    assert not heard.changes


def test_a_word_that_shares_no_character_is_not_heard(ear: Ear) -> None:
    assert ear.hear("工鸡斤怎么提取").text == "工鸡斤怎么提取"


def test_little_words_are_not_listened_for(ear: Ear) -> None:
    assert ear.hear("怎磨申领").text == "怎磨申领"


def test_a_character_with_several_readings_is_heard_by_each() -> None:
    assert set(readings("行")) >= {"xing", "hang"}
    ear = Ear.of([Entry("a", "银行卡丢失", ("银行卡挂失",))])
    assert ear.hear("银航卡").text == "银行卡"
