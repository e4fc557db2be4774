"""The platforms' calls over real HTTP: kept once, answered in time, refused when forged."""

import asyncio
import random
from datetime import timedelta

import aiohttp
import pytest
from structlog.testing import capture_logs

from kernel.clock import ManualClock
from kernel.mailbox import OutState
from kernel.messages import Choice
from kernel.room import Floor
from tests.channels.world import OPENID, PIXEL, World, open_world, wechat_address

ANSWER = "路灯报修已记录。"


async def test_a_citizens_message_is_kept_before_the_platform_is_answered(world: World) -> None:
    posted = await world.post(world.text("门口的路灯坏了"))
    lane = await world.claimed()
    assert (posted.status, posted.body) == (200, "success")
    assert [message.text for message in lane.messages] == ["门口的路灯坏了"]
    assert lane.address == wechat_address()


async def test_a_quick_answer_travels_as_the_reply_to_the_post_itself(waiting_world: World) -> None:
    world = waiting_world
    posting = asyncio.create_task(world.platform.says(OPENID, "路灯坏了"))
    told = await world.answer(await world.claimed(), ANSWER)
    assert [posted.status for posted in await posting] == [200]
    assert await world.settled(told[0]) == (OutState.SENT, "")
    await world.drain()
    assert world.phone() == [(ANSWER, "passive")]


async def test_the_answers_after_the_first_follow_as_messages_of_their_own_in_order(waiting_world: World) -> None:
    world = waiting_world
    posting = asyncio.create_task(world.platform.says(OPENID, "路灯坏了"))
    told = await world.answer(await world.claimed(), "第一句", "第二句", "第三句")
    await posting
    await world.settled(told[0])
    await world.drain()
    assert world.phone() == [("第一句", "passive"), ("第二句", "custom"), ("第三句", "custom")]


@pytest.mark.parametrize("seconds", [6, 11, 16])
async def test_p01_an_answer_that_takes_too_long_comes_later_and_the_platform_is_answered_within_five_seconds(
    waiting_world: World, seconds: float
) -> None:
    world = waiting_world
    began = world.clock.now()
    posting = asyncio.create_task(world.platform.says(OPENID, "路灯坏了"))
    lane = await world.claimed()
    world.pass_time(lane, 4.5)
    assert [(posted.status, posted.body) for posted in await posting] == [(200, "success")]
    assert world.clock.now() - began < timedelta(seconds=5)
    world.pass_time(lane, seconds - 4.5)
    told = await world.answer(lane, ANSWER)
    await world.drain()
    assert world.phone() == [(ANSWER, "custom")]
    assert await world.state(told[0]) == (OutState.SENT, "")
    assert len([entry for entry in await world.thread(wechat_address()) if entry.inbound]) == 1


async def test_p01_the_platforms_retry_joins_the_same_wait_and_only_one_of_them_carries_the_answer(
    waiting_world: World,
) -> None:
    world = waiting_world
    message = world.text("路灯坏了")
    first = asyncio.create_task(world.post(message))
    lane = await world.claimed()
    again = asyncio.create_task(world.post(message))
    other = asyncio.create_task(world.post(world.text("在吗", "oAnotherCitizen")))
    # The other citizen's message is kept after both posts were taken in.
    await world.claimed()
    await world.answer(lane, ANSWER)
    done, _ = await asyncio.wait([first, again], return_when=asyncio.FIRST_COMPLETED)
    world.pass_time(lane, 4.5)
    bodies = sorted(posted.body == "success" for posted in await asyncio.gather(first, again))
    assert bodies == [False, True]
    assert len(done) == 1
    other.cancel()
    await world.drain()
    assert len(lane.messages) == 1


async def test_p01_a_line_that_breaks_leaves_the_answer_to_the_platforms_retry(
    floor: Floor, clock: ManualClock
) -> None:
    async with open_world(floor, clock, passive_seconds=4.5, patience=0.3) as world:
        # The stand-in loses patience after 0.3 seconds and posts the same message again, four times in all.
        posting = asyncio.create_task(world.platform.says(OPENID, "路灯坏了"))
        lane = await world.claimed()
        tried = asyncio.create_task(world.platform.post(world.text("另一件事", "oAnotherCitizen")))
        assert (await tried).status == 0
        told = await world.answer(lane, ANSWER)
        assert (await posting)[-1].status == 200
        assert await world.settled(told[0]) == (OutState.SENT, "")
        await world.drain()
        assert [text for text, _ in world.phone()] == [ANSWER]
        assert len([entry for entry in await world.thread(wechat_address()) if entry.inbound]) == 1


async def test_an_answer_taken_for_a_line_that_is_gone_goes_back_into_the_queue(waiting_world: World) -> None:
    world = waiting_world
    posting = asyncio.create_task(world.post(world.text("路灯坏了")))
    lane = await world.claimed()
    posting.cancel()
    told = await world.answer(lane, ANSWER)
    world.pass_time(lane, 5)
    await world.drain()
    assert world.phone() == [(ANSWER, "custom")]
    assert await world.state(told[0]) == (OutState.SENT, "")


