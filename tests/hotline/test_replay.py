"""The replayed citizen's script and the summary."""

from datetime import UTC, datetime

import pytest

from bot import texts
from hotline.replay_citizen import Citizen, Shown, next_words
from hotline.replay_summary import Ended, Outcome, Summary
from kernel.messages import Address, Author, Choice, Citation, Outbound

CITIZEN = Citizen("桂城的路灯坏了好几天", "桂城街道南海大道", "桂城街道", 7)


def shown(text: str, *choices: str, cited: bool = False) -> Shown:
    """What the screen shows after one message."""
    citations = (Citation("a", "b", "c", "d"),) if cited else ()
    made = tuple(Choice(each, each) for each in choices)
    now = datetime(2026, 3, 16, tzinfo=UTC)
    message = Outbound("1", Address("web", "site", "v"), text, Author.BOT, now, choices=made, citations=citations)
    return Shown.of([message])


@pytest.mark.parametrize(
    ("text", "choices", "answer"),
    [
        (texts.ASK_WHERE, (), CITIZEN.place),
        (texts.ASK_TOWN_PLAIN, (), CITIZEN.town),
        (texts.ASK_TOWN.format(where="南海大道"), ("大沥镇", "桂城街道"), "桂城街道"),
        (texts.ASK_WHEN, texts.WHEN_CHOICES, "今天"),
        (texts.ASK_CONTACT, (texts.NO_PHONE,), CITIZEN.phone),
        (texts.ASK_CONTACT_GUARDED, (texts.NO_PHONE,), CITIZEN.phone),
        (
            texts.READ_BACK.format(lines="地点：桂城\n时间：今天", unit="将交由：桂城街道办事处"),
            (texts.SUBMIT, texts.CHANGE),
            texts.SUBMIT,
        ),
        (texts.SUGGESTION_BACK.format(text="多种树"), (texts.SUBMIT, texts.CANCEL), texts.SUBMIT),
        (texts.NO_ANSWER, (texts.PERSON, texts.REGISTER), texts.REGISTER),
        (texts.NOT_UNDERSTOOD, texts.SERVICES, "我要投诉"),
        (texts.ASK_WHAT["complaint"], (), CITIZEN.text),
        (texts.ASK_WHAT_AGAIN, (), CITIZEN.text),
    ],
)
def test_every_question_of_the_bot_has_an_answer(text: str, choices: tuple[str, ...], answer: str) -> None:
    assert next_words(CITIZEN, shown(text, *choices)) == answer


def test_where_nothing_is_asked_the_citizen_is_silent() -> None:
    assert next_words(CITIZEN, shown(texts.THANKS)) == ""
    assert next_words(CITIZEN, Shown.of([])) == ""


def test_the_summary_counts_every_talk_once() -> None:
    summary = Summary("a.csv", "web", 4, seconds=2.0)
    summary.add(Outcome(Ended.DISPATCHED, 2, "城管局", "路灯不亮"))
    summary.add(Outcome(Ended.QUEUED, 3))
    summary.add(Outcome(Ended.ANSWERED, 0))
    summary.add(Outcome(Ended.PERSON, 1, reason="asked"))
    figures = summary.figures()
    assert figures["ended"] == {
        "answered": 1,
        "dispatched": 1,
        "queued": 1,
        "suggestion": 0,
        "person": 1,
        "unfinished": 0,
    }
    assert (figures["ticketed"], figures["asked_back"]) == (2, 3)
    assert figures["units"] == {"城管局": 1}
    assert figures["matters"] == {"路灯不亮": 1, "（未定事项）": 1}
    assert figures["errors"] == {}
    assert "错误 0" in summary.text()


def test_a_bot_that_broke_is_an_error_although_the_citizen_got_a_person() -> None:
    summary = Summary("a.csv", "web", 1)
    summary.add(Outcome(Ended.PERSON, 0, reason="error"))
    summary.fail("message_set_aside", 0)
    assert summary.figures()["errors"] == {"bot_failed": 1}
    assert "bot_failed" in summary.text()
