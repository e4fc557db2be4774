"""A conversation changes hands, is answered, ends."""

import asyncio
import uuid
from datetime import timedelta

import pytest

from desk.api import ListView
from desk.events import AgentReplied, HandedOver
from desk.model import Presence, Reason, Turn
from kernel.attachments import CheckedFile
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.messages import Author, Media
from kernel.people import Role
from tests.desk.world import World


async def test_a_message_an_agent_sends_twice_reaches_the_citizen_once_p14(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    await world.claim(talk, agent)
    key = str(uuid.uuid4())
    first = await world.answer(talk, agent, "您好，请讲", key=key)
    world.clock.advance(timedelta(seconds=12))
    second = await world.answer(talk, agent, "您好，请讲", key=key.upper())
    assert [m.id for m in second.messages] == [m.id for m in first.messages]
    assert [m.text for m in await world.heard("one")].count("您好，请讲") == 1
    assert len(await world.facts(talk, "AgentReplied")) == 1


async def test_both_sends_of_a_message_at_the_same_moment_are_one_p14(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    await world.claim(talk, agent)
    key = str(uuid.uuid4())
    await asyncio.gather(*(world.answer(talk, agent, "您好", key=key) for _ in range(3)))
    assert [m.text for m in await world.heard("one")].count("您好") == 1


async def test_the_second_send_gives_the_first_ones_result_even_after_the_end_p14(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    await world.claim(talk, agent)
    key = str(uuid.uuid4())
    await world.answer(talk, agent, "再见", key=key)
    await world.close(talk, agent)
    again = await world.answer(talk, agent, "再见", key=key)
    assert again.conversation.state == Turn.CLOSED
    with pytest.raises(Conflict):
        await world.answer(talk, agent, "另一句")


async def test_a_hand_over_states_a_fact_and_starts_a_clock_of_three_minutes_p23(world: World) -> None:
    talk = await world.wait_for_person("one")
    assert talk.waiting_since == world.clock.now()
    assert talk.first_reply_due == world.clock.now() + timedelta(minutes=3)
    (fact,) = await world.facts(talk, "HandedOver")
    assert fact.fact == HandedOver(talk.id, "web", world.clock.now(), Reason.ASKED)
    agent = await world.agent("a")
    await world.claim(talk, agent)
    world.clock.advance(timedelta(seconds=70))
    await world.answer(talk, agent, "您好")
    (reply,) = await world.facts(talk, "AgentReplied")
    assert reply.fact == AgentReplied(talk.id, "web", world.clock.now(), agent.id, 70.0)
    assert (await world.now(talk)).first_reply_due is None


async def test_whoever_writes_a_letter_is_answered_within_the_limit_of_letters(world: World) -> None:
    talk = await world.ask("one", "转人工", channel="email")
    assert talk.first_reply_due == world.clock.now() + timedelta(hours=24)


async def test_only_the_first_reply_measures_the_wait_p23(world: World) -> None:
    """P37: the wait is for a person. What was said with the bot before does not count, nor does a bot's word end it."""
    agent = await world.agent("a")
    await world.ask("one", "你好")
    world.clock.advance(timedelta(minutes=20))
    talk = await world.wait_for_person("one")
    world.clock.advance(timedelta(seconds=90))
    await world.claim(talk, agent)
    await world.answer(talk, agent, "一")
    world.clock.advance(timedelta(minutes=5))
    await world.answer(talk, agent, "二")
    assert [fact.fact.waited_seconds for fact in await world.facts(talk, "AgentReplied")] == [90.0, None]


async def test_the_message_after_the_end_is_answered_in_a_new_conversation_p24(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    await world.claim(talk, agent)
    await world.close(talk, agent)
    before = len(await world.heard("one"))
    again = await world.ask("one", "你好")
    assert again.id != talk.id
    assert again.turn is Turn.BOT
    answers = (await world.heard("one"))[before:]
    assert answers
    assert all(message.author is Author.BOT for message in answers)


async def test_what_is_said_after_the_end_is_not_shown_in_the_conversation_that_ended(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    await world.claim(talk, agent)
    await world.close(talk, agent)
    again = await world.ask("one", "你好")
    old, new = await world.shown(talk, agent), await world.shown(again, agent)
    assert [m.text for m in old.messages if m.author == "citizen"] == ["转人工"]
    assert "已结束" in old.messages[-1].text
    assert new.messages[0].text == "你好"


async def test_after_a_release_the_bot_answers_again_p24(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    await world.claim(talk, agent)
    await world.answer(talk, agent, "您好")
    view = await world.release(talk, agent)
    assert view.conversation.state == Turn.BOT
    assert view.conversation.agent_id == ""
    before = len(await world.heard("one"))
    assert (await world.ask("one", "你好")).id == talk.id
    assert (await world.heard("one"))[before].author is Author.BOT
    again = await world.wait_for_person("one")
    assert again.first_reply_due == world.clock.now() + timedelta(minutes=3)


async def test_a_colleague_who_is_there_gets_the_conversation_and_the_citizen_is_told(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    colleague = await world.agent("b", state=Presence.BREAK)
    await world.claim(talk, agent)
    view = await world.transfer(talk, agent, colleague)
    assert view.conversation.agent_id == colleague.id
    assert view.conversation.reason == Reason.TRANSFERRED
    assert "另一位坐席" in (await world.heard("one"))[-1].text
    await world.answer(talk, colleague, "我来为您处理")
    with pytest.raises(NotAllowed):
        await world.answer(talk, agent, "我也在")


async def test_nothing_is_passed_to_a_colleague_who_is_not_there_p29(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    gone, silent = await world.agent("b"), await world.agent("c", state=Presence.ONLINE)
    clerk = await world.agent("d", Role.REVIEWER)
    world.clock.advance(timedelta(seconds=46))
    await world.claim(talk, agent)
    for colleague in (gone, silent):
        with pytest.raises(Conflict) as refused:
            await world.transfer(talk, agent, colleague)
        assert refused.value.code == "agent_absent"
    with pytest.raises(Invalid):
        await world.transfer(talk, agent, clerk)
    assert (await world.now(talk)).agent_id == agent.id


async def test_a_conversation_put_back_waits_again_with_a_new_clock_p22_p23(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    await world.claim(talk, agent)
    await world.answer(talk, agent, "请稍等")
    world.clock.advance(timedelta(minutes=10))
    await world.transfer(talk, agent, None)
    back = await world.now(talk)
    assert back.turn is Turn.WAITING
    assert back.waiting_since == world.clock.now()
    assert back.first_reply_due == world.clock.now() + timedelta(minutes=3)
    assert "另一位坐席" in (await world.heard("one"))[-1].text


async def test_who_was_never_answered_keeps_place_and_clock_when_put_back_p28(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    began = world.clock.now()
    await world.claim(talk, agent)
    world.clock.advance(timedelta(minutes=2))
    await world.transfer(talk, agent, None)
    back = await world.now(talk)
    assert (back.waiting_since, back.first_reply_due) == (began, began + timedelta(minutes=3))


async def test_two_agents_who_claim_at_once_do_not_both_get_it(world: World) -> None:
    talk = await world.wait_for_person("one")
    agents = [await world.agent(f"a{n}") for n in range(4)]
    results = await asyncio.gather(*(world.claim(talk, agent) for agent in agents), return_exceptions=True)
    refused = [result for result in results if isinstance(result, Conflict)]
    assert len(refused) == 3
    assert {each.code for each in refused} == {"conversation_taken"}
    assert len(await world.facts(talk, "AgentTook")) == 1


async def test_only_the_agent_who_has_it_or_the_shift_lead_may_write(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    other, lead = await world.agent("b"), await world.agent("c", Role.SHIFT_LEAD)
    with pytest.raises(Conflict):
        await world.answer(talk, agent, "还没接入")
    await world.claim(talk, agent)
    for step in (world.close, world.release):
        with pytest.raises(NotAllowed):
            await step(talk, other)
    await world.answer(talk, lead, "我是班长")
    assert (await world.heard("one"))[-1].author_name == lead.name


@pytest.mark.parametrize(("key", "text"), [("no uuid", "您好"), ("", "  "), ("", "长" * 4001)])
async def test_what_cannot_be_sent_is_refused_with_the_field(world: World, key: str, text: str) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    await world.claim(talk, agent)
    with pytest.raises(Invalid) as wrong:
        await world.answer(talk, agent, text, key=key)
    assert wrong.value.fields


async def test_reading_takes_the_mark_of_new_messages_away_for_the_agent_who_has_it_only(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    other = await world.agent("b")
    await world.claim(talk, agent)
    await world.ask("one", "还在吗")
    assert (await world.now(talk)).unread == 2
    await world.call("POST", f"/conversations/{talk.id}/seen", other)
    assert (await world.now(talk)).unread == 2
    await world.call("POST", f"/conversations/{talk.id}/seen", agent)
    assert (await world.now(talk)).unread == 0


async def test_agent_and_reception_never_wait_for_each_other_in_a_ring(world: World) -> None:
    """An agent who has the conversation in hand can always write: the reception holds no lane while it waits for it."""
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    await world.claim(talk, agent)
    await world.say("one", "还有一件事")
    in_hand = asyncio.Event()

    async def attend() -> bool:
        await in_hand.wait()
        return await world.desk.reception.step()

    reception = asyncio.create_task(attend())
    async with world.floor.database.transaction() as tx:
        held = await world.desk.store.by_id(tx, talk.id, lock=True)
        in_hand.set()
        done, _ = await asyncio.wait([reception], timeout=0.3)
        assert not done, "the conversation is in the agent's hand"
        async with asyncio.timeout(0.7):  # before the database looks for rings
            await world.desk.conversations.tell(tx, held, "请稍等")
    assert await reception
    lines = [line.inbound or line.outbound for line in (await world.thread("one"))[-2:]]
    assert [line.text for line in lines if line is not None] == ["还有一件事", "请稍等"]
    assert (await world.now(talk)).unread == 2


async def test_agent_and_citizen_write_at_once_and_nothing_is_lost(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    await world.claim(talk, agent)

    async def write() -> None:
        for n in range(8):
            await world.answer(talk, agent, f"坐席{n}")

    async def speak() -> None:
        for n in range(8):
            await world.say("one", f"市民{n}")
            await world.attend()

    await asyncio.gather(write(), speak(), world.attend())
    said = [m.text for m in (await world.shown(talk, agent)).messages]
    assert [text for text in said if text.startswith("坐席")] == [f"坐席{n}" for n in range(8)]
    assert [text for text in said if text.startswith("市民")] == [f"市民{n}" for n in range(8)]
    assert len((await world.listed(ListView.MINE, agent)).items) == 1


async def test_files_go_with_what_the_citizen_is_told(world: World) -> None:
    talk = await world.ask("one", "你好")
    async with world.floor.database.transaction() as tx:
        file = CheckedFile(Media.FILE, "application/pdf", "流程图.pdf", b"%PDF-1.4")
        kept = await world.floor.attachments.keep(tx, file)
        await world.desk.conversations.tell(tx, talk, "请看附件", files=(kept.id,))
    assert (await world.heard("one"))[-1].attachments == (kept,)
