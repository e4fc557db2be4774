"""The editors' work lists: questions nothing answered, and what people say is wrong."""

from dataclasses import dataclass, field

from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import Invalid
from kernel.people import May
from kernel.room import Call, Floor, Route
from knowledge.asking import Asking
from knowledge.editing import Editing
from knowledge.editing_views import CorrectionPage, CorrectionView, GroupPage, GroupView, MovedView
from knowledge.library import Library
from knowledge.mending import Mending
from knowledge.model import Article, City, Correction, CorrectionState, Origin
from knowledge.store import articles as article_rows
from knowledge.store import corrections as correction_rows
from knowledge.store import questions as question_rows
from knowledge.views import Done


@dataclass(frozen=True, slots=True)
class GroupsQuery:
    """A page of the queue by groups."""

    cursor: str = ""
    limit: int = 30


@dataclass(frozen=True, slots=True)
class CorrectionQuery:
    """Corrections in one state."""

    state: CorrectionState = CorrectionState.OPEN
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class GroupForm:
    """What becomes of questions: the published entry that answers them, or none shall."""

    questions: list[str] = field(default_factory=list)
    article: str = ""


@dataclass(frozen=True, slots=True)
class DraftGroupForm:
    """A new entry, or a new version of one, that shall answer these questions."""

    questions: list[str]
    article: Article


@dataclass(frozen=True, slots=True)
class RefuseForm:
    """Why nothing is to be mended."""

    reason: str = ""


class QueueApi:
    """Reads, asks the use cases, shows."""

    def __init__(
        self,
        floor: Floor,
        library: Library,
        asking: Asking,
        mending: Mending,
        editing: Editing,
        lookup: Lookup,
        city: City,
    ) -> None:
        self._database = floor.database
        self._library = library
        self._asking = asking
        self._mending = mending
        self._editing = editing
        self._lookup = lookup
        self._city = city

    async def groups(self, call: Call) -> GroupPage:
        asked = call.asked(GroupsQuery)
        async with self._database.reading() as tx:
            found, cursor = await question_rows.groups(tx, asked.cursor, asked.limit)
        return GroupPage([GroupView.of(each, self._city) for each in found], cursor)

    async def settle(self, call: Call) -> Done:
        form = call.form(GroupForm)
        _some(form.questions)
        if form.article:
            await self._library.article(form.article)
        async with self._database.transaction() as tx:
            await self._asking.settle(tx, form.questions, form.article, call.principal.id)
        return Done()

    async def draft(self, call: Call) -> MovedView:
        form = call.form(DraftGroupForm)
        _some(form.questions)
        units = {unit.code for unit in self._lookup.units()}
        areas = {area.code for area in self._lookup.areas()}
        async with self._database.transaction() as tx:
            made = await self._editing.draft(
                tx, form.article, units, areas, call.principal, Origin.QUESTIONS, form.questions[0]
            )
            await self._asking.wait_for(tx, form.questions, made.id)
        return MovedView.of(made)

    async def corrections(self, call: Call) -> CorrectionPage:
        asked = call.asked(CorrectionQuery)
        async with self._database.reading() as tx:
            found, cursor = await correction_rows.find(tx, asked.state, asked.cursor, asked.limit)
            views = [await self._view(tx, each) for each in found]
        return CorrectionPage(views, cursor)

    async def refuse(self, call: Call) -> CorrectionView:
        form = call.form(RefuseForm)
        async with self._database.transaction() as tx:
            done = await self._mending.refuse(tx, call.path["id"], form.reason, call.principal.id)
            return await self._view(tx, done)

    async def _view(self, tx: Tx, correction: Correction) -> CorrectionView:
        article = await article_rows.version_of(tx, correction.article, correction.version)
        return CorrectionView.of(correction, article.title, self._city.unit_name(article.owner))


def _some(questions: list[str]) -> None:
    if not questions:
        raise Invalid({"questions": "missing"})


def routes(api: QueueApi) -> list[Route]:
    """The work lists' part of the API."""
    root, read, edit = "/api/v1/knowledge", May.READ_KNOWLEDGE, May.CURATE_KNOWLEDGE
    asked, wrong = f"{root}/questions", f"{root}/corrections"
    return [
        Route("GET", asked, api.groups, read, "未解答问题（归并）", query=GroupsQuery, gives=GroupPage),
        Route("POST", f"{asked}/settle", api.settle, edit, "关联条目或不需补充", body=GroupForm, gives=Done),
        Route(
            "POST", f"{asked}/draft", api.draft, edit, "起草条目解答", body=DraftGroupForm, gives=MovedView, status=201
        ),
        Route("GET", wrong, api.corrections, edit, "内容有误", query=CorrectionQuery, gives=CorrectionPage),
        Route("POST", f"{wrong}/{{id}}/refuse", api.refuse, edit, "不需更正", body=RefuseForm, gives=CorrectionView),
    ]
