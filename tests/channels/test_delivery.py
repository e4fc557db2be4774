"""Messages out: sent once, in order, tried again, refused, given up or left in doubt."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from channels.delivery import LEASE, Delivery
from channels.events import DeliveryFailed
from channels.model import Sent
from channels.rules.retrying import DELIVERY_WAITS, LOOP_LIMIT, LOOP_SPAN
from channels.standings import Standings
from kernel.clock import ManualClock
from kernel.database import outside_transaction
from kernel.mailbox import OutState, outbox
from kernel.messages import Author, Outbound, OutboundKind
from kernel.room import Floor
from tests.channels.world import OPENID, World, open_world, wechat_address

CITIZEN = wechat_address()


@pytest.fixture
def talking(world: World) -> World:
    """The citizen has just written: the platform lets five messages through."""
    world.account.did(OPENID, "message")
    return world


async def facts(world: World) -> list[DeliveryFailed]:
    journal = world.floor.journal
    await journal.sequence(world.floor.database)
    async with world.floor.database.reading() as tx:
        return [recorded.fact for recorded in await journal.read_after(tx, 0)]


async def test_messages_to_one_citizen_arrive_in_the_order_they_were_put_out(talking: World) -> None:
    for number in range(5):
        await talking.tell(CITIZEN, f"第{number}条")
    await talking.drain()
    assert [text for text, _ in talking.phone()] == [f"第{number}条" for number in range(5)]


async def test_a_later_message_does_not_overtake_one_that_is_tried_again(talking: World) -> None:
    talking.wechat.troubles.append(-1)
    first = await talking.tell(CITIZEN, "先")
    await talking.tell(CITIZEN, "后")
    await talking.drain()
    assert talking.account.citizens[OPENID].phone == []
    assert await talking.state(first.id) == (OutState.QUEUED, "wechat_-1")
    talking.clock.advance(timedelta(seconds=6))
    await talking.drain()
    assert [text for text, _ in talking.phone()] == ["先", "后"]


@pytest.mark.parametrize("others", [0, 3])
async def test_p14_putting_the_same_message_twice_sends_it_once(talking: World, others: int) -> None:
    told = await talking.tell(CITIZEN, "请留下联系电话。", author=Author.AGENT)
    for number in range(others):
        await talking.tell(CITIZEN, f"{number}")
    talking.clock.advance(timedelta(seconds=12))
    await talking.tell(CITIZEN, "请留下联系电话。", author=Author.AGENT, id=told.id)
    await talking.drain()
    await talking.tell(CITIZEN, "请留下联系电话。", author=Author.AGENT, id=told.id)
    await talking.drain()
    assert [text for text, _ in talking.phone()].count("请留下联系电话。") == 1


async def test_p03_after_48_hours_a_message_shows_as_failed_because_the_window_is_closed(talking: World) -> None:
    talking.clock.advance(timedelta(hours=48))
    told = await talking.tell(CITIZEN, "您的工单已办结。", author=Author.UNIT)
    await talking.drain()
    assert await talking.state(told.id) == (OutState.FAILED, "window_closed")
    assert talking.phone() == []
    assert await facts(talking) == [
        DeliveryFailed(told.id, "wechat", "window_closed", unknown=False, at=talking.clock.now())
    ]


async def test_p03_the_sixth_message_shows_as_failed_because_the_window_is_used_up(talking: World) -> None:
    told = [await talking.tell(CITIZEN, f"第{number}条") for number in range(6)]
    await talking.drain()
    states = [await talking.state(each.id) for each in told]
    assert states == [(OutState.SENT, "")] * 5 + [(OutState.FAILED, "window_used_up")]


@pytest.mark.parametrize(
    ("code", "reason"),
    [(40003, "unknown_recipient"), (43004, "not_following"), (48001, "interface_not_granted"), (99999, "wechat_99999")],
)
async def test_p03_what_the_platform_refuses_is_never_taken_for_sent(talking: World, code: int, reason: str) -> None:
    talking.wechat.troubles.append(code)
    told = await talking.tell(CITIZEN, "您好")
    await talking.drain()
    assert await talking.state(told.id) == (OutState.FAILED, reason)


async def test_a_citizen_who_unfollowed_gets_nothing_more(talking: World) -> None:
    talking.account.did(OPENID, "unsubscribe")
    told = await talking.tell(CITIZEN, "您好")
    await talking.drain()
    assert await talking.state(told.id) == (OutState.FAILED, "window_closed")


async def test_a_busy_platform_is_asked_again_later_and_later_and_then_no_more(talking: World) -> None:
    talking.wechat.troubles.extend([-1] * 6)
    told = await talking.tell(CITIZEN, "您好")
    await talking.drain()
    for wait in DELIVERY_WAITS:
        assert await talking.state(told.id) == (OutState.QUEUED, "wechat_-1")
        talking.clock.advance(wait - timedelta(seconds=1))
        assert not await talking.channels.delivery.drain()
        talking.clock.advance(timedelta(seconds=1))
        await talking.drain()
    assert await talking.state(told.id) == (OutState.FAILED, "gave_up:wechat_-1")
    assert [fact.reason for fact in await facts(talking)] == ["gave_up:wechat_-1"]


async def test_the_daily_quota_is_waited_for_as_long_as_it_takes(talking: World) -> None:
    talking.wechat.troubles.append(45009)
    await talking.tell(CITIZEN, "您好")
    await talking.drain()
    talking.clock.advance(timedelta(minutes=59))
    assert not await talking.channels.delivery.drain()
    talking.clock.advance(timedelta(minutes=1))
    await talking.drain()
    assert [text for text, _ in talking.phone()] == ["您好"]


@pytest.mark.parametrize("trouble", [0, 502])
async def test_a_line_that_breaks_leaves_the_message_in_doubt_and_it_is_not_sent_again(
    talking: World, trouble: int
) -> None:
    await talking.tell(CITIZEN, "一")
    await talking.drain()
    talking.wechat.troubles.append(trouble)
    told = await talking.tell(CITIZEN, "二")
    await talking.drain()
    assert (await talking.state(told.id))[0] is OutState.UNKNOWN
    talking.clock.advance(timedelta(days=1))
    await talking.drain()
    assert [text for text, _ in talking.phone()] == ["一"]
    assert [fact.unknown for fact in await facts(talking)] == [True]


async def test_a_platform_that_cannot_be_reached_surely_has_nothing(floor: Floor, clock: ManualClock) -> None:
    async with open_world(floor, clock, api_url="http://127.0.0.1:1") as world:
        told = await world.tell(CITIZEN, "您好")
        await world.drain()
        assert await world.state(told.id) == (OutState.QUEUED, "wechat_unreachable")


async def test_a_long_text_goes_in_several_messages_cut_at_sentences(talking: World) -> None:
    long = "".join(f"第{number}条：请携带身份证原件到窗口办理。" for number in range(80))
    told = await talking.tell(CITIZEN, long)
    await talking.drain()
    parts = [text for text, _ in talking.phone()]
    assert len(parts) > 1
    assert "".join(parts) == long
    assert all(part.endswith("。") and len(part.encode()) <= 2048 for part in parts)
    assert await talking.state(told.id) == (OutState.SENT, "")


async def test_a_long_text_that_stops_half_way_is_in_doubt_and_not_repeated(talking: World) -> None:
    await talking.tell(CITIZEN, "一")
    await talking.drain()

    def break_after_one(*_args: object) -> None:
        talking.wechat.troubles.append(-1)

    talking.account.on_sent = break_after_one
    told = await talking.tell(CITIZEN, "很长的一句话。" * 150)
    await talking.drain()
    assert await talking.state(told.id) == (OutState.UNKNOWN, "sent_in_part")
    assert len(talking.phone()) == 2


async def test_chinese_text_is_sent_as_it_is_and_not_as_escapes(talking: World) -> None:
    await talking.tell(CITIZEN, "您好😀“引号”\n第二行")
    await talking.drain()
    assert [text for text, _ in talking.phone()] == ["您好😀“引号”\n第二行"]


async def test_call_control_orders_are_nothing_for_wechat(talking: World) -> None:
    told = await talking.tell(CITIZEN, "", kind=OutboundKind.RING)
    await talking.drain()
    assert await talking.state(told.id) == (OutState.FAILED, "kind_not_supported")


async def test_a_message_whose_sender_died_becomes_unknown(talking: World) -> None:
    told = await talking.tell(CITIZEN, "您好")
    async with talking.floor.database.transaction() as tx:
        assert len(await talking.floor.mailbox.claim_out(tx, ["wechat"], LEASE)) == 1
    await talking.channels.delivery.expire()
    assert (await talking.state(told.id))[0] is OutState.SENDING
    talking.clock.advance(LEASE + timedelta(seconds=1))
    await talking.channels.delivery.expire()
    assert await talking.state(told.id) == (OutState.UNKNOWN, "sender_died")
    await talking.drain()
    assert talking.phone() == []


async def test_one_broken_message_does_not_keep_the_others(talking: World) -> None:
    class Broken:
        name = "wechat"

        async def send(self, message: Outbound) -> Sent:
            outside_transaction("send")
            if message.text == "坏":
                raise ZeroDivisionError
            return Sent("x1")

    other = wechat_address("oOther")
    bad, good = await talking.tell(CITIZEN, "坏"), await talking.tell(other, "好")
    floor = talking.floor
    standings = Standings(floor.vault, floor.clock)
    delivery = Delivery(floor.database, floor.mailbox, floor.journal, floor.clock, {"wechat": Broken()}, standings)
    await delivery.drain()
    assert await talking.state(bad.id) == (OutState.UNKNOWN, "ZeroDivisionError")
    assert await talking.state(good.id) == (OutState.SENT, "")


async def test_the_platform_is_never_called_inside_a_transaction(talking: World) -> None:
    open_now: list[int] = []
    seen: list[int] = []
    engine = talking.floor.database.engine.sync_engine
    event.listen(engine, "begin", lambda _c: open_now.append(1))
    event.listen(engine, "commit", lambda _c: open_now.pop())
    event.listen(engine, "rollback", lambda _c: open_now.pop())
    talking.account.on_sent = lambda *_args: seen.append(len(open_now))
    await talking.tell(CITIZEN, "您好")
    await talking.drain()
    assert seen == [0]


async def test_p45_two_machines_that_answer_each_other_are_stopped(world: World) -> None:
    for turn in range(LOOP_LIMIT + 10):
        world.account.did(OPENID, "message")
        await world.post(world.text("您好，我现在不在，稍后回复您。"))
        await world.answer(await world.claimed(), f"收到，第{turn}次。")
        await world.drain()
        world.clock.advance(timedelta(seconds=1))
    assert len(world.phone()) == LOOP_LIMIT
    agents = await world.tell(CITIZEN, "您好，我是坐席。", author=Author.AGENT)
    await world.drain()
    assert await world.state(agents.id) == (OutState.SENT, "")
    async with world.floor.database.reading() as tx:
        stopped = await tx.scalar(select(func.count()).where(outbox.c.reason == "loop"))
    assert stopped == 10
    world.clock.advance(LOOP_SPAN)
    world.account.did(OPENID, "message")
    later = await world.tell(CITIZEN, "又可以了。")
    await world.drain()
    assert await world.state(later.id) == (OutState.SENT, "")
