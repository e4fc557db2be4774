"""Each message is brought to whoever's turn it is, once, in order, and never lost."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from desk.api import ListView
from desk.model import Presence, Reason, Turn
from desk.reception import LEASE
from kernel.errors import Conflict, Invalid, NotFound, Unavailable
from kernel.mailbox import MAX_ATTEMPTS, InState
from kernel.messages import Attachment, Author, Inbound, Media
from tests.desk.doors import Breaking, Fetching, Interrupted
from tests.desk.world import World, address


async def test_an_agent_who_takes_over_while_the_bot_thinks_is_the_only_one_to_answer_p21(world: World) -> None:
    talk, agent = await world.ask("one", "你好"), await world.agent("a")
    before = len(await world.heard("one"))

    async def take_over(_: Inbound) -> None:
        if (await world.now(talk)).turn is Turn.BOT:
            await world.claim(talk, agent)

    raced = world.with_assistant(lambda inner: Interrupted(inner, take_over))
    await raced.ask("one", "我要投诉楼下烧烤档")
    assert (await world.heard("one"))[before:] == [], "no word of the bot after the take-over"
    assert (await world.now(talk)).turn is Turn.AGENT
    view = await world.shown(talk, agent)
    assert view.messages[-1].text == "我要投诉楼下烧烤档"
    assert view.conversation.unread == 1
    spoken = await world.facts(talk, "CitizenSpoke")
    assert (spoken[-1].fact.turn, spoken[-1].fact.agent) == (Turn.AGENT, agent.id)
    assert await _states(world, "one") == [InState.DONE] * 2


async def test_the_bot_stays_silent_while_a_person_has_the_conversation_p21(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    quiet = len(await world.heard("one"))
    await world.ask("one", "你好")
    await world.claim(talk, agent)
    await world.ask("one", "公积金怎么提取")
    assert len(await world.heard("one")) == quiet


async def test_an_end_while_the_bot_thinks_makes_a_new_conversation_that_is_answered_p24(world: World) -> None:
    talk, agent = await world.ask("one", "你好"), await world.agent("a")
    before = len(await world.heard("one"))

    async def end(_: Inbound) -> None:
        if (await world.now(talk)).turn is not Turn.CLOSED:
            await world.claim(talk, agent)
            await world.close(talk, agent)

    raced = world.with_assistant(lambda inner: Interrupted(inner, end))
    again = await raced.ask("one", "您好")
    assert again.id != talk.id
    authors = [message.author for message in (await world.heard("one"))[before:]]
    assert authors[0] is Author.SYSTEM, "the end is told"
    assert authors[1:], "and the message is answered"
    assert set(authors[1:]) == {Author.BOT}


@pytest.mark.parametrize(
    ("said", "reason"),
    [(["转人工"], Reason.ASKED), (["有人要跳楼"], Reason.EMERGENCY), (["嗯哼", "呃啊", "咿呀"], Reason.FAILED)],
)
async def test_every_way_the_bot_fetches_a_person_ends_in_the_queue_p22(
    world: World, said: Sequence[str], reason: Reason
) -> None:
    for text in said:
        talk = await world.ask("one", text)
        if talk.turn is Turn.WAITING:
            break
    await _waits(world, reason)


@pytest.mark.parametrize("reason", list(Reason))
async def test_no_reason_leaves_a_conversation_out_of_the_queue_p22(world: World, reason: Reason) -> None:
    talk = await world.ask("one", "你好")
    await world.writing(lambda tx: world.desk.conversations.hand_over(tx, talk, reason))
    await _waits(world, reason)
    assert (await world.heard("one"))[-1].author is Author.SYSTEM, "the citizen is told"


async def test_an_agent_who_goes_off_line_leaves_a_queued_conversation_p22(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a", state=Presence.ONLINE)
    await world.claim(talk, agent)
    await world.report(agent, Presence.OFFLINE)
    await _waits(world, Reason.RETURNED)


async def _waits(world: World, reason: Reason) -> None:
    agent = await world.agent("watching")
    (row,) = (await world.listed(ListView.WAITING, agent)).items
    assert (row.state, row.reason) == (Turn.WAITING, reason)
    assert row.waiting_since is not None
    assert row.first_reply_due is not None
    assert row.agent_id == ""
    assert row.unread >= 1
    talk = await world.talk("one")
    assert (await world.facts(talk, "HandedOver"))[-1].fact.reason == reason


@pytest.mark.parametrize("mistake", [RuntimeError("no"), KeyError("x"), NotFound("thing"), Unavailable(), OSError()])
async def test_a_bot_that_fails_while_thinking_apologises_and_fetches_a_person(
    world: World, mistake: Exception
) -> None:
    broken = world.with_assistant(lambda inner: Breaking(inner, thinking=[mistake]))
    talk = await broken.ask("one", "你好")
    assert (talk.turn, talk.reason) == (Turn.WAITING, Reason.ERROR)
    (told,) = await world.heard("one")
    assert "抱歉" in told.text
    assert await _states(world, "one") == [InState.DONE]


@pytest.mark.parametrize("mistake", [TypeError("no"), Invalid({"text": "empty"}), NotFound("ticket")])
async def test_a_bot_that_fails_while_doing_leaves_nothing_half_done_and_fetches_a_person(
    world: World, mistake: Exception
) -> None:
    broken = world.with_assistant(lambda inner: Breaking(inner, doing=[mistake]))
    talk = await broken.ask("one", "你好")
    assert (talk.turn, talk.reason) == (Turn.WAITING, Reason.ERROR)
    assert [message.author for message in await world.heard("one")] == [Author.SYSTEM]
    assert await world.facts(talk, "BotAnswered") == []


async def test_a_bot_that_fetches_a_person_for_a_reason_nobody_knows_still_fetches_one_p22(world: World) -> None:
    odd = world.with_assistant(lambda inner: Fetching(inner, "whim"))
    talk = await odd.ask("one", "你好")
    assert (talk.turn, talk.reason) == (Turn.WAITING, Reason.ERROR)


async def test_what_is_busy_is_tried_again_after_a_while_and_committed_once(world: World) -> None:
    busy = world.with_assistant(lambda inner: Breaking(inner, doing=[Unavailable(after=timedelta(seconds=7))]))
    await busy.say("one", "你好")
    assert await busy.desk.reception.step()
    assert await world.heard("one") == []
    assert not await busy.desk.reception.step(), "not before the time has come"
    world.clock.advance(timedelta(seconds=7))
    await busy.attend()
    assert len(await world.facts(await world.talk("one"), "BotAnswered")) == 1
    assert await _states(world, "one") == [InState.DONE]


async def test_a_conflict_is_tried_once_more_at_once(world: World) -> None:
    torn = world.with_assistant(lambda inner: Breaking(inner, doing=[Conflict("ticket_changed")]))
    await torn.ask("one", "你好")
    assert len(await world.facts(await world.talk("one"), "BotAnswered")) == 1


async def test_a_message_that_cannot_be_dealt_with_is_set_aside_after_five_tries(world: World) -> None:
    errors = [OSError("disk") for _ in range(MAX_ATTEMPTS)]
    broken = world.with_assistant(lambda inner: Breaking(inner, doing=errors, only="坏消息"))
    bad = await broken.say("one", "坏消息")
    good = await broken.say("one", "在吗")
    other = await broken.say("two", "转人工")
    for tries in range(1, MAX_ATTEMPTS + 1):
        assert await _state_of(world, bad) == InState.WAITING
        assert await broken.desk.reception.step(), f"try {tries}"
        while await broken.desk.reception.step():
            pass  # the others
        world.clock.advance(timedelta(minutes=2))
    await broken.attend()
    assert await _state_of(world, bad) == InState.ASIDE
    assert await _state_of(world, good) == InState.DONE, "what stood behind it goes on"
    assert await _state_of(world, other) == InState.DONE
    async with world.floor.database.reading() as tx:
        ((aside, reason),) = await world.floor.mailbox.waiting_aside(tx)
    assert (aside.id, reason) == (bad.id, "OSError")
    talk = await world.talk("one")
    assert (talk.turn, talk.reason, talk.unread) == (Turn.WAITING, Reason.ERROR, 2), "and a person looks at it"


async def test_a_message_that_fails_holds_nobody_elses_up(world: World) -> None:
    broken = world.with_assistant(lambda inner: Breaking(inner, doing=[OSError("disk")]))
    await broken.say("one", "你好")
    world.clock.advance(timedelta(milliseconds=1))
    await broken.say("two", "你好")
    await broken.attend()
    assert await world.heard("one") == []
    assert await world.heard("two")


async def test_a_lost_lease_commits_nothing_and_the_message_is_answered_once(world: World) -> None:
    async def take_long(_: Inbound) -> None:
        if interrupted.thoughts == 1:
            world.clock.advance(LEASE + timedelta(seconds=1))
            assert await world.desk.reception.step(), "another reception takes the lane"

    interrupted = Interrupted(world.assistant, take_long)
    slow = world.with_assistant(lambda _: interrupted)
    await slow.say("one", "你好")
    assert await slow.desk.reception.step()
    talk = await world.talk("one")
    assert len(await world.facts(talk, "BotAnswered")) == 1
    assert len(await world.facts(talk, "CitizenSpoke")) == 1
    assert len(await world.facts(talk, "ConversationOpened")) == 1


async def test_a_lease_that_runs_out_with_nobody_else_there_still_settles(world: World) -> None:
    async def take_long(_: Inbound) -> None:
        world.clock.advance(LEASE - timedelta(seconds=10))

    slow = world.with_assistant(lambda inner: Interrupted(inner, take_long))
    for text in ("你好", "在吗", "谢谢"):
        await slow.say("one", text)
    await slow.attend()
    assert await _states(world, "one") == [InState.DONE] * 3
    assert len(await world.facts(await world.talk("one"), "CitizenSpoke")) == 3


async def test_a_crash_in_the_middle_frees_the_lane_when_the_lease_is_over_p19(world: World) -> None:
    await world.say("one", "你好")
    await world.writing(lambda tx: world.floor.mailbox.claim(tx, LEASE))
    await world.attend()
    assert await world.heard("one") == []
    world.clock.advance(LEASE + timedelta(seconds=1))
    await world.attend()
    assert await world.heard("one")


async def test_twenty_messages_at_once_are_handled_in_order_by_two_receptions_p19(world: World) -> None:
    order: list[str] = []

    async def note(inbound: Inbound) -> None:
        order.append(inbound.text)

    watched = world.with_assistant(lambda inner: Interrupted(inner, note))
    for n in range(20):
        await watched.say("one", f"你好 {n}")
        await watched.say(f"other{n}", "你好")
    await watched.attend(receptions=2)
    mine = [text for text in order if text != "你好"]
    assert list(dict.fromkeys(mine)) == [f"你好 {n}" for n in range(20)] or await _waits_behind(world, mine)
    assert await _states(world, "one") == [InState.DONE] * 20
    talk = await world.talk("one")
    assert len(await world.facts(talk, "CitizenSpoke")) == 20
    assert len(await world.facts(talk, "ConversationOpened")) == 1


async def _waits_behind(world: World, thought: list[str]) -> bool:
    """Once a person is fetched the bot thinks no more; what it thought of came in order."""
    return (await world.talk("one")).turn is Turn.WAITING and thought == [f"你好 {n}" for n in range(len(thought))]


async def test_the_thread_is_in_the_order_of_arrival_however_late_the_answer_p17(world: World) -> None:
    for n in range(3):
        await world.say("one", f"第{n}句")
        world.clock.advance(timedelta(seconds=5))
    await world.attend()
    lines = await world.thread("one")
    assert [line.seq for line in lines] == sorted(line.seq for line in lines)
    came = [line.inbound.text for line in lines if line.inbound is not None]
    assert came == ["第0句", "第1句", "第2句"]
    first_answer = next(n for n, line in enumerate(lines) if line.outbound is not None)
    assert first_answer == 3, "no answer stands before its question"


async def test_only_the_first_reply_is_kept_for_the_request_that_waits(world: World) -> None:
    inbound = await world.say("one", "有人要跳楼", channel="wechat", reply_within=timedelta(seconds=4))
    await world.attend()
    heard = await world.heard("one", "wechat")
    assert len(heard) > 1
    assert {message.reply_to for message in heard} == {inbound.id}
    async with world.floor.database.transaction() as tx:
        passive = await world.floor.mailbox.take_reply(tx, inbound.id, timedelta(seconds=30))
        assert passive is not None
        assert passive.message.id == heard[0].id
        assert await world.floor.mailbox.take_reply(tx, inbound.id, timedelta(seconds=30)) is None
        await world.floor.mailbox.sent(tx, passive)
    async with world.floor.database.transaction() as tx:
        rest = await world.floor.mailbox.claim_out(tx, ["wechat"], timedelta(seconds=30))
    assert [posted.message.id for posted in rest] == [heard[1].id]


async def test_a_reply_nobody_fetched_in_time_goes_the_ordinary_way_p31(world: World) -> None:
    await world.say("one", "你好", channel="wechat", reply_within=timedelta(seconds=4))
    await world.attend()
    for passed, sendable in ((timedelta(), 0), (timedelta(seconds=5), 1)):
        world.clock.advance(passed)
        async with world.floor.database.transaction() as tx:
            assert len(await world.floor.mailbox.claim_out(tx, ["wechat"], timedelta(seconds=30))) == sendable


async def test_a_picture_alone_reaches_the_agents_screen(world: World) -> None:
    photo = Attachment("f" * 32, Media.IMAGE, "image/jpeg", "现场.jpg", 1000)
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    await world.ask("one", "", attachments=(photo,))
    view = await world.shown(talk, agent)
    (file,) = view.messages[-1].attachments
    assert (file.id, file.media, file.name) == (photo.id, "image", "现场.jpg")
    assert world.floor.attachments.id_in(file.url.removeprefix("/files/")) == photo.id
    assert view.conversation.last_text == "[图片]"


async def test_one_citizen_on_two_channels_has_two_conversations(world: World) -> None:
    web, wechat = await world.ask("one", "你好"), await world.ask("one", "你好", channel="wechat")
    assert web.id != wechat.id
    assert wechat.address == address("one", "wechat")


async def _states(world: World, user: str) -> list[str]:
    return [line.state for line in await world.thread(user) if line.inbound is not None]


async def _state_of(world: World, inbound: Inbound) -> str:
    lines = await world.thread(inbound.address.user, inbound.address.channel)
    return next(line.state for line in lines if line.inbound is not None and line.inbound.id == inbound.id)
