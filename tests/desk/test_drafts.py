"""A ticket that was begun outlives restarts, silence and a change of channel; nothing of it is asked twice."""

from datetime import timedelta
from pathlib import Path

import pytest

from desk.model import Turn
from directory.store.citizens import CitizenStore, addresses
from kernel.database import Tx
from kernel.messages import Author
from tests.desk.world import World, address, restarted

BEGUN = "禅城区祖庙街道同济路的烧烤档昨晚占道经营"


async def _one_person(world: World, user: str, channel: str, other: str) -> None:
    """The platform has proven that both addresses are of one citizen."""
    store = CitizenStore(world.floor.vault)

    async def join(tx: Tx) -> None:
        citizen = await world.lookup.citizen_at(tx, address(user, channel))
        index = store._key_index(address(user, other))
        sealed = world.floor.vault.seal(address(user, other).key, f"citizen_address:{index}")
        row = {"key_index": index, "citizen_id": citizen.id, "sealed": sealed, "created_at": world.clock.now()}
        await tx.execute(addresses.insert().values(**row))

    await world.writing(join)


async def _last(world: World, user: str, channel: str = "web") -> str:
    return (await world.heard(user, channel))[-1].text


async def test_a_ticket_begun_on_the_web_is_finished_on_wechat_after_a_restart(city: World, models: Path) -> None:
    begun = await city.ask("one", BEGUN)
    assert "联系电话" in await _last(city, "one")
    await _one_person(city, "one", "web", "wechat")
    again = await restarted(city, models)
    again.clock.advance(timedelta(hours=3))
    await again.ask("one", "继续登记", channel="wechat")
    assert "好的，继续登记：禅城区祖庙街道同济路" in (await again.heard("one", "wechat"))[-2].text
    assert "联系电话" in await _last(again, "one", "wechat")
    await again.ask("one", "13800138000", channel="wechat")
    read_back = await _last(again, "one", "wechat")
    assert "请核对" in read_back
    assert "138****8000" in read_back
    talk = await again.ask("one", "确认提交", channel="wechat")
    assert len(talk.tickets) == 1
    said = [message.text for message in await again.heard("one", "wechat")]
    assert [text for text in said if "发生在哪里" in text or "什么时候发生" in text] == []
    assert (await again.now(begun)).dialogue == "", "there is one draft, and it is where the citizen is"


async def test_the_bare_answer_to_the_open_question_goes_on_with_it_too(city: World) -> None:
    await city.ask("one", BEGUN)
    await _one_person(city, "one", "web", "wechat")
    await city.ask("one", "13800138000", channel="wechat")
    assert "请核对" in await _last(city, "one", "wechat")


async def test_a_stranger_is_told_nothing_of_it_even_with_the_same_number(city: World) -> None:
    await city.ask("one", BEGUN)
    await city.ask("one", "13800138000")
    await city.ask("two", "继续登记", channel="wechat")
    said = "".join(message.text for message in await city.heard("two", "wechat"))
    assert "同济路" not in said
    assert "烧烤" not in said


async def test_who_asks_something_else_first_is_answered_and_told_once_what_waits(city: World) -> None:
    await city.ask("one", BEGUN)
    await _one_person(city, "one", "web", "wechat")
    await city.ask("one", "你好", channel="wechat")
    assert "您上次还有一件没有登记完" in await _last(city, "one", "wechat")
    await city.ask("one", "谢谢", channel="wechat")
    assert "没有登记完" not in await _last(city, "one", "wechat")
    await city.ask("one", "继续登记", channel="wechat")
    assert "联系电话" in await _last(city, "one", "wechat")


async def test_what_is_not_wanted_any_more_is_forgotten(city: World) -> None:
    await city.ask("one", BEGUN)
    await _one_person(city, "one", "web", "wechat")
    await city.ask("one", "你好", channel="wechat")
    await city.ask("one", "不用了", channel="wechat")
    assert "已取消" in await _last(city, "one", "wechat")
    await city.ask("one", "继续登记", channel="wechat")
    assert "烧烤" not in await _last(city, "one", "wechat")


async def test_the_silent_are_asked_once_and_the_closing_keeps_the_draft_a_week(city: World) -> None:
    begun, idle = await city.ask("one", BEGUN), await city.ask("two", "你好")
    jobs = {job.name: job for job in city.desk.room.jobs}
    ask = jobs["desk.ask_silent_citizens"].run
    before = {user: len(await city.heard(user)) for user in ("one", "two")}
    city.clock.advance(timedelta(minutes=9))
    await ask()
    assert len(await city.heard("one")) == before["one"]
    city.clock.advance(timedelta(minutes=1))
    await ask()
    await ask()
    asked = (await city.heard("one"))[before["one"] :]
    assert [(message.author, "您还在吗" in message.text) for message in asked] == [(Author.BOT, True)]
    assert len(await city.heard("two")) == before["two"], "nothing of theirs is open"
    city.clock.advance(timedelta(days=1, minutes=1))
    await jobs["desk.end_idle_conversations"].run()
    assert (await city.now(begun)).turn is Turn.CLOSED
    assert (await city.now(idle)).turn is Turn.CLOSED
    talk = await city.ask("one", "继续登记")
    assert talk.id != begun.id
    assert "联系电话" in await _last(city, "one")


async def test_after_more_than_a_week_nobody_is_reminded(city: World) -> None:
    await city.ask("one", BEGUN)
    city.clock.advance(timedelta(days=2))
    await {job.name: job for job in city.desk.room.jobs}["desk.end_idle_conversations"].run()
    city.clock.advance(timedelta(days=6))
    await city.ask("one", "你好")
    assert "没有登记完" not in await _last(city, "one")


@pytest.mark.parametrize("channel", ["sms", "phone"])
async def test_on_a_channel_that_costs_or_is_shared_nobody_is_asked(city: World, channel: str) -> None:
    await city.ask("one", BEGUN, channel=channel)
    before = len(await city.heard("one", channel))
    city.clock.advance(timedelta(minutes=10))
    await {job.name: job for job in city.desk.room.jobs}["desk.ask_silent_citizens"].run()
    assert len(await city.heard("one", channel)) == before


async def test_what_a_person_has_in_hand_is_left_to_them(city: World) -> None:
    await city.ask("one", BEGUN)
    waiting = await city.ask("one", "转人工")
    await _one_person(city, "one", "web", "wechat")
    await city.ask("one", "你好", channel="wechat")
    assert "没有登记完" not in await _last(city, "one", "wechat")
    assert (await city.now(waiting)).dialogue == waiting.dialogue != ""
