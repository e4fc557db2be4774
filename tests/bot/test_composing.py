"""A language model may say an entry in other words and nothing else; it lies, is slow or is not there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.adapters.composer import Composer
from bot.adapters.local import LocalReader
from bot.assistant import Assistant
from bot.composing import Composing
from bot.model import Caller, Dialogue, Entry, Say
from bot.rules.composing import kept, material_of
from bot.understanding import Understanding
from directory.lookup import Lookup
from kernel.clock import ManualClock
from kernel.emergency import load_emergencies
from kernel.ids import new_id
from kernel.messages import Address, Inbound, InboundKind
from kernel.room import Floor
from kernel.settings import ComposerSettings
from tests.bot.doors import Book, Box, Shelf, articles
from tests.rooms import CITY

PERMIT = Entry(
    "permit",
    "居住证续签",
    "居住证每年签注一次，期满前30日内到居住地派出所或者网上办理。逾期未办的，居住证使用功能中止，补办后恢复。不需要交费。",
    "公安局",
    "2026-05-01",
    {"materials": "居住证、居住地住址证明", "fee": "免费", "phone": "0757-12345"},
)
MATERIAL = material_of(PERMIT)


@pytest.mark.parametrize(
    "said",
    [
        "居住证每年签注一次。",
        "您好，期满前30日内到居住地派出所或者网上办理。",
        "期满前30日内，到派出所或者网上办理。",
        "不需要交费。",
        "材料：居住证、居住地住址证明。",
        "逾期未办的，居住证使用功能中止，补办后恢复。希望对您有帮助！",
    ],
)
def test_what_the_entry_says_stays_also_in_other_order(said: str) -> None:
    assert kept(said, MATERIAL) == said


@pytest.mark.parametrize(
    "lie",
    [
        "期满前60日内到居住地派出所办理。",
        "需要交费。",
        "需要交费20元。",
        "居住证不用每年签注。",
        "逾期未办的，居住证使用功能不中止。",
        "请拨打0757-88888888咨询。",
        "请登录 www.example.com 办理。",
        "可以委托中介代办，当天拿证。",
        "到市政府三楼办理。",
        "必须本人到居住地派出所办理。",
        "您好。",
        "希望对您有帮助！",
        "",
    ],
)
def test_what_it_does_not_say_is_dropped(lie: str) -> None:
    assert kept(lie, MATERIAL) == ""


def test_of_an_answer_only_the_borne_out_sentences_stay() -> None:
    said = "居住证每年签注一次。办理需要收费50元。不需要交费。"
    assert kept(said, MATERIAL) == "居住证每年签注一次。不需要交费。"
    assert kept("居住证每年签注一次。" * 200, MATERIAL).count("居住证") <= 40


@dataclass
class Model:
    """Stands in for a chat interface."""

    says: str | web.Response = ""
    asked: list[str] = field(default_factory=list)

    async def chat(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.asked.append(body["messages"][1]["content"])
        if isinstance(self.says, web.Response):
            return web.Response(status=self.says.status, text="no")
        return web.json_response({"choices": [{"message": {"content": self.says}}]})


@dataclass
class Talking:
    """A bot beside a model."""

    assistant: Assistant
    shelf: Shelf
    clock: ManualClock

    async def say(self, text: str) -> str:
        address, now = Address("web", "main", "one"), self.clock.now()
        inbound = Inbound(new_id(), address, new_id(), InboundKind.TEXT, text, now, now)
        step = (await self.assistant.think(Dialogue(), inbound, Caller("", address, ""))).step
        said = step.acts[0]
        assert isinstance(said, Say)
        assert said.reply.citations
        return said.reply.text


@asynccontextmanager
async def talking(
    floor: Floor, clock: ManualClock, lookup: Lookup, reader: LocalReader, model: Model, seconds: float = 5.0
) -> AsyncIterator[Talking]:
    app = web.Application()
    app.router.add_post("/v1/chat/completions", model.chat)
    server = TestServer(app)
    await server.start_server()
    composer = Composer(ComposerSettings(str(server.make_url("/v1")), "k", "m", seconds))
    shelf, book = Shelf(articles(CITY / "articles")), Book(lookup, clock)
    understanding = Understanding(reader, lookup, floor.settings.bot.unsure)
    composing = Composing(composer, clock)
    assistant = Assistant(floor, understanding, load_emergencies(), lookup, shelf, book, book, Box(), composing)
    try:
        yield Talking(assistant, shelf, clock)
    finally:
        await composer.stop()
        await server.close()


ASKED = "居住证怎么办理"


async def quoted(talk: Talking) -> str:
    article = await talk.shelf.article("residence-permit")
    return article.short


async def test_an_answer_borne_out_is_said_with_its_source_and_the_rest_is_not(
    city_floor: Floor, clock: ManualClock, lookup: Lookup, reader: LocalReader
) -> None:
    model = Model()
    async with talking(city_floor, clock, lookup, reader, model) as talk:
        short = await quoted(talk)
        first = short.split("。")[0].split("，")[0] + "。"
        model.says = f"{first}办理要交三千元。"
        said = await talk.say(ASKED)
    assert said == f"{first}\n（以上按条目整理，以条目原文为准）"
    assert ASKED in model.asked[0]
    assert short in model.asked[0]


async def test_no_number_of_the_citizen_leaves(
    city_floor: Floor, clock: ManualClock, lookup: Lookup, reader: LocalReader
) -> None:
    model = Model("居住证每年签注一次。")
    async with talking(city_floor, clock, lookup, reader, model) as talk:
        assert talk.assistant._composing is not None
        await talk.assistant._composing._model.compose("我叫张伟强，电话13812345678，续签怎么办", PERMIT)
    assert "13812345678" not in model.asked[0]
    assert "续签怎么办" in model.asked[0]


async def test_a_model_that_lies_throughout_leaves_the_entry_as_it_stands(
    city_floor: Floor, clock: ManualClock, lookup: Lookup, reader: LocalReader
) -> None:
    async with talking(city_floor, clock, lookup, reader, Model("无需任何材料，当场免费发证。")) as talk:
        assert await talk.say(ASKED) == await quoted(talk)


async def test_after_a_failure_the_entry_is_quoted_and_nobody_is_asked_for_a_while(
    city_floor: Floor, clock: ManualClock, lookup: Lookup, reader: LocalReader
) -> None:
    model = Model(web.Response(status=500))
    async with talking(city_floor, clock, lookup, reader, model) as talk:
        assert await talk.say(ASKED) == await quoted(talk)
        assert await talk.say(ASKED) == await quoted(talk)
        assert len(model.asked) == 1
        clock.advance(timedelta(minutes=5))
        await talk.say(ASKED)
    assert len(model.asked) == 2


async def test_a_model_that_is_too_slow_costs_only_its_time(
    city_floor: Floor, clock: ManualClock, lookup: Lookup, reader: LocalReader
) -> None:
    async with talking(city_floor, clock, lookup, reader, Model("居住证"), seconds=0.000001) as talk:
        assert await talk.say(ASKED) == await quoted(talk)


async def test_without_an_address_nothing_leaves(
    city_floor: Floor, clock: ManualClock, lookup: Lookup, reader: LocalReader
) -> None:
    model = Model("居住证")
    async with talking(city_floor, clock, lookup, reader, model) as talk:
        talk.assistant._composing = Composing(Composer(ComposerSettings()), clock)
        assert await talk.say(ASKED) == await quoted(talk)
    assert model.asked == []
