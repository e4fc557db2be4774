"""The administrators' routes for member units: the list, changes previewed and carried out, their history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from directory.lookup import Lookup
from directory.model import Level, Unit
from directory.reorganising import Reorganising
from kernel.database import Database
from kernel.errors import Invalid
from kernel.people import May
from kernel.room import Call, Download, Route
from ticketing.reorganisation import Reorganisation
from ticketing.store import follow as rows
from ticketing.unit_showing import UnitShowing
from ticketing.unit_views import (
    CarryOutForm,
    ChangePage,
    ChangesQuery,
    ChangeView,
    NamedView,
    OptionsView,
    OrderForm,
    PreviewView,
    UnitRowPage,
    UnitsQuery,
)

LONGEST_PAGE = 200


@dataclass(frozen=True, slots=True)
class Hung:
    """A unit in the tree: how many stand above it."""

    unit: Unit
    depth: int


class UnitApi:
    """Reads, previews, carries out, shows."""

    def __init__(
        self, database: Database, lookup: Lookup, reorganising: Reorganising, reorganisation: Reorganisation
    ) -> None:
        self._database = database
        self._lookup = lookup
        self._reorganising = reorganising
        self._reorganisation = reorganisation
        self._showing = UnitShowing(lookup)

    # -- reading ----------------------------------------------------------------------------------------

    async def options(self, call: Call) -> OptionsView:
        return OptionsView(
            [NamedView(code, name) for code, name in self._lookup.functions().items()],
            [NamedView(code, name) for code, name in self._lookup.powers().items()],
            [NamedView(level.value, level.label) for level in Level],
        )

    async def browse(self, call: Call) -> UnitRowPage:
        asked = call.asked(UnitsQuery)
        found = [hung for hung in tree(self._lookup.units(retired=asked.retired)) if self._fits(hung.unit, asked)]
        start, limit = _place(asked.cursor), max(1, min(asked.limit, LONGEST_PAGE))
        async with self._database.reading() as tx:
            tickets, people = await rows.counts(tx), await self._reorganising.people(tx)
        items = [
            self._showing.row(h.unit, h.depth, tickets.get(h.unit.code, 0), people.get(h.unit.code, 0))
            for h in found[start : start + limit]
        ]
        return UnitRowPage(items, len(found), str(start + limit) if start + limit < len(found) else None)

    def _fits(self, unit: Unit, asked: UnitsQuery) -> bool:
        wanted = asked.q.strip().casefold()
        if unit.active is asked.retired or (asked.level is not None and unit.level is not asked.level):
            return False
        if wanted and not any(wanted in name.casefold() for name in self._lookup.names_of(unit.code)):
            return False
        if asked.area and not any(self._lookup.lies_in(area, asked.area) for area in unit.areas):
            return False
        return not asked.function or asked.function in unit.functions

    async def history(self, call: Call) -> ChangePage:
        asked = call.asked(ChangesQuery)
        limit = max(1, min(asked.limit, LONGEST_PAGE))
        before = _place(asked.cursor) if asked.cursor else None
        async with self._database.reading() as tx:
            found = await self._reorganising.changes(tx, limit + 1, before)
            left = await rows.left(tx)
            names = await self._lookup.staff_names(tx, {change.by for change in found})
        items = [self._showing.change(each, left.get(each.id, 0), names) for each in found[:limit]]
        return ChangePage(items, str(found[limit - 1].version) if len(found) > limit else None)

    async def file(self, call: Call) -> Download:
        async with self._database.reading() as tx:
            text = await self._reorganising.file(tx)
        # With the mark spreadsheets go by; the import takes it.
        return Download("units.csv", "text/csv", ("\ufeff" + text).encode())

    # -- changing ---------------------------------------------------------------------------------------

    async def preview(self, call: Call) -> PreviewView:
        order = call.form(OrderForm).order()
        async with self._database.reading() as tx:
            preview = await self._reorganisation.preview(tx, order)
            people = await self._reorganising.people_of(tx, order.units)
        return self._showing.preview(preview, people)

    async def carry_out(self, call: Call) -> ChangeView:
        form = call.form(CarryOutForm)
        async with self._database.transaction() as tx:
            change = await self._reorganisation.carry_out(tx, form.order.order(), form.version, call.principal)
        await self._lookup.load()
        return self._showing.change(change, change.tickets, {call.principal.id: call.principal.name})


def tree(units: Sequence[Unit]) -> Iterator[Hung]:
    """Units each followed by those that belong to it, in the order given."""
    known = {unit.code for unit in units}
    below: dict[str, list[Unit]] = {}
    for unit in units:
        below.setdefault(unit.parent if unit.parent in known else "", []).append(unit)

    def hang(code: str, depth: int) -> Iterator[Hung]:
        for unit in below.get(code, ()):
            yield Hung(unit, depth)
            yield from hang(unit.code, depth + 1)

    return hang("", 0)


def _place(cursor: str) -> int:
    if cursor and not (cursor.isascii() and cursor.isdigit()):
        raise Invalid({"cursor": "wrong"})
    return int(cursor or 0)


def routes(api: UnitApi) -> list[Route]:
    """The administrators' part of the API."""
    may, root = May.MANAGE_DIRECTORY, "/api/v1/directory"
    changes = f"{root}/changes"
    return [
        Route("GET", f"{root}/options", api.options, may, "职责、权限与层级选项", gives=OptionsView),
        Route("GET", f"{root}/units", api.browse, may, "成员单位管理列表", query=UnitsQuery, gives=UnitRowPage),
        Route("GET", f"{root}/units.csv", api.file, may, "导出成员单位", gives=Download),
        Route("GET", changes, api.history, may, "机构调整记录", query=ChangesQuery, gives=ChangePage),
        Route("POST", f"{changes}/preview", api.preview, may, "预览机构调整", body=OrderForm, gives=PreviewView),
        Route("POST", changes, api.carry_out, may, "机构调整", body=CarryOutForm, gives=ChangeView, status=201),
    ]
