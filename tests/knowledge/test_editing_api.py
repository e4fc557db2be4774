"""The editors' routes: lists by page, one version, saving late, what differs, files, the work lists."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PIL import Image

from kernel.database import Database
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.pages import PageQuery
from kernel.people import Principal, allow
from kernel.room import Call, Floor, Upload
from knowledge.api import CorrectionForm
from knowledge.editing_api import ArticleActForm, CompareForm, DifferencesQuery, DraftForm, ReviseForm, VersionQuery
from knowledge.editing_views import CountsView, DifferencesView, EditView, GroupPage, MovedView, VersionPage
from knowledge.model import Article, ArticleState
from knowledge.queue_api import CorrectionQuery, DraftGroupForm, GroupForm, GroupsQuery
from knowledge.room import KnowledgeRoom
from knowledge.views import FileView
from tests.knowledge.conftest import EDITOR, LEADER, LIAISON, REVIEWER, STRANGER, Publish
from tests.knowledge.entries import DOGS, ENTRIES, FUND
from tests.knowledge.small_city import EAST, POLICE
from tests.knowledge.test_api import route, send
from tests.paging import read_on

TODAY = date(2026, 3, 16)
VERSION = "/articles/{id}/versions/{version}"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Routes do not care which database; the use cases' tests run on both."""
    return sqlite_database


async def made(room: KnowledgeRoom, article: Article = DOGS, by: Principal = EDITOR) -> EditView:
    """A draft over the routes."""
    moved = await send(room, "POST", "/articles", by, body=DraftForm(article))
    assert isinstance(moved, MovedView)
    return await shown(room, moved.id, moved.version, by)


async def shown(room: KnowledgeRoom, id_: str, version: int, by: Principal = EDITOR) -> EditView:
    view = await send(room, "GET", VERSION, by, id=id_, version=str(version))
    assert isinstance(view, EditView)
    return view


async def listed(room: KnowledgeRoom, by: Principal = EDITOR, **asked: object) -> VersionPage:
    page = await send(room, "GET", "/articles", by, query=VersionQuery(**asked))  # type: ignore[arg-type]
    assert isinstance(page, VersionPage)
    return page


async def test_the_list_is_read_by_pages_without_gap_or_repetition(empty: KnowledgeRoom, publish: Publish) -> None:
    await publish(*(replace(DOGS, id=f"entry-{n}") for n in range(25)))
    seen, cursor = [], ""
    while True:
        page = await listed(empty, cursor=cursor, limit=10)
        seen += [each.id for each in page.items]
        if page.next is None:
            break
        cursor = page.next
    assert len(seen) == len(set(seen)) == 25
    with pytest.raises(Invalid):
        await listed(empty, cursor="nonsense")


async def test_the_list_is_filtered_by_words_state_unit_and_what_is_due(
    knowledge: KnowledgeRoom, publish: Publish
) -> None:
    await publish(replace(FUND, id="soon", review_due=TODAY + timedelta(days=3)))
    await made(knowledge, replace(DOGS, id="cat-draft", title="养猫怎么办"))
    assert {each.id for each in (await listed(knowledge, q="租房 提取")).items} == {"fund-withdraw", "soon"}
    assert [each.id for each in (await listed(knowledge, q="100%")).items] == []
    assert [each.id for each in (await listed(knowledge, state=ArticleState.DRAFT)).items] == ["cat-draft"]
    assert {each.owner for each in (await listed(knowledge, owner=POLICE)).items} == {POLICE}
    assert [each.id for each in (await listed(knowledge, due=True)).items] == ["soon"]
    counts = await send(knowledge, "GET", "/counts", EDITOR, query=VersionQuery())
    assert isinstance(counts, CountsView)
    assert (counts.states[ArticleState.PUBLISHED], counts.states[ArticleState.DRAFT]) == (len(ENTRIES) + 1, 1)
    assert counts.due == 1


async def test_what_waits_for_somebody_is_theirs_to_see_first(knowledge: KnowledgeRoom, publish: Publish) -> None:
    async def mine(by: Principal) -> list[str]:
        counts = await send(knowledge, "GET", "/counts", by, query=VersionQuery())
        assert isinstance(counts, CountsView)
        found = [each.id for each in (await listed(knowledge, by, mine=True)).items]
        assert counts.mine == len(found)
        return sorted(found)

    await publish(replace(FUND, id="soon", review_due=TODAY + timedelta(days=3)))
    for name, steps in (("draft", 0), ("unit", 1), ("hotline", 2)):
        await made(knowledge, replace(DOGS, id=name, title=name))
        for action, by in (("submit", EDITOR), ("approve", LEADER))[:steps]:
            form = ArticleActForm(version=1)
            await send(knowledge, "POST", f"/articles/{{id}}/{action}", by, body=form, id=name)
    await publish(replace(FUND, id="over", valid_to=TODAY - timedelta(days=1)))
    await knowledge.upkeep.expire()
    assert await mine(EDITOR) == ["draft", "over", "soon"]
    assert await mine(REVIEWER) == ["hotline", "soon"]
    assert await mine(LEADER) == ["unit"]
    assert await mine(LIAISON) == ["draft"]
    assert await mine(STRANGER) == ["over", "soon"]


