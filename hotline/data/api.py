"""The routes of the administrators' data: taking all of it out, checking what is handed in, loading it."""

import asyncio
from dataclasses import dataclass

from hotline.data.books import read_files
from hotline.data.history_report import HistoryImportView, HistoryStateView, SourceView, history_view
from hotline.data.planning import CityData
from hotline.data.report import ImportView, import_view
from hotline.data.writing import packed_csv, workbook
from kernel.database import Database
from kernel.errors import Invalid
from kernel.labels import Labelled
from kernel.people import May
from kernel.room import Call, Download, Route
from kernel.sheets import Table
from ticketing.room import Ticketing

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP_TYPE = "application/zip"


class Format(Labelled):
    """What the data are written as."""

    XLSX = "xlsx", "XLSX 工作簿"
    CSV = "csv", "CSV 压缩包"


@dataclass(frozen=True, slots=True)
class ExportQuery:
    """How to write the data; ``empty`` gives the sheets without rows, to be filled in."""

    format: Format = Format.XLSX
    empty: bool = False


@dataclass(frozen=True, slots=True)
class ImportForm:
    """Whether only to check; ``basis`` is that of the report the loading was confirmed on."""

    dry_run: bool = True
    basis: str = ""


@dataclass(frozen=True, slots=True)
class HistoryForm:
    """Whether only to check; ``mapping`` is TOML, or empty where the file's headers are known ones.

    ``skip_faulty``: rows with a fault are left out instead of keeping the others back.
    """

    dry_run: bool = True
    mapping: str = ""
    skip_faulty: bool = False


class DataApi:
    """Hands data out and takes them in."""

    def __init__(self, data: CityData, database: Database, ticketing: Ticketing) -> None:
        self._data = data
        self._database = database
        self._ticketing = ticketing

    async def give(self, call: Call) -> Download:
        """All data as they are now."""
        asked = call.asked(ExportQuery)
        tables = await self._data.tables()
        if asked.empty:
            tables = tuple(Table(each.layout) for each in tables)
        name = "city-template" if asked.empty else "city-data"
        if asked.format is Format.XLSX:
            made = await asyncio.to_thread(workbook, tables)
            return Download(f"{name}.xlsx", XLSX_TYPE, made, fresh=True)
        made = await asyncio.to_thread(packed_csv, tables)
        return Download(f"{name}.zip", ZIP_TYPE, made, fresh=True)

    async def take(self, call: Call) -> ImportView:
        """Check a workbook, a ZIP or CSV files, and load them when that is wanted and nothing is wrong."""
        form = call.form(ImportForm)
        if not call.uploads:
            raise Invalid({"file": "missing"})
        book = await asyncio.to_thread(read_files, [(each.name, each.data) for each in call.uploads])
        if form.dry_run:
            checked = await self._data.check(book)
        else:
            checked = await self._data.load(book, call.principal, form.basis)
        return await asyncio.to_thread(import_view, checked, self._data.layouts, dry_run=form.dry_run)

    async def take_history(self, call: Call) -> HistoryImportView:
        """Check tickets of another system, and take them in when that is wanted and nothing is wrong."""
        form, history = call.form(HistoryForm), self._ticketing.history
        if len(call.uploads) != 1:
            raise Invalid({"file": "missing"})
        book = await asyncio.to_thread(read_files, [(each.name, each.data) for each in call.uploads])
        if form.dry_run:
            check = await history.check(book.grids, form.mapping)
        else:
            check = await history.load(book.grids, form.mapping, call.principal, skip_faulty=form.skip_faulty)
        return history_view(check, history.layout, dry_run=form.dry_run)

    async def history(self, _call: Call) -> HistoryStateView:
        """What was taken in so far, and what the classifier knows."""
        async with self._database.reading() as tx:
            sources = await self._ticketing.history.sources(tx)
        learnt = self._ticketing.catalogue.classifier.learnt
        kept = [SourceView(each.name, each.tickets, each.last) for each in sources]
        return HistoryStateView(kept, learnt.version, learnt.sentences, learnt.past)


def routes(api: DataApi) -> list[Route]:
    """The administrators' routes of data."""
    manage = May.MANAGE_DIRECTORY
    out, into, past = "/api/v1/admin/export", "/api/v1/admin/import", "/api/v1/admin/import-history"
    return [
        Route("GET", out, api.give, manage, "导出全部城市数据", query=ExportQuery, gives=Download),
        Route(
            "POST", into, api.take, manage, "检查或导入城市数据", body=ImportForm, gives=ImportView, takes_files=True
        ),
        Route("GET", past, api.history, manage, "已导入的历史工单", gives=HistoryStateView),
        Route(
            "POST",
            past,
            api.take_history,
            manage,
            "检查或导入历史工单",
            body=HistoryForm,
            gives=HistoryImportView,
            takes_files=True,
        ),
    ]
