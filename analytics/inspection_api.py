"""The routes of quality inspection: what is drawn, what was found, a second look, and a unit's own findings."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from analytics.inspecting import WHOLE, Inspecting, UnitFound
from analytics.model import Drawn, Finding
from analytics.rules.scoring import BANDS
from analytics.store.inspections import Found, Inspection, Second
from analytics.views import FindingView, InspectionPage, InspectionView, SecondView, UnitFoundPage, UnitFoundView
from directory.lookup import Lookup
from kernel.database import Database, Tx
from kernel.errors import NotFound
from kernel.labels import Labelled
from kernel.pages import PageQuery, length, part
from kernel.people import May, Principal
from kernel.room import Call, Route

MOST_LISTED = 100
DAYS = 90


class InspectionList(Labelled):
    """Which inspections a list shows."""

    WAITING = "waiting", "待抽检"
    SECOND = "second", "待复核"
    DONE = "done", "已抽检"


@dataclass(frozen=True, slots=True)
class InspectionQuery:
    """What waits, what waits for a second person, or what is done."""

    view: InspectionList = InspectionList.WAITING
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class InspectionForm:
    """What an inspection found wanting; nothing when all is well."""

    failed: list[Finding] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True, slots=True)
class SecondForm:
    """Why somebody else should look."""

    why: str = ""


class InspectionApi:
    """Shows, takes down."""

    def __init__(self, database: Database, lookup: Lookup, inspecting: Inspecting) -> None:
        self._database = database
        self._lookup = lookup
        self._inspecting = inspecting

    async def browse(self, call: Call) -> InspectionPage:
        asked = call.asked(InspectionQuery)
        read = {
            InspectionList.WAITING: self._inspecting.waiting,
            InspectionList.SECOND: self._inspecting.to_look_at_again,
            InspectionList.DONE: self._inspecting.done,
        }[asked.view]
        async with self._database.reading() as tx:
            found = await read(tx, length(asked.limit), asked.cursor)
            return await self._page(tx, found, call.principal)

    async def inspect(self, call: Call) -> InspectionView:
        form = call.form(InspectionForm)
        async with self._database.transaction() as tx:
            done = await self._inspecting.settle(tx, call.path["number"], form.failed, form.note, call.principal)
            return (await self._page(tx, ([done], None), call.principal)).items[0]

    async def ask(self, call: Call) -> InspectionPage:
        why = call.form(SecondForm).why
        async with self._database.transaction() as tx:
            await self._inspecting.ask_second(tx, call.path["number"], why, call.principal)
            return await self._page(tx, await self._inspecting.done(tx, MOST_LISTED), call.principal)

    async def look_again(self, call: Call) -> InspectionView:
        form, number = call.form(InspectionForm), call.path["number"]
        async with self._database.transaction() as tx:
            found = await self._inspecting.settle_second(tx, number, form.failed, form.note, call.principal)
            return (await self._page(tx, ([found], None), call.principal)).items[0]

    async def units(self, call: Call) -> UnitFoundPage:
        asked = call.asked(PageQuery)
        async with self._database.reading() as tx:
            found = await self._inspecting.by_unit(tx, DAYS)
        page = part(sorted(found, key=lambda u: (self._unit_name(u.unit), u.unit)), asked.cursor, asked.limit)
        return UnitFoundPage([self._found(each) for each in page.items], page.total, page.next)

    async def own(self, call: Call) -> InspectionPage:
        asked = call.asked(PageQuery)
        async with self._database.reading() as tx:
            return await self._own(tx, call.principal, length(asked.limit), asked.cursor)

    async def appeal(self, call: Call) -> InspectionPage:
        why = call.form(SecondForm).why
        async with self._database.transaction() as tx:
            await self._inspecting.ask_second(tx, call.path["number"], why, call.principal)
            return await self._own(tx, call.principal)

    async def _own(self, tx: Tx, by: Principal, limit: int = MOST_LISTED, cursor: str = "") -> InspectionPage:
        return await self._page(tx, await self._inspecting.of_unit(tx, by.unit, limit, cursor), by)

    async def _page(self, tx: Tx, page: Found, by: Principal) -> InspectionPage:
        (found, behind), (share, least) = page, self._inspecting.terms
        again = await self._inspecting.seconds_of(tx, found)
        items = [self._view(each, again.get(each.number), least, by) for each in found]
        looked_at, worth = _findings([each.value for each in Finding]), WHOLE // len(Finding)
        return InspectionPage(items, looked_at, worth, share, least, behind)

    def _view(self, one: Inspection, second: Second | None, least: int, by: Principal) -> InspectionView:
        last = second.points if second and second.points is not None else one.points
        return InspectionView(
            one.number,
            one.drawn,
            self._unit_name(one.unit),
            one.done_at,
            one.points,
            None if last is None else last >= least,
            _findings(one.failed),
            one.note,
            _second(second, one, by) if second else None,
            one.done_at is not None and second is None,
            one.why,
            Drawn(one.why).label,
        )

    def _found(self, u: UnitFound) -> UnitFoundView:
        return UnitFoundView(self._unit_name(u.unit), _band(u.points), u.looked_at, u.passed, u.points)

    def _unit_name(self, code: str) -> str:
        try:
            return self._lookup.unit(code).name if code else "热线"
        except NotFound:
            return code


def _second(second: Second, one: Inspection, by: Principal) -> SecondView:
    may = second.done_at is None and not by.unit and by.id not in {one.inspector, second.asked_by}
    return SecondView(
        bool(second.unit),
        second.why,
        second.asked_at,
        second.done_at,
        second.points,
        _findings(second.failed),
        second.note,
        may,
    )


def _findings(found: Sequence[str]) -> list[FindingView]:
    return [FindingView(value, Finding(value).label) for value in found]


def _band(points: int) -> str:
    return next(band for least, band in BANDS if points >= least)


def routes(api: InspectionApi) -> list[Route]:
    """Inspectors' part of the API, and a unit's."""
    root, own = "/api/v1/inspections", "/api/v1/own-inspections"
    one, may, theirs = f"{root}/{{number}}", May.INSPECT_REPLIES, May.READ_OWN_INSPECTIONS
    form, done, page, second = InspectionForm, InspectionView, InspectionPage, SecondForm
    return [
        Route("GET", root, api.browse, may, "质量抽检", query=InspectionQuery, gives=page),
        Route("GET", f"{root}/units", api.units, may, "各单位抽检结果", query=PageQuery, gives=UnitFoundPage),
        Route("POST", one, api.inspect, may, "登记抽检结果", body=form, gives=done),
        Route("POST", f"{one}/second-look", api.ask, may, "提请复核抽检结果", body=second, gives=page),
        Route("POST", f"{one}/second", api.look_again, may, "登记复核结果", body=form, gives=done),
        Route("GET", own, api.own, theirs, "本单位抽检结果", query=PageQuery, gives=page),
        Route("POST", f"{own}/{{number}}/appeal", api.appeal, theirs, "对抽检结果申诉", body=second, gives=page),
    ]
