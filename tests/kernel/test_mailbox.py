"""The tray of messages: once, in order, held by lease, never sent twice, sealed at rest (P01, P02, P13, P17, P19)."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from kernel.clock import ManualClock
from kernel.database import Tx
from kernel.errors import Conflict
from kernel.ids import new_id
from kernel.mailbox import IN_TOPIC, OUT_TOPIC, Lane, OutState, Received, address_topic, inbox, outbox, reply_topic
from kernel.messages import Address, Author, Inbound, InboundKind, Outbound
from kernel.room import Floor

CITIZEN = Address("wechat", "gh_city", "openid-a")
OTHER = Address("wechat", "gh_city", "openid-b")
LEASE = timedelta(seconds=30)


class Tray:
    """The mailbox of a floor, each call in a transaction of its own."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.box = floor.mailbox

    def inbound(self, external_id: str, address: Address = CITIZEN, text: str = "路灯坏了") -> Inbound:
        now = self.floor.clock.now()
        return Inbound(new_id(), address, external_id, InboundKind.TEXT, text, now, now)

    def outbound(self, text: str = "已收到", address: Address = CITIZEN, reply_to: str = "") -> Outbound:
        return Outbound(new_id(), address, text, Author.BOT, self.floor.clock.now(), reply_to=reply_to)

    async def put_in(self, *messages: Inbound) -> list[Received]:
        async with self.floor.database.transaction() as tx:
            return await self.box.put_in(tx, messages)

    async def claim(self) -> Lane | None:
        async with self.floor.database.transaction() as tx:
            return await self.box.claim(tx, LEASE)

    async def claimed(self) -> Lane:
        lane = await self.claim()
        assert lane is not None
        return lane

    async def settle(self, lane: Lane) -> None:
        async with self.floor.database.transaction() as tx:
            for message in lane.messages:
                await self.box.settle_in(tx, lane, message.id)
            await self.box.release(tx, lane)

    async def put_out(self, *messages: Outbound) -> None:
        async with self.floor.database.transaction() as tx:
            for message in messages:
                await self.box.put_out(tx, message)

    async def claim_out(self, *channels: str) -> list[str]:
        async with self.floor.database.transaction() as tx:
            posted = await self.box.claim_out(tx, channels or ("wechat",), LEASE)
        return [each.message.text for each in posted]

    async def state(self, message: Outbound) -> tuple[OutState, str]:
        async with self.floor.database.reading() as tx:
            return (await self.box.states(tx, [message.id]))[message.id]


@pytest.fixture
def tray(floor: Floor) -> Tray:
    """The tray of each kind of database."""
    return Tray(floor)


def texts(messages: Sequence[Inbound]) -> list[str]:
    return [message.text for message in messages]


# -- in -------------------------------------------------------------------------------------------------


async def test_p13_the_same_external_id_twice_is_once(tray: Tray) -> None:
    [first] = await tray.put_in(tray.inbound("m1"))
    [second] = await tray.put_in(tray.inbound("m1"))
    assert first.fresh
    assert second == Received(first.id, fresh=False)
    assert len((await tray.claimed()).messages) == 1


async def test_the_same_external_id_twice_in_one_commit_is_once(tray: Tray) -> None:
    first, second = await tray.put_in(tray.inbound("m1"), tray.inbound("m1"))
    assert (first.fresh, second.fresh, second.id) == (True, False, first.id)
    assert len((await tray.claimed()).messages) == 1


async def test_p02_the_same_external_id_of_two_people_is_two_messages(tray: Tray) -> None:
    first, second = await tray.put_in(tray.inbound("m1"), tray.inbound("m1", OTHER))
    assert first.fresh
    assert second.fresh


async def test_p13_retries_at_once_from_many_requests_give_one_message(tray: Tray) -> None:
    received = await asyncio.gather(*(tray.put_in(tray.inbound("m1")) for _ in range(10)))
    assert len({each.id for [each] in received}) == 1
    assert sum(each.fresh for [each] in received) == 1
    assert len((await tray.claimed()).messages) == 1


async def test_nothing_put_in_is_nothing(tray: Tray) -> None:
    assert await tray.put_in() == []
    assert await tray.claim() is None


