"""What a message names is found through blanks, emoji and full-width forms, and told in the citizen's letters."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.spans import FINDERS, SlotKind, first_of, spans_in

NOW = datetime(2026, 3, 16, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday, 正月廿八
ID_CARD = "11010519491231002X"  # the example of GB 11643
CASES: tuple[tuple[SlotKind, str, str], ...] = (
    (SlotKind.WHEN, "上个礼拜三夜晚", "2026-03-11 18:00至24:00"),
    (SlotKind.WHEN, "前晚八点半", "2026-03-14 20:30"),
    (SlotKind.WHEN, "2025年9月", "2025-09-01至2025-09-30"),
    (SlotKind.PHONE, "13800138000", "13800138000"),
    (SlotKind.PHONE, "一三八零零一三八零零零", "13800138000"),
    (SlotKind.PLATE, "粤E12345", "粤E12345"),
    (SlotKind.PLATE, "粤ED12345", "粤ED12345"),
    (SlotKind.ID_CARD, ID_CARD, ID_CARD),
    (SlotKind.AMOUNT, "三千五百块", "3500"),
    (SlotKind.AMOUNT, "1.2万元", "12000"),
    (SlotKind.AMOUNT, "两百蚊", "200"),
    (SlotKind.NUMBER, "FS2026031600001", "FS2026031600001"),
)
NOISE = st.sampled_from(("", " ", "\u3000", "😀", "🙏🏽", "\u200b", "\ufe0f"))
FRAME = st.sampled_from(("", "你好，", "😀😀", "喺桂城，", "唔该 ", "１、"))
ALNUM_GAP = st.sampled_from(("", "😀", "\u200b", "\ufe0f"))


def _full_width(letter: str) -> str:
    return chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter


def _is_ascii(pair: str) -> bool:
    return pair.isascii() and pair.isalnum()


@given(data=st.data(), case=st.sampled_from(CASES), before=FRAME, after=st.sampled_from(("", "。", "，谢谢", " 😀")))
@settings(max_examples=300, deadline=None)
def test_a_stretch_survives_blanks_emoji_and_full_width(
    data: st.DataObject, case: tuple[SlotKind, str, str], before: str, after: str
) -> None:
    kind, plain, value = case
    wide = data.draw(st.booleans())
    said = ""
    for n, letter in enumerate(plain):
        said += _full_width(letter) if wide else letter
        if n + 1 < len(plain):
            # A blank between two digits may part two numbers; between any other letters it is nothing.
            said += data.draw(ALNUM_GAP if _is_ascii(plain[n : n + 2]) or "." in plain[n : n + 2] else NOISE)
    text = f"{before}{said}{after}"
    span = first_of(spans_in(text, NOW), kind)
    assert span is not None, text
    assert (span.said, span.value) == (said, value)
    assert text[span.start : span.end] == said


def test_every_kind_of_the_table_is_tried() -> None:
    assert {kind for kind, _, _ in CASES} | {SlotKind.CODE} == {kind for kind, _ in FINDERS}


@pytest.mark.parametrize(
    ("text", "said", "meant"),
    [
        ("昨晚十点楼下很吵", "昨晚十点", "2026-03-15 22:00"),
        ("今日朝早冇水", "今日朝早", "2026-03-16 05:00至10:00"),
        ("上个礼拜三开始停电", "上个礼拜三开始", "2026-03-11起"),
        ("每天晚上十一点到凌晨两点放音响", "每天晚上十一点到凌晨两点", ""),
        ("昨晚十一点到凌晨两点放音响", "昨晚十一点到凌晨两点", "2026-03-15 23:00至2026-03-16 02:00"),
        ("3月5日下午三点半被打", "3月5日下午三点半", "2026-03-05 15:30"),
        ("12月5号", "12月5号", "2025-12-05"),
        ("从2025年9月开始施工", "2025年9月开始", "2025-09-01起"),
        ("二〇二五年九月的事", "二〇二五年九月", "2025-09-01至2025-09-30"),
        ("已经三个月了没人修", "已经三个月了", "约2025-12-15起"),
        ("两个钟头前停电", "两个钟头前", "2026-03-16 08:00"),
        ("琴晚成晚都嘈", "琴晚", "2026-03-15 18:00至24:00"),
        ("尋晚8點半", "尋晚8點半", "2026-03-15 20:30"),
        ("昨晚两点有人放炮", "昨晚两点", "2026-03-16 02:00"),
        ("大前天打过电话", "大前天", "2026-03-13"),
        ("周三来过", "周三", "2026-03-11"),
        ("上周末", "上周末", "2026-03-14至2026-03-15"),
        ("上个月底", "上个月底", "2026-02-21至2026-02-28"),
        ("去年3月", "去年3月", "2025-03-01至2025-03-31"),
        ("年三十晚上放烟花", "年三十晚上", "2026-02-16 18:00至24:00"),
        ("大年初三去的", "大年初三", "2026-02-19"),
        ("初三那天晚上", "初三那天晚上", "2026-02-19 18:00至24:00"),
        ("去年中秋", "去年中秋", "2025-10-06"),
        ("今年元宵节", "今年元宵节", "2026-03-03"),
        ("农历八月十五", "农历八月十五", "2025-10-06"),
        ("清明那天堵车", "清明那天", "2025-04-04"),
        ("国庆期间", "国庆期间", "约2025-10-01"),
        ("春节之后", "春节之后", "约2026-02-17起"),
        # What is of the morning or the evening nobody knows: the day only.
        ("今天八点", "今天八点", "2026-03-16"),
        ("晚上十点还在施工", "晚上十点", ""),
        ("2月30日", "2月30日", ""),
    ],
)
def test_a_time_is_kept_as_said_and_told_by_the_calendar(text: str, said: str, meant: str) -> None:
    span = first_of(spans_in(text, NOW), SlotKind.WHEN)
    assert span is not None
    assert (span.said, span.value) == (said, meant)


@pytest.mark.parametrize("text", ["路灯坏了", "周大福门口", "清明路的灯坏了", "我孩子读初三学生", "五一村", "订单很多"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert first_of(spans_in(text, NOW), SlotKind.WHEN) is None


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("我电话13800138000", "13800138000"),
        ("138 0013 8000谢谢", "13800138000"),
        ("座机0757-82345678", "075782345678"),
        ("订单号20260316123456", ""),
        (f"身份证{ID_CARD}", ""),
        ("没有电话", ""),
    ],
)
def test_telephone_numbers_are_found_and_other_numbers_left(text: str, phone: str) -> None:
    span = first_of(spans_in(text), SlotKind.PHONE)
    assert (span.value if span else "") == phone


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("被骗了三千五", ""),
        ("收了我三千五蚊", "3500"),
        ("罚款￥1,200.50", "1200.5"),
        ("十二块五", "12.5"),
        ("一共一百零五块钱", "105"),
        ("要五万块押金不退", "50000"),
        ("两块地没人管", ""),
        ("一块儿去", ""),
        ("几百块", ""),
    ],
)
def test_amounts_are_counted(text: str, amount: str) -> None:
    span = first_of(spans_in(text), SlotKind.AMOUNT)
    assert (span.value if span else "") == amount


def test_a_ticket_number_and_a_code_are_told_from_telephone_plate_and_money() -> None:
    def value(text: str, kind: SlotKind) -> str:
        span = first_of(spans_in(text), kind)
        return span.value if span else ""

    assert value("我的单号fs2026031600001", SlotKind.NUMBER) == "FS2026031600001"
    assert value("13800138000", SlotKind.NUMBER) == ""
    assert value("查询码 a7k9m2", SlotKind.CODE) == "A7K9M2"
    assert value("你好", SlotKind.CODE) == ""
    assert value("车牌粤E23456", SlotKind.CODE) == ""
    assert value("欠薪235678元", SlotKind.CODE) == ""
