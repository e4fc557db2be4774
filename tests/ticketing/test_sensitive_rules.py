"""Sensitive words: found however they are written, never inside another word, fast; what they raise."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from kernel.errors import Invalid
from tests.pace import times_jieba
from ticketing.model.labels import Flag, Secrecy, State, TicketKind, Urgency, WordEffect, WordKind
from ticketing.model.ticket import SensitiveHit, Ticket
from ticketing.rules.sensitive import Finder, SensitiveWord, checked, fold, pasted, raised
from ticketing.sensitive import START, folded, read_start

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
LIST = read_start(START, NOW)
FINDER = Finder(LIST)


def entry(word: str, *exceptions: str, kind: WordKind = WordKind.CUSTOM) -> SensitiveWord:
    return SensitiveWord("one", kind, word, frozenset({WordEffect.FLAG}), exceptions=exceptions)


def found(text: str, finder: Finder = FINDER) -> set[str]:
    return {hit.word.word for hit in finder.find(text)}


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("再不解决我就跳楼", "跳楼"),
        ("再不解决我就跳 楼", "跳楼"),
        ("我要跳。楼", "跳楼"),
        ("我要跳*楼给你们看", "跳楼"),
        ("我要跳\u200b樓", "跳楼"),
        ("再唔解決我就跳樓", "跳楼"),
        ("他說想 自-殺", "自杀"),
        ("我活不下去了", "活不下去"),
        ("拿刀冲过来砍我们", "拿刀*砍"),
        ("我們要集體上訪", "集体上访"),
        ("准备集体去堵路", "集体*堵路"),
        ("明天就找记者", "找记者"),
        ("村主任貪污公款", "贪污"),
        ("老师猥亵学生", "猥亵"),
        ("发到网上曝光你们", "网上曝光"),
    ],
)
def test_a_word_is_found_however_it_is_written(text: str, word: str) -> None:
    assert word in found(text)


LOOK_ALIKES = (
    "商场跳楼价大甩卖，每天放喇叭吵人",
    "游乐场的跳楼机没有检验合格证",
    "他从三楼跳。楼上漏水到我家",
    "昨晚线上访问不了网站",
    "网上访问社保系统总是报错",
    "播出的上访谈节目声音太大",
    "客厅上吊灯坏了，物业不来修",
    "教室装上吊扇以后一直响",
    "电梯罢工三天了没人修",
    "空调罢工，办事大厅很热",
    "小区有人聚众赌博",
    "楼下聚众打麻将到半夜",
    "小区投毒鼠药没有提前通知",
    "本人质疑物业收费不公开",
    "个人质量投诉无人受理",
    "不想活动中心被改成停车场",
    "小区种的树活不下去，没人浇水",
    "减轻生活负担的补贴怎么申请",
    "年轻生意人想租摊位",
    "公园里狼人杀活动太吵",
    "被商家道德绑架强制消费",
    "群里收红包被骗了",
    "雨水有腐蚀性侵蚀了外墙",
    "老儿童工作站的门坏了",
    "展示威力巨大的鞭炮",
    "去死角清理垃圾",
    "超市卖的持刀具架不稳",
    "想咨询反家庭暴力法的条文",
    "商铺拉横幅广告遮挡招牌",
    "请把遗留的书包还给我",
    "打开窗户从六楼跳下来一只猫，楼道很吵",
)


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_what_only_looks_like_a_word_is_none(text: str) -> None:
    assert found(text) == set()


def test_there_are_more_than_twenty_look_alikes() -> None:
    assert len(LOOK_ALIKES) >= 20


def test_a_word_outside_its_exception_is_found_beside_it() -> None:
    assert found("跳楼价我不管，再不退款我就跳楼") == {"跳楼"}


def test_the_place_of_a_hit_is_that_in_the_text_as_written() -> None:
    text = "再不解决，我就 跳 樓 了"
    (hit,) = FINDER.find(text)
    assert text[hit.start : hit.end] == "跳 樓"


def test_an_english_word_is_found_only_as_a_word() -> None:
    finder = Finder([entry("bomb")])
    assert found("There is a BOMB here", finder) == {"bomb"}
    assert found("ｂｏｍｂ！", finder) == {"bomb"}
    assert found("a bombastic speech", finder) == set()


def test_a_star_does_not_reach_into_the_next_sentence() -> None:
    finder = Finder([entry("拿刀*砍")])
    assert found("他拿刀要砍人", finder)
    assert not found("他拿刀。树被砍了", finder)


def test_an_entry_switched_off_is_not_looked_for() -> None:
    assert not found("跳楼", Finder([replace(entry("跳楼"), active=False)]))


@pytest.mark.parametrize(
    ("word", "fields"),
    [
        (entry(""), {"word": "required"}),
        (entry("死"), {"word": "too_short"}),
        (entry("。，！"), {"word": "too_short"}),
        (entry("字" * 31), {"word": "too_long"}),
        (entry("*跳楼"), {"word": "star_inside"}),
        (entry("跳**楼"), {"word": "star_inside"}),
        (entry("跳楼", "大甩卖"), {"exceptions": "holds_not_the_word"}),
        (replace(entry("跳楼"), effects=frozenset()), {"effects": "required"}),
        (replace(entry("跳楼"), effects=frozenset({WordEffect.SUPERVISE})), {"supervision": "out_of_range"}),
        (replace(entry("跳楼"), effects=frozenset({WordEffect.URGENCY})), {"urgency": "required"}),
    ],
)
def test_a_wrong_entry_is_refused_by_its_field(word: SensitiveWord, fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        checked(word)
    assert refused.value.fields == fields


def test_pasted_lines_are_words_with_their_exceptions() -> None:
    lines = pasted("# 标题\n跳楼 | 跳楼价、跳楼机\n\n自杀\t自杀式\n爆料｜")
    assert [(line.number, line.word, line.exceptions) for line in lines] == [
        (2, "跳楼", ("跳楼价", "跳楼机")),
        (4, "自杀", ("自杀式",)),
        (5, "爆料", ()),
    ]


def test_the_first_list_holds_every_kind_but_the_citys_own_and_no_word_twice() -> None:
    assert {word.kind for word in LIST} == set(WordKind) - {WordKind.CUSTOM}
    assert len({folded(word) for word in LIST}) == len(LIST) > 100


def test_five_thousand_words_are_looked_for_in_less_than_jieba_takes_to_cut_the_text() -> None:
    syllables = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"
    many = [replace(entry(a + b + c), id=a + b + c) for a in syllables for b in syllables for c in syllables[:13]]
    finder = Finder([*many, *LIST])
    text = ("小区门口的路灯坏了三个星期，晚上很黑，物业说不归他们管。" * 80)[:2000] + "我要跳楼"
    assert found(text, finder) >= {"跳楼"}
    assert len(many) > 5000
    assert times_jieba([text], finder.find) < 2


# -- what they raise ------------------------------------------------------------------------------------


def ticket(**more: object) -> Ticket:
    plain = Ticket("t", TicketKind.COMPLAINT, Urgency.P2, State.RECEIVED, NOW, "", NOW, NOW)
    return replace(plain, **more)  # type: ignore[arg-type]


def hit(kind: WordKind = WordKind.DANGER, *effects: WordEffect) -> SensitiveHit:
    return SensitiveHit("词", kind, frozenset(effects or WordEffect), NOW, 2, Urgency.P1)


def test_every_effect_raises() -> None:
    up = raised(ticket(), [hit()])
    assert (up.flags, up.secrecy) == (frozenset({Flag.SENSITIVE}), Secrecy.CONFIDENTIAL)
    assert (up.urgency, up.supervision) == (Urgency.P1, 2)


def test_nothing_is_ever_lowered() -> None:
    high = ticket(urgency=Urgency.P0, supervision=3, secrecy=Secrecy.REPORT, flags=frozenset({Flag.HOT}))
    up = raised(high, [hit()])
    assert (up.secrecy, up.urgency, up.supervision) == (Secrecy.REPORT, Urgency.P0, 3)
    assert up.flags == {Flag.HOT, Flag.SENSITIVE}


@pytest.mark.parametrize(
    ("kind", "flag"),
    [(WordKind.GROUP, Flag.GROUP), (WordKind.MEDIA, Flag.MEDIA), (WordKind.MINOR, Flag.MINOR)],
)
def test_what_a_word_is_about_is_flagged_too(kind: WordKind, flag: Flag) -> None:
    assert raised(ticket(), [hit(kind, WordEffect.FLAG)]).flags == {Flag.SENSITIVE, flag}


def test_folding_keeps_the_place_of_every_letter() -> None:
    text = "Ａ　臺 灣①。b"
    letters, places = fold(text)
    assert letters == "a台湾①b"
    assert all(0 <= place < len(text) for place in places)
    assert len(letters) == len(places)
