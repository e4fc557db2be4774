"""The routes of the editors and of the units that keep entries: lists, one version, what differs, every action."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from directory.lookup import Lookup
from kernel.attachments import check_file
from kernel.database import Tx
from kernel.errors import Invalid, NotFound
from kernel.pages import PageQuery, part
from kernel.people import May, Scope
from kernel.room import Call, Floor, Route
from knowledge.editing import Editing, EditorialForm
from knowledge.editing_views import (
    ActionView,
    CorrectionView,
    CountsView,
    DifferencesView,
    EditView,
    MovedView,
    VersionPage,
    VersionView,
)
from knowledge.jobs import DAY, NOTICE
from knowledge.mending import Mending
from knowledge.model import QUOTABLE, Article, ArticleState, City, Origin
from knowledge.rules.differences import differences
from knowledge.rules.editorial import EDITORIAL, EditorialAction, EditorialActor, actors, may_do, waits_for
from knowledge.store import articles as rows
from knowledge.store import corrections as correction_rows
from knowledge.store import questions as question_rows
from knowledge.store.articles import Listing, Saved
from knowledge.views import FileView

MOST_FILES = 10


@dataclass(frozen=True, slots=True)
class VersionQuery:
    """Versions in one state, of one unit, with these words, of one origin; without a filter all. ``due``: only what is
    out and ends or is to be verified within 15 days; ``mine``: only what waits for whoever asks."""

    state: ArticleState | None = None
    owner: str = ""
    q: str = ""
    origin: Origin | None = None
    due: bool = False
    mine: bool = False
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class DifferencesQuery:
    """Two versions of an entry; the version 0 is none."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class ReviseForm:
    """A draft as it is to be; ``revision`` is that of the one it was made from."""

    article: Article
    revision: int


@dataclass(frozen=True, slots=True)
class CompareForm:
    """A text that is not saved."""

    article: Article


@dataclass(frozen=True, slots=True)
class DraftForm:
    """A new version; ``corrections`` are ids of what it mends."""

    article: Article
    corrections: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ArticleActForm(EditorialForm):
    """An editorial action on one version."""

    version: int = 0


class EditingApi:
    """Reads, asks the use cases, shows; a unit sees its own entries only."""

    def __init__(self, floor: Floor, editing: Editing, mending: Mending, lookup: Lookup, city: City) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._attachments = floor.attachments
        self._editing = editing
        self._mending = mending
        self._lookup = lookup
        self._city = city

    async def versions(self, call: Call) -> VersionPage:
        asked = self._listing(call, call.asked(VersionQuery))
        async with self._database.reading() as tx:
            found, cursor = await rows.versions(tx, asked)
        return VersionPage([VersionView.of(each, self._city) for each in found], cursor)

    async def counts(self, call: Call) -> CountsView:
        asked = call.asked(VersionQuery)
        due = self._listing(call, VersionQuery(due=True, owner=asked.owner))
        async with self._database.reading() as tx:
            states = await rows.counts(tx, self._listing(call, asked))
            many = await rows.counts(tx, due)
            soon = sum(many.get(state, 0) for state in QUOTABLE)
            mine = await rows.count(tx, self._listing(call, replace(asked, mine=True, state=None, due=False)))
            if call.scope is Scope.OWN_UNIT:
                return CountsView(states, soon, mine)
            waiting = await question_rows.count_open(tx), await correction_rows.count_open(tx)
        return CountsView(states, soon, mine, *waiting)

    def _listing(self, call: Call, asked: VersionQuery) -> Listing:
        owners: Sequence[str] = (asked.owner, *self._lookup.stands_for(asked.owner)) if asked.owner else ()
        if call.scope is Scope.OWN_UNIT:
            owners = self._lookup.successor_to(call.principal.unit)
        states = [asked.state] if asked.state else []
        soon = self._city.today(self._clock.now()) + NOTICE + DAY
        until, besides = (soon if asked.due else None), None
        if asked.due:
            states = sorted(QUOTABLE)
        elif asked.mine:
            unit = call.principal.unit
            held = actors(call.principal, self._city.keeper(unit) if unit else "")
            states, besides = sorted(waits_for(held)), soon
        return Listing(states, owners, asked.q.strip(), asked.origin, until, besides, asked.cursor, asked.limit)

    async def versions_of(self, call: Call) -> VersionPage:
        asked = call.asked(PageQuery)
        async with self._database.reading() as tx:
            found = await rows.versions_of(tx, call.path["id"])
        self._refuse_stranger(call, found[0].article)
        page = part(found, asked.cursor, asked.limit)
        return VersionPage([VersionView.of(each, self._city) for each in page.items], page.next)

    async def show(self, call: Call) -> EditView:
        async with self._database.reading() as tx:
            saved = await rows.saved(tx, call.path["id"], _number(call))
            self._refuse_stranger(call, saved.article)
            return await self._view(tx, saved, call)

    async def differences(self, call: Call) -> DifferencesView:
        asked, id_ = call.asked(DifferencesQuery), call.path["id"]
        async with self._database.reading() as tx:
            after = await rows.version_of(tx, id_, asked.after)
            self._refuse_stranger(call, after)
            before = await rows.version_of(tx, id_, asked.before) if asked.before else Article(id_, "", "", "")
        return DifferencesView(asked.before, asked.after, differences(before, after))

    async def compare(self, call: Call) -> DifferencesView:
        """What a text that is not saved says otherwise than the version as it is saved now."""
        form, version = call.form(CompareForm), _number(call)
        async with self._database.reading() as tx:
            now = await rows.version_of(tx, call.path["id"], version)
        self._refuse_stranger(call, now)
        return DifferencesView(version, version, differences(now, form.article))

    async def draft(self, call: Call) -> MovedView:
        form = call.form(DraftForm)
        async with self._database.transaction() as tx:
            await self._attachments.known(tx, _files(form.article))
            made = await self._editing.draft(tx, form.article, *self._codes(), call.principal)
            await self._mending.mend_with(tx, form.corrections, made)
        return MovedView.of(made)

    async def revise(self, call: Call) -> EditView:
        form, id_, version = call.form(ReviseForm), call.path["id"], _number(call)
        if (form.article.id, form.article.version) != (id_, version):
            raise Invalid({"article": "unknown"})
        async with self._database.transaction() as tx:
            await self._attachments.known(tx, _files(form.article))
            await self._editing.revise(tx, form.article, form.revision, *self._codes(), call.principal)
            return await self._view(tx, await rows.saved(tx, id_, version), call)

    async def act(self, call: Call, action: EditorialAction) -> MovedView:
        form = call.form(ArticleActForm)
        async with self._database.transaction() as tx:
            moved = await self._editing.act(tx, call.path["id"], form.version, action, form, call.principal)
        return MovedView.of(moved)

    async def upload(self, call: Call) -> FileView:
        if len(call.uploads) != 1:
            raise Invalid({"file": "missing"})
        file = await check_file(call.uploads[0].name, call.uploads[0].data)
        async with self._database.transaction() as tx:
            kept = await self._attachments.keep(tx, file)
        return FileView.of(kept, self._attachments.url(kept))

    def _codes(self) -> tuple[set[str], set[str]]:
        return {unit.code for unit in self._lookup.units()}, {area.code for area in self._lookup.areas()}

    def _refuse_stranger(self, call: Call, article: Article) -> None:
        if call.scope is Scope.OWN_UNIT:
            actors(call.principal, self._city.keeper(article.owner))

    async def _view(self, tx: Tx, saved: Saved, call: Call) -> EditView:
        article = saved.article
        rows_may = may_do(article.state, call.principal, self._city.keeper(article.owner))
        kept = await self._attachments.known(tx, article.attachments)
        owner = self._city.unit_name(article.owner) if article.owner else ""
        left = await correction_rows.of_article(tx, article.id)
        names = await self._lookup.staff_names(tx, [saved.by])
        return EditView(
            article=article,
            row=VersionView.of(saved, self._city),
            revision=saved.revision,
            saved_by=names.get(saved.by, ""),
            actions=[ActionView.of(row) for row in rows_may],
            editable=article.state is ArticleState.DRAFT,
            area_names={area: self._area_name(area) for area in article.areas},
            matter_name=article.matter,
            files=[FileView.of(each, self._attachments.url(each)) for each in kept],
            corrections=[CorrectionView.of(each, article.title, owner) for each in left],
            told=await question_rows.told(tx, article.id),
        )

    def _area_name(self, code: str) -> str:
        try:
            return self._city.area_name(code)
        except NotFound:
            return code


