"""What tells who made a report is hidden from units.

``redaction_planted`` is by the hand that wrote the first rules. ``redaction_voices`` and ``redaction_held_out`` were
written before the rules that hide by default; the first served to make them, the other was run when they were done.
``redaction_fresh`` was written after that, and 24 of its 29 spans were found. It and ``redaction_unseen_development``
then served to make the rules that hide what is unknown in a short report: of the first 30 reports of the latter 32 of
55 spans had been found. ``redaction_unseen_held_out`` was written in one go with those 30, in the same voices, and run
once when the rules were done: 49 of 53 were found. Who wrote those rules had written all these sets too.

``redaction_other_hand_development`` is by a hand that had never seen a rule: of its 75 spans 69 were found then, and of
82 parts that were to stay readable only 40 were read. It served to make the rules about who is told of as another and
turns out to report, and to have less wait, so what is measured of it now says nothing of reports by anybody else.

``redaction_other_hand_held_out`` is the other half of what that hand wrote, in no order; nobody read it while rules
were made. Of its 84 spans 81 were found before those rules and 81 after (96.4 %), of its 97 parts 50 could be read:
that is what to expect of a report by anybody. ``redaction_unseen_held_out`` was run again meanwhile, to see that none
of its spans got lost, and no rule was made for those it misses.
"""

import csv
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.privacy import mask_text
from ticketing.rules.redacting import (
    ACCUSED_HIDDEN,
    HIDDEN,
    PARTLY_WAITING,
    WAITING,
    Certainty,
    Span,
    SpanKind,
    doubtful,
    find,
    redacted,
    redacted_note,
)

HERE = Path(__file__).parent
LEAST_HIDDEN, LEAST_HIDDEN_UNSEEN, LEAST_READ, LEAST_READ_HARD = 0.95, 0.92, 0.85, 0.75
LEAST_READ_OTHER_HAND = 0.72
MOST_SURE, MOST_DOUBTFUL, MOST_TOUCHED = 0.05, 0.2, 0.45
PLANTED = ["redaction_planted", "redaction_voices", "redaction_held_out"]
HARD = ["redaction_fresh", "redaction_unseen_development"]
OTHER_HAND, OTHER_HAND_HELD_OUT = "redaction_other_hand_development", "redaction_other_hand_held_out"
HELD_OUT = "redaction_unseen_held_out"
CLAUSE = re.compile(r"[^，。！？；\s]+")


@dataclass(frozen=True, slots=True)
class Planted:
    """A report, what in it tells who made it, and what of its matter is to stay readable."""

    text: str
    spans: tuple[str, ...]
    kept: tuple[str, ...]


def planted(file: str) -> list[Planted]:
    return [Planted(row["text"], _parts(row["spans"]), _parts(row.get("kept", ""))) for row in _rows(file)]


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(filter(None, cell.split("|")))


def neutral() -> list[str]:
    return [row["text"] for row in _rows("redaction_neutral")]


