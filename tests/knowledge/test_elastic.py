"""What only Elasticsearch's adapter does: templates, aliases, re-indexing without a gap, bulk, and what goes wrong."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
from elasticsearch import AsyncElasticsearch, BadRequestError

from kernel.clock import ManualClock
from kernel.errors import Invalid, Unavailable
from kernel.room import Floor
from kernel.settings import ElasticsearchSettings, KnowledgeSettings, Settings
from knowledge.adapters import elastic
from knowledge.adapters.elastic import ElasticEngine, client_of, query_of
from knowledge.adapters.tantivy import TantivyEngine
from knowledge.model import Entry
from knowledge.room import engine_of
from knowledge.standby import PAUSE, StandbyEngine
from tests.knowledge.elastic_server import ElasticServer, elastic_server, names

LOST = Entry("lost", "身份证丢失怎么补办", ("身份证不见了怎么办",), "请到派出所申报")
PERMIT = Entry("permit", "居住证怎么办理", ("暂住证怎么办",), "居住半年以上可以申领")


@pytest.fixture
async def server() -> AsyncIterator[ElasticServer]:
    async with elastic_server() as running:
        yield running


@pytest.fixture
async def client(server: ElasticServer) -> AsyncIterator[AsyncElasticsearch]:
    async with client_of(ElasticsearchSettings(server.url)) as made:
        yield made


@pytest.fixture
def engine(client: AsyncElasticsearch) -> ElasticEngine:
    return ElasticEngine(client, "hotline")


async def aliased(server: ElasticServer) -> list[str]:
    return sorted(server.aliases.get("hotline", ()))


async def test_an_index_follows_the_template_and_the_alias_is_on_it(
    engine: ElasticEngine, server: ElasticServer
) -> None:
    await engine.build((LOST,), 7)
    [name] = names(server)
    assert name.startswith("hotline-0000000007-")
    assert await aliased(server) == [name]
    assert server.templates["hotline"]["index_patterns"] == ["hotline-*"]
    assert server.indexes[name].meta == {"whole": True, "entries": 1}


async def test_the_same_entries_are_written_once_whoever_builds(engine: ElasticEngine, server: ElasticServer) -> None:
    await engine.build((LOST,), 1)
    written = len(server.bulk_sizes)
    again = await engine.build((LOST,), 1)
    assert len(server.bulk_sizes) == written
    assert [each.id for each in await again.search("身份证", 5)] == ["lost"]


async def test_what_another_process_left_half_done_is_done_anew(engine: ElasticEngine, server: ElasticServer) -> None:
    await engine.build((LOST, PERMIT), 1)
    [name] = names(server)
    server.indexes[name].meta = {}
    del server.indexes[name].written["permit"]
    index = await engine.build((LOST, PERMIT), 1)
    assert [each.id for each in await index.search("居住证", 5)] == ["permit", "lost"]


async def test_searches_by_the_alias_never_find_a_gap(engine: ElasticEngine, server: ElasticServer) -> None:
    await engine.build((LOST,), 1)
    found: list[int] = []

    async def search() -> None:
        for _ in range(60):
            found.append(len(server.aliases["hotline"]))
            await asyncio.sleep(0.001)

    searching = asyncio.create_task(search())
    for version in range(2, 6):
        await engine.build((LOST, PERMIT), version)
    await searching
    assert set(found) == {1}


async def test_two_versions_are_kept_and_who_holds_a_dropped_one_is_answered_from_the_newest(
    engine: ElasticEngine, server: ElasticServer
) -> None:
    first = await engine.build((LOST,), 1)
    for version in (2, 3, 4):
        await engine.build((PERMIT,), version)
    assert [name.split("-")[1] for name in names(server)] == ["0000000003", "0000000004"]
    assert [each.id for each in await first.search("居住证", 5)] == ["permit"]


async def test_a_process_that_lags_behind_does_not_turn_the_alias_back(
    engine: ElasticEngine, server: ElasticServer
) -> None:
    await engine.build((PERMIT,), 9)
    late = await engine.build((LOST,), 8)
    assert [name.split("-")[1] for name in await aliased(server)] == ["0000000009"]
    assert [each.id for each in await late.search("身份证", 5)] == ["lost"]


async def test_bulk_goes_in_chunks_one_after_the_other(
    engine: ElasticEngine, server: ElasticServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic, "CHUNK", 50)
    many = [Entry(f"e{n}", f"第{n}号服务事项") for n in range(230)]
    await engine.build(many, 1)
    assert server.bulk_sizes == [50, 50, 50, 50, 30]
    assert server.most_bulk_at_once == 1


async def test_a_server_that_has_too_much_to_do_is_waited_for(
    engine: ElasticEngine, server: ElasticServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic, "FIRST_WAIT", 0.01)
    server.busy = 3
    index = await engine.build((LOST, PERMIT), 1)
    assert server.busy == 0
    assert len(await index.search("怎么办", 5)) == 2


async def test_a_server_that_never_takes_it_leaves_no_whole_index(
    engine: ElasticEngine, server: ElasticServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elastic, "FIRST_WAIT", 0.001)
    monkeypatch.setattr(elastic, "LONGEST_WAIT", 0.001)
    server.busy = 1000
    with pytest.raises(Unavailable, match="search_engine"):
        await engine.build((LOST,), 1)
    assert await aliased(server) == []


async def test_a_query_is_of_the_kinds_the_stand_in_knows_and_others_are_refused(
    client: AsyncElasticsearch, engine: ElasticEngine, server: ElasticServer
) -> None:
    await engine.build((LOST,), 1)
    assert query_of("？！ ") is None
    with pytest.raises(BadRequestError, match="unknown query"):
        await client.search(index="hotline", query={"fuzzy": {"title": "身份证"}})
    with pytest.raises(BadRequestError, match="does not support"):
        await client.search(index="hotline", query={"multi_match": {"query": "x", "slop": 2, "fields": ["title"]}})


async def test_another_version_or_plain_json_is_refused(engine: ElasticEngine, server: ElasticServer) -> None:
    await engine.build((LOST,), 1)
    for kind in ("application/json", "application/vnd.elasticsearch+json; compatible-with=9"):
        async with aiohttp.ClientSession() as http:
            body = {"query": {"match": {"title": "身份证"}}}
            sent = http.post(f"{server.url}/hotline/_search", json=body, headers={"Accept": kind, "Content-Type": kind})
            async with sent as given:
                assert given.status == 400
                assert (await given.json())["error"]["type"] == "media_type_header_exception"


async def test_a_match_finds_what_multi_match_finds_in_the_one_field(
    client: AsyncElasticsearch, engine: ElasticEngine
) -> None:
    await engine.build((LOST, PERMIT), 1)
    one = await client.search(index="hotline", query={"match": {"title_words": {"query": "居住证 证", "boost": 2}}})
    many = {"multi_match": {"query": "居住证 证", "type": "most_fields", "fields": ["title_words^2"]}}
    two = await client.search(index="hotline", query=many)
    assert one["hits"]["hits"] == two["hits"]["hits"] != []


async def test_a_server_that_is_down_says_so_without_what_was_asked(
    engine: ElasticEngine, server: ElasticServer
) -> None:
    index = await engine.build((LOST,), 1)
    server.down = True
    with pytest.raises(Unavailable) as raised:
        await index.search("13800138000的身份证", 5)
    assert "13800138000" not in f"{raised.value} {raised.value.data} {raised.value.__cause__}"


async def test_the_standby_answers_while_the_server_does_not(
    engine: ElasticEngine, server: ElasticServer, clock: ManualClock
) -> None:
    both = StandbyEngine(engine, TantivyEngine(), clock)
    index = await both.build((LOST, PERMIT), 1)
    server.down = True
    assert (await index.search("居住证", 5))[0].id == "permit"
    asked = len(server.asked)
    assert (await index.search("居住证", 5))[0].id == "permit"
    assert len(server.asked) == asked, "nobody waits for it again at once"
    server.down = False
    clock.advance(PAUSE)
    assert (await index.search("居住证", 5))[0].id == "permit"
    assert len(server.asked) == asked + 1
    assert not index.stale


async def test_a_server_that_was_down_at_the_start_gets_its_index_later(
    engine: ElasticEngine, server: ElasticServer, clock: ManualClock
) -> None:
    server.down = True
    both = StandbyEngine(engine, TantivyEngine(), clock)
    index = await both.build((LOST,), 1)
    assert (await index.search("身份证", 5))[0].id == "lost"
    fresh = index.stale
    clock.advance(PAUSE + timedelta(seconds=1))
    assert (fresh, index.stale) == (False, True)
    server.down = False
    assert not (await both.build((LOST,), 1)).stale
    assert list(names(server))


def test_the_engine_is_a_setting(floor: Floor) -> None:
    def engine(name: str) -> object:
        return engine_of(Settings(knowledge=KnowledgeSettings(name)), floor.clock)

    assert isinstance(engine("tantivy"), TantivyEngine)
    assert isinstance(engine("elasticsearch"), StandbyEngine)
    with pytest.raises(Invalid):
        engine("solr")
