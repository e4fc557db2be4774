"""The life of a version of an entry: who may do what, and what a citizen is told meanwhile."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kernel.clock import ManualClock
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.people import SYSTEM, Kind, Principal, Role
from kernel.room import Floor
from knowledge.editing import EditorialForm
from knowledge.model import Article, ArticleState
from knowledge.room import KnowledgeRoom
from knowledge.rules.editorial import EDITORIAL, EditorialAction, EditorialActor, actors, step
from tests.knowledge.conftest import EDITOR, LEADER, LIAISON, REVIEWER, STRANGER
from tests.knowledge.entries import DOGS, ID_LOST
from tests.knowledge.small_city import EAST, HOUSING, POLICE

UNITS, AREAS = {POLICE, HOUSING}, {EAST}


async def act(
    floor: Floor,
    room: KnowledgeRoom,
    article: Article,
    action: EditorialAction,
    by: Principal,
    form: EditorialForm | None = None,
) -> Article:
    async with floor.database.transaction() as tx:
        moved = await room.editing.act(tx, article.id, article.version, action, form or EditorialForm(), by)
    await room.shelf.refresh()
    return moved


async def draft(floor: Floor, room: KnowledgeRoom, article: Article, by: Principal) -> Article:
    async with floor.database.transaction() as tx:
        return await room.editing.draft(tx, article, UNITS, AREAS, by)


async def kinds(floor: Floor) -> list[str]:
    await floor.journal.sequence(floor.database)
    async with floor.database.reading() as tx:
        return [fact.kind for fact in await floor.journal.read_after(tx, 0) if fact.kind.startswith("knowledge.")]


def test_the_table_is_sound() -> None:
    EDITORIAL.check()


def test_every_action_is_in_the_table() -> None:
    assert {row.action for row in EDITORIAL.transitions} == set(EditorialAction)


@pytest.mark.parametrize("state", [s for s in ArticleState if s not in {ArticleState.PUBLISHED, ArticleState.EXPIRING}])
def test_only_a_reviewer_of_the_hotline_or_an_import_makes_a_version_quotable(state: ArticleState) -> None:
    rows = [row for row in EDITORIAL.transitions if state in row.sources and row.target is ArticleState.PUBLISHED]
    assert {actor for row in rows for actor in row.by} <= {EditorialActor.REVIEWER, EditorialActor.SYSTEM}


@pytest.mark.parametrize(
    ("by", "held"),
    [
        (SYSTEM, {EditorialActor.SYSTEM}),
        (EDITOR, {EditorialActor.EDITOR}),
        (REVIEWER, {EditorialActor.REVIEWER}),
        (LIAISON, {EditorialActor.UNIT_EDITOR}),
        (LEADER, {EditorialActor.UNIT_REVIEWER}),
        (Principal(Kind.STAFF, roles=frozenset({Role.ADMIN})), {EditorialActor.EDITOR, EditorialActor.REVIEWER}),
    ],
)
def test_a_person_is_to_an_entry_what_roles_and_unit_say(by: Principal, held: set[EditorialActor]) -> None:
    assert set(actors(by, POLICE)) == held


def test_staff_of_another_unit_are_nothing_to_an_entry() -> None:
    with pytest.raises(NotAllowed):
        actors(STRANGER, POLICE)


def test_a_wrong_state_and_a_wrong_person_are_told_apart() -> None:
    with pytest.raises(Conflict):
        step(ArticleState.DRAFT, EditorialAction.PUBLISH, REVIEWER, POLICE)
    with pytest.raises(NotAllowed):
        step(ArticleState.HOTLINE_REVIEW, EditorialAction.PUBLISH, EDITOR, POLICE)


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
    assert await kinds(floor) == ["knowledge.ArticleMoved", "knowledge.ArticleMoved", "knowledge.ArticlePublished"]


async def test_a_draft_sent_back_needs_a_reason_and_goes_round_again(floor: Floor, empty: KnowledgeRoom) -> None:
    made = await draft(floor, empty, ID_LOST, EDITOR)
    await act(floor, empty, made, EditorialAction.SUBMIT, EDITOR)
    with pytest.raises(Invalid) as wrong:
        await act(floor, empty, made, EditorialAction.SEND_BACK, LEADER)
    assert wrong.value.fields == {"reason": "missing"}
    back = await act(floor, empty, made, EditorialAction.SEND_BACK, LEADER, EditorialForm(reason="缺少依据"))
    assert back.state is ArticleState.DRAFT
    await act(floor, empty, made, EditorialAction.SUBMIT, EDITOR)


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
        await act(floor, knowledge, replace(made, version=1), EditorialAction.VERIFY, REVIEWER, _next_year())


async def test_a_withdrawn_entry_is_gone_at_once_and_for_good(floor: Floor, knowledge: KnowledgeRoom) -> None:
    shown = await knowledge.library.article(DOGS.id)
    await act(floor, knowledge, shown, EditorialAction.WITHDRAW, EDITOR, EditorialForm(reason="内容有误"))
    with pytest.raises(NotFound):
        await knowledge.library.article(DOGS.id)
    assert DOGS.id not in {hit.article.id for hit in (await knowledge.library.answer(DOGS.title)).hits}
    with pytest.raises(Conflict):
        await act(floor, knowledge, shown, EditorialAction.VERIFY, REVIEWER, _next_year())
    assert (await kinds(floor))[-1] == "knowledge.ArticleWithdrawn"


async def test_verifying_dates_the_entry_and_sets_the_next_day(
    floor: Floor, knowledge: KnowledgeRoom, clock: ManualClock
) -> None:
    shown = await knowledge.library.article(DOGS.id)
    assert "verified_on" in shown.unverified
    clock.set(datetime(2026, 3, 16, 17, 0, tzinfo=UTC))  # after midnight in the city
    verified = await act(floor, knowledge, shown, EditorialAction.VERIFY, LEADER, _next_year())
    assert (verified.verified_on, verified.review_due) == (date(2026, 3, 17), date(2027, 3, 16))
    assert (await knowledge.library.article(DOGS.id)).verified_on == date(2026, 3, 17)


async def test_an_entry_is_not_verified_into_the_past(floor: Floor, knowledge: KnowledgeRoom) -> None:
    shown = await knowledge.library.article(DOGS.id)
    with pytest.raises(Invalid) as wrong:
        await act(floor, knowledge, shown, EditorialAction.VERIFY, LEADER, EditorialForm(review_due=date(2026, 3, 16)))
    assert wrong.value.fields == {"review_due": "not_in_the_future"}


async def test_an_entry_is_drafted_for_ones_own_unit_only(floor: Floor, empty: KnowledgeRoom) -> None:
    with pytest.raises(NotAllowed):
        await draft(floor, empty, ID_LOST, STRANGER)


async def test_every_fault_of_a_draft_is_named(floor: Floor, empty: KnowledgeRoom) -> None:
    bad = replace(ID_LOST, id="Bad ID", title=" ", short="字" * 400, areas=("123",), variants=("",))
    with pytest.raises(Invalid) as wrong:
        await draft(floor, empty, bad, EDITOR)
    assert wrong.value.fields == {
        "id": "bad_id",
        "title": "empty",
        "short": "too_long",
        "areas": "unknown_area",
        "variants": "empty",
    }


def _next_year() -> EditorialForm:
    return EditorialForm(review_due=date(2027, 3, 16))
