"""The room's routes: what a citizen sees, what staff see, what is refused."""

from dataclasses import replace
from datetime import date

import msgspec
import pytest

from kernel.database import Database
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.pages import PageQuery
from kernel.people import GUEST, May, Principal, allow
from kernel.room import Call, Floor, Route
from knowledge.api import HotQuery, OutcomeForm, SearchQuery, SettleForm
from knowledge.editing_api import ArticleActForm, DraftForm, VersionQuery
from knowledge.editing_views import MovedView, VersionPage
from knowledge.room import KnowledgeRoom
from knowledge.views import ArticleView, Done, FoundPage, HotPage, QuestionPage
from tests.knowledge.conftest import EDITOR, LEADER, LIAISON, REVIEWER, STRANGER, Publish
from tests.knowledge.entries import DOGS, ID_LOST
from tests.knowledge.small_city import EAST, POLICE
from tests.paging import read_on

ROOT = "/api/v1/knowledge"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Routes do not care which database; the use cases' tests run on both."""
    return sqlite_database


def route(room: KnowledgeRoom, method: str, path: str) -> Route:
    return next(each for each in room.room.routes if (each.method, each.path) == (method, ROOT + path))


async def send(
    room: KnowledgeRoom,
    method: str,
    path: str,
    by: Principal = GUEST,
    *,
    query: object = None,
    body: object = None,
    **holes: str,
) -> object:
    """What the house does with a request: ask whether one may, then call the handler."""
    row = route(room, method, path)
    return await row.handler(Call(by, allow(by, row.may), path=holes, query=query, body=body))


async def test_a_citizen_finds_entries_without_scores(knowledge: KnowledgeRoom) -> None:
    page = await send(knowledge, "GET", "/search", query=SearchQuery("身份证丢了怎么补领"))
    assert isinstance(page, FoundPage)
    first = page.items[0]
    assert (first.id, first.owner_name, first.score, first.why) == (ID_LOST.id, "甲子市公安局", None, ())
    assert (page.verdict, page.confidence) == ("answer", None)


async def test_staff_are_told_score_and_reasons(knowledge: KnowledgeRoom) -> None:
    page = await send(knowledge, "GET", "/search", EDITOR, query=SearchQuery("身份证"))
    assert isinstance(page, FoundPage)
    assert page.items[0].score is not None
    assert page.items[0].why
    assert page.confidence is not None
    assert set(page.choices) == {"id-card-lost", "id-card-renew"}


@pytest.mark.parametrize("query", [SearchQuery("字" * 201), SearchQuery("字", limit=0), SearchQuery("字", limit=21)])
async def test_a_search_out_of_bounds_is_refused(knowledge: KnowledgeRoom, query: SearchQuery) -> None:
    with pytest.raises(Invalid):
        await send(knowledge, "GET", "/search", query=query)


async def test_an_entry_names_the_fields_nobody_verified(knowledge: KnowledgeRoom, publish: Publish) -> None:
    verified = replace(DOGS, place="各派出所", fee="不收费", verified_on=date(2026, 3, 1), areas=(EAST,))
    await publish(verified)
    view = await send(knowledge, "GET", "/articles/{id}", id=DOGS.id)
    assert isinstance(view, ArticleView)
    assert set(view.unverified) == {"materials", "hours", "phone", "limit", "online", "basis"}
    assert view.area_names == ["东湖区"]
    assert msgspec.json.decode(msgspec.json.encode(view))["verified_on"] == "2026-03-01"


async def test_an_entry_that_is_not_out_is_not_found(knowledge: KnowledgeRoom) -> None:
    with pytest.raises(NotFound):
        await send(knowledge, "GET", "/articles/{id}", id="nothing")


async def test_a_citizen_says_whether_it_helped(floor: Floor, knowledge: KnowledgeRoom) -> None:
    sent = OutcomeForm(solved=False, question="烈性犬名单")
    assert await send(knowledge, "POST", "/articles/{id}/outcome", body=sent, id=DOGS.id) == Done()
    page = await send(knowledge, "GET", "/unanswered", EDITOR, query=PageQuery())
    assert isinstance(page, QuestionPage)
    assert [(each.text, each.reason_label) for each in page.items] == [("烈性犬名单", "答案未解决问题")]
    await send(knowledge, "POST", "/unanswered/{id}/settle", EDITOR, body=SettleForm(), id=page.items[0].id)
    page = await send(knowledge, "GET", "/unanswered", EDITOR, query=PageQuery())
    assert isinstance(page, QuestionPage)
    assert page.items == []