async def test_p19_messages_of_one_person_come_in_order_and_to_one_worker(tray: Tray) -> None:
    for number in range(20):
        await tray.put_in(tray.inbound(f"m{number}", text=str(number)))
    lane = await tray.claimed()
    assert texts(lane.messages) == [str(number) for number in range(20)]
    assert await tray.claim() is None


async def test_p19_two_workers_drain_many_people_and_lose_nothing(tray: Tray) -> None:
    people = [Address("wechat", "gh_city", f"openid-{n}") for n in range(6)]
    for turn in range(4):
        await tray.put_in(*(tray.inbound(f"m{turn}", person, f"{person.user}/{turn}") for person in people))
    seen: list[str] = []

    async def work() -> None:
        while (lane := await tray.claim()) is not None:
            seen.extend(texts(lane.messages))
            await tray.settle(lane)

    await asyncio.gather(work(), work())
    assert sorted(seen) == sorted(f"{person.user}/{turn}" for person in people for turn in range(4))
    for person in people:
        assert [text for text in seen if text.startswith(f"{person.user}/")] == [f"{person.user}/{n}" for n in range(4)]


async def test_the_lane_that_waited_longest_is_first(tray: Tray, clock: ManualClock) -> None:
    await tray.put_in(tray.inbound("m1", OTHER))
    clock.advance(timedelta(seconds=1))
    await tray.put_in(tray.inbound("m1", CITIZEN))
    clock.advance(timedelta(seconds=1))
    await tray.put_in(tray.inbound("m2", OTHER))
    assert (await tray.claimed()).address == OTHER
    assert (await tray.claimed()).address == CITIZEN


async def test_p19_a_lease_that_runs_out_frees_the_lane_after_a_crash(tray: Tray, clock: ManualClock) -> None:
    await tray.put_in(tray.inbound("m1"))
    dead = await tray.claimed()
    clock.advance(LEASE - timedelta(seconds=1))
    assert await tray.claim() is None
    clock.advance(timedelta(seconds=2))
    again = await tray.claimed()
    assert again.messages == dead.messages


@pytest.mark.parametrize("what", ["settle", "set_aside", "release", "hold"])
async def test_only_the_holder_of_the_present_lease_settles(tray: Tray, clock: ManualClock, what: str) -> None:
    await tray.put_in(tray.inbound("m1"))
    late = await tray.claimed()
    clock.advance(LEASE + timedelta(seconds=1))
    present = await tray.claimed()
    message = late.messages[0].id

    async def act() -> None:
        async with tray.floor.database.transaction() as tx:
            match what:
                case "settle":
                    await tray.box.settle_in(tx, late, message)
                case "set_aside":
                    await tray.box.set_aside(tx, late, message, "broken")
                case "release":
                    await tray.box.release(tx, late)
                case _:
                    await tray.box.hold(tx, late)

    with pytest.raises(Conflict, match="lease_lost"):
        await act()
    await tray.settle(present)
    assert await tray.claim() is None


async def test_a_message_that_comes_while_the_lane_is_held_is_seen_after_its_release(tray: Tray) -> None:
    await tray.put_in(tray.inbound("m1", text="一"))
    lane = await tray.claimed()
    await tray.put_in(tray.inbound("m2", text="二"))
    await tray.settle(lane)
    assert texts((await tray.claimed()).messages) == ["二"]


async def test_a_failed_message_is_tried_again_after_a_pause_and_counted(tray: Tray, clock: ManualClock) -> None:
    await tray.put_in(tray.inbound("m1"))
    lane = await tray.claimed()
    async with tray.floor.database.transaction() as tx:
        await tray.box.release(tx, lane, after=timedelta(seconds=10), failed=lane.messages[0].id)
    assert await tray.claim() is None
    clock.advance(timedelta(seconds=10))
    assert (await tray.claimed()).attempts == (1,)


async def test_a_message_set_aside_waits_for_a_person_and_holds_up_nobody(tray: Tray) -> None:
    await tray.put_in(tray.inbound("m1", text="一"), tray.inbound("m2", text="二"))
    lane = await tray.claimed()
    async with tray.floor.database.transaction() as tx:
        await tray.box.set_aside(tx, lane, lane.messages[0].id, "broken")
        await tray.box.release(tx, lane)
    assert texts((await tray.claimed()).messages) == ["二"]
    async with tray.floor.database.reading() as tx:
        [(aside, reason)] = await tray.box.waiting_aside(tx)
        assert (aside.text, reason) == ("一", "broken")
        assert (await tray.box.backlog(tx))["in_aside"] == 1


