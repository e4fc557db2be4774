"""What citizens are told while versions come and go, on both databases."""

from dataclasses import replace

import pytest

from directory.room import DirectoryRoom
from kernel.errors import Conflict, NotAllowed, NotFound
from kernel.room import Floor
from knowledge.editing import EditorialForm
from knowledge.model import ArticleState
from knowledge.room import KnowledgeRoom
from knowledge.rules.editorial import EditorialAction
from tests.knowledge.conftest import EDITOR, LEADER, LIAISON, REVIEWER, STRANGER
from tests.knowledge.editing import act, draft, kinds, next_year
from tests.knowledge.entries import DOGS, ID_LOST
from tests.knowledge.small_city import merge_police_into_housing


async def test_an_entry_goes_from_draft_over_both_reviews_to_the_citizen(floor: Floor, empty: KnowledgeRoom) -> None:
    made = await draft(floor, empty, ID_LOST, LIAISON)
    assert (made.state, made.version) == (ArticleState.DRAFT, 1)
    for action, by in ((EditorialAction.SUBMIT, LIAISON), (EditorialAction.APPROVE, LEADER)):
        await act(floor, empty, made, action, by)
        with pytest.raises(NotFound):
            await empty.library.article(ID_LOST.id)
    published = await act(floor, empty, made, EditorialAction.PUBLISH, REVIEWER)
    assert published.state is ArticleState.PUBLISHED
    assert (await empty.library.answer(ID_LOST.title)).certain
    assert await kinds(floor) == [*["knowledge.ArticleMoved"] * 3, "knowledge.ArticlePublished"]


async def test_a_new_version_replaces_the_old_one_at_publication_and_not_before(
    floor: Floor, knowledge: KnowledgeRoom
) -> None:
    changed = replace(ID_LOST, short="新的答复。")
    made = await draft(floor, knowledge, changed, LIAISON)
    assert made.version == 2
    await act(floor, knowledge, made, EditorialAction.SUBMIT, LIAISON)
    await act(floor, knowledge, made, EditorialAction.APPROVE, LEADER)
    assert (await knowledge.library.article(ID_LOST.id)).short == ID_LOST.short
    await act(floor, knowledge, made, EditorialAction.PUBLISH, REVIEWER)
    assert (await knowledge.library.article(ID_LOST.id)).short == "新的答复。"
    with pytest.raises(Conflict):
        await act(floor, knowledge, replace(made, version=1), EditorialAction.VERIFY, REVIEWER, next_year())


async def test_a_withdrawn_entry_is_gone_at_once_and_for_good(floor: Floor, knowledge: KnowledgeRoom) -> None:
    shown = await knowledge.library.article(DOGS.id)
    await act(floor, knowledge, shown, EditorialAction.WITHDRAW, EDITOR, EditorialForm(reason="内容有误"))
    with pytest.raises(NotFound):
        await knowledge.library.article(DOGS.id)
    assert DOGS.id not in {hit.article.id for hit in (await knowledge.library.answer(DOGS.title)).hits}
    with pytest.raises(Conflict):
        await act(floor, knowledge, shown, EditorialAction.VERIFY, REVIEWER, next_year())
    assert (await kinds(floor))[-1] == "knowledge.ArticleWithdrawn"


async def test_an_import_can_be_repeated_and_does_not_undo_what_people_did(floor: Floor, empty: KnowledgeRoom) -> None:
    async def bring_in() -> tuple[int, int, int]:
        async with floor.database.transaction() as tx:
            done = await empty.editing.bring_in(tx, (ID_LOST, DOGS))
        await empty.shelf.refresh()
        return len(done.added), len(done.changed), len(done.unchanged)

    assert await bring_in() == (2, 0, 0)
    stated = await kinds(floor)
    assert await bring_in() == (0, 0, 2)
    assert await kinds(floor) == stated
    shown = await empty.library.article(DOGS.id)
    await act(floor, empty, shown, EditorialAction.WITHDRAW, EDITOR, EditorialForm(reason="过时"))
    assert await bring_in() == (0, 0, 2)
    with pytest.raises(NotFound):
        await empty.library.article(DOGS.id)


async def test_the_entries_of_a_unit_that_is_no_more_are_its_successors_to_keep(
    floor: Floor, knowledge: KnowledgeRoom, directory: DirectoryRoom
) -> None:
    made = await draft(floor, knowledge, replace(ID_LOST, short="新的答复。"), LIAISON)
    with pytest.raises(NotAllowed):
        await act(floor, knowledge, made, EditorialAction.SUBMIT, STRANGER)
    await merge_police_into_housing(floor, directory)
    await act(floor, knowledge, made, EditorialAction.SUBMIT, STRANGER)
    assert knowledge.editing._city.unit_name(ID_LOST.owner) == "甲子市住房局"
