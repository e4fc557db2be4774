"""Before a ticket is submitted the citizen hears that others told of the same, and may follow them."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import pytest

from bot import texts
from bot.adapters.local import LocalReader
from bot.model import Turn
from directory.lookup import Lookup
from kernel.room import Floor
from tests.bot.talk import Talk
from ticketing.model.ticket import Alike

TOLD = Alike("FS1", 23, False, "路灯不亮", "禅城区祖庙街道同济路", datetime(2026, 3, 15, 17, 0, tzinfo=UTC), False)
USERS = count()
BEGIN = ("灯湖东路的路灯昨晚坏了", "不留电话")


async def at_read_back(floor: Floor, lookup: Lookup, reader: LocalReader, told: Alike | None) -> tuple[Talk, Turn]:
    """A talk at the read-back, and what was said there."""
    talk = Talk(floor, lookup, reader, f"alike{next(USERS)}")
    talk.book.told = told
    turn = await talk.say(BEGIN[0])
    for text in BEGIN[1:]:
        turn = await talk.say(text)
    return talk, turn


def said(turn: Turn) -> str:
    return "\n".join(reply.text for reply in turn.replies)


def labels(turn: Turn) -> list[str]:
    return [choice.label for reply in turn.replies for choice in reply.choices]


async def test_the_read_back_says_how_many_told_of_it_what_and_where(
    city_floor: Floor, lookup: Lookup, reader: LocalReader
) -> None:
    _, turn = await at_read_back(city_floor, lookup, reader, TOLD)
    assert "已有23人反映同一问题（路灯不亮，禅城区祖庙街道同济路）" in said(turn)
    assert "FS1" not in said(turn)
    assert labels(turn) == [texts.FOLLOW, texts.SUBMIT, texts.CHANGE, texts.CANCEL]


async def test_many_are_said_to_be_more_and_one_s_own_with_its_day(
    city_floor: Floor, lookup: Lookup, reader: LocalReader
) -> None:
    _, turn = await at_read_back(city_floor, lookup, reader, replace(TOLD, persons=200, or_more=True))
    assert "已有200多人反映" in said(turn)
    _, turn = await at_read_back(city_floor, lookup, reader, replace(TOLD, persons=1, own=True))
    assert "您3月16日已反映过同一问题" in said(turn)


@pytest.mark.parametrize("yes", [texts.FOLLOW, "要", "跟进", "好的", "系"])
async def test_yes_follows_with_a_number_of_one_s_own(
    city_floor: Floor, lookup: Lookup, reader: LocalReader, yes: str
) -> None:
    talk, _ = await at_read_back(city_floor, lookup, reader, replace(TOLD))
    turn = await talk.say(yes)
    [(ticket, draft)] = talk.book.opened
    assert draft.same_as == "FS1"
    assert draft.address == talk.address
    assert "已为您跟进" in said(turn)
    assert ticket.number in said(turn)
    assert ticket.query_code in said(turn)
    assert turn.replies[-1].link
    assert talk.dialogue.same_as == ""


@pytest.mark.parametrize("no", [texts.SUBMIT, "确认", "提交"])
async def test_submitting_all_the_same_opens_a_ticket_as_usual(
    city_floor: Floor, lookup: Lookup, reader: LocalReader, no: str
) -> None:
    talk, _ = await at_read_back(city_floor, lookup, reader, replace(TOLD))
    turn = await talk.say(no)
    [(_, draft)] = talk.book.opened
    assert draft.same_as == ""
    assert "已为您登记" in said(turn)


@pytest.mark.parametrize("no", ["不用", "不要", "不用跟进", "单独登记", "唔使"])
async def test_no_is_asked_once_and_then_registered_alone(
    city_floor: Floor, lookup: Lookup, reader: LocalReader, no: str
) -> None:
    talk, _ = await at_read_back(city_floor, lookup, reader, replace(TOLD))
    turn = await talk.say(no)
    assert talk.book.opened == []
    assert texts.FOLLOW not in labels(turn)
    assert "反映同一问题" not in said(turn)
    await talk.say("是的")
    [(_, draft)] = talk.book.opened
    assert draft.same_as == ""


async def test_a_correction_asks_anew_what_is_alike(city_floor: Floor, lookup: Lookup, reader: LocalReader) -> None:
    talk, _ = await at_read_back(city_floor, lookup, reader, replace(TOLD))
    talk.book.told = None
    turn = await talk.say("地点错了，是大沥镇")
    assert texts.FOLLOW not in labels(turn)
    await talk.say("是的")
    [(_, draft)] = talk.book.opened
    assert draft.same_as == ""