async def test_what_rolls_back_was_never_put_in(tray: Tray) -> None:
    async def fail() -> None:
        async with tray.floor.database.transaction() as tx:
            await tray.box.put_in(tx, [tray.inbound("m1")])
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await fail()
    assert await tray.claim() is None


async def test_bells_ring_for_workers_after_commit(tray: Tray) -> None:
    with tray.floor.bell.listen(IN_TOPIC) as ear:
        async with tray.floor.database.transaction() as tx:
            await tray.box.put_in(tx, [tray.inbound("m1")])
            assert not await ear.heard(0.001)
        assert await ear.heard(1)


# -- out ------------------------------------------------------------------------------------------------


async def test_the_same_message_put_out_twice_is_sent_once(tray: Tray) -> None:
    message = tray.outbound()
    await tray.put_out(message)
    await tray.put_out(message)
    assert await tray.claim_out() == ["已收到"]
    assert await tray.claim_out() == []


async def test_two_senders_never_take_one_message(tray: Tray) -> None:
    people = [Address("wechat", "gh_city", f"openid-{n}") for n in range(30)]
    await tray.put_out(*(tray.outbound(person.user, person) for person in people))
    taken = await asyncio.gather(*(tray.claim_out() for _ in range(6)))
    assert sorted(text for each in taken for text in each) == sorted(person.user for person in people)


async def test_p17_a_later_message_never_overtakes_one_still_open(tray: Tray, clock: ManualClock) -> None:
    await tray.put_out(tray.outbound("一"), tray.outbound("二"))
    async with tray.floor.database.transaction() as tx:
        [first] = await tray.box.claim_out(tx, ["wechat"], LEASE)
        assert first.message.text == "一"
    assert await tray.claim_out() == []
    async with tray.floor.database.transaction() as tx:
        await tray.box.try_later(tx, first, timedelta(seconds=5), "busy")
    assert await tray.claim_out() == []
    clock.advance(timedelta(seconds=5))
    async with tray.floor.database.transaction() as tx:
        [again] = await tray.box.claim_out(tx, ["wechat"], LEASE)
        assert (again.message.text, again.attempts) == ("一", 2)
        await tray.box.sent(tx, again, "platform-1")
    assert await tray.claim_out() == ["二"]


async def test_a_sender_takes_its_own_channels_only(tray: Tray) -> None:
    await tray.put_out(tray.outbound("微信"), tray.outbound("短信", Address("sms", "12345", "p1")))
    assert await tray.claim_out("sms") == ["短信"]


@pytest.mark.parametrize(
    ("how", "state", "reason"),
    [
        ("sent", OutState.SENT, ""),
        ("failed", OutState.FAILED, "45015"),
        ("unknown", OutState.UNKNOWN, "timeout"),
    ],
)
async def test_a_sent_message_is_settled_once_and_stays_so(tray: Tray, how: str, state: OutState, reason: str) -> None:
    message = tray.outbound()
    await tray.put_out(message)
    async with tray.floor.database.transaction() as tx:
        [posted] = await tray.box.claim_out(tx, ["wechat"], LEASE)

    async def settle(tx: Tx) -> None:
        if how == "sent":
            await tray.box.sent(tx, posted, "platform-1")
        elif how == "failed":
            await tray.box.failed(tx, posted, reason)
        else:
            await tray.box.unknown(tx, posted, reason)

    async with tray.floor.database.transaction() as tx:
        await settle(tx)
    assert await tray.state(message) == (state, reason)
    with pytest.raises(Conflict, match="lease_lost"):
        async with tray.floor.database.transaction() as tx:
            await settle(tx)
    assert await tray.claim_out() == []


async def test_a_sender_that_died_leaves_an_unknown_message_that_is_not_sent_again(
    tray: Tray, clock: ManualClock
) -> None:
    message = tray.outbound()
    await tray.put_out(message)
    await tray.claim_out()
    clock.advance(LEASE + timedelta(seconds=1))
    async with tray.floor.database.transaction() as tx:
        assert await tray.box.expire_sending(tx) == 1
    assert await tray.state(message) == (OutState.UNKNOWN, "sender_died")
    assert await tray.claim_out() == []


# -- passive replies ------------------------------------------------------------------------------------