async def test_buttons_are_those_of_the_table_for_whoever_looks(knowledge: KnowledgeRoom) -> None:
    view = await made(knowledge)
    assert [each.action for each in view.actions] == ["submit", "discard"]
    assert view.editable
    form = ArticleActForm(version=view.row.version)
    await send(knowledge, "POST", "/articles/{id}/submit", EDITOR, body=form, id=DOGS.id)
    seen = await shown(knowledge, DOGS.id, view.row.version, LEADER)
    assert [(each.action, tuple(each.needs)) for each in seen.actions] == [("approve", ()), ("send_back", ("reason",))]
    assert (await shown(knowledge, DOGS.id, view.row.version, REVIEWER)).actions == []
    with pytest.raises(NotAllowed):
        await shown(knowledge, DOGS.id, view.row.version, STRANGER)


async def test_who_saves_late_is_told_what_has_changed(knowledge: KnowledgeRoom) -> None:
    view = await made(knowledge)
    mine, theirs = replace(view.article, short="我的写法。"), replace(view.article, fee="免费")
    where = {"id": view.row.id, "version": str(view.row.version)}
    await send(knowledge, "PUT", VERSION, EDITOR, body=ReviseForm(theirs, view.revision), **where)
    with pytest.raises(Conflict) as late:
        await send(knowledge, "PUT", VERSION, EDITOR, body=ReviseForm(mine, view.revision), **where)
    assert late.value.current == {"state": "draft", "revision": view.revision + 1, "fields": ["short", "fee"]}
    saved = await send(
        knowledge, "PUT", VERSION, EDITOR, body=ReviseForm(replace(mine, fee="免费"), view.revision + 1), **where
    )
    assert isinstance(saved, EditView)
    assert (saved.article.short, saved.article.fee) == ("我的写法。", "免费")


async def test_a_text_that_is_not_saved_is_compared_with_what_was_saved_meanwhile(knowledge: KnowledgeRoom) -> None:
    view = await made(knowledge)
    where = {"id": view.row.id, "version": str(view.row.version)}
    theirs = replace(view.article, short="犬只应定期免疫，外出应系犬绳。")
    await send(knowledge, "PUT", VERSION, EDITOR, body=ReviseForm(theirs, view.revision), **where)
    mine = CompareForm(replace(view.article, short="犬只每年免疫，外出应系犬绳。", fee="免费"))
    found = await send(knowledge, "POST", f"{VERSION}/differences", LIAISON, body=mine, **where)
    assert isinstance(found, DifferencesView)
    assert [(each.field, [(p.change.value, p.text) for p in each.pieces]) for each in found.fields] == [
        ("short", [("gone", "犬只应定期免疫"), ("new", "犬只每年免疫"), ("same", "，外出应系犬绳。")]),
        ("fee", [("new", "免费")]),
    ]
    assert (await shown(knowledge, view.row.id, view.row.version)).article == theirs
    with pytest.raises(NotAllowed):
        await send(knowledge, "POST", f"{VERSION}/differences", STRANGER, body=mine, **where)


async def test_a_version_in_review_is_not_written_anew(knowledge: KnowledgeRoom) -> None:
    view = await made(knowledge)
    where = {"id": view.row.id, "version": str(view.row.version)}
    await send(knowledge, "POST", "/articles/{id}/submit", EDITOR, body=ArticleActForm(version=2), id=DOGS.id)
    with pytest.raises(Conflict):
        await send(knowledge, "PUT", VERSION, EDITOR, body=ReviseForm(view.article, view.revision + 1), **where)


async def test_any_two_versions_are_compared_by_field(knowledge: KnowledgeRoom) -> None:
    await made(knowledge, replace(DOGS, short="犬只应定期免疫，外出应系犬绳。", areas=(EAST,)))
    asked = DifferencesQuery(before=1, after=2)
    found = await send(knowledge, "GET", "/articles/{id}/differences", EDITOR, query=asked, id=DOGS.id)
    assert isinstance(found, DifferencesView)
    assert [each.label for each in found.fields] == ["简要答复", "适用区域"]
    assert [(each.change, each.text) for each in found.fields[0].pieces] == [
        ("same", "犬只应定期免疫，"),
        ("gone", "携犬外出应系犬绳"),
        ("new", "外出应系犬绳"),
        ("same", "。"),
    ]
    versions = await send(knowledge, "GET", "/articles/{id}/versions", EDITOR, query=PageQuery(), id=DOGS.id)
    assert isinstance(versions, VersionPage)
    assert [(each.version, each.state) for each in versions.items] == [(2, "draft"), (1, "published")]


