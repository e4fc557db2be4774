"""Questions with a trouble in them, several in one message, in the midst of a registration: each gets its answer."""

import pytest

from bot.adapters.local import LocalReader, phrases
from bot.asked import Asked
from bot.rules.grievance import asks_a_way
from directory.lookup import Lookup
from kernel.room import Floor
from tests.bot.doors import articles
from tests.bot.talk import Talk
from tests.learnt import demo_matters
from tests.rooms import CITY


@pytest.fixture(scope="module")
async def asked() -> Asked:
    """Taught by the demo city's entries and catalogue."""
    made = Asked(phrases, lambda: articles(CITY / "articles"), demo_matters)
    await made.start()
    return made


@pytest.fixture
def talk(city_floor: Floor, lookup: Lookup, reader: LocalReader, asked: Asked) -> Talk:
    """A citizen before a bot that knows what is asked."""
    return Talk(city_floor, lookup, reader, "asks-and-tells", asked)


WAGES = "被拖欠工资怎么办"


@pytest.mark.parametrize(
    "text",
    ["我该找谁", "这样犯不犯法", "老板不给钱怎么办", "呢件事应该归边个管，系咪违法", "轮椅 免费 申请", "还能退吗？"],
)
def test_who_asks_what_can_be_done_asks(text: str) -> None:
    assert asks_a_way(text)


@pytest.mark.parametrize(
    "text",
    ["路灯坏了三天", "有没有人管管啊", "路灯 坏了", "楼上天天吵，凭什么要我忍", "谁能来协调一下", "祖庙街道同济路12号"],
)
def test_a_cry_of_anger_asks_nothing(text: str) -> None:
    assert not asks_a_way(text)


async def test_a_trouble_that_is_asked_about_is_answered_and_registered_with_one_tap(talk: Talk) -> None:
    turn = await talk.say("被拖欠工资怎么办")
    assert [cited.title for reply in turn.replies for cited in reply.citations] == [WAGES]
    assert "登记工单" in [choice.label for choice in turn.replies[-1].choices]
    await talk.say("登记工单")
    assert (talk.dialogue.flow, talk.dialogue.slots.kind) == ("ticket", "complaint")
    assert talk.dialogue.slots.what == "被拖欠工资怎么办"


async def test_a_plain_question_has_no_button_to_register(talk: Talk) -> None:
    turn = await talk.say("居住证怎么办理")
    assert "登记工单" not in [choice.label for choice in turn.replies[-1].choices]


async def test_a_trouble_told_with_its_place_is_registered(talk: Talk) -> None:
    await talk.say("祖庙街道同济路的公司老板拖欠工资，打给谁都没人理")
    assert talk.dialogue.flow == "ticket"


async def test_a_question_is_answered_and_the_trouble_told_with_it_registered(talk: Talk) -> None:
    turn = await talk.say("我家门口的水管爆了没人修，另外请问居住证怎么办理")
    assert [cited.id for reply in turn.replies for cited in reply.citations] == ["residence-permit"]
    assert (talk.dialogue.flow, talk.dialogue.slots.what) == ("ticket", "我家门口的水管爆了没人修")
    assert "哪里" in turn.replies[-1].text


async def test_two_questions_get_two_answers(talk: Talk) -> None:
    turn = await talk.say("居住证怎么办理，公积金怎么提取")
    assert [cited.id for reply in turn.replies for cited in reply.citations] == ["residence-permit", "fund-withdraw"]
    assert [bool(reply.choices) for reply in turn.replies] == [False, True]


async def test_what_of_two_questions_nobody_knows_is_said_and_noted(talk: Talk) -> None:
    turn = await talk.say("居住证怎么办理，火星移民补贴怎么申请")
    assert [cited.id for reply in turn.replies for cited in reply.citations] == ["residence-permit"]
    assert "火星移民补贴怎么申请" in turn.replies[0].text
    assert talk.shelf.unanswered == [("火星移民补贴怎么申请", "")]


async def test_a_question_with_a_word_of_trouble_is_answered_in_the_midst_of_a_registration(talk: Talk) -> None:
    await talk.say("我要投诉")
    turn = await talk.say("被拖欠工资怎么办")
    assert [cited.title for reply in turn.replies for cited in reply.citations] == [WAGES]
    # It is the matter as well: it need not be told twice.
    assert talk.dialogue.slots.what == "被拖欠工资怎么办"
    assert (talk.dialogue.flow, talk.dialogue.step) == ("ticket", "where")