async def test_p01_the_first_answer_is_reserved_for_the_waiting_request(tray: Tray, clock: ManualClock) -> None:
    question = replace(tray.inbound("m1"), reply_by=clock.now() + timedelta(seconds=4))
    await tray.put_in(question)
    with tray.floor.bell.listen(reply_topic(question.id)) as ear:
        await tray.put_out(tray.outbound("答", reply_to=question.id), tray.outbound("再答", reply_to=question.id))
        assert await ear.heard(1)
    assert await tray.claim_out() == []
    async with tray.floor.database.transaction() as tx:
        taken = await tray.box.take_reply(tx, question.id, LEASE)
        assert taken is not None
        assert taken.message.text == "答"
        assert await tray.box.take_reply(tx, question.id, LEASE) is None
        await tray.box.sent(tx, taken)
    assert await tray.claim_out() == ["再答"]


async def test_p01_an_answer_nobody_fetched_in_time_goes_the_ordinary_way(tray: Tray, clock: ManualClock) -> None:
    question = replace(tray.inbound("m1"), reply_by=clock.now() + timedelta(seconds=4))
    await tray.put_in(question)
    await tray.put_out(tray.outbound("答", reply_to=question.id))
    clock.advance(timedelta(seconds=5))
    assert await tray.claim_out() == ["答"]
    async with tray.floor.database.transaction() as tx:
        assert await tray.box.take_reply(tx, question.id, LEASE) is None


async def test_p01_an_answer_that_comes_too_late_is_not_reserved(tray: Tray, clock: ManualClock) -> None:
    question = replace(tray.inbound("m1"), reply_by=clock.now() + timedelta(seconds=4))
    await tray.put_in(question)
    clock.advance(timedelta(seconds=6))
    await tray.put_out(tray.outbound("答", reply_to=question.id))
    assert await tray.claim_out() == ["答"]


async def test_request_and_sender_race_for_an_answer_and_one_wins(tray: Tray, clock: ManualClock) -> None:
    question = replace(tray.inbound("m1"), reply_by=clock.now() + timedelta(seconds=4))
    await tray.put_in(question)
    await tray.put_out(tray.outbound("答", reply_to=question.id))

    async def request() -> list[str]:
        async with tray.floor.database.transaction() as tx:
            taken = await tray.box.take_reply(tx, question.id, LEASE)
        return [taken.message.text] if taken else []

    clock.advance(timedelta(seconds=5))
    answers = await asyncio.gather(request(), request(), tray.claim_out(), tray.claim_out())
    assert [text for each in answers for text in each] == ["答"]


# -- reading --------------------------------------------------------------------------------------------


async def test_p17_the_thread_runs_in_the_order_of_its_numbers(tray: Tray) -> None:
    await tray.put_in(tray.inbound("m1", text="问"))
    await tray.put_out(tray.outbound("答"))
    await tray.put_in(tray.inbound("m2", text="又问"))
    await tray.put_in(tray.inbound("m1", OTHER, text="别人"))
    async with tray.floor.database.reading() as tx:
        thread = await tray.box.thread(tx, CITIZEN)
        said = [each.inbound.text if each.inbound else each.outbound.text for each in thread if each]  # type: ignore[union-attr]
        assert said == ["问", "答", "又问"]
        seqs = [each.seq for each in thread]
        assert seqs == sorted(set(seqs))
        rest = await tray.box.thread(tx, CITIZEN, after=seqs[0])
        assert [each.seq for each in rest] == seqs[1:]
        assert len(await tray.box.thread(tx, CITIZEN, limit=2)) == 2


async def test_a_screen_on_an_address_hears_what_is_new_there(tray: Tray) -> None:
    with tray.floor.bell.listen(address_topic(CITIZEN)) as ear, tray.floor.bell.listen(OUT_TOPIC) as sender:
        await tray.put_out(tray.outbound())
        assert await ear.heard(1)
        assert await sender.heard(1)


async def test_bodies_are_sealed_at_rest(tray: Tray) -> None:
    await tray.put_in(tray.inbound("m1", text="我叫陈小明，电话13812345678"))
    await tray.put_out(tray.outbound("陈小明您好"))
    async with tray.floor.database.reading() as tx:
        stored = str([dict(row) for table in (inbox, outbox) for row in await tx.rows(select(table))])
    assert "13812345678" not in stored
    assert "陈小明" not in stored