async def test_a_draft_without_an_id_is_a_new_entry(knowledge: KnowledgeRoom) -> None:
    view = await made(knowledge, replace(DOGS, id=""))
    assert view.row.id.startswith("k-")


async def test_files_stay_with_an_entry_that_is_imported_anew(knowledge: KnowledgeRoom, publish: Publish) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (20, 20)).save(picture, "PNG")
    row = route(knowledge, "POST", "/files")
    call = Call(EDITOR, allow(EDITOR, row.may), uploads=(Upload("file", "流程图.png", picture.getvalue()),))
    file = await row.handler(call)
    assert isinstance(file, FileView)
    assert file.url.startswith("/files/")
    view = await made(knowledge, replace(DOGS, id="with-file", attachments=(file.id,)))
    assert [each.name for each in view.files] == [file.name]
    for action, by in (("submit", EDITOR), ("approve", LEADER), ("publish", REVIEWER)):
        await send(knowledge, "POST", f"/articles/{{id}}/{action}", by, body=ArticleActForm(version=1), id="with-file")
    await publish(replace(DOGS, id="with-file", short="新的答复。"))
    assert (await shown(knowledge, "with-file", 2)).article.attachments == (file.id,)
    with pytest.raises(Invalid):
        await made(knowledge, replace(DOGS, id="other", attachments=("nothing",)))


async def test_a_group_of_questions_becomes_a_draft_or_is_dismissed(floor: Floor, knowledge: KnowledgeRoom) -> None:
    async with floor.database.transaction() as tx:
        for text in ("养猫要不要办证", "彩票几点开奖"):
            await knowledge.library.record_unanswered(tx, text)
    page = await send(knowledge, "GET", "/questions", EDITOR, query=GroupsQuery())
    assert isinstance(page, GroupPage)
    cats, lottery = sorted(page.items, key=lambda each: each.questions[0].text, reverse=True)[0:2]
    if "猫" not in cats.questions[0].text:
        cats, lottery = lottery, cats
    new = replace(DOGS, id="", title="养猫要办证吗")
    body = DraftGroupForm([cats.id], new)
    moved = await send(knowledge, "POST", "/questions/draft", EDITOR, body=body)
    assert isinstance(moved, MovedView)
    assert (await shown(knowledge, moved.id, 1)).row.origin == "questions"
    await send(knowledge, "POST", "/questions/settle", EDITOR, body=GroupForm([lottery.id]))
    page = await send(knowledge, "GET", "/questions", EDITOR, query=GroupsQuery())
    assert isinstance(page, GroupPage)
    assert page.items == []
    with pytest.raises(NotFound):
        await send(knowledge, "POST", "/questions/settle", EDITOR, body=GroupForm([cats.id], "no-such-entry"))


async def test_what_a_citizen_says_is_wrong_waits_for_the_editors(knowledge: KnowledgeRoom) -> None:
    path = "/articles/{id}/corrections"
    await send(knowledge, "POST", path, body=CorrectionForm("电话打不通"), id=DOGS.id)
    with pytest.raises(Invalid):
        await send(knowledge, "POST", path, body=CorrectionForm("电话打不通", phone="13800138000"), id=DOGS.id)
    await send(knowledge, "POST", path, LIAISON, body=CorrectionForm("地点已搬"), id=DOGS.id)
    page = await send(knowledge, "GET", "/corrections", EDITOR, query=CorrectionQuery())
    assert [(each.text, each.by_staff, each.title) for each in page.items] == [  # type: ignore[attr-defined]
        ("电话打不通", False, DOGS.title),
        ("地点已搬", True, DOGS.title),
    ]


@pytest.mark.parametrize("path", ["/questions/draft", "/questions/settle", "/corrections/{id}/refuse"])
def test_work_lists_are_for_the_editors(knowledge: KnowledgeRoom, path: str) -> None:
    for stranger in (LIAISON, LEADER, REVIEWER):
        with pytest.raises(NotAllowed):
            allow(stranger, route(knowledge, "POST", path).may)


async def test_the_versions_of_an_entry_come_in_pages(knowledge: KnowledgeRoom) -> None:
    await made(knowledge, replace(DOGS, short="犬只应定期免疫，外出应系犬绳。"))
    pages = await read_on(
        lambda cursor: send(knowledge, "GET", "/articles/{id}/versions", EDITOR, query=PageQuery(cursor, 1), id=DOGS.id)
    )
    assert [[each.version for each in page] for page in pages] == [[2], [1]]
