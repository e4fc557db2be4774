"""Rich messages as plain text, and typed numbers as choices."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.rules.rendering import chosen, cut, is_number, plain_text, source_line, whole_link
from kernel.messages import Address, Author, Choice, Citation, Outbound

NOW = datetime(2026, 3, 16, tzinfo=UTC)
WHO = Address("wechat", "a", "u")
CHOICES = (Choice("是", "yes"), Choice("否", "no"), Choice("转人工", "人工"))


def test_a_plain_message_stays_as_it_is() -> None:
    assert plain_text(Outbound("1", WHO, " 您好。 ", Author.BOT, NOW), "https://x") == "您好。"


def test_choices_become_a_numbered_list() -> None:
    message = Outbound("1", WHO, "继续吗？", Author.BOT, NOW, choices=CHOICES)
    assert plain_text(message, "https://x") == "继续吗？\n请回复数字选择：\n1. 是\n2. 否\n3. 转人工"


def test_a_source_nobody_verified_says_so() -> None:
    assert source_line(Citation("1", "居住证", "", "")) == "依据：《居住证》 来源单位待核实 · 更新日期 待核实"


@pytest.mark.parametrize(
    ("link", "whole"),
    [("/track/x", "https://x/track/x"), ("track/x", "https://x/track/x"), ("https://y/z", "https://y/z")],
)
def test_links_are_made_whole(link: str, whole: str) -> None:
    assert whole_link(link, "https://x/") == whole


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1", "yes"),
        ("２", "no"),
        (" 3。", "人工"),
        ("1.", "yes"),
        ("0", "0"),
        ("4", "4"),
        ("12345", "12345"),
        ("1 是", "1 是"),
        ("", ""),
    ],
)
def test_a_typed_number_is_the_choice_it_stands_for(typed: str, meant: str) -> None:
    assert chosen(typed, CHOICES) == meant


def test_only_short_numbers_are_looked_up() -> None:
    assert [is_number(text) for text in ("1", "１２", "3)", "123", "第1", "")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


def test_a_long_text_is_cut_at_the_end_of_a_sentence() -> None:
    assert cut("第一句。第二句。第三句。", 30) == ("第一句。第二句。", "第三句。")


def test_a_text_is_rather_cut_between_lines() -> None:
    assert cut("一二三四五。\n六七八。九十。十一。", 36) == ("一二三四五。", "六七八。九十。十一。")


def test_a_link_is_not_cut_at_its_question_mark() -> None:
    link = "https://hotline.example.gov.cn/track?number=12345678&code=abcd;x"
    assert cut(f"办理进度请看下面这个链接：{link}", 90)[-1].endswith(link)


def test_a_text_without_any_end_is_cut_between_characters() -> None:
    assert cut("字" * 10, 10) == ("字字字", "字字字", "字字字", "字")


@given(st.text(st.sampled_from("路灯坏了。！？,. \n😀a1;"), max_size=400), st.integers(8, 80))
def test_nothing_but_blanks_is_lost_and_no_piece_is_too_long(text: str, limit: int) -> None:
    pieces = cut(text, limit)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(0 < len(piece.encode()) <= limit for piece in pieces)