def _rows(file: str) -> list[dict[str, str]]:
    with (HERE / f"{file}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def covered(text: str) -> set[int]:
    return {at for span in find(text) for at in range(span.start, span.end)}


def places(text: str, part: str) -> set[int]:
    """Where the part is, without the stops in it, which tell nothing."""
    start = text.index(part)
    return {start + at for found in CLAUSE.finditer(part) for at in range(*found.span()) if part[at] != "、"}


def touched(text: str, spans: list[Span]) -> list[bool]:
    """Of each clause, whether one of the spans reaches into it."""
    return [any(s.start < c.end() and c.start() < s.end for s in spans) for c in CLAUSE.finditer(text)]


def test_every_planted_span_is_in_its_text_once() -> None:
    files = [*PLANTED, *HARD, OTHER_HAND, OTHER_HAND_HELD_OUT, HELD_OUT]
    assert [len(planted(file)) for file in files] == [50, 30, 30, 15, 62, 45, 45, 30]
    assert len(neutral()) == 50
    reports = [report for file in files for report in planted(file)]
    assert all(report.text.count(span) == 1 for report in reports for span in (*report.spans, *report.kept))


def share_hidden(file: str) -> float:
    hidden = [places(r.text, span) <= covered(r.text) for r in planted(file) for span in r.spans]
    return sum(hidden) / len(hidden)


def share_read(file: str) -> float:
    read = [places(r.text, part).isdisjoint(covered(r.text)) for r in planted(file) for part in r.kept]
    return sum(read) / len(read)


@pytest.mark.parametrize("file", [*PLANTED, *HARD, OTHER_HAND, OTHER_HAND_HELD_OUT])
def test_nearly_all_planted_spans_are_hidden(file: str) -> None:
    assert share_hidden(file) >= LEAST_HIDDEN


def test_most_planted_spans_are_hidden_of_reports_no_rule_was_made_with() -> None:
    assert share_hidden(HELD_OUT) >= LEAST_HIDDEN_UNSEEN


@pytest.mark.parametrize("file", PLANTED[1:])
def test_what_a_report_is_about_stays_readable(file: str) -> None:
    assert share_read(file) >= LEAST_READ


@pytest.mark.parametrize("file", [*HARD, HELD_OUT])
def test_most_of_what_a_report_in_a_hard_voice_is_about_stays_readable(file: str) -> None:
    assert share_read(file) >= LEAST_READ_HARD


def test_of_reports_by_another_hand_less_than_half_waits_and_most_of_their_matter_is_read() -> None:
    assert share_read(OTHER_HAND) >= LEAST_READ_OTHER_HAND
    found = [hidden for report in planted(OTHER_HAND) for hidden in touched(report.text, find(report.text))]
    assert sum(found) / len(found) <= MOST_TOUCHED


def test_little_is_hidden_of_what_tells_nothing() -> None:
    for certainty, most in ((Certainty.SURE, MOST_SURE), (Certainty.DOUBTFUL, MOST_DOUBTFUL)):
        found = [s for text in neutral() for s in touched(text, [s for s in find(text) if s.certainty is certainty])]
        assert sum(found) / len(found) <= most


@pytest.mark.parametrize("file", PLANTED)
def test_nearly_nothing_planted_is_left_of_a_text_as_it_is_kept_masked(file: str) -> None:
    shown = [(span, redacted(mask_text(report.text))) for report in planted(file) for span in report.spans]
    left = [span for span, text in shown if span in text or any(part in text for part in _numbers(span))]
    assert len(left) / len(shown) <= 1 - LEAST_HIDDEN, left


def _numbers(span: str) -> Iterator[str]:
    for at in range(len(span) - 3):
        if (piece := span[at : at + 4]).isascii() and piece.isdigit():
            yield piece


@pytest.mark.parametrize(
    "piece",
    [
        "我妈在那里上班",
        "就是就是我",
        "半年初",
        "现在现在要要",
        "只有他说过，",
        "、",
        "3",
        "但是后来",
        "我要",
        "被砸了那张的是嫂子，",
        "一名员工说你",
        "就是写这封信的",
        "把自己的包给了自己的",
        "每个人要三百块",
    ],
)
def test_a_long_text_takes_as_much_longer_as_it_is_longer(piece: str) -> None:
    def seconds(length: int) -> float:
        text, took = (piece * length)[:length], []
        for _ in range(3):
            start = time.process_time()
            find(text)
            took.append(time.process_time() - start)
        return min(took)

    seconds(250)
    assert seconds(4000) <= 16 * 4 * max(seconds(250), 0.0005)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("投诉张伟明先生收黑钱", SpanKind.ACCUSED, "张伟明"),
        ("举报老板叫陈国栋，拖欠工资", SpanKind.ACCUSED, "陈国栋"),
        ("包工头欧阳志强拖欠工资", SpanKind.ACCUSED, "欧阳志强"),
        ("我是三楼302的", SpanKind.WORK, "我是三楼302的"),
        ("食堂有问题，我係佢隔離鄰居", SpanKind.WORK, "我係佢隔離鄰居"),
        ("我屋企喺佢楼下，好嘈", SpanKind.HOME, "我屋企喺佢楼下"),
        ("我阿妈喺呢间厂返工，老板偷排", SpanKind.FAMILY, "我阿妈喺呢间厂返工"),
        ("电话138****5678，请回复", SpanKind.NUMBER, "138****5678"),
        ("工号：A-2047 已被辞退", SpanKind.BADGE, "工号：A-2047"),
    ],
)
def test_a_span_has_its_kind(text: str, kind: SpanKind, value: str) -> None:
    assert (kind, value) in [(span.kind, span.value) for span in find(text)]


