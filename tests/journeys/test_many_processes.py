"""Two web and two worker processes on PostgreSQL are one house, also when any of them is killed."""

import asyncio
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from hotline.serving import sole_process
from kernel.database import Database
from tests.journeys.conftest import free_port
from tests.journeys.house import Browser, RunningHouse, Visitor
from tests.journeys.many import ManyProcesses, many_processes
from tests.journeys.test_a_broken_street_lamp_is_reported_and_answered import (
    CONTACTED,
    REPLY,
    RESULT,
    act,
    report_a_lamp,
)
from tests.journeys.test_a_citizen_asks_for_a_person import waiting_for

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]

QUESTIONS = ("居住证怎么办理", "公积金怎么提取", "身份证丢了怎么补办", "结婚登记要带什么", "你好")
STOPPED_WITHIN = 10.0


@pytest.fixture(scope="module")
async def started(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ManyProcesses]:
    async with many_processes(tmp_path_factory.mktemp("many"), f"hotline_many_{os.getpid()}") as many:
        yield many


@pytest.fixture
async def many(started: ManyProcesses) -> ManyProcesses:
    """All four processes; those a test has killed are started again."""
    await started.start()
    return started


async def test_citizen_officer_and_reviewer_at_different_processes_are_in_one_house(many: ManyProcesses) -> None:
    here, there = many.web
    async with Visitor(here.url) as citizen, Browser(there.url) as officer, Browser(here.url) as reviewer:
        number, link = await report_a_lamp(citizen)
        async with Browser(there.url) as dispatcher:
            await dispatcher.sign_in("dispatcher")
            ticket = await dispatcher.get(f"/tickets/{number}")
            assert ticket["state"] == "dispatched", ticket["decision"]
        await officer.sign_in(ticket["unit"].lower())
        await reviewer.sign_in("reviewer")
        screen = await reviewer.watch()
        assert number in [row["number"] for row in (await officer.get("/tickets?view=inbox"))["items"]]
        await act(officer, number, "accept", {})
        await act(officer, number, "start", CONTACTED)
        await act(officer, number, "submit_result", RESULT)
        moved = [await screen.fact("ticketing.TicketMoved", f"ticket:{number}") for _ in range(3)]
        assert [each["data"]["action"] for each in moved] == ["accept", "start", "submit_result"]
        # The session is of the house, not of the process it was opened at.
        reviewer.url = there.url
        await act(reviewer, number, "release", REPLY)
        assert (await citizen.hear("更换灯泡"))["author"] == "unit"
        async with Browser(there.url) as anyone:
            page = await anyone.get(f"/track/{link.rsplit('/', 1)[-1]}")
            assert "更换灯泡" in page["reply"]["text"]
        await reviewer.call("DELETE", "/session")
        assert await screen.closed() == 4410, "signed out there, shown out here"


async def test_an_agent_and_a_citizen_at_different_processes_talk_to_each_other(many: ManyProcesses) -> None:
    here, there = many.web
    async with Visitor(here.url) as citizen, Browser(there.url) as agent:
        await agent.sign_in("agent")
        await citizen.ask("我要转人工", "转接")
        conversation = await waiting_for(agent, "转人工")
        await agent.post(f"/desk/conversations/{conversation}/claim")
        said = {"id": str(uuid.uuid4()), "text": "您好，我是话务员。"}
        await agent.post(f"/desk/conversations/{conversation}/messages", said)
        # The screen's line broke before the answer came: it sends again, to the process it now reaches (P14).
        agent.url = here.url
        await agent.post(f"/desk/conversations/{conversation}/messages", said)
        await citizen.hear("我是话务员")
        await agent.post(f"/desk/conversations/{conversation}/close")
        await citizen.hear("已结束")
        assert len([m for m in citizen.messages.values() if m["text"] == said["text"]]) == 1


async def test_a_wechat_post_is_answered_by_a_worker_in_the_same_http_response(many: ManyProcesses) -> None:
    many.hook(many.web[0])
    posted = await many.platform.says("many-question", "居住证怎么办理")
    assert [each.status for each in posted] == [200]
    shown = many.platform.account.citizens["many-question"].phone
    assert [each.how for each in shown] == ["passive"]
    assert "居住证" in shown[0].text


async def test_p01_the_platforms_retry_at_the_other_process_joins_the_same_wait(many: ManyProcesses) -> None:
    message = many.platform.message("many-retry", "text", Content="公积金怎么提取")
    many.platform.account.did("many-retry", "message")
    answered = "SELECT count(*) FROM journal WHERE kind = 'desk.BotAnswered'"
    before = await many.tables.fetchval(answered)
    many.freeze()
    many.hook(many.web[0])
    first = asyncio.create_task(many.platform.post(message))
    await many.came(str(message["MsgId"]))
    many.hook(many.web[1])
    again = asyncio.create_task(many.platform.post(message))
    await _waits(again)
    many.thaw()
    posts = await asyncio.gather(first, again)
    assert [each.status for each in posts] == [200, 200]
    assert sorted(each.body == "success" for each in posts) == [False, True], "one of them carries the answer"
    await many.all_answered({str(message["MsgId"])})
    assert await many.tables.fetchval(answered) - before == 1, "asked the bot twice"
    assert await _delivered(many, str(message["MsgId"])) == ["sent"]
    assert many.platform.account.citizens["many-retry"].phone == [], "sent a second time, by a message of its own"


async def _waits(post: asyncio.Task[object]) -> None:
    """The post has arrived and gets no answer yet."""
    done, _ = await asyncio.wait([post], timeout=0.5)
    assert not done


