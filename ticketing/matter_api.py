"""The administrators' routes for the catalogue: the tree, a matter, a change previewed and made, rulings."""

from collections.abc import Iterable, Mapping

from directory.lookup import Lookup
from kernel import cursors
from kernel.database import Database, Tx
from kernel.errors import NotFound
from kernel.pages import PageQuery, length, part
from kernel.people import May
from kernel.room import Call, Route
from ticketing.cataloguing import Cataloguing
from ticketing.matter_showing import MatterShowing
from ticketing.matter_views import (
    CandidateRuling,
    CatalogueQuery,
    CatalogueView,
    MatterChangeView,
    MatterDetail,
    MatterOptions,
    MatterPreview,
    OrderForm,
    RulingsView,
    UndoForm,
    VerdictForm,
)
from ticketing.model.duties import Matter
from ticketing.rules.matterchanges import MatterChange


class MatterApi:
    """Reads and changes matters."""

    def __init__(self, database: Database, lookup: Lookup, cataloguing: Cataloguing, showing: MatterShowing) -> None:
        self._database = database
        self._lookup = lookup
        self._cataloguing = cataloguing
        self._showing = showing

    async def tree(self, call: Call) -> CatalogueView:
        asked = call.asked(CatalogueQuery)
        async with self._database.reading() as tx:
            version, matters = await self._cataloguing.matters(tx)
            waiting, said = await self._cataloguing.waiting(tx), await self._cataloguing.candidates(tx)
            gone = await self._cataloguing.retired(tx)
        found = [matter for matter in matters if _holds(matter, asked.q)]
        past = [each.matter for each in gone if _holds(each.matter, asked.q)]
        page = part(self._showing.tree(found, waiting, said, past), asked.cursor, asked.limit)
        return CatalogueView(version, len(matters), page.items, len(said), page.next)

    async def show(self, call: Call) -> MatterDetail:
        async with self._database.reading() as tx:
            return await self._detail(tx, call.path["code"])

    async def options(self, call: Call) -> MatterOptions:
        async with self._database.reading() as tx:
            _, matters = await self._cataloguing.matters(tx)
        return self._showing.options(list(dict.fromkeys(matter.level1 for matter in matters)))

    async def preview(self, call: Call) -> MatterPreview:
        async with self._database.reading() as tx:
            return self._showing.preview(await self._cataloguing.preview(tx, call.form(OrderForm).order()))

    async def change(self, call: Call) -> MatterChangeView:
        form = call.form(OrderForm)
        async with self._database.transaction() as tx:
            made = await self._cataloguing.order(tx, form.order(), form.version, call.principal)
            return self._showing.change(made, await self._names(tx, [made]))

    async def cancel(self, call: Call) -> MatterChangeView:
        async with self._database.transaction() as tx:
            made = await self._cataloguing.cancel(tx, call.path["id"], call.principal)
            return self._showing.change(made, await self._names(tx, [made]))

    async def undo(self, call: Call) -> MatterChangeView:
        form = call.form(UndoForm)
        async with self._database.transaction() as tx:
            made = await self._cataloguing.undo(tx, call.path["code"], form.version, form.why, call.principal)
            return self._showing.change(made, await self._names(tx, [made]))

    async def rulings(self, call: Call) -> RulingsView:
        asked = call.asked(PageQuery)
        limit = length(asked.limit)
        before = str(cursors.read(asked.cursor, 1)[0]) if asked.cursor else ""
        async with self._database.reading() as tx:
            _, matters = await self._cataloguing.matters(tx)
            said = await self._cataloguing.candidates(tx, before=before, limit=limit + 1)
        known, shown = {matter.code: matter for matter in matters}, said[:limit]
        behind = cursors.written([shown[-1].id]) if len(said) > limit else None
        return RulingsView([self._showing.ruling(each, known.get(each.matter)) for each in shown], behind)

    async def decide(self, call: Call) -> CandidateRuling:
        form, id_ = call.form(VerdictForm), call.path["id"]
        async with self._database.transaction() as tx:
            if form.adopt:
                said = await self._cataloguing.adopt(tx, id_, call.principal)
            else:
                said = await self._cataloguing.dismiss(tx, id_, form.why)
            _, matters = await self._cataloguing.matters(tx)
        return self._showing.ruling(said, next((each for each in matters if each.code == said.matter), None))

    async def _detail(self, tx: Tx, code: str) -> MatterDetail:
        version, matters = await self._cataloguing.matters(tx)
        matter = next((each for each in matters if each.code == code), None)
        gone = next((each for each in await self._cataloguing.retired(tx) if each.matter.code == code), None)
        found = matter or (gone.matter if gone else None)
        if found is None:
            raise NotFound("matter", matter=code)
        history = await self._cataloguing.history(tx, code)
        said = await self._cataloguing.candidates(tx, code)
        names = await self._names(tx, history)
        return self._showing.detail(version, found, history, said, names, None if matter else gone)

    async def _names(self, tx: Tx, changes: Iterable[MatterChange]) -> Mapping[str, str]:
        return await self._lookup.staff_names(tx, {change.by for change in changes})


def _holds(matter: Matter, text: str) -> bool:
    wanted = text.strip().lower()
    words = (matter.code, matter.level1, matter.level2, matter.name, *matter.keywords)
    return not wanted or any(wanted in word.lower() for word in words)


def routes(api: MatterApi) -> list[Route]:
    """The administrators' part of the API."""
    may, root = May.MANAGE_CATALOGUE, "/api/v1/catalogue"
    one, change, ruling = f"{root}/matters/{{code}}", MatterChangeView, CandidateRuling
    decide = f"{root}/rulings/{{id}}"
    return [
        Route("GET", f"{root}/matters", api.tree, may, "事项目录", query=CatalogueQuery, gives=CatalogueView),
        Route("GET", one, api.show, may, "事项详情", gives=MatterDetail),
        Route("POST", f"{one}/undo", api.undo, may, "撤销事项上次修改", body=UndoForm, gives=change),
        Route("GET", f"{root}/options", api.options, may, "事项可选项", gives=MatterOptions),
        Route("POST", f"{root}/preview", api.preview, may, "预览事项修改", body=OrderForm, gives=MatterPreview),
        Route("POST", f"{root}/changes", api.change, may, "修改事项", body=OrderForm, gives=change, status=201),
        Route("POST", f"{root}/changes/{{id}}/cancel", api.cancel, may, "取消待生效的修改", gives=change),
        Route("GET", f"{root}/rulings", api.rulings, may, "待采纳的裁定", query=PageQuery, gives=RulingsView),
        Route("POST", decide, api.decide, may, "采纳或不采纳裁定", body=VerdictForm, gives=ruling),
    ]
