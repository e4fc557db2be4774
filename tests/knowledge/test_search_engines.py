"""What every search engine must do; another engine is one more line in ENGINES.

Elasticsearch is a stand-in that executes the adapter's requests, and a real server as well wherever
``HOTLINE_ELASTICSEARCH_URL`` answers.
"""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime

import pytest

from kernel.clock import ManualClock
from kernel.settings import ElasticsearchSettings
from knowledge.adapters.elastic import ElasticEngine, client_of
from knowledge.adapters.tantivy import THREAD_FROM, TantivyEngine
from knowledge.importing import read_entries
from knowledge.looking import LookingEngine
from knowledge.model import Entry, SearchEngine
from knowledge.rules.hearing import Ear
from knowledge.shelf import ear_of
from knowledge.standby import StandbyEngine
from knowledge.wordlists import read_wording
from tests.knowledge.elastic_server import elastic_server
from tests.knowledge.test_calibration import questions
from tests.rooms import CITY

Made = Callable[[], AbstractAsyncContextManager[SearchEngine]]
REAL = os.environ.get("HOTLINE_ELASTICSEARCH_URL", "")


@asynccontextmanager
async def tantivy() -> AsyncIterator[SearchEngine]:
    """The embedded engine."""
    engine = TantivyEngine()
    yield engine
    await engine.close()


@asynccontextmanager
async def elastic_stand_in() -> AsyncIterator[SearchEngine]:
    """Elasticsearch's adapter over a stand-in."""
    async with elastic_server() as server:
        engine = ElasticEngine(client_of(ElasticsearchSettings(server.url, timeout_seconds=20)), "test")
        yield engine
        await engine.close()


@asynccontextmanager
async def elastic_real() -> AsyncIterator[SearchEngine]:
    """Elasticsearch's adapter over a real server, which is left as it was."""
    name = f"hotline-test-{uuid.uuid4().hex[:8]}"
    key = os.environ.get("HOTLINE_ELASTICSEARCH_API_KEY", "")
    client = client_of(ElasticsearchSettings(REAL, key, timeout_seconds=20))
    yield ElasticEngine(client, name)
    for index in await client.indices.get_alias(index=f"{name}-*"):
        await client.indices.delete(index=index)
    await client.indices.delete_index_template(name=name)
    await client.close()


@asynccontextmanager
async def standby() -> AsyncIterator[SearchEngine]:
    """Elasticsearch with the embedded engine standing by."""
    async with elastic_stand_in() as first:
        yield StandbyEngine(first, TantivyEngine(), ManualClock(datetime(2026, 6, 1, tzinfo=UTC)))


@asynccontextmanager
async def tantivy_looked_at() -> AsyncIterator[SearchEngine]:
    """The embedded engine, its best gone through a second time."""
    async with tantivy() as worded:
        yield LookingEngine(worded)


@asynccontextmanager
async def standby_looked_at() -> AsyncIterator[SearchEngine]:
    """What a house with Elasticsearch searches with."""
    async with standby() as worded:
        yield LookingEngine(worded)


ENGINES = [
    pytest.param(tantivy, id="tantivy"),
    pytest.param(elastic_stand_in, id="elasticsearch-stand-in"),
    pytest.param(standby, id="standby"),
    pytest.param(
        elastic_real,
        id="elasticsearch",
        marks=pytest.mark.skipif(not REAL, reason="HOTLINE_ELASTICSEARCH_URL names no server"),
    ),
]
LOOKED_AT = [
    pytest.param(tantivy_looked_at, id="tantivy-looked-at"),
    pytest.param(standby_looked_at, id="standby-looked-at"),
]

LOST = Entry("lost", "身份证丢失怎么补办", ("身份证不见了怎么办",), "请到派出所申报，急用可申领临时身份证")
PERMIT = Entry("permit", "居住证怎么办理", ("暂住证怎么办",), "居住半年以上可以申领，出示身份证")
DOG = Entry("dog", "养狗要遵守什么规定", ("狗要打疫苗吗",), "携犬外出应系犬绳")
ENTRIES = (LOST, PERMIT, DOG)


@pytest.fixture(params=ENGINES + LOOKED_AT)
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[SearchEngine]:
    made: Made = request.param
    async with made() as found:
        yield found


async def ids(engine: SearchEngine, text: str, limit: int = 5) -> list[str]:
    index = await engine.build(ENTRIES, 1)
    found = await index.search(text, limit)
    await index.close()
    return [each.id for each in found]


async def test_an_entry_is_found_by_its_title(engine: SearchEngine) -> None:
    assert (await ids(engine, "居住证怎么办理"))[0] == "permit"


async def test_an_entry_is_found_by_another_way_to_ask(engine: SearchEngine) -> None:
    assert (await ids(engine, "暂住证"))[0] == "permit"


