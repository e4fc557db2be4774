"""Which words of a talk are a question and its answer."""

import pytest

from desk.rules.proposing import is_question, last_answer, question_before
from kernel.messages import Author


def thread(*lines: tuple[Author, str]) -> list[tuple[Author, str]]:
    return list(lines)


C, B, A, S = Author.CITIZEN, Author.BOT, Author.AGENT, Author.SYSTEM


def test_what_an_agent_wrote_in_one_go_is_one_answer() -> None:
    talk = thread((C, "养猫要办证吗"), (A, "您好"), (C, "在吗"), (A, "不需要。"), (S, "提示"), (A, "但应按时免疫。"))
    assert last_answer(talk) == ("不需要。\n但应按时免疫。", 3)
    assert last_answer(thread((C, "养猫要办证吗"), (B, "暂无答案"))) == ("", 2)


def test_the_question_is_what_was_said_to_the_person() -> None:
    talk = thread(
        (C, "办证"), (B, "您要办什么证"), (C, "转人工"), (C, "家里养猫需要办证吗"), (C, "谢谢"), (A, "不需要。")
    )
    assert question_before(talk, 5, "办证") == "家里养猫需要办证吗"


def test_else_it_is_what_the_bot_was_asked() -> None:
    talk = thread((C, "养猫要办证吗"), (B, "暂无答案"), (C, "转人工"), (S, "请稍候"), (A, "不需要。"))
    assert question_before(talk, 4, "养猫要办证吗") == "养猫要办证吗"
    assert question_before(talk, 4, "") == "养猫要办证吗"
    assert question_before(thread((C, "转人工"), (A, "您好")), 1, "") == ""


@pytest.mark.parametrize(
    ("text", "is_one"), [("转人工客服！", False), ("谢谢", False), ("您好", False), ("落户怎么办", True)]
)
def test_a_greeting_and_a_call_for_a_person_are_no_question(text: str, is_one: bool) -> None:
    assert is_question(text) is is_one
