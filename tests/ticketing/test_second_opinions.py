"""A language model gives its opinion on what nobody is sure of: masked, never for secret tickets, never deciding."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from kernel.clock import ManualClock
from kernel.room import Floor
from kernel.settings import SecondOpinionSettings, Settings
from tests.ticketing.city import AGENT, DISPATCHER, City, Hotline, hotline
from ticketing.model.duties import Candidate, DispatchDecision, Opinion
from ticketing.model.labels import Action, Secrecy, State
from ticketing.model.ticket import Ticket
from ticketing.rules.opinions import LONGEST_TEXT, heard, opinion_in, told_outside

UNSURE = "桂城这个事情大家看看怎么办"
Answer = Callable[[str], str | web.Response]


def first(_asked: str) -> str:
    return '{"matter": 1, "why": "说的是水"}'


@dataclass
class Model:
    """Stands in for a chat interface: ``answer`` makes what it says, ``meanwhile`` happens before."""

    answer: Answer = first
    meanwhile: Callable[[], Awaitable[object]] | None = None
    asked: list[str] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)

    async def chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        assert (body["model"], body["temperature"]) == ("m-1", 0)
        assert [each["role"] for each in body["messages"]] == ["system", "user"]
        self.headers.append(request.headers.get("Authorization", ""))
        self.asked.append(body["messages"][1]["content"])
        if self.meanwhile is not None:
            await self.meanwhile()
        said = self.answer(self.asked[-1])
        if isinstance(said, web.Response):
            return said
        return web.json_response({"choices": [{"message": {"role": "assistant", "content": said}}]})


@asynccontextmanager
async def asking(
    floor: Floor, clock: ManualClock, city: City, model: Model, seconds: float = 5.0
) -> AsyncIterator[Hotline]:
    app = web.Application()
    app.router.add_post("/v1/chat/completions", model.chat)
    server = TestServer(app)
    await server.start_server()
    told = SecondOpinionSettings(str(server.make_url("/v1/")), "k", "m-1", matters=4, timeout_seconds=seconds)
    desk = hotline(replace(floor, settings=Settings(second_opinion=told)), clock, city)
    try:
        yield desk
    finally:
        for stop in desk.room.room.stopping:
            await stop()
        await server.close()


async def ask(desk: Hotline) -> int:
    job = next(each for each in desk.room.room.jobs if each.name == "ticketing.second_opinions")
    written = await job.run()
    assert isinstance(written, int)
    return written


async def decided(desk: Hotline, ticket: Ticket) -> DispatchDecision:
    async with desk.database.reading() as tx:
        found = await desk.room.queries.decision(tx, ticket.number)
    assert found is not None
    return found


async def waits(desk: Hotline, text: str = UNSURE, **more: object) -> Ticket:
    ticket = await desk.open(text, AGENT, place="", area="440605011", **more)
    assert ticket.state is State.TRIAGE
    return ticket


async def test_an_opinion_is_shown_beside_the_candidates_and_decides_nothing(
    floor: Floor, clock: ManualClock, city: City
) -> None:
    model = Model()
    async with asking(floor, clock, city, model) as desk:
        ticket = await waits(desk)
        before = await decided(desk, ticket)
        assert await ask(desk) == 1
        after, now = await decided(desk, ticket), await desk.now(ticket)
    matter = desk.room.catalogue.classifier.rank(ticket.text)[0].matter
    assert after.opinion == Opinion("m-1", matter, "说的是水")
    name = desk.room.catalogue.matter(matter).name
    assert after.explanation[-1] == f"第二意见（m-1，仅供参考）：更像「{name}」，说的是水"
    assert (now.state, now.lead, now.version) == (State.TRIAGE, None, ticket.version)
    assert {each.unit for each in after.candidates} == {each.unit for each in before.candidates}
    assert not after.automatic
    assert model.headers == ["Bearer k"]
    assert f"1. {desk.room.catalogue.matter(matter).level1}/" in model.asked[0]
    assert "5. " not in model.asked[0]


async def test_nobody_is_asked_twice_and_nothing_leaves_when_it_is_off(
    desk: Hotline, floor: Floor, clock: ManualClock, city: City
) -> None:
    await waits(desk)
    assert await ask(desk) == 0
    model = Model()
    async with asking(floor, clock, city, model) as asked:
        assert await ask(asked) == 1
        assert await ask(asked) == 0
    assert len(model.asked) == 1


async def test_only_masked_words_leave_and_none_of_secret_tickets(floor: Floor, clock: ManualClock, city: City) -> None:
    model = Model()
    words = "我叫张伟强，440623198001011234，13812345678，桂城这个事情大家看看怎么办"
    async with asking(floor, clock, city, model) as desk:
        for secrecy in (Secrecy.REPORT, Secrecy.CONFIDENTIAL):
            await waits(desk, secrecy=secrecy)
        assert await ask(desk) == 0
        await waits(desk, words)
        assert await ask(desk) == 1
    (asked,) = model.asked
    assert not any(part in asked for part in ("13812345678", "440623198001011234", "张伟强"))
    assert "这个事情大家看看怎么办" in asked


async def test_whoever_decides_meanwhile_is_not_overruled(floor: Floor, clock: ManualClock, city: City) -> None:
    sent: list[Ticket] = []
    model = Model()
    async with asking(floor, clock, city, model) as desk:
        ticket = await waits(desk)

        async def dispatch() -> None:
            matter = {"unit": "NH-GA", "matter": "public-security"}
            sent.append(await desk.act(ticket, Action.DISPATCH, DISPATCHER, **matter))

        model.meanwhile = dispatch
        assert await ask(desk) == 0
        now, decision = await desk.now(ticket), await decided(desk, ticket)
    assert (now.state, now.version) == (State.DISPATCHED, sent[0].version)
    assert decision.opinion is None


@pytest.mark.parametrize("status", [500, 302, 429])
async def test_after_a_failure_nobody_is_asked_for_a_while(
    floor: Floor, clock: ManualClock, city: City, status: int
) -> None:
    model = Model(lambda _asked: web.Response(status=status, text="no", headers={"Location": "/elsewhere"}))
    async with asking(floor, clock, city, model) as desk:
        ticket = await waits(desk)
        await waits(desk)
        assert await ask(desk) == 0
        assert await ask(desk) == 0
        assert len(model.asked) == 1
        assert (await decided(desk, ticket)).opinion is None
        model.answer = first
        clock.advance(timedelta(minutes=5))
        assert await ask(desk) == 2


async def test_a_model_that_does_not_answer_in_time_is_a_failure(floor: Floor, clock: ManualClock, city: City) -> None:
    async with asking(floor, clock, city, Model(), seconds=0.000001) as desk:
        ticket = await waits(desk)
        assert await ask(desk) == 0
        assert (await decided(desk, ticket)).opinion is None


async def test_an_answer_nobody_can_read_does_not_hold_up_the_others(
    floor: Floor, clock: ManualClock, city: City
) -> None:
    model = Model(lambda asked: "我认为应该……" if "特别的" in asked else first(asked))
    async with asking(floor, clock, city, model) as desk:
        lost, other = await waits(desk, "特别的" + UNSURE), await waits(desk)
        assert await ask(desk) == 2
        first_, second = await decided(desk, lost), await decided(desk, other)
    assert first_.opinion == Opinion("m-1", readable=False)
    assert first_.explanation[-1] == "第二意见（m-1，仅供参考）：回答无法识别"
    assert second.opinion is not None
    assert second.opinion.matter


def test_answers_are_read_also_when_wrapped_and_only_what_was_asked_counts(city: City) -> None:
    matters = city.matters[:3]
    assert opinion_in('```json\n{"matter": 2, "why": " 因为 13812345678 "}\n```', matters, "m") == Opinion(
        "m", matters[1].code, "因为 138****5678"
    )
    assert opinion_in('{"matter": 0}', matters, "m") == Opinion("m")
    for unreadable in ("", "{}", '{"matter": 4}', '{"matter": -1}', '{"matter": "2"}', '{"matter": true}', "[1]", "}{"):
        assert opinion_in(unreadable, matters, "m") == Opinion("m", readable=False), unreadable
    assert len(opinion_in(json.dumps({"matter": 1, "why": "长" * 500}), matters, "m").why) == 60


def test_units_of_the_meant_matter_stand_first_as_sure_as_before() -> None:
    candidates = (
        Candidate("A", 0.5, "roads/build@A"),
        Candidate("B", 0.3, "water/pipes@B"),
        Candidate("C", 0.1, "water/pipes@C"),
    )
    decision = DispatchDecision(False, candidates, ("一",), reader="classifier")
    turned = heard(decision, Opinion("m", "water", "漏水"), "供水")
    assert turned.candidates == (candidates[1], candidates[2], candidates[0])
    assert turned.explanation == ("一", "第二意见（m，仅供参考）：更像「供水」，漏水")
    none = heard(decision, Opinion("m"), "")
    assert none.candidates == candidates
    assert none.explanation[-1] == "第二意见（m，仅供参考）：以上事项都不像"


def test_no_more_leaves_than_is_needed() -> None:
    assert len(told_outside("水" * 5000)) == LONGEST_TEXT
