"""A person comes at the first ask, in whatever the talk is, in Mandarin, Cantonese and traditional letters."""

import msgspec
import pytest

from bot.adapters.local import LocalReader
from bot.flows.table import flows
from bot.model import Dialogue, Intent, Slots
from directory.lookup import Lookup
from kernel.room import Floor
from tests.bot.talk import START, Talk

VARIANTS = (
    *("转人工", "人工", "人工客服", "我要人工服务", "转人工！！！", "请帮我转接人工坐席", "找个真人", "接线员在吗"),
    *("我要跟人说话", "让工作人员跟我讲", "不要机器人", "叫个活人来", "有没有真人", "换人工", "麻烦转一下人工，谢谢"),
    *("我想直接和客服沟通", "转 人 工", "轉人工", "轉接真人客服", "机器人听不懂，换人来", "联系客服人员", "呼叫人工"),
    *("唔该帮我转人工", "我要同真人倾", "搵个真人嚟", "唔要机械人", "叫个人嚟同我讲", "有冇真人呀", "俾个人工我"),
    *("我想搵人工客服", "畀個真人同我傾", "talk to a human", "operator"),
)
TOLD = Slots(kind="complaint", what="小区物业乱收停车费", where="桂城街道", area="440605011", area_certain=True)
MATTERS = ("", "路灯坏了没人修", "井盖松动没人修")
STATES: dict[str, Dialogue] = {
    "nothing under way": Dialogue(),
    "an answer was given": Dialogue("guidance", "answered", subject="residence-permit", question="居住证怎么办"),
    "entries are offered": Dialogue("guidance", "answered", question="社保", offered=("a\t社保卡", "b\t社保缴费")),
    **{
        f"a ticket is asked for {step}": Dialogue("ticket", step, TOLD, asked=1)
        for step in ("what", "where", "when", "contact", "kind", "confirm", "fix")
    },
    "several matters are asked about": Dialogue(
        "ticket",
        "split",
        TOLD,
        more=MATTERS,
        more_at=START,
    ),
    "another ticket may be followed": Dialogue("ticket", "confirm", TOLD, same_as="FS2026031600001"),
    "a suggestion is asked for": Dialogue("suggestion", "what"),
    "a suggestion is read back": Dialogue("suggestion", "confirm", Slots(kind="suggest", what="加一条斑马线")),
    "a number is asked for": Dialogue("progress", "number", subject="FS2026031600001"),
    "which ticket is asked": Dialogue("own", "urge which"),
    "a withdrawal is asked about": Dialogue("own", "withdraw sure", subject="FS2026031600001"),
    "an addition is asked for": Dialogue("own", "supplement words", subject="FS2026031600001"),
}


@pytest.mark.parametrize("state", STATES)
async def test_a_person_comes_at_the_first_ask_and_what_was_told_stays(
    state: str, city_floor: Floor, lookup: Lookup, reader: LocalReader
) -> None:
    talk = Talk(city_floor, lookup, reader, "person")
    missed = []
    for words in VARIANTS:
        talk.state = msgspec.json.encode(STATES[state])
        turn = await talk.say(words)
        if turn.hand_over is None or turn.hand_over.reason != "asked" or turn.dialogue.slots != STATES[state].slots:
            missed.append(words)
    assert missed == []


def test_every_flow_of_the_table_is_among_the_states() -> None:
    under_way = set(flows(2, 0.6).under_way)
    assert under_way <= {state.flow for state in STATES.values()}
    assert Intent.PERSON not in flows(2, 0.6).by_intent


@pytest.mark.parametrize("state", STATES)
async def test_anger_offers_a_person_and_the_second_time_brings_one(
    state: str, city_floor: Floor, lookup: Lookup, reader: LocalReader
) -> None:
    talk = Talk(city_floor, lookup, reader, "anger")
    talk.state = msgspec.json.encode(STATES[state])
    first = await talk.say("讲咗几多次啊，激死我")
    assert first.hand_over is None
    assert "转人工" in [choice.label for reply in first.replies for choice in reply.choices]
    second = await talk.say("什么破系统")
    assert second.hand_over is not None
    assert second.hand_over.reason == "angry"
    assert second.dialogue.slots == STATES[state].slots
