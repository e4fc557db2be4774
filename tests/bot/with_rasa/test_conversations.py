"""Twenty conversations over Rasa's REST channel, each ending where a citizen would want it to."""

import re
from collections.abc import Sequence
from uuid import uuid4

import pytest

from tests.bot.with_rasa.conftest import RunningRasa

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

# What is said, and what the answer to the last of it must hold.
TALKS: Sequence[tuple[str, Sequence[str], str]] = (
    ("greeting", ["你好"], "12345"),
    ("lost card", ["身份证丢了怎么补办"], "身份证"),
    ("lost card in Cantonese", ["身份證唔見咗點補辦"], "身份证"),
    ("residence permit", ["居住证怎么办理"], "居住证"),
    ("marriage", ["结婚登记要带什么"], "结婚|婚姻"),
    ("social card", ["社保卡丢了怎么挂失"], "社保卡|社会保障卡"),
    ("dog", ["养狗要办什么证"], "犬|狗"),
    ("newborn", ["小孩出生怎么上户口"], "户口|出生"),
    ("source and date", ["居住证怎么办理"], "来源|核实"),
    ("noise asks where", ["楼下大排档每天晚上很吵，我要投诉"], "哪里|地点|地址|位置|镇街"),
    ("lamp asks where", ["路灯坏了好多天，没有人修"], "哪里|地点|地址|位置|镇街"),
    ("lamp with place", ["祖庙街道同济路路灯不亮，麻烦派人修一下"], "电话|联系|核对|什么时候|时间"),
    ("contact refused", ["祖庙街道同济路路灯不亮，麻烦派人修一下", "昨晚开始", "不留电话"], "核对|提交|登记|确认"),
    ("person", ["转人工"], "人工|话务员|客服|接"),
    ("person in Cantonese", ["我要搵真人"], "人工|话务员|客服|接"),
    ("emergency first", ["我家煤气泄漏了，味道很大"], "119|110|120"),
    ("suggestion", ["我建议在学校门口增设斑马线"], "建议"),
    ("progress asks number", ["我的工单处理到哪里了"], "编号|工单|查询码"),
    ("change of mind", ["路灯坏了好多天，没有人修", "算了不用了"], "取消|好的|还有|不再|随时"),
    ("nonsense is not left alone", ["啊啊啊啊呃呃"], "没有|请|人工|理解|明白"),
)


def test_there_are_twenty() -> None:
    assert len({name for name, _, _ in TALKS}) == 20


@pytest.mark.parametrize(("said", "wanted"), [talk[1:] for talk in TALKS], ids=[talk[0] for talk in TALKS])
async def test_a_conversation_ends_where_it_should(rasa: RunningRasa, said: Sequence[str], wanted: str) -> None:
    sender, answers = uuid4().hex, [""]
    for text in said:
        answers = await rasa.say(sender, text)
        assert answers, f"no answer to {text}"
        assert len(answers) == len(set(answers)), "the same line twice"
    assert re.search(wanted, "\n".join(answers)), answers
