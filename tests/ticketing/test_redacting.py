"""What tells who made a report is hidden from units.

The fifty reports and the fifty look-alikes were written before the rules, but by the same hand: the shares measured
here are an upper bound. At the first run 54 of the 56 planted spans were found and 1.9 % of the rest was hidden.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kernel.privacy import mask_text
from ticketing.rules.redacting import Certainty, SpanKind, doubtful, find, redacted

HERE = Path(__file__).parent
LEAST_HIDDEN, MOST_LOST = 0.95, 0.05


@dataclass(frozen=True, slots=True)
class Planted:
    text: str
    spans: tuple[str, ...]


def planted() -> Iterator[Planted]:
    with (HERE / "redaction_planted.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Planted(row["text"], tuple(row["spans"].split("|")))


def neutral() -> list[str]:
    with (HERE / "redaction_neutral.csv").open(encoding="utf-8", newline="") as lines:
        return [row["text"] for row in csv.DictReader(lines)]


def covered(text: str) -> set[int]:
    return {at for span in find(text) for at in range(span.start, span.end)}


def test_there_are_fifty_of_each_and_every_planted_span_is_in_its_text() -> None:
    reports = list(planted())
    assert (len(reports), len(neutral())) == (50, 50)
    assert all(report.text.count(span) == 1 for report in reports for span in report.spans)


def test_nearly_all_planted_spans_are_hidden_and_little_else() -> None:
    hidden = asked = lost = harmless = 0
    for report in planted():
        found, told = covered(report.text), set[int]()
        for span in report.spans:
            start = report.text.index(span)
            whole = set(range(start, start + len(span)))
            told |= whole
            asked += 1
            hidden += whole <= found
        rest = set(range(len(report.text))) - told
        lost, harmless = lost + len(rest & found), harmless + len(rest)
    for text in neutral():
        lost, harmless = lost + len(covered(text)), harmless + len(text)
    assert hidden / asked >= LEAST_HIDDEN
    assert lost / harmless <= MOST_LOST


def test_nearly_nothing_planted_is_left_of_a_text_as_it_is_kept_masked() -> None:
    shown = [(span, redacted(mask_text(report.text))) for report in planted() for span in report.spans]
    left = [span for span, text in shown if span in text or any(part in text for part in _numbers(span))]
    assert len(left) / len(shown) <= 1 - LEAST_HIDDEN, left


def _numbers(span: str) -> Iterator[str]:
    for at in range(len(span) - 3):
        if (piece := span[at : at + 4]).isascii() and piece.isdigit():
            yield piece


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
