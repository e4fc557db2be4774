"""The suggestions room's routes: for citizens, for the public, for the editors and units."""

from dataclasses import dataclass, field

from directory.lookup import Lookup
from kernel.database import Database
from kernel.errors import Invalid
from kernel.people import May, Principal, Scope
from kernel.room import Call, Route
from suggestions.model import PUBLIC, WITH_UNITS, Suggestion, SuggestionDraft, SuggestionState
from suggestions.rules.life import LIFE, SuggestionAction, SuggestionActor
from suggestions.suggestions import SuggestionForm, Suggestions
from suggestions.views import (
    ActionView,
    Field,
    FieldView,
    OpenedSuggestion,
    OwnSuggestion,
    SimilarPage,
    StaffPage,
    StaffSuggestion,
    SuggestionPage,
    SuggestionRow,
    row,
    similar,
)

PAGE = 20
MOST = 100
LONGEST_HINT = 500


@dataclass(frozen=True, slots=True)
class NewSuggestion:
    """What a citizen proposes on the web form."""

    title: str
    text: str
    area: str | None = None


@dataclass(frozen=True, slots=True)
class SuggestionListQuery:
    """A page of public suggestions, of one area if given."""

    cursor: str = ""
    area: str = ""
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class DeskQuery:
    """A page for staff, of one state if given; ``waiting`` for what a unit has still something to do with."""

    state: SuggestionState | None = None
    waiting: bool = False
    cursor: str = ""
    limit: int = PAGE


@dataclass(frozen=True, slots=True)
class SimilarQuery:
    """A text to compare."""

    q: str


@dataclass(frozen=True, slots=True)
class CodeForm:
    """Number and query code of one's own suggestion."""

    number: str
    code: str


@dataclass(frozen=True, slots=True)
class SuggestionActForm:
    """What an action asks for."""

    form: SuggestionForm = field(default_factory=SuggestionForm)


class SuggestionApi:
    """Reads, asks the use cases, shows."""

    def __init__(self, database: Database, suggestions: Suggestions, lookup: Lookup) -> None:
        self._database = database
        self._suggestions = suggestions
        self._lookup = lookup

    async def submit(self, call: Call) -> OpenedSuggestion:
        form = call.form(NewSuggestion)
        if not form.title.strip():
            raise Invalid({"title": "empty"})
        draft = SuggestionDraft(form.text, form.title, form.area or "", citizen_id=call.principal.id)
        async with self._database.transaction() as tx:
            made = await self._suggestions.open(tx, draft, call.principal)
            near = await self._suggestions.similar_public(tx, made.text)
        label = made.state.label
        return OpenedSuggestion(made.number, made.query_code, made.state, label, [similar(each) for each in near])

    async def near(self, call: Call) -> SimilarPage:
        text = call.asked(SimilarQuery).q[:LONGEST_HINT]
        async with self._database.reading() as tx:
            return SimilarPage([similar(each) for each in await self._suggestions.similar_public(tx, text)])

    async def browse(self, call: Call) -> SuggestionPage:
        asked = call.asked(SuggestionListQuery)
        limit = _bounded(asked.limit)
        async with self._database.reading() as tx:
            found = await self._suggestions.find(tx, PUBLIC, area=asked.area, after=asked.cursor, limit=limit)
        return SuggestionPage([row(each, self._lookup) for each in found], _next(found, limit))

    async def show(self, call: Call) -> SuggestionRow:
        async with self._database.reading() as tx:
            return row(await self._suggestions.public(tx, call.path["number"]), self._lookup)

    async def track(self, call: Call) -> OwnSuggestion:
        form = call.form(CodeForm)
        async with self._database.reading() as tx:
            return self._own(await self._suggestions.by_code(tx, form.number, form.code))

    async def withdraw(self, call: Call) -> OwnSuggestion:
        form = call.form(CodeForm)
        async with self._database.transaction() as tx:
            return self._own(await self._suggestions.withdraw(tx, form.number, form.code))

    async def support(self, call: Call) -> SuggestionRow:
        async with self._database.transaction() as tx:
            found = await self._suggestions.support(tx, call.path["number"], call.principal.id)
        return row(found, self._lookup)

    async def desk(self, call: Call) -> StaffPage:
        asked = call.asked(DeskQuery)
        limit = _bounded(asked.limit)
        states = [asked.state] if asked.state else list(WITH_UNITS if asked.waiting else SuggestionState)
        own_only = call.scope is Scope.OWN_UNIT
        async with self._database.reading() as tx:
            found = await self._suggestions.find(
                tx, states, unit=call.principal.unit if own_only else "", after=asked.cursor, limit=limit
            )
        return StaffPage([self._for_staff(each, call.principal, call.scope) for each in found], _next(found, limit))

    async def desk_one(self, call: Call) -> StaffSuggestion:
        async with self._database.reading() as tx:
            found = await self._suggestions.by_number(tx, call.path["number"])
        self._suggestions.actors(call.principal, found)
        return self._for_staff(found, call.principal, call.scope)

    async def act(self, call: Call) -> StaffSuggestion:
        try:
            action = SuggestionAction(call.path["action"])
        except ValueError:
            raise Invalid({"action": "unknown"}) from None
        async with self._database.transaction() as tx:
            number, form = call.path["number"], call.form(SuggestionActForm).form
            moved = await self._suggestions.act(tx, number, action, form, call.principal)
        return self._for_staff(moved, call.principal, call.scope)

    def _own(self, s: Suggestion) -> OwnSuggestion:
        can = [each.action.value for each in LIFE.allowed(s.state, SuggestionActor.AUTHOR)]
        return OwnSuggestion(row(s, self._lookup, whole=True), s.opened_at, s.due, can)

    def _for_staff(self, s: Suggestion, by: Principal, scope: Scope) -> StaffSuggestion:
        open_rows = {
            each.action: each for actor in self._suggestions.actors(by, s) for each in LIFE.allowed(s.state, actor)
        }
        buttons = [ActionView(a, a.label, _fields(each.needs)) for a, each in open_rows.items()]
        shown = row(s, self._lookup, whole=scope is Scope.ANY)
        return StaffSuggestion(shown, s.opened_at, s.due, s.unit, s.similar, buttons)


