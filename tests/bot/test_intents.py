"""How well intents are read, on messages written apart from the training phrases."""

import csv
from pathlib import Path

import pytest

from bot.adapters.local import LocalReader, phrases
from bot.model import Intent
from bot.understanding import Understanding
from directory.lookup import Lookup

ROWS = list(csv.DictReader((Path(__file__).parent / "intents_check.csv").read_text("utf-8").splitlines()))
UNSURE = 0.35


@pytest.fixture
def understanding(reader: LocalReader, lookup: Lookup) -> Understanding:
    """What the assistant reads with."""
    return Understanding(reader, lookup, UNSURE)


# Of the "first" round the errors were looked at and phrases added; of the "fresh" round nothing was learnt.
@pytest.mark.parametrize(("round_", "least"), [("first", 0.9), ("fresh", 0.85)])
async def test_intents_of_unseen_messages_are_read(understanding: Understanding, round_: str, least: float) -> None:
    rows = [row for row in ROWS if row["round"] == round_]
    wrong = [row["text"] for row in rows if (await understanding.read(row["text"])).intent != row["intent"]]
    assert 1 - len(wrong) / len(rows) >= least, wrong


def test_the_check_is_large_and_none_of_it_is_a_training_phrase() -> None:
    trained = {text for text, _ in phrases()}
    assert len(ROWS) >= 150
    assert [row["text"] for row in ROWS if row["text"] in trained] == []
    assert {row["intent"] for row in ROWS} == {intent.value for intent in Intent}


async def test_a_confident_reading_is_a_right_one(understanding: Understanding) -> None:
    read = [(await understanding.read(row["text"]), row["intent"]) for row in ROWS]
    sure = [meaning.intent == intent for meaning, intent in read if meaning.confidence >= 0.8]
    assert sum(sure) / len(sure) >= 0.93
    assert len(sure) >= len(ROWS) // 2


@pytest.mark.parametrize(
    "text",
    [
        "转人工",
        "我要找人工客服",
        "人工！！！",
        "轉人工",
        "唔该帮我转人工",
        "我要同真人倾",
        "搵个真人嚟",
        "唔要机械人",
        "不要机器人，叫个人来",
        "接线员在吗",
        "请给我接一位话务员",
        "有没有真人",
        "我想跟你们工作人员直接沟通",
        "human agent please",
        "talk to a real person",
        "你好，请问可以转人工服务吗？谢谢",
    ],
)
async def test_a_person_is_never_a_matter_of_probability(understanding: Understanding, text: str) -> None:
    meaning = await understanding.read(text)
    assert (meaning.intent, meaning.confidence) == (Intent.PERSON, 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "人工费怎么算",
        "人工湖有臭味",
        "快递客服不理人",
        "人工智能补贴怎么申请",
        "不用转人工了",
        "投诉银行客服态度差",
        "人民路好堵",
    ],
)
async def test_what_only_speaks_of_people_fetches_nobody(understanding: Understanding, text: str) -> None:
    assert (await understanding.read(text)).intent is not Intent.PERSON


@pytest.mark.parametrize(
    "text",
    [
        "为什么我们小区的垃圾一个星期了都没人管",
        "点解条街成日水浸冇人理",
        "请有关部门查一查，凭什么停水三天还不通知",
    ],
)
async def test_a_grievance_put_as_a_question_is_no_consultation(understanding: Understanding, text: str) -> None:
    assert (await understanding.read(text)).intent in {Intent.COMPLAIN, Intent.HELP, Intent.REPORT}
