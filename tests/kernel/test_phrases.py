"""Texts people are sent: their placeholders, the wording in force, how long they are as short messages."""

import pytest

from kernel.errors import Invalid
from kernel.phrases import Audience, Phrase, PhraseRow, Phrases, Placeholder, checked, row, sms_parts

TOLD = Phrase("told", "工单{number}转{unit}，{due}前答复。")
KNOWN = (
    Placeholder("number", "工单号", "1"),
    Placeholder("unit", "单位", "城管局"),
    Placeholder("due", "期限", "3月20日"),
    Placeholder("title", "标题", "路灯不亮"),
    Placeholder("phone", "电话", "13800138000", private=True),
)
ROW: PhraseRow = row(TOLD, "通知", "派单", Audience.CITIZEN, KNOWN, optional=("unit",), more=("title",))


def test_a_phrase_is_its_text_until_it_is_worded_otherwise() -> None:
    book, said = Phrases(), TOLD.format(number="7", unit="水务局", due="明天")
    assert said == book.worded(said) == "工单7转水务局，明天前答复。"
    book.use({"told": "{due}前答复您的{number}"})
    assert book.worded(said) == "明天前答复您的7"
    assert book.worded(TOLD) == "{due}前答复您的{number}"
    assert book.worded("别的话") == "别的话"
    assert type(book.worded(said)) is str
    book.use({})
    assert book.worded(said) == "工单7转水务局，明天前答复。"


def test_a_phrase_within_a_phrase_is_worded_too() -> None:
    book, inner = Phrases(), Phrase("inner", "承办单位：{unit}")
    said = Phrase("outer", "已登记。{unit}").format(unit=inner.format(unit="水务局"))
    assert book.worded(said) == "已登记。承办单位：水务局"
    book.use({"inner": "由{unit}办理"})
    assert book.worded(said) == "已登记。由水务局办理"


def test_what_is_filled_in_is_never_read_as_a_placeholder() -> None:
    book = Phrases()
    book.use({"told": "{number}：{unit}"})
    assert book.worded(TOLD.format(number="{due}", unit="{0.__class__}", due="")) == "{due}：{0.__class__}"


def test_a_row_knows_what_must_stay_and_what_must_not_come() -> None:
    assert [each.name for each in ROW.placeholders] == ["number", "unit", "due", "title"]
    assert (ROW.required, ROW.forbidden) == (frozenset({"number", "due"}), frozenset({"phone"}))
    assert ROW.sample("{number}{title}") == "1路灯不亮"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "required"),
        ("  \n", "required"),
        ("长" * 1001, "too_long"),
        ("工单{number}，{due}，{phone}", "placeholder_private"),
        ("工单{number}，{due}，{weather}", "placeholder_unknown"),
        ("工单{number}", "placeholder_missing"),
        ("工单{number", "braces_unmatched"),
        ("工单{number}}，{due}", "braces_unmatched"),
        ("工单{}，{due}", "braces_unmatched"),
        ("工单{number.__class__}，{due}", "braces_unmatched"),
        ("工单{number!r}，{due}", "braces_unmatched"),
        ("工单{number:>9}，{due}", "braces_unmatched"),
    ],
)
def test_a_wrong_text_is_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(ROW, text)
    assert refused.value.fields == {"text": code}


def test_a_right_text_is_taken_without_the_blanks_around_it() -> None:
    assert checked(ROW, " {due}前答复{number}：{title} ") == "{due}前答复{number}：{title}"


@pytest.mark.parametrize(
    ("text", "letters", "parts"),
    [
        ("好" * 70, 70, 1),
        ("好" * 71, 71, 2),
        ("好" * 134, 134, 2),
        ("好" * 135, 135, 3),
        ("a" * 160, 160, 1),
        ("a" * 161, 161, 2),
        ("€" * 80, 160, 1),
        ("😀" * 35, 70, 1),
        ("", 0, 1),
    ],
)
def test_a_short_message_is_counted_as_operators_count(text: str, letters: int, parts: int) -> None:
    assert sms_parts(text) == (letters, parts)