@pytest.mark.parametrize(
    "text",
    [
        "我想举报这家店",
        "我希望尽快处理",
        "我是想问一下归谁管",
        "我在网上看到有人卖假货",
        "本人表示满意",
        "老板叫人来打人",
    ],
)
def test_to_speak_is_not_to_tell_of_oneself(text: str) -> None:
    assert find(text) == []


def test_the_body_that_is_competent_reads_who_is_reported_and_not_who_reports() -> None:
    text = "投诉张伟明先生，我家就在楼上"
    assert "张伟明" not in redacted(text)
    seen = redacted(text, sees_accused=True)
    assert "张伟明" in seen
    assert "楼上" not in seen


def test_a_doubtful_span_stays_hidden_until_a_person_lets_it_pass() -> None:
    text = "我是给他们送货的，每周二送一次，仓库里都是假货"
    (span,) = doubtful(text)
    assert (span.certainty, span.value) == (Certainty.DOUBTFUL, "每周二送一次")
    assert span.value not in redacted(text)
    assert span.value in redacted(text, {span.value})
    assert "送货" not in redacted(text, {span.value, "我是给他们送货的"})


@pytest.mark.parametrize(
    "text",
    [
        "在这个村里就一户姓仇的",
        "跑广西线的，每周三半夜到",
        "原来的会计，去年被辞退了",
        "网名叫豆包不吃肉",
        "今年七十有三",
        "之前报过警也吵过架",
        "租他隔壁的门面开店",
        "跟他是同乡",
        "怀着六个月",
        "曾向纪检组递交过材料",
        "那天晚上轮到值班",
        "做泥水的，工棚住第三间",
    ],
)
def test_what_tells_without_an_i_waits_for_a_person(text: str) -> None:
    assert all(touched(text, doubtful(text)))


@pytest.mark.parametrize(
    "told",
    [
        "被撵出来的那个帮厨，棚里的被子还没拿走，就是写信的人。",
        "后墙根种冬瓜的那户，藤子全枯了，瓜一个没收着，户主就是打这个电话的。",
        "给他擦车的那个聋子，她现在就在跟你们说话。",
        "村口那户人家的孙女有癫痫。那户就是打电话来的人。",
        "那包烟我没收，搁在他方向盘上了。",
        "骨髓抽了两管，老板拎着一篮子鸡蛋到病房来。",
        "检查的时候查出肺上有个影子。",
        "打完第二天半边脸肿得老高。",
        "排完队轮到窗口就关了。",
        "治癌卖了老屋。",
        "总共用过两回他的工具。",
        "找借口辞退的。",
        "嗰晚佢喺门口闩住只狗。",
    ],
)
@pytest.mark.parametrize("clauses", [1, 20])
def test_who_is_told_of_as_another_or_from_a_thing_waits(told: str, clauses: int) -> None:
    text = "".join(["厂里往河里排黑水。", "老板说没事。" * clauses, told])
    told_from = len(text) - len(told)
    hidden = covered(text)
    assert places(text[told_from:], told) <= {at - told_from for at in hidden}


def test_a_trade_told_of_between_ones_own_clauses_does_not_wait() -> None:
    text = "店里卖假酒。我在里面做过三年，他废水直排，去年我被辞退了。"
    assert "他废水直排" in redacted(text)
    assert "他天天来" not in redacted(text.replace("废水直排", "天天来"))


def test_what_others_do_to_who_reports_goes_on_at_length_only_from_an_i() -> None:
    much = "老板说没事。" * 20
    weak, after = "墙上写着“安全第一”", "跟演戏一样"
    assert after in redacted(f"{much}{weak}，{after}。")
    assert after not in redacted(f"{much}我在里面做过三年，{weak}，{after}。")
    assert after not in redacted(f"{much}我在里面做过三年。{weak}，{after}。")


