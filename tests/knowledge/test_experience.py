"""What citizens said of answers moves the ranking: within bounds, by several people, for a while."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from directory.room import DirectoryRoom
from kernel.clock import ManualClock
from kernel.messages import Address
from kernel.room import Floor
from knowledge.jobs import Upkeep
from knowledge.model import Answer, Verdict
from knowledge.room import KnowledgeRoom, build
from tests.knowledge.conftest import Publish
from tests.knowledge.entries import DOGS, FUND, ID_LOST, RENTAL

QUESTION = "租房可以领补贴吗"


def person(number: int) -> Address:
    return Address("web", "citizens", f"visitor-{number}")


async def say(
    floor: Floor, room: KnowledgeRoom, article: str, people: Iterable[int], *, solved: bool, asked: str = QUESTION
) -> None:
    for each in people:
        async with floor.database.transaction() as tx:
            await room.library.record_outcome(tx, article, asked, solved, person(each))
    await room.shelf.learn()


def score(answer: Answer, article: str) -> float:
    return next((hit.score for hit in answer.hits if hit.article.id == article), 0.0)


def why(answer: Answer, article: str) -> str:
    return "；".join(next((hit.why for hit in answer.hits if hit.article.id == article), ()))


async def test_what_helped_several_people_moves_up_and_says_why(floor: Floor, knowledge: KnowledgeRoom) -> None:
    before = await knowledge.library.answer(QUESTION)
    await say(floor, knowledge, FUND.id, range(5), solved=True)
    after = await knowledge.library.answer(QUESTION)
    assert score(before, FUND.id) < score(after, FUND.id) <= score(before, FUND.id) * 1.15 * 1.02 + 0.001
    assert "5 人中 5 人说已解决（+9%）" in why(after, FUND.id)


async def test_what_helped_nobody_moves_down_and_is_not_quoted(floor: Floor, knowledge: KnowledgeRoom) -> None:
    asked = ID_LOST.title
    assert (await knowledge.library.answer(asked)).certain
    await say(floor, knowledge, ID_LOST.id, range(6), solved=False, asked=asked)
    after = await knowledge.library.answer(asked)
    assert after.verdict is Verdict.CHOOSE
    assert "6 人中 0 人说已解决" in why(after, ID_LOST.id)


async def test_one_person_pushes_nothing_however_often_and_in_whatever_words(
    floor: Floor, knowledge: KnowledgeRoom
) -> None:
    before = await knowledge.library.answer(QUESTION)
    for asked in (QUESTION, "租房可以领补贴吗？", "租房，可以领补贴吗", "租房能领补贴吗", "请问租房可以领补贴吗"):
        await say(floor, knowledge, FUND.id, [1] * 4 + [2], solved=True, asked=asked)
    assert await knowledge.library.answer(QUESTION) == before


async def test_whoever_changes_their_mind_counts_with_the_last_word(floor: Floor, knowledge: KnowledgeRoom) -> None:
    await say(floor, knowledge, FUND.id, range(3), solved=True)
    await say(floor, knowledge, FUND.id, [0], solved=False)
    assert "3 人中 2 人说已解决" in why(await knowledge.library.answer(QUESTION), FUND.id)


async def test_near_the_same_question_learns_and_another_does_not(floor: Floor, knowledge: KnowledgeRoom) -> None:
    other = await knowledge.library.answer("离职公积金怎么取")
    await say(floor, knowledge, FUND.id, range(4), solved=True)
    assert "4 人中 4 人" in why(await knowledge.library.answer("請問租房，可以领補貼嗎？"), FUND.id)
    learnt = await knowledge.library.answer("离职公积金怎么取")
    assert "人说已解决" not in why(learnt, FUND.id)
    assert [hit.article.id for hit in learnt.hits] == [hit.article.id for hit in other.hits]


async def test_an_entry_the_engine_does_not_find_is_offered_once_it_helped(
    floor: Floor, knowledge: KnowledgeRoom
) -> None:
    asked = "毛孩子上户口"
    assert DOGS.id not in {hit.article.id for hit in (await knowledge.library.answer(asked)).hits}
    await say(floor, knowledge, DOGS.id, range(3), solved=True, asked=asked)
    answer = await knowledge.library.answer(asked)
    assert (answer.verdict, answer.hits[0].article.id) == (Verdict.CHOOSE, DOGS.id)


async def test_what_was_said_fades_and_is_dropped(floor: Floor, knowledge: KnowledgeRoom, clock: ManualClock) -> None:
    await say(floor, knowledge, FUND.id, range(5), solved=True)
    scores = [score(await knowledge.library.answer(QUESTION), FUND.id)]
    for _ in range(2):
        clock.advance(timedelta(days=60))
        await knowledge.shelf.learn()
        scores.append(score(await knowledge.library.answer(QUESTION), FUND.id))
    assert scores[0] > scores[1] > scores[2]
    clock.advance(timedelta(days=61))
    upkeep: Upkeep = knowledge.upkeep
    await upkeep.forget()
    await knowledge.shelf.learn()
    assert "人说已解决" not in why(await knowledge.library.answer(QUESTION), FUND.id)


async def test_a_process_that_starts_knows_what_was_said_and_one_that_runs_learns_it(
    floor: Floor, knowledge: KnowledgeRoom, directory: DirectoryRoom
) -> None:
    running = build(floor, directory.lookup)
    await running.shelf.start()
    await say(floor, knowledge, FUND.id, range(3), solved=True)
    started = build(floor, directory.lookup)
    loop = next(each for each in running.room.loops if each.name == "knowledge.experience")
    assert loop.in_web
    await loop.step()
    for each in (started, running):
        assert "3 人中 3 人说已解决" in why(await each.library.answer(QUESTION), FUND.id)


async def test_new_entries_do_not_make_it_forget(floor: Floor, knowledge: KnowledgeRoom, publish: Publish) -> None:
    await say(floor, knowledge, FUND.id, range(3), solved=True)
    await publish(replace(DOGS, short="另一说法"))
    assert "3 人中 3 人说已解决" in why(await knowledge.library.answer(QUESTION), FUND.id)


async def test_an_editors_ruling_is_known_for_the_same_question(floor: Floor, knowledge: KnowledgeRoom) -> None:
    asked = "租房补助"
    async with floor.database.transaction() as tx:
        await knowledge.library.record_unanswered(tx, asked, "")
    async with floor.database.reading() as tx:
        [queued] = await knowledge.library.unanswered(tx)
    async with floor.database.transaction() as tx:
        await knowledge.library.settle(tx, queued.id, RENTAL.id, "e1")
    await knowledge.shelf.learn()
    assert "采编认定" in why(await knowledge.library.answer(asked), RENTAL.id)


async def test_what_helped_many_goes_before_its_equal(floor: Floor, knowledge: KnowledgeRoom, publish: Publish) -> None:
    twin = replace(DOGS, id="a-twin")
    await publish(twin)
    asked = "养犬规定"
    assert (await knowledge.library.answer(asked)).hits[0].article.id == twin.id
    await say(floor, knowledge, DOGS.id, range(4), solved=True, asked="遛狗不牵绳")
    answer = await knowledge.library.answer(asked)
    assert [hit.article.id for hit in answer.hits[:2]] == [DOGS.id, twin.id]


@pytest.mark.parametrize("asked", ["", "我叫张三，电话13800138000，租房可以领补贴吗"])
async def test_no_personal_words_are_kept(floor: Floor, knowledge: KnowledgeRoom, asked: str) -> None:
    from knowledge.store.votes import newest  # noqa: PLC0415 - the rows themselves are looked at only here

    async with floor.database.transaction() as tx:
        await knowledge.library.record_outcome(tx, FUND.id, asked, True, person(1))
    async with floor.database.reading() as tx:
        kept = await newest(tx, floor.clock.now() - timedelta(days=1), 10)
    assert len(kept) == bool(asked)
    assert not any("13800138000" in repr(each) or "visitor-1" in repr(each) for each in kept)