async def _delivered(many: ManyProcesses, external_id: str) -> list[str]:
    rows = await many.tables.fetch(
        "SELECT o.state FROM mailbox_out o JOIN mailbox_in i ON i.id = o.reply_to WHERE i.external_id = $1", external_id
    )
    return [row["state"] for row in rows]


async def conversation_of(many: ManyProcesses, citizen: Visitor) -> str:
    """What facts about the citizen's conversation are about."""
    found = "SELECT c.id FROM conversation c JOIN mailbox_in i ON i.address = c.address WHERE i.external_id = $1"
    return f"conversation:{await many.tables.fetchval(found, citizen.acked[0])}"


async def ask_on(web: RunningHouse, seed: int) -> set[str]:
    """A citizen who asks everything there is to ask, without waiting for answers; what was acknowledged."""
    said = set()
    async with Visitor(web.url) as citizen:
        for turn in range(2 * len(QUESTIONS)):
            said.add(await citizen.say(QUESTIONS[(seed + turn) % len(QUESTIONS)]))
    return said


async def test_when_a_worker_is_killed_under_load_the_other_takes_over_and_nothing_is_lost_or_doubled(
    many: ManyProcesses,
) -> None:
    victim, other = many.workers
    other.signal(signal.SIGSTOP)
    asking = [asyncio.create_task(ask_on(many.web[seed % 2], seed)) for seed in range(10)]
    held = await many.freeze_at_work(victim)
    victim.kill()
    other.signal(signal.SIGCONT)
    said = set().union(*await asyncio.gather(*asking))
    assert len(said) == 100
    await many.nothing_waits_but(held)
    await many.age_leases(timedelta(seconds=57))
    await many.all_answered(said)


async def test_when_a_web_process_is_killed_its_pages_go_on_at_the_other(many: ManyProcesses) -> None:
    victim, other = many.web
    many.hook(victim)
    async with Visitor(victim.url) as citizen, Visitor(victim.url) as hasty, Browser(victim.url) as agent:
        await agent.sign_in("agent")
        screen = await agent.watch()
        await citizen.ask("你好")
        await screen.fact("desk.BotAnswered", await conversation_of(many, citizen))
        seen = set(citizen.messages)
        many.freeze()
        asked = await citizen.say("居住证怎么办理")
        post = many.platform.message("many-killed", "text", Content="身份证丢了怎么补办")
        posting = asyncio.create_task(many.platform.happens(post))
        await many.came(str(post["MsgId"]))
        # Whether this one was kept, nobody can tell its page.
        words, unsure = "公积金怎么提取", str(uuid.uuid4())
        await hasty.socket.send_json({"type": "say", "id": unsure, "text": words, "attachments": []})
        victim.kill()
        many.hook(other)
        many.thaw()
        await citizen.move_to(other.url)
        await hasty.move_to(other.url)
        await hasty.say(words, message_id=unsure)
        assert "居住证" in (await citizen.hear("居住证"))["text"]
        await hasty.hear("购房贷款")
        assert [each.status for each in await posting][-1] == 200
        await many.all_answered({asked, unsure, str(post["MsgId"])})
        assert min(set(citizen.messages) - seen) > max(seen), "told again what it had"
        for page in (citizen, hasty):
            assert len({m["id"] for m in page.messages.values()}) == len(page.messages)
        assert len(many.platform.account.citizens["many-killed"].phone) == 1
        assert await screen.closed() == 1006
        agent.url = other.url
        again = await agent.watch(after=screen.position)
        missed = await again.fact("desk.BotAnswered", await conversation_of(many, citizen))
        assert missed["position"] > screen.position


async def test_all_processes_stop_within_ten_seconds_and_tell_their_pages(many: ManyProcesses) -> None:
    async with Browser(many.web[0].url) as officer, aiohttp.ClientSession() as idle:
        await officer.sign_in("reviewer")
        screen = await officer.watch()
        visitors = [Visitor(many.web[number % 2].url) for number in range(6)]
        for visitor in visitors:
            await visitor.__aenter__()
            await visitor.say("居住证怎么办理")
        # One that never says hello does not hold up the others.
        await idle.ws_connect(many.web[1].url.replace("http", "ws") + "/api/v1/chat")
        began = time.monotonic()
        for process in many.all:
            assert process.process is not None
            process.process.terminate()
        for visitor in visitors:
            assert (await visitor.frame("bye"))["after"] > 0
        assert await screen.closed() == 1012
        for process in many.all:
            assert process.process is not None
            code = await asyncio.to_thread(process.process.wait, 15)
            assert code == 0, process.output()
        assert time.monotonic() - began < STOPPED_WITHIN
        for visitor in visitors:
            await visitor.__aexit__()
    said = {each for visitor in visitors for each in visitor.acked}
    kept = await many.tables.fetch("SELECT external_id FROM mailbox_in WHERE external_id = ANY($1)", list(said))
    assert len(said) == len(visitors)
    assert sorted(row["external_id"] for row in kept) == sorted(said)
    held = await many.tables.fetchval("SELECT count(*) FROM mailbox_lane WHERE lease_until IS NOT NULL")
    assert held == 0, "citizens would wait for the lease of a worker that went politely"


async def test_several_processes_on_sqlite_are_refused_with_a_clear_message(tmp_path: Path) -> None:
    first = Database(f"sqlite+aiosqlite:///{tmp_path}/hotline.sqlite3")
    said = {"web": "需要 PostgreSQL", "worker": "需要 PostgreSQL", "serve": "SQLite 只能由一个进程打开"}
    with sole_process(first):
        refused = [RunningHouse(tmp_path, free_port(), role, name=role) for role in said]
        for house in refused:
            house.start()
        for house in refused:
            assert house.process is not None
            assert await asyncio.to_thread(house.process.wait, 60) == 1
            assert said[house.role] in house.said()
            assert "Traceback" not in house.said()