@pytest.mark.parametrize(
    "left",
    [
        "镶一口牙要三千八",
        "模拟费三百起",
        "练车场没有执照",
        "检查的时候从外面借学生",
        "说是能治糖尿病",
        "查那个小本子",
        "没有发票",
        "成日有人通风报信",
        "张卫生许可证系第二间铺嘅",
    ],
)
def test_what_is_of_the_matter_does_not_wait_even_in_a_short_report(left: str) -> None:
    assert left in redacted(f"店里卖假酒，标签对不上。{left}。")


@pytest.mark.parametrize(
    "left",
    [
        "检查完再拉回去",
        "逢年过节另外加两条烟",
        "车牌用泥糊住的",
        "过路口闯了黄灯",
        "把自己的小姨子安排进了化验室",
        "带头嗰个成日赌",
        "床位补贴照领",
        "用的是别人的执照",
    ],
)
def test_words_that_also_tell_of_oneself_do_not_wait_where_they_are_of_the_matter(left: str) -> None:
    assert left in redacted(f"店里卖假酒，{left}。标签没有。")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("我要举报我们厂厂长卖废铁", "厂长卖废铁"),
        ("楼下棋牌室通宵赌博", "棋牌室通宵赌博"),
        ("我在厂里做过三年，老板往河里排废水", "老板往河里排废水"),
        ("我就住隔壁，希望你们快点来查", "希望你们快点来查"),
        ("中标公司是科长连襟开的", "中标公司是科长连襟开的"),
        ("学校每学期多收六百元，请给我们一个答复", "学校每学期多收六百元，请给我们一个答复"),
    ],
)
def test_what_others_do_stays_readable_beside_what_tells(text: str, left: str) -> None:
    assert left in redacted(text)


def test_past_the_opening_of_a_short_report_what_is_unknown_waits() -> None:
    opening, unknown, always = "店里卖假酒，标签对不上", "蘑菇长了一墙", "每天都卖到两点"
    text = f"{opening}。{unknown}。{always}。"
    assert [span.value for span in doubtful(text)] == [unknown]
    long = f"{opening}。{unknown}。{f'{always}。' * 15}"
    assert doubtful(long) == []


def test_a_report_of_one_sentence_opens_with_its_first_clause() -> None:
    text = "店里卖假酒 柜台底下钻进一只刺猬 墙角长了蘑菇"
    assert [span.value for span in doubtful(text)] == text.split()[1:]
    assert doubtful("店里卖假酒，标签对不上") == []


def test_hidden_spans_with_only_stops_between_them_are_one_mark() -> None:
    text = "老板偷排。我在这里做过三年，去年被辞退，报过警。河水都黑了"
    waiting = doubtful(text)
    assert redacted(text) == f"老板偷排。{PARTLY_WAITING}。河水都黑了"
    assert redacted("今年报过警，租过他的铺") == WAITING
    refused = {span.value for span in waiting}
    assert redacted(text, refused=refused) == f"老板偷排。{HIDDEN}。河水都黑了"
    assert redacted(text, refused) == "老板偷排。" + redacted("我在这里做过三年") + "，去年被辞退，报过警。河水都黑了"


def test_who_is_reported_stays_hidden_in_words_let_pass() -> None:
    text = "跟张伟明先生吵过架"
    (span,) = doubtful(text)
    assert redacted(text, {span.value}) == f"跟{ACCUSED_HIDDEN}先生吵过架"
    assert redacted(text, {span.value}, sees_accused=True) == text


def test_a_note_of_staff_loses_the_marks_of_a_person_and_not_its_own_i() -> None:
    note = "我们已联系诉求人，电话13800138000，上次的工单由我办理，已到现场核查"
    hidden = redacted_note(note)
    assert "13800138000" not in hidden
    assert hidden.startswith("我们已联系诉求人")
    assert hidden.endswith("已到现场核查")
    assert WAITING in redacted(note)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["我", "他", "住", "，", "。", " ", "、", "去年", "被辞退", "老板", "\n", "！", "138"]),
        max_size=14,
    )
)
def test_no_text_is_too_odd_to_be_read(pieces: list[str]) -> None:
    text = "".join(pieces)
    ends = [0]
    for span in find(text):
        assert (text[span.start : span.end], span.start >= ends[-1]) == (span.value, True)
        ends.append(span.end)
    assert redacted(text).count("\n") <= text.count("\n")