async def test_nothing_is_recorded_for_an_entry_that_is_not_there(knowledge: KnowledgeRoom) -> None:
    with pytest.raises(NotFound):
        await send(knowledge, "POST", "/articles/{id}/outcome", body=OutcomeForm(solved=True), id="nothing")


async def test_hot_entries_are_listed_for_everybody(knowledge: KnowledgeRoom) -> None:
    await send(knowledge, "POST", "/articles/{id}/outcome", body=OutcomeForm(solved=True), id=ID_LOST.id)
    page = await send(knowledge, "GET", "/hot", query=HotQuery(limit=2))
    assert isinstance(page, HotPage)
    assert [each.id for each in page.items] == [ID_LOST.id, DOGS.id]


@pytest.mark.parametrize("path", ["/unanswered", "/articles"])
async def test_the_editors_lists_are_closed_to_citizens(knowledge: KnowledgeRoom, path: str) -> None:
    with pytest.raises(NotAllowed):
        await send(knowledge, "GET", path, query=VersionQuery())


async def test_a_unit_drafts_and_the_hotline_publishes_through_the_routes(empty: KnowledgeRoom) -> None:
    made = await send(empty, "POST", "/articles", LIAISON, body=DraftForm(DOGS))
    assert isinstance(made, MovedView)
    form = ArticleActForm(version=made.version)
    for action, by in (("submit", LIAISON), ("approve", LEADER), ("publish", REVIEWER)):
        moved = await send(empty, "POST", f"/articles/{{id}}/{action}", by, body=form, id=DOGS.id)
    assert isinstance(moved, MovedView)
    assert (moved.state, moved.state_label) == ("published", "已发布")
    await empty.shelf.refresh()
    assert (await empty.library.article(DOGS.id)).title == DOGS.title


async def test_a_unit_sees_the_versions_of_its_own_entries_only(knowledge: KnowledgeRoom) -> None:
    own = await send(knowledge, "GET", "/articles", LIAISON, query=VersionQuery())
    every = await send(knowledge, "GET", "/articles", EDITOR, query=VersionQuery())
    assert isinstance(own, VersionPage)
    assert isinstance(every, VersionPage)
    assert {each.owner for each in own.items} == {POLICE}
    assert len(every.items) > len(own.items)


async def test_another_units_liaison_may_not_submit(empty: KnowledgeRoom) -> None:
    await send(empty, "POST", "/articles", LIAISON, body=DraftForm(DOGS))
    with pytest.raises(NotAllowed):
        await send(empty, "POST", "/articles/{id}/submit", STRANGER, body=ArticleActForm(version=1), id=DOGS.id)


def test_reviews_need_the_permission_to_review(empty: KnowledgeRoom) -> None:
    reviews = {row.path for row in empty.room.routes if row.may is May.REVIEW_KNOWLEDGE}
    assert reviews == {f"{ROOT}/articles/{{id}}/{action}" for action in ("approve", "publish", "send_back", "verify")}


async def test_unanswered_questions_come_in_pages(knowledge: KnowledgeRoom) -> None:
    for question in ("烈性犬名单", "犬证年审", "遛狗时间"):
        sent = OutcomeForm(solved=False, question=question)
        await send(knowledge, "POST", "/articles/{id}/outcome", body=sent, id=DOGS.id)
    pages = await read_on(lambda cursor: send(knowledge, "GET", "/unanswered", EDITOR, query=PageQuery(cursor, 2)))
    assert [len(page) for page in pages] == [2, 1]
    assert {each.text for page in pages for each in page} == {"烈性犬名单", "犬证年审", "遛狗时间"}
    with pytest.raises(Invalid):
        await send(knowledge, "GET", "/unanswered", EDITOR, query=PageQuery("x"))
