"""Waiting conversations are given out evenly and in order, and come back from agents who leave."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from desk.api import ListView
from desk.distribution import BATCH
from desk.model import Conversation, Presence, Reason, Turn
from desk.store import keep_presence
from kernel.database import Tx
from kernel.ids import new_id
from kernel.people import Kind, Principal, Role
from tests.desk.world import World, address


async def test_the_oldest_is_given_out_first_and_none_overtakes_p28(world: World) -> None:
    talks = []
    for n in range(12):
        talks.append(await world.wait_for_person(f"citizen{n}"))
        world.clock.advance(timedelta(seconds=1))
    agents = [await world.agent(f"a{n}", state=Presence.ONLINE) for n in range(2)]
    await world.distribute()
    given = [talk for talk in talks if (await world.now(talk)).turn is Turn.AGENT]
    assert given == [*talks[:10]], "the first ten fill both agents"
    await world.close(talks[3], await _holder(world, talks[3], agents))
    await world.distribute()
    assert (await world.now(talks[10])).turn is Turn.AGENT
    assert (await world.now(talks[11])).turn is Turn.WAITING


async def test_a_citizen_who_writes_on_while_waiting_is_not_overtaken_p28(world: World) -> None:
    """On PostgreSQL the conversation in hand is waited for, not skipped."""
    first = await world.wait_for_person("first")
    world.clock.advance(timedelta(seconds=1))
    second = await world.wait_for_person("second")
    world = world.with_limit(1)
    await world.agent("a", state=Presence.ONLINE)
    held, go_on = asyncio.Event(), asyncio.Event()

    async def write_on() -> None:
        async with world.floor.database.transaction() as tx:
            await world.desk.store.by_id(tx, first.id, lock=True)
            held.set()
            await go_on.wait()

    writing = asyncio.create_task(write_on())
    await held.wait()
    giving = asyncio.create_task(world.distribute())
    # Let the distribution run until it waits or has given; the lock is then released.
    for _ in range(50):
        await asyncio.sleep(0)
    done, _ = await asyncio.wait([giving], timeout=0.3)
    go_on.set()
    await asyncio.gather(writing, giving)
    assert not done
    assert (await world.now(first)).turn is Turn.AGENT
    assert (await world.now(second)).turn is Turn.WAITING


async def test_an_agent_who_leaves_loses_the_conversations_within_a_minute_p29(world: World) -> None:
    talk, leaving = await world.wait_for_person("one"), await world.agent("a", state=Presence.ONLINE)
    await world.distribute()
    assert (await world.now(talk)).agent_id == leaving.id
    world.clock.advance(timedelta(seconds=45))
    await world.distribute()
    assert (await world.now(talk)).agent_id == leaving.id, "a short silence is no leaving"
    world.clock.advance(timedelta(seconds=1))
    await world.distribute()
    back = await world.now(talk)
    assert (back.turn, back.reason, back.agent_id) == (Turn.WAITING, Reason.RETURNED, "")
    assert "另一位坐席" in (await world.heard("one"))[-1].text
    (loop,) = [each for each in world.desk.room.loops if each.name == "desk.distribution"]
    assert timedelta(seconds=46 + loop.idle) < timedelta(minutes=1), "the loop looks often enough by itself"


async def test_what_comes_back_goes_to_a_colleague_at_once_p29(world: World) -> None:
    talk, leaving = await world.wait_for_person("one"), await world.agent("a", state=Presence.ONLINE)
    await world.distribute()
    world.clock.advance(timedelta(seconds=46))
    colleague = await world.agent("b", state=Presence.ONLINE)
    await world.distribute()
    assert (await world.now(talk)).agent_id == colleague.id
    await world.report(leaving, Presence.ONLINE)
    await world.distribute()
    assert (await world.now(talk)).agent_id == colleague.id


async def test_whoever_signs_off_gives_back_at_once_p29(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a", state=Presence.ONLINE)
    await world.distribute()
    await world.report(agent, Presence.OFFLINE)
    assert (await world.now(talk)).turn is Turn.WAITING
    assert not await world.desk.distribution.step()


async def test_a_break_keeps_what_one_has_and_brings_nothing_new_p29(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a", state=Presence.ONLINE)
    await world.distribute()
    await world.report(agent, Presence.BREAK)
    later = await world.wait_for_person("two")
    await world.distribute()
    assert (await world.now(talk)).agent_id == agent.id
    assert (await world.now(later)).turn is Turn.WAITING


async def test_a_conversation_of_somebody_who_was_never_there_comes_back_p29_p31(world: World) -> None:
    talk, lead = await world.wait_for_person("one"), await world.agent("lead", Role.SHIFT_LEAD)
    await world.writing(lambda tx: world.desk.conversations.give(tx, talk, lead.id))
    await world.distribute()
    assert (await world.now(talk)).turn is Turn.WAITING


async def test_who_claims_is_there_for_it_and_given_no_others_p29(world: World) -> None:
    talk, other = await world.wait_for_person("one"), await world.wait_for_person("two")
    lead = await world.agent("lead", Role.SHIFT_LEAD)
    await world.claim(talk, lead)
    await world.distribute()
    assert (await world.now(talk)).agent_id == lead.id
    assert (await world.now(other)).turn is Turn.WAITING
    assert (await world.call("GET", "/presence", lead)).state == Presence.BREAK
    world.clock.advance(timedelta(seconds=46))
    await world.distribute()
    assert (await world.now(talk)).turn is Turn.WAITING, "and counts as gone when the screen is silent"


async def test_the_absent_ones_conversation_comes_back_though_the_citizen_writes_meanwhile_p29(world: World) -> None:
    talk, _ = await world.wait_for_person("one"), await world.agent("a", state=Presence.ONLINE)
    await world.distribute()
    world.clock.advance(timedelta(seconds=46))
    for n in range(5):
        await world.say("one", f"还在吗{n}")
    await asyncio.gather(world.attend(2), world.distribute(), world.distribute())
    # A message that met the distribution twice in a row is put off for a moment.
    world.clock.advance(timedelta(seconds=2))
    await world.attend()
    assert (await world.now(talk)).turn is Turn.WAITING
    assert len(await world.facts(talk, "CitizenSpoke")) == 6


@pytest.mark.slow
async def test_a_thousand_conversations_twenty_agents_four_distributors_p30(world: World) -> None:
    """No limit broken, the loads within one of each other, all of them the oldest; then all are served in turn."""
    world = world.with_limit(7)
    began = world.clock.now()
    talks = [_waiting(world, n) for n in range(1000)]

    async def put(tx: Tx) -> None:
        async with asyncio.timeout(60):
            for talk in talks:
                await world.desk.store.add(tx, talk)
            for n in range(20):
                await keep_presence(tx, f"agent{n:02}", Presence.ONLINE, began)

    await world.writing(put)
    await asyncio.gather(*(world.distribute() for _ in range(4)))
    loads = await _loads(world)
    assert sum(loads.values()) == 140
    assert set(loads.values()) == {7}
    given = [talk.id for talk in talks if (await world.now(talk)).turn is Turn.AGENT]
    assert given == [talk.id for talk in talks[:140]]


@pytest.mark.parametrize("waiting", [1, 19, 33, 99])
async def test_the_loads_never_differ_by_more_than_one_p30(world: World, waiting: int) -> None:
    talks = [_waiting(world, n) for n in range(waiting)]

    async def put(tx: Tx) -> None:
        for talk in talks:
            await world.desk.store.add(tx, talk)
        for n in range(20):
            await keep_presence(tx, f"agent{n:02}", Presence.ONLINE, world.clock.now())

    await world.writing(put)
    await asyncio.gather(*(world.distribute() for _ in range(4)))
    loads = await _loads(world)
    every = [loads.get(f"agent{n:02}", 0) for n in range(20)]
    assert sum(every) == waiting
    assert max(every) - min(every) <= 1
    assert max(every) <= 5


async def test_more_than_a_batch_is_given_out_step_by_step(world: World) -> None:
    world = world.with_limit(BATCH + 10)
    talks = [_waiting(world, n) for n in range(BATCH + 5)]

    async def put(tx: Tx) -> None:
        for talk in talks:
            await world.desk.store.add(tx, talk)
        await keep_presence(tx, "agent", Presence.ONLINE, world.clock.now())

    await world.writing(put)
    assert await world.desk.distribution.step()
    assert sum((await _loads(world)).values()) == BATCH
    await world.distribute()
    assert sum((await _loads(world)).values()) == BATCH + 5


async def test_of_two_with_as_much_to_do_the_one_given_nothing_for_longest_is_next(world: World) -> None:
    first, second = await world.agent("a", state=Presence.ONLINE), await world.agent("b", state=Presence.ONLINE)
    taken = []
    for n in range(4):
        world.clock.advance(timedelta(seconds=5))
        talk = await world.wait_for_person(f"citizen{n}")
        await world.distribute()
        holder = (await world.now(talk)).agent_id
        taken.append(holder)
        await world.close(talk, first if holder == first.id else second)
    assert taken[0] != taken[1]
    assert taken == [taken[0], taken[1]] * 2


async def test_a_conversation_has_an_end_in_every_state_but_the_queue_p31(world: World) -> None:
    """With the bot and with an agent silence ends it; with an agent who leaves it goes back; who waits is kept."""
    bot, waits = await world.ask("one", "你好"), await world.wait_for_person("two")
    kept, agent = await world.wait_for_person("three"), await world.agent("a", state=Presence.ONLINE)
    await world.claim(kept, agent)
    (job,) = [each for each in world.desk.room.jobs if each.name == "desk.end_idle_conversations"]
    world.clock.advance(timedelta(minutes=1440))
    await job.run()
    assert (await world.now(bot)).turn is Turn.BOT, "not before the time"
    world.clock.advance(timedelta(seconds=1))
    await world.report(agent, Presence.ONLINE)
    await job.run()
    assert [(await world.now(each)).turn for each in (bot, waits, kept)] == [Turn.CLOSED, Turn.WAITING, Turn.CLOSED]
    assert (await world.ask("one", "你好")).id != bot.id


async def test_many_idle_conversations_end_in_one_run(world: World) -> None:
    talks = [replace(_waiting(world, n), turn=Turn.BOT, waiting_since=None) for n in range(401)]

    async def put(tx: Tx) -> None:
        for talk in talks:
            await world.desk.store.add(tx, talk)

    await world.writing(put)
    world.clock.advance(timedelta(days=2))
    (job,) = [each for each in world.desk.room.jobs if each.name == "desk.end_idle_conversations"]
    await job.run()
    agent = Principal(Kind.STAFF, "a", "a", frozenset({Role.AGENT}))
    assert (await world.call("GET", "/counts", agent)) == {"waiting": 0, "bot": 0, "mine": 0}
    assert (await world.listed(ListView.BOT, agent)).items == []


def _waiting(world: World, n: int) -> Conversation:
    since = world.clock.now() + timedelta(milliseconds=n)
    plain = Conversation(new_id(), address(f"citizen{n}"), f"c{n}", Turn.WAITING, 1, since, since)
    return replace(plain, reason=Reason.ASKED, waiting_since=since)


async def _loads(world: World) -> Counter[str]:
    loads: Counter[str] = Counter()
    async with world.floor.database.reading() as tx:
        for talk in await world.desk.store.latest(tx, Turn.AGENT, 2000):
            loads[talk.agent_id] += 1
    return loads


async def _holder(world: World, talk: Conversation, agents: list[Principal]) -> Principal:
    holder = (await world.now(talk)).agent_id
    return next(agent for agent in agents if agent.id == holder)
