"""The door of the room: answers from published entries, what it could not answer, what helped."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from directory.room import DirectoryRoom
from kernel.clock import ManualClock
from kernel.errors import NotFound, Unavailable
from kernel.room import Floor
from knowledge.model import QuestionReason, UnansweredQuestion, Verdict
from knowledge.room import KnowledgeRoom, build
from tests.knowledge.conftest import Publish
from tests.knowledge.entries import DOGS, FUND, ID_LOST, RENTAL
from tests.knowledge.small_city import EAST, PINE, STONE


async def queue(floor: Floor, room: KnowledgeRoom) -> list[UnansweredQuestion]:
    async with floor.database.reading() as tx:
        return list(await room.library.unanswered(tx))


async def test_a_question_is_answered_with_the_entry_that_fits(knowledge: KnowledgeRoom) -> None:
    answer = await knowledge.library.answer("我的身份证丢了，在哪里补办？")
    assert answer.certain
    assert answer.hits[0].article.id == ID_LOST.id


@pytest.mark.parametrize("asked", ["公鸡金可以怎么提取", "離職攻積金怎麼取", "租房可以提取公急金吗"])
async def test_a_question_written_by_its_sound_is_answered_and_says_how_it_was_taken(
    knowledge: KnowledgeRoom, asked: str
) -> None:
    answer = await knowledge.library.answer(asked)
    assert answer.certain
    assert answer.hits[0].article.id == FUND.id
    assert answer.hits[0].why[0].endswith("→公积金")


async def test_what_may_have_been_meant_as_written_is_asked_back(knowledge: KnowledgeRoom, publish: Publish) -> None:
    await publish(replace(DOGS, id="passport", title="护照怎么办理", variants=("办护照要带什么",)))
    slip, right = await knowledge.library.answer("护罩怎么办理"), await knowledge.library.answer("护照怎么办理")
    assert (slip.verdict, [hit.article.id for hit in slip.choices]) == (Verdict.CHOOSE, ["passport"])
    assert slip.choices[0].why[0] == "按读音理解：护罩→护照"
    assert right.certain
    assert not right.hits[0].why[0].startswith("按读音")


async def test_an_empty_question_has_no_answer(knowledge: KnowledgeRoom) -> None:
    assert (await knowledge.library.answer("  \n ")).verdict is Verdict.UNKNOWN


async def test_a_megabyte_of_text_is_only_a_question_nobody_can_answer(knowledge: KnowledgeRoom) -> None:
    assert not (await knowledge.library.answer("路灯坏了。" * 200_000)).certain


async def test_the_name_of_an_area_in_the_question_tells_where_and_not_what(knowledge: KnowledgeRoom) -> None:
    answer = await knowledge.library.answer("在东湖区松园街道怎么办居住证")
    assert answer.certain
    assert answer.hits[0].article.id == "residence-permit"


async def test_the_area_the_question_names_decides_between_local_entries(
    knowledge: KnowledgeRoom, publish: Publish
) -> None:
    await publish(replace(RENTAL, areas=(EAST,), short="东湖的办法"))
    east = await knowledge.library.answer("松园街道公租房怎么申请")
    west = await knowledge.library.answer("公租房怎么申请", area=STONE)
    nowhere = await knowledge.library.answer("公租房怎么申请")
    assert (east.certain, east.hits[0].article.id) == (True, RENTAL.id)
    assert RENTAL.id not in {hit.article.id for hit in west.hits}
    assert nowhere.verdict is Verdict.CHOOSE


async def test_an_area_nobody_knows_is_told(knowledge: KnowledgeRoom) -> None:
    with pytest.raises(NotFound):
        await knowledge.library.answer("居住证", area="123456")


async def test_an_entry_past_its_last_day_is_gone_at_midnight_without_any_job(
    knowledge: KnowledgeRoom, publish: Publish, clock: ManualClock
) -> None:
    await publish(replace(DOGS, valid_to=date(2026, 3, 16)))
    clock.set(datetime(2026, 3, 16, 15, 59, tzinfo=UTC))
    assert (await knowledge.library.answer(DOGS.title)).certain
    clock.advance(timedelta(minutes=1))
    assert DOGS.id not in {hit.article.id for hit in (await knowledge.library.answer(DOGS.title)).hits}
    with pytest.raises(NotFound):
        await knowledge.library.article(DOGS.id)


async def test_the_shelf_is_filled_by_the_first_question(
    floor: Floor, knowledge: KnowledgeRoom, directory: DirectoryRoom
) -> None:
    other = build(floor, directory.lookup)
    with pytest.raises(Unavailable):
        other.library.in_force()
    assert (await other.library.answer(ID_LOST.title)).certain
    await other.library.check()


async def test_another_process_learns_of_a_new_entry_at_its_next_step(
    floor: Floor, knowledge: KnowledgeRoom, directory: DirectoryRoom, publish: Publish
) -> None:
    other = build(floor, directory.lookup)
    await other.shelf.start()
    await publish(replace(DOGS, id="cat-keeping", title="养猫要遵守什么规定", variants=("养猫要办证吗",)))
    assert not (await other.library.answer("养猫要办证吗")).certain
    loop = next(each for each in other.room.loops if each.name == "knowledge.index")
    assert loop.in_web
    assert await loop.step() is False
    assert (await other.library.answer("养猫要办证吗")).certain


async def test_a_change_of_entries_rings_the_bell_after_commit(
    floor: Floor, empty: KnowledgeRoom, publish: Publish
) -> None:
    loop = empty.room.loops[0]
    with floor.bell.listen(*loop.topics) as ear:
        await publish(DOGS)
        assert await ear.heard(0.01)


async def test_an_unanswered_question_is_queued_without_personal_data(floor: Floor, knowledge: KnowledgeRoom) -> None:
    async with floor.database.transaction() as tx:
        await knowledge.library.record_unanswered(tx, "护照怎么办，我的电话13800138000", PINE)
    found = await queue(floor, knowledge)
    assert len(found) == 1
    assert "13800138000" not in found[0].text
    assert "护照怎么办" in found[0].text
    assert (found[0].area, found[0].times, found[0].reason) == (PINE, 1, QuestionReason.NOT_FOUND)


async def test_a_question_asked_again_counts_once_more(
    floor: Floor, knowledge: KnowledgeRoom, clock: ManualClock
) -> None:
    for question in ("护照怎么办理？", "护照怎么办理", "电费怎么交", "护照 怎么办理!"):
        clock.advance(timedelta(minutes=1))
        async with floor.database.transaction() as tx:
            await knowledge.library.record_unanswered(tx, question, "")
    found = await queue(floor, knowledge)
    assert [(each.text, each.times) for each in found] == [("护照怎么办理？", 3), ("电费怎么交", 1)]
    assert found[0].last_at - found[0].first_at == timedelta(minutes=3)


async def test_a_settled_question_leaves_the_queue_and_comes_back_when_asked_again(
    floor: Floor, knowledge: KnowledgeRoom
) -> None:
    async with floor.database.transaction() as tx:
        await knowledge.library.record_unanswered(tx, "养猫要办证吗", "")
    number = (await queue(floor, knowledge))[0].id
    with pytest.raises(NotFound):
        async with floor.database.transaction() as tx:
            await knowledge.library.settle(tx, number, "no-such-entry", "e1")
    async with floor.database.transaction() as tx:
        await knowledge.library.settle(tx, number, DOGS.id, "e1")
    assert await queue(floor, knowledge) == []
    with pytest.raises(NotFound):
        async with floor.database.transaction() as tx:
            await knowledge.library.settle(tx, number, "", "e1")
    async with floor.database.transaction() as tx:
        await knowledge.library.record_unanswered(tx, "养猫要办证吗", "")
    assert [(each.id, each.times) for each in await queue(floor, knowledge)] == [(number, 2)]


async def test_an_answer_that_did_not_help_brings_its_question_into_the_queue(
    floor: Floor, knowledge: KnowledgeRoom
) -> None:
    async with floor.database.transaction() as tx:
        await knowledge.library.record_outcome(tx, DOGS.id, "烈性犬名单在哪里看", solved=False)
        await knowledge.library.record_outcome(tx, DOGS.id, "", solved=False)
        await knowledge.library.record_outcome(tx, DOGS.id, "养狗要办证吗", solved=True)
    found = await queue(floor, knowledge)
    assert [(each.text, each.article, each.reason) for each in found] == [
        ("烈性犬名单在哪里看", DOGS.id, QuestionReason.NOT_SOLVED)
    ]


async def test_what_citizens_used_most_lately_is_hot(
    floor: Floor, knowledge: KnowledgeRoom, clock: ManualClock
) -> None:
    async def used(article_id: str, times: int) -> None:
        for _ in range(times):
            async with floor.database.transaction() as tx:
                await knowledge.library.record_outcome(tx, article_id, "", solved=True)

    await used(DOGS.id, 5)
    clock.advance(timedelta(days=40))
    await used(FUND.id, 2)
    await used(ID_LOST.id, 3)
    async with floor.database.reading() as tx:
        hot = await knowledge.library.hot(tx, 3)
    assert [each.id for each in hot] == [ID_LOST.id, FUND.id, DOGS.id]
    assert len(hot) == 3


async def test_facts_of_the_room_carry_no_words_of_a_citizen(floor: Floor, knowledge: KnowledgeRoom) -> None:
    async with floor.database.transaction() as tx:
        await knowledge.library.record_unanswered(tx, "护照怎么办，找张三", "")
        await knowledge.library.record_outcome(tx, DOGS.id, "张三的狗", solved=False)
    await floor.journal.sequence(floor.database)
    async with floor.database.reading() as tx:
        told = [fact for fact in await floor.journal.read_after(tx, 0) if fact.kind.startswith("knowledge.")]
    assert {fact.kind for fact in told} >= {"knowledge.QuestionUnanswered", "knowledge.ArticleRated"}
    assert not any("张三" in repr(fact.fact) or "护照" in repr(fact.fact) for fact in told)