async def test_an_answer_too_long_for_one_reply_follows_at_once_in_several_messages(waiting_world: World) -> None:
    world = waiting_world
    long = "".join(f"第{number}条：请携带身份证到窗口办理。" for number in range(100))
    posting = asyncio.create_task(world.platform.says(OPENID, "怎么办理"))
    told = await world.answer(await world.claimed(), long)
    assert [(posted.status, posted.body) for posted in await posting] == [(200, "success")]
    assert await world.settled(told[0]) == (OutState.SENT, "")
    assert "".join(text for text, _ in world.phone()) == long
    assert {how for _, how in world.phone()} == {"custom"}


@pytest.mark.parametrize("seed", range(3))
async def test_p13_callbacks_replayed_shuffled_and_in_parallel_are_one_message_each(world: World, seed: int) -> None:
    dice = random.Random(seed)
    messages = [world.text(f"第{number}件事", f"oCitizen{number}") for number in range(12)]
    replayed = [message for message in messages for _ in range(dice.randint(1, 5))]
    dice.shuffle(replayed)
    answers = await asyncio.gather(*(world.post(message) for message in replayed))
    assert {answer.status for answer in answers} == {200}
    for number in range(12):
        thread = await world.thread(wechat_address(f"oCitizen{number}"))
        assert [entry.inbound.text for entry in thread if entry.inbound] == [f"第{number}件事"]


async def test_a_number_typed_back_is_the_choice_that_was_offered_last(world: World) -> None:
    choices = (Choice("是，转人工", "人工"), Choice("不用了", "不用"))
    await world.post(world.text("有人吗"))
    await world.answer(await world.claimed(), "需要转人工吗？", choices=choices)
    await world.drain()
    await world.post(world.text("１"))
    assert [message.text for message in (await world.claimed()).messages] == ["人工"]
    assert world.phone()[-1][0].endswith("请回复数字选择：\n1. 是，转人工\n2. 不用了")


async def test_a_number_stays_a_number_when_something_else_was_said_since(world: World) -> None:
    await world.post(world.text("有人吗"))
    await world.answer(await world.claimed(), "需要转人工吗？", choices=(Choice("是", "人工"),))
    await world.post(world.text("先不用"))
    await world.answer(await world.claimed(), "请问家里几口人？")
    await world.post(world.text("1"))
    assert [message.text for message in (await world.claimed()).messages] == ["1"]


async def test_the_platforms_first_visit_is_answered_with_its_own_word(world: World) -> None:
    assert await world.platform.verify()


async def test_a_forged_post_gets_403_with_nothing_in_it_and_a_log_line_without_its_body(world: World) -> None:
    body = "<xml><FromUserName>oSomebody</FromUserName><Content>我的电话是13800138000</Content></xml>"
    query = {"signature": "0" * 40, "timestamp": str(int(world.clock.now().timestamp())), "nonce": "1"}
    with capture_logs() as logs:
        async with (
            aiohttp.ClientSession() as session,
            session.post(world.hook_url(), params=query, data=body) as response,
        ):
            assert (response.status, await response.read()) == (403, b"")
    assert [(line["event"], line["channel"], line["reason"]) for line in logs] == [("hook.refused", "wechat", "mode")]
    assert "13800138000" not in str(logs)


@pytest.mark.parametrize("chunked", [False, True])
async def test_p07_a_body_of_one_megabyte_is_refused_unread(world: World, chunked: bool) -> None:
    async def slowly() -> object:
        for _ in range(1024):
            yield b"x" * 1024

    data = slowly() if chunked else b"x" * 1024 * 1024
    async with aiohttp.ClientSession() as session:
        try:
            async with session.post(world.hook_url(), data=data) as response:
                assert response.status == 413
        except aiohttp.ClientOSError:
            # The server may close before everything was sent.
            assert chunked


async def test_an_unknown_channel_has_no_hook(world: World) -> None:
    async with aiohttp.ClientSession() as session, session.get(world.hook_url("fax")) as response:
        assert response.status == 404


async def test_an_event_nobody_needs_is_answered_and_left(world: World) -> None:
    with capture_logs() as logs:
        posted = await world.post(world.platform.event(OPENID, "VIEW", EventKey="https://example.gov.cn"))
    assert (posted.status, posted.body) == (200, "success")
    assert [(line["event"], line["kind"]) for line in logs] == [("hook.ignored", "event.view")]
    assert await world.thread(wechat_address()) == []


async def test_an_event_that_allows_no_answer_is_not_kept_waiting(waiting_world: World) -> None:
    posted = await waiting_world.platform.happens(waiting_world.platform.event(OPENID, "unsubscribe"))
    assert [(each.status, each.body) for each in posted] == [(200, "success")]


async def test_a_greeting_answers_the_citizen_who_begins_to_follow(waiting_world: World) -> None:
    world = waiting_world
    posting = asyncio.create_task(world.platform.happens(world.platform.event(OPENID, "subscribe")))
    lane = await world.claimed()
    assert [message.event for message in lane.messages] == ["subscribe"]
    await world.answer(lane, "您好，这里是12345热线。")
    await posting
    assert world.phone() == [("您好，这里是12345热线。", "passive")]


async def test_a_picture_is_answered_before_it_is_fetched(waiting_world: World) -> None:
    world = waiting_world
    posting = asyncio.create_task(world.platform.sends_file(OPENID, PIXEL, "image/png"))
    lane = await world.claimed()
    await world.answer(lane, "图片收到。")
    await posting
    assert world.phone() == [("图片收到。", "passive")]
    assert len(lane.messages[0].attachments) == 1