def _fields(needs: tuple[str, ...]) -> list[FieldView]:
    kinds = {Field.UNIT: "unit", Field.REASON: "textarea", Field.PLAN: "textarea"}
    return [
        FieldView(each, each.label, kinds.get(each, "text"), each.value in needs)
        for each in Field
        if each.value in needs or ("plan" in needs and each is not Field.UNIT)
    ]


def _bounded(limit: int) -> int:
    if not 1 <= limit <= MOST:
        raise Invalid({"limit": "out_of_range"}, most=MOST)
    return limit


def _next(found: tuple[Suggestion, ...], limit: int) -> str | None:
    return found[-1].number if len(found) == limit else None


def routes(api: SuggestionApi) -> list[Route]:
    """The suggestions room's part of the API. Fixed words stand before ``{number}``."""
    root = "/api/v1/suggestions"
    one = f"{root}/{{number}}"
    make, read, manage = May.MAKE_SUGGESTION, May.READ_SUGGESTIONS, May.MANAGE_SUGGESTIONS
    return [
        Route("POST", root, api.submit, make, "提交建议", body=NewSuggestion, gives=OpenedSuggestion, status=201),
        Route("GET", root, api.browse, read, "公开的建议", query=SuggestionListQuery, gives=SuggestionPage),
        Route("GET", f"{root}/similar", api.near, read, "相近的建议", query=SimilarQuery, gives=SimilarPage),
        Route("POST", f"{root}/track", api.track, make, "查询本人建议", body=CodeForm, gives=OwnSuggestion),
        Route("POST", f"{root}/withdraw", api.withdraw, make, "撤回建议", body=CodeForm, gives=OwnSuggestion),
        Route("GET", f"{root}/desk", api.desk, manage, "建言工作台", query=DeskQuery, gives=StaffPage),
        Route("GET", f"{root}/desk/{{number}}", api.desk_one, manage, "建议详情", gives=StaffSuggestion),
        Route("GET", one, api.show, read, "一条公开的建议", gives=SuggestionRow),
        Route("POST", f"{one}/support", api.support, make, "附议", gives=SuggestionRow),
        Route(
            "POST",
            f"{one}/actions/{{action}}",
            api.act,
            manage,
            "办理建议",
            body=SuggestionActForm,
            gives=StaffSuggestion,
        ),
    ]
