"""The knowledge room's routes: search, an entry, what is asked often, what nothing answered, the editors' desk."""

from collections.abc import Mapping
from dataclasses import dataclass

from directory.lookup import Lookup
from kernel.database import Database
from kernel.errors import Invalid, NotFound
from kernel.pages import place
from kernel.people import Kind, May, Principal, Scope
from kernel.room import Call, Route
from knowledge import store
from knowledge.editing import Editing, EditorialForm
from knowledge.library import Library
from knowledge.model import Article, ArticleState, City
from knowledge.rules.differing import differences
from knowledge.rules.editorial import EDITORIAL, EditorialAction, EditorialActor, EditorialRow, offered
from knowledge.store import Saved
from knowledge.views import (
    ArticleView,
    Done,
    EntryView,
    FoundPage,
    HitView,
    HotPage,
    HotView,
    MovedView,
    OfferedView,
    PastVersionView,
    QuestionPage,
    QuestionView,
    VersionPage,
    VersionView,
)

LONGEST_QUESTION = 200
MOST_HITS = 20
LIST_LIMIT = 200


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is asked, and from which area."""

    q: str
    area: str = ""
    audience: str = ""
    limit: int = 5


@dataclass(frozen=True, slots=True)
class HotQuery:
    """How many."""

    limit: int = 8


@dataclass(frozen=True, slots=True)
class VersionQuery:
    """Versions in one state, holding some words; without them all."""

    state: ArticleState | None = None
    q: str = ""
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class OutcomeForm:
    """Whether an entry helped, and what had been asked."""

    solved: bool
    question: str = ""


@dataclass(frozen=True, slots=True)
class SettleForm:
    """The entry that answers a question now; empty when none shall."""

    article: str = ""


@dataclass(frozen=True, slots=True)
class ArticleActForm(EditorialForm):
    """An editorial action on one version."""

    version: int = 0


class KnowledgeApi:
    """Reads, asks the use cases, shows."""

    def __init__(self, database: Database, library: Library, editing: Editing, lookup: Lookup, city: City) -> None:
        self._database = database
        self._library = library
        self._editing = editing
        self._lookup = lookup
        self._city = city

    async def search(self, call: Call) -> FoundPage:
        asked = call.asked(SearchQuery)
        if len(asked.q) > LONGEST_QUESTION:
            raise Invalid({"q": "too_long"})
        _bounded("limit", asked.limit, MOST_HITS)
        answer = await self._library.answer(asked.q, area=asked.area, audience=asked.audience, limit=asked.limit)
        staff = call.principal.kind is Kind.STAFF
        return FoundPage(
            items=[HitView.of(hit, self._city, staff=staff) for hit in answer.hits],
            verdict=answer.verdict,
            verdict_label=answer.verdict.label,
            confidence=round(answer.confidence, 3) if staff else None,
            choices=[hit.article.id for hit in answer.choices],
        )

    async def show(self, call: Call) -> ArticleView:
        return ArticleView.of(await self._library.article(call.path["id"]), self._city)

    async def hot(self, call: Call) -> HotPage:
        limit = call.asked(HotQuery).limit
        _bounded("limit", limit, MOST_HITS)
        async with self._database.reading() as tx:
            found = await self._library.hot(tx, limit)
        return HotPage([HotView(each.id, each.title) for each in found])

    async def rate(self, call: Call) -> Done:
        form = call.form(OutcomeForm)
        article = await self._library.article(call.path["id"])
        async with self._database.transaction() as tx:
            await self._library.record_outcome(tx, article.id, form.question, form.solved)
        return Done()

    async def unanswered(self, call: Call) -> QuestionPage:
        async with self._database.reading() as tx:
            found = await self._library.unanswered(tx, LIST_LIMIT)
        return QuestionPage([QuestionView.of(each, self._city) for each in found])

    async def settle(self, call: Call) -> Done:
        form = call.form(SettleForm)
        async with self._database.transaction() as tx:
            await self._library.settle(tx, call.path["id"], form.article, call.principal.id)
        return Done()

    async def versions(self, call: Call) -> VersionPage:
        asked = call.asked(VersionQuery)
        state, at = asked.state, place(asked.cursor, asked.limit)
        owners = self._lookup.successor_to(call.principal.unit) if call.scope is Scope.OWN_UNIT else ()
        async with self._database.reading() as tx:
            said = asked.q.strip()[:LONGEST_QUESTION]
            found = await store.versions(tx, [state] if state else [], owners, at.limit + 1, at.start, said)
        return VersionPage([VersionView.of(each, self._city) for each in found[: at.limit]], at.next_of(found))

    async def entry(self, call: Call) -> EntryView:
        by, id_ = call.principal, call.path["id"]
        async with self._database.reading() as tx:
            found = await store.history(tx, id_)
            names = await self._lookup.staff_names(tx, {each.by for each in found})
        own = self._lookup.successor_to(by.unit) if call.scope is Scope.OWN_UNIT else ()
        if not found or (own and found[0].article.owner not in own):
            raise NotFound("article")
        newest = found[0].article
        may_edit = any(row.action is EditorialAction.SUBMIT for row in self._offers(ArticleState.DRAFT, newest, by))
        befores = [*(each.article for each in found[1:]), None]
        return EntryView(
            id_,
            self._city.unit_name(newest.owner),
            [self._city.area_name(area) for area in newest.areas],
            may_edit,
            [self._past(each, before, names, by) for each, before in zip(found, befores, strict=True)],
        )

    def _past(self, saved: Saved, before: Article | None, names: Mapping[str, str], by: Principal) -> PastVersionView:
        a = saved.article
        rows = self._offers(a.state, a, by)
        return PastVersionView(
            a.version,
            a.state.value,
            a.state.label,
            saved.at,
            names.get(saved.by, ""),
            saved.reason,
            a,
            differences(before, a) if before is not None else (),
            [OfferedView(row.action.value, row.action.label, row.needs) for row in rows],
        )

    def _offers(self, state: ArticleState, article: Article, by: Principal) -> tuple[EditorialRow, ...]:
        return offered(state, by, self._city.keeper(article.owner))

    async def draft(self, call: Call) -> MovedView:
        units = {unit.code for unit in self._lookup.units()}
        areas = {area.code for area in self._lookup.areas()}
        async with self._database.transaction() as tx:
            made = await self._editing.draft(tx, call.form(Article), units, areas, call.principal)
        return MovedView.of(made)

    async def act(self, call: Call, action: EditorialAction) -> MovedView:
        form = call.form(ArticleActForm)
        async with self._database.transaction() as tx:
            moved = await self._editing.act(tx, call.path["id"], form.version, action, form, call.principal)
        return MovedView.of(moved)


class _Acting:
    """A handler for one action of the editorial table."""

    def __init__(self, api: KnowledgeApi, action: EditorialAction) -> None:
        self._api = api
        self._action = action

    async def __call__(self, call: Call) -> MovedView:
        return await self._api.act(call, self._action)


def _bounded(name: str, value: int, most: int) -> None:
    if not 1 <= value <= most:
        raise Invalid({name: "out_of_range"}, most=most)


def _editorial_routes(api: KnowledgeApi) -> list[Route]:
    """One route for each action that people do: reviews for reviewers, the rest for editors."""
    reviewers = {EditorialActor.REVIEWER, EditorialActor.UNIT_REVIEWER}
    actors: dict[EditorialAction, set[EditorialActor]] = {}
    for row in EDITORIAL.transitions:
        actors.setdefault(row.action, set()).update(set(row.by) - {EditorialActor.SYSTEM})
    return [
        Route(
            "POST",
            f"/api/v1/knowledge/articles/{{id}}/{action.value}",
            _Acting(api, action),
            May.REVIEW_KNOWLEDGE if by <= reviewers else May.EDIT_KNOWLEDGE,
            f"知识条目：{action.label}",
            body=ArticleActForm,
            gives=MovedView,
        )
        for action, by in actors.items()
        if by
    ]


def routes(api: KnowledgeApi) -> list[Route]:
    """The knowledge room's part of the API."""
    root = "/api/v1/knowledge"
    ask, read, edit, drafts = May.ASK_KNOWLEDGE, May.READ_KNOWLEDGE, May.EDIT_KNOWLEDGE, May.SEE_DRAFTS
    return [
        Route("GET", f"{root}/search", api.search, ask, "检索知识", query=SearchQuery, gives=FoundPage),
        Route("GET", f"{root}/hot", api.hot, ask, "热门知识", query=HotQuery, gives=HotPage),
        Route("GET", f"{root}/articles/{{id}}", api.show, ask, "知识条目", gives=ArticleView),
        Route("POST", f"{root}/articles/{{id}}/outcome", api.rate, ask, "是否解决", body=OutcomeForm, gives=Done),
        Route("GET", f"{root}/unanswered", api.unanswered, read, "未解答问题", gives=QuestionPage),
        Route("POST", f"{root}/unanswered/{{id}}/settle", api.settle, edit, "处理问题", body=SettleForm, gives=Done),
        Route("GET", f"{root}/articles", api.versions, drafts, "知识版本", query=VersionQuery, gives=VersionPage),
        Route("GET", f"{root}/articles/{{id}}/versions", api.entry, drafts, "条目的全部版本", gives=EntryView),
        Route("POST", f"{root}/articles", api.draft, edit, "起草条目", body=Article, gives=MovedView, status=201),
        *_editorial_routes(api),
    ]