async def test_an_entry_is_found_by_its_text(engine: SearchEngine) -> None:
    assert (await ids(engine, "系犬绳"))[0] == "dog"


async def test_the_title_counts_more_than_the_text(engine: SearchEngine) -> None:
    found = await ids(engine, "身份证")
    assert found[:2] == ["lost", "permit"]


async def test_part_of_the_words_is_enough(engine: SearchEngine) -> None:
    assert (await ids(engine, "我的身份证昨天坐车时丢失了很着急"))[0] == "lost"


async def test_traditional_and_full_width_writing_finds_the_same(engine: SearchEngine) -> None:
    assert await ids(engine, "身份證") == await ids(engine, "身份证")


@pytest.mark.parametrize("text", ["", "   ", "？？！", "zzz", "龘龘"])
async def test_what_matches_nothing_finds_nothing(engine: SearchEngine, text: str) -> None:
    assert await ids(engine, text) == []


@pytest.mark.parametrize("text", ["身份证 AND NOT", 'title:"居住证"', "(养狗", "+身份证 -丢失", "*:*", "狗^9999", "\\"])
async def test_signs_of_a_query_language_are_only_signs(engine: SearchEngine, text: str) -> None:
    assert set(await ids(engine, text)) <= {"lost", "permit", "dog"}


async def test_no_more_than_the_limit_is_given_best_first(engine: SearchEngine) -> None:
    index = await engine.build(ENTRIES, 1)
    found = await index.search("身份证怎么办", 5)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert all(each.score > 0 for each in found)
    assert await index.search("身份证怎么办", 1) == found[:1]
    await index.close()


async def test_an_index_without_entries_finds_nothing(engine: SearchEngine) -> None:
    index = await engine.build((), 1)
    assert await index.search("身份证", 5) == ()
    await index.close()


async def test_an_old_index_answers_on_while_a_new_one_is_there(engine: SearchEngine) -> None:
    old = await engine.build((LOST,), 1)
    new = await engine.build((PERMIT,), 2)
    assert [each.id for each in await old.search("身份证丢失", 5)] == ["lost"]
    assert [each.id for each in await new.search("身份证丢失", 5)] == ["permit"]
    await old.close()
    assert [each.id for each in await new.search("居住证", 5)] == ["permit"]
    await new.close()


async def test_many_searches_at_once_each_get_their_own(engine: SearchEngine) -> None:
    index = await engine.build(ENTRIES, 1)
    texts = ["身份证丢失", "居住证", "养狗"] * 20
    found = await asyncio.gather(*(index.search(text, 1) for text in texts))
    assert [each[0].id for each in found] == ["lost", "permit", "dog"] * 20
    await index.close()


async def test_thousands_of_entries_are_searched_as_well(engine: SearchEngine) -> None:
    many = tuple(Entry(f"e{n}", f"第{n}号服务事项") for n in range(THREAD_FROM))
    index = await engine.build((*many, LOST), 1)
    assert (await index.search("身份证丢失", 3))[0].id == "lost"
    await index.close()


@pytest.mark.parametrize("text", ["居住正怎么办理", "身份正丢失怎么补办", "居住争"])
async def test_what_was_heard_is_found_by_every_engine(engine: SearchEngine, text: str) -> None:
    heard = Ear.of(ENTRIES, ("身份证",)).hear(text)
    assert (await ids(engine, heard.text))[0] == ("permit" if "居住" in text else "lost")


@pytest.mark.parametrize("looked", [False, True], ids=["as-found", "looked-at"])
@pytest.mark.parametrize("other", ENGINES[1:])
async def test_other_engines_find_the_same_three_first(other: Made, looked: bool) -> None:
    """Of the questions of both sets over the demo city's entries at least 95 in 100 have the same first three."""
    wording = read_wording()
    entries = [
        Entry(
            each.id,
            wording.plain(each.title),
            tuple(map(wording.plain, each.variants)),
            wording.plain("\n".join((each.short, each.full, *each.materials))),
        )
        for _, each in read_entries(CITY / "articles")[0]
    ]
    asked = [wording.plain(text) for name in ("tuning", "check") for text, _ in questions(name)]
    ear = ear_of(entries, wording)
    asked += [heard.text for text in asked if (heard := ear.hear(text)).changes]
    async with tantivy() as one, other() as two:
        left, right = (LookingEngine(one), LookingEngine(two)) if looked else (one, two)
        first, second = await left.build(entries, 1), await right.build(entries, 1)
        same = [await first.search(text, 3) for text in asked], [await second.search(text, 3) for text in asked]
        alike = sum([a.id for a in x] == [b.id for b in y] for x, y in zip(*same, strict=True))
    assert len(asked) > 200
    assert alike >= 0.95 * len(asked), alike / len(asked)
