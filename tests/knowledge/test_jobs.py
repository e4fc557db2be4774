"""Entries past their day leave, those near it are marked, units are reminded once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kernel.clock import ManualClock
from kernel.errors import NotFound
from kernel.journal import Recorded
from kernel.room import Floor
from knowledge.editing import EditorialForm
from knowledge.model import Article, ArticleState
from knowledge.room import KnowledgeRoom
from knowledge.rules.editorial import EditorialAction
from knowledge.store.articles import Listing, versions
from tests.knowledge.conftest import REVIEWER, Publish
from tests.knowledge.entries import DOGS, FUND, ID_LOST
from tests.knowledge.small_city import HOUSING, POLICE

TODAY = date(2026, 3, 16)


async def states(floor: Floor) -> dict[str, ArticleState]:
    async with floor.database.reading() as tx:
        return {saved.article.id: saved.article.state for saved in (await versions(tx, Listing()))[0]}


async def told(floor: Floor, kind: str) -> list[Recorded]:
    await floor.journal.sequence(floor.database)
    async with floor.database.reading() as tx:
        return [fact for fact in await floor.journal.read_after(tx, 0) if fact.kind == kind]


def ending(article: Article, days: int) -> Article:
    return replace(article, valid_to=TODAY + timedelta(days=days))


async def test_what_is_past_its_day_expires_and_what_is_near_it_is_marked(
    floor: Floor, empty: KnowledgeRoom, publish: Publish
) -> None:
    await publish(ending(DOGS, -1), ending(FUND, 15), ending(ID_LOST, 16))
    await empty.upkeep.expire()
    assert await states(floor) == {
        DOGS.id: ArticleState.EXPIRED,
        FUND.id: ArticleState.EXPIRING,
        ID_LOST.id: ArticleState.PUBLISHED,
    }


async def test_the_last_day_itself_still_counts(floor: Floor, empty: KnowledgeRoom, publish: Publish) -> None:
    await publish(ending(DOGS, 0))
    await empty.upkeep.expire()
    assert await states(floor) == {DOGS.id: ArticleState.EXPIRING}


async def test_an_expired_entry_is_stated_once_and_leaves_the_shelf(
    floor: Floor, empty: KnowledgeRoom, publish: Publish, clock: ManualClock
) -> None:
    await publish(ending(DOGS, 1), FUND)
    await empty.upkeep.expire()
    clock.advance(timedelta(days=2))
    await empty.upkeep.expire()
    await empty.upkeep.expire()
    await empty.shelf.refresh()
    assert [fact.fact.article for fact in await told(floor, "knowledge.ArticleExpired")] == [DOGS.id]
    assert [each.id for each in empty.library.in_force()] == [FUND.id]
    assert set(empty.shelf.stock.articles) == {FUND.id}


async def test_a_unit_is_reminded_once_for_each_day_of_review(
    floor: Floor, empty: KnowledgeRoom, publish: Publish, clock: ManualClock
) -> None:
    await publish(
        replace(DOGS, review_due=TODAY + timedelta(days=15)), replace(FUND, review_due=TODAY + timedelta(days=17))
    )
    await empty.upkeep.remind()
    await empty.upkeep.remind()
    first = await told(floor, "knowledge.ArticleReviewDue")
    assert [(fact.fact.article, fact.fact.due, fact.fact.units) for fact in first] == [
        (DOGS.id, date(2026, 3, 31), (DOGS.owner,))
    ]
    clock.advance(timedelta(days=2))
    await empty.upkeep.remind()
    assert [fact.fact.article for fact in await told(floor, "knowledge.ArticleReviewDue")] == [DOGS.id, FUND.id]


async def test_a_unit_is_reminded_weekly_once_the_day_is_past(
    floor: Floor, empty: KnowledgeRoom, publish: Publish, clock: ManualClock
) -> None:
    async def reminded() -> int:
        await empty.upkeep.remind()
        return len(await told(floor, "knowledge.ArticleReviewDue"))

    await publish(replace(DOGS, review_due=TODAY))
    assert [await reminded(), await reminded()] == [1, 1]
    seen = []
    for _ in range(16):
        clock.advance(timedelta(days=1))
        seen.append(await reminded())
    assert seen == [2] * 7 + [3] * 7 + [4] * 2


async def test_all_jobs_are_scheduled(empty: KnowledgeRoom) -> None:
    assert {job.name for job in empty.room.jobs} == {"knowledge.expire", "knowledge.remind", "knowledge.forget"}


async def test_nothing_past_its_day_is_quoted_from_an_index_nobody_renewed(
    empty: KnowledgeRoom, publish: Publish, clock: ManualClock
) -> None:
    """Neither job nor loop has run: what is on the shelf is of the day before."""
    await publish(ending(DOGS, 0), FUND)
    assert (await empty.library.answer(DOGS.title)).certain
    clock.advance(timedelta(days=1))
    assert set(empty.shelf.stock.articles) == {DOGS.id, FUND.id}
    assert (await empty.library.answer(DOGS.title)).hits == ()
    with pytest.raises(NotFound):
        await empty.library.article(DOGS.id)
    assert [each.id for each in empty.library.in_force()] == [FUND.id]


async def test_what_ends_is_told_of_like_what_is_to_be_verified(
    floor: Floor, empty: KnowledgeRoom, publish: Publish
) -> None:
    await publish(replace(DOGS, valid_to=TODAY + timedelta(days=9), review_due=TODAY + timedelta(days=12)))
    await empty.upkeep.remind()
    await empty.upkeep.remind()
    assert [fact.fact.due for fact in await told(floor, "knowledge.ArticleReviewDue")] == [date(2026, 3, 25)]


async def test_a_unit_is_late_with_what_is_expired_past_its_last_day_or_past_its_review(
    floor: Floor, empty: KnowledgeRoom, publish: Publish, clock: ManualClock
) -> None:
    reviewed = replace(DOGS, review_due=TODAY, valid_to=None)
    await publish(reviewed, ending(FUND, 0), ending(ID_LOST, -1))
    owners = {DOGS.owner, FUND.owner, ID_LOST.owner}
    assert owners == {POLICE, HOUSING}

    async def owned() -> dict[str, tuple[int, int]]:
        async with floor.database.reading() as tx:
            return await empty.library.owned(tx)

    # 养犬 and 身份证 are of the police: the one's last day was yesterday, the other is to be reviewed today.
    assert await owned() == {POLICE: (2, 1), HOUSING: (1, 0)}
    await empty.upkeep.expire()
    assert await owned() == {POLICE: (2, 1), HOUSING: (1, 0)}
    clock.advance(timedelta(days=1))
    assert await owned() == {POLICE: (2, 2), HOUSING: (1, 1)}
    async with floor.database.transaction() as tx:
        form = EditorialForm(review_due=TODAY + timedelta(days=90))
        await empty.editing.act(tx, DOGS.id, 1, EditorialAction.VERIFY, form, REVIEWER)
        await empty.editing.act(tx, ID_LOST.id, 1, EditorialAction.WITHDRAW, EditorialForm(reason="已废止"), REVIEWER)
    assert await owned() == {POLICE: (1, 0), HOUSING: (1, 1)}
