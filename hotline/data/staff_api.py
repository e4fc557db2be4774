"""The routes by which accounts are made many at once from a workbook or a CSV file."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from directory.room import DirectoryRoom
from hotline.data.api import XLSX_TYPE
from hotline.data.books import read_files
from hotline.data.report import SHOWN_FAULTS, FaultView, fault_view
from hotline.data.writing import workbook
from kernel.errors import Invalid
from kernel.people import May
from kernel.room import Call, Download, Route
from kernel.sheets import Grid, Problem, Sheet, Table


class Checked(Protocol):
    """What a sheet of accounts comes to."""

    @property
    def sheet(self) -> Sheet: ...
    @property
    def wanted(self) -> Sequence[object]: ...
    @property
    def made(self) -> Sequence[object]: ...
    @property
    def problems(self) -> Sequence[Problem]: ...
    @property
    def given(self) -> Table | None: ...


@dataclass(frozen=True, slots=True)
class TemplateQuery:
    """``gaps``: a liaison stands in it for each unit that has none."""

    gaps: bool = False


@dataclass(frozen=True, slots=True)
class StaffImportForm:
    """Whether only to check."""

    dry_run: bool = True


@dataclass(frozen=True, slots=True)
class StaffImportView:
    """What a sheet of accounts comes to. ``file`` is the workbook of given passwords, in base64, shown this once."""

    dry_run: bool
    accounts: int
    made: int
    count: int
    faults: Sequence[FaultView]
    file: bytes


class StaffImportApi:
    """Checks, makes, hands out what is to be filled in."""

    def __init__(self, directory: DirectoryRoom) -> None:
        self._importer = directory.staff_importer

    async def template(self, call: Call) -> Download:
        """The sheet to be filled in."""
        filled = await self._importer.template(gaps=call.asked(TemplateQuery).gaps)
        made = await asyncio.to_thread(workbook, [filled])
        return Download("staff.xlsx", XLSX_TYPE, made, fresh=True)

    async def take(self, call: Call) -> StaffImportView:
        """Check a sheet, and make its accounts when that is wanted and nothing is wrong."""
        form = call.form(StaffImportForm)
        if len(call.uploads) != 1:
            raise Invalid({"file": "missing"})
        book = await asyncio.to_thread(read_files, [(each.name, each.data) for each in call.uploads])
        grid = self._grid(book.grids)
        if form.dry_run:
            checked = await self._importer.check(grid)
        else:
            checked = await self._importer.load(grid, call.principal)
        return await self._view(checked, dry_run=form.dry_run)

    def _grid(self, grids: Sequence[Grid]) -> Grid:
        """The only sheet there is, or the one that is called so."""
        layout = self._importer.layout
        named = [each for each in grids if each.title.strip().lower() in {layout.name, layout.label}]
        found = named or list(grids)
        if len(found) != 1:
            raise Invalid({"file": "sheet_not_found"})
        return found[0]

    async def _view(self, checked: Checked, *, dry_run: bool) -> StaffImportView:
        layout = self._importer.layout
        layouts, places = {layout.name: layout}, {layout.name: checked.sheet.places}
        faults = [fault_view(each, layouts, places) for each in checked.problems[:SHOWN_FAULTS]]
        file = b""
        if checked.given is not None:
            file = await asyncio.to_thread(workbook, [checked.given])
        many = (len(checked.wanted), len(checked.made), len(checked.problems))
        return StaffImportView(dry_run, *many, faults, file)


def routes(api: StaffImportApi) -> list[Route]:
    """The routes of accounts made many at once."""
    may, path = May.MANAGE_STAFF, "/api/v1/admin/import-staff"
    return [
        Route("GET", path, api.template, may, "账号导入模板", query=TemplateQuery, gives=Download),
        Route(
            "POST", path, api.take, may, "检查或导入账号", body=StaffImportForm, gives=StaffImportView, takes_files=True
        ),
    ]
