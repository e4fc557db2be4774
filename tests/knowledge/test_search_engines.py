"""What every search engine must do; another engine is one more line in ENGINES."""

import asyncio

import pytest

from knowledge.adapters.tantivy import THREAD_FROM, TantivyEngine
from knowledge.model import Entry, SearchEngine

ENGINES = [pytest.param(TantivyEngine, id="tantivy")]

LOST = Entry("lost", "身份证丢失怎么补办", ("身份证不见了怎么办",), "请到派出所申报，急用可申领临时身份证")
PERMIT = Entry("permit", "居住证怎么办理", ("暂住证怎么办",), "居住半年以上可以申领，出示身份证")
DOG = Entry("dog", "养狗要遵守什么规定", ("狗要打疫苗吗",), "携犬外出应系犬绳")
ENTRIES = (LOST, PERMIT, DOG)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> SearchEngine:
    made: SearchEngine = request.param()
    return made


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