class _Acting:
    """A handler for one action of the editorial table."""

    def __init__(self, api: EditingApi, action: EditorialAction) -> None:
        self._api = api
        self._action = action

    async def __call__(self, call: Call) -> MovedView:
        return await self._api.act(call, self._action)


def _number(call: Call) -> int:
    given = call.path["version"]
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise NotFound("article")
    return int(given)


def _files(article: Article) -> tuple[str, ...]:
    if len(article.attachments) > MOST_FILES:
        raise Invalid({"attachments": "too_many"}, most=MOST_FILES)
    return article.attachments


def _editorial_routes(api: EditingApi) -> list[Route]:
    """One route for each action that people do: reviews for reviewers, the rest for editors."""
    reviewers = {EditorialActor.REVIEWER, EditorialActor.UNIT_REVIEWER}
    doers: dict[EditorialAction, set[EditorialActor]] = {}
    for row in EDITORIAL.transitions:
        doers.setdefault(row.action, set()).update(set(row.by) - {EditorialActor.SYSTEM})
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
        for action, by in doers.items()
        if by
    ]


def routes(api: EditingApi) -> list[Route]:
    """The editors' part of the API."""
    root, one = "/api/v1/knowledge", "/api/v1/knowledge/articles/{id}"
    see, edit = May.SEE_VERSIONS, May.EDIT_KNOWLEDGE
    version = f"{one}/versions/{{version}}"
    return [
        Route("GET", f"{root}/articles", api.versions, see, "知识版本", query=VersionQuery, gives=VersionPage),
        Route("GET", f"{root}/counts", api.counts, see, "各状态条数", query=VersionQuery, gives=CountsView),
        Route("POST", f"{root}/articles", api.draft, edit, "起草条目", body=DraftForm, gives=MovedView, status=201),
        Route("POST", f"{root}/files", api.upload, edit, "上传附件", gives=FileView, takes_files=True, status=201),
        Route("GET", f"{one}/versions", api.versions_of, see, "条目的各版本", query=PageQuery, gives=VersionPage),
        Route("GET", version, api.show, see, "一个版本", gives=EditView),
        Route("PUT", version, api.revise, edit, "修改草稿", body=ReviseForm, gives=EditView),
        Route(
            "GET",
            f"{one}/differences",
            api.differences,
            see,
            "两个版本的差异",
            query=DifferencesQuery,
            gives=DifferencesView,
        ),
        Route(
            "POST",
            f"{version}/differences",
            api.compare,
            see,
            "未保存的文字与该版本的差异",
            body=CompareForm,
            gives=DifferencesView,
            unkept=True,
        ),
        *_editorial_routes(api),
    ]
