"""The life of a version of an entry: who may do what, and what a citizen is told meanwhile."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kernel.clock import ManualClock
from kernel.database import Database
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.people import SYSTEM, Kind, Principal, Role
from kernel.room import Floor
from knowledge.editing import EditorialForm
from knowledge.model import ArticleState
from knowledge.room import KnowledgeRoom
from knowledge.rules.editorial import EDITORIAL, EditorialAction, EditorialActor, actors, step
from tests.knowledge.conftest import EDITOR, LEADER, LIAISON, REVIEWER, STRANGER
from tests.knowledge.editing import act, draft, next_year
from tests.knowledge.entries import DOGS, ID_LOST
from tests.knowledge.small_city import POLICE


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What touches the rows is tested on both databases in test_editing.py."""
    return sqlite_database


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


async def test_a_draft_sent_back_needs_a_reason_and_goes_round_again(floor: Floor, empty: KnowledgeRoom) -> None:
    made = await draft(floor, empty, ID_LOST, EDITOR)
    await act(floor, empty, made, EditorialAction.SUBMIT, EDITOR)
    with pytest.raises(Invalid) as wrong:
        await act(floor, empty, made, EditorialAction.SEND_BACK, LEADER)
    assert wrong.value.fields == {"reason": "missing"}
    back = await act(floor, empty, made, EditorialAction.SEND_BACK, LEADER, EditorialForm(reason="缺少依据"))
    assert back.state is ArticleState.DRAFT
    await act(floor, empty, made, EditorialAction.SUBMIT, EDITOR)


async def test_verifying_dates_the_entry_and_sets_the_next_day(
    floor: Floor, knowledge: KnowledgeRoom, clock: ManualClock
) -> None:
    shown = await knowledge.library.article(DOGS.id)
    assert "verified_on" in shown.unverified
    clock.set(datetime(2026, 3, 16, 17, 0, tzinfo=UTC))  # after midnight in the city
    verified = await act(floor, knowledge, shown, EditorialAction.VERIFY, LEADER, next_year())
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
