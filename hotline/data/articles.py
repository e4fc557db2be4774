"""The routes by which entries are carried out of the knowledge and back: a workbook, JSON lines, Markdown files."""

import asyncio
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePosixPath

from hotline.data.api import XLSX_TYPE, ZIP_TYPE
from hotline.data.books import read_files, read_texts
from hotline.data.report import SHOWN_FAULTS, FaultView, fault_view
from hotline.data.writing import MADE, workbook
from kernel.database import Database
from kernel.errors import Invalid
from kernel.labels import Labelled
from kernel.people import May
from kernel.room import Call, Download, Route, Upload
from kernel.sheets import Grid, Layout, Problem, Sheet, Table, read_sheet
from knowledge.room import KnowledgeRoom
from ticketing.room import Ticketing

JSON_LINES, MARKDOWN = ".jsonl", ".md"
SHOWN = 200


class Form(Labelled):
    """What entries are written as."""

    XLSX = "xlsx", "XLSX 工作簿"
    JSONL = "jsonl", "JSONL，每行一条"
    MARKDOWN = "markdown", "Markdown，每条一个文件"


@dataclass(frozen=True, slots=True)
class CarryQuery:
    """Which entries, and how they are written; ``empty`` gives the workbook to be filled in."""

    format: Form = Form.XLSX
    state: str = ""
    q: str = ""
    empty: bool = False


@dataclass(frozen=True, slots=True)
class CarryForm:
    """Whether only to check."""

    dry_run: bool = True


@dataclass(frozen=True, slots=True)
class BroughtView:
    """An entry that is ``added`` or ``changed``."""

    id: str
    title: str
    what: str


@dataclass(frozen=True, slots=True)
class BringView:
    """What files of entries come to: with ``faults`` nothing was kept."""

    dry_run: bool
    loaded: bool
    added: int
    changed: int
    unchanged: int
    shown: Sequence[BroughtView]
    count: int
    faults: Sequence[FaultView]


@dataclass(frozen=True, slots=True)
class _Read:
    """A sheet, what is wrong with it and how its places are told; ``names`` are those of Markdown files."""

    sheet: Sheet
    problems: list[Problem]
    names: Sequence[str] = ()
    tabular: bool = False


class ArticleDataApi:
    """Gives entries out, checks what is handed in, keeps it as drafts."""

    def __init__(self, database: Database, knowledge: KnowledgeRoom, ticketing: Ticketing) -> None:
        self._database = database
        self._carrying = knowledge.carrying
        self._lookup = knowledge.lookup
        self._ticketing = ticketing

    async def give(self, call: Call) -> Download:
        asked = call.asked(CarryQuery)
        carrying, given = self._carrying, (call, asked.state, asked.q)
        async with self._database.reading() as tx:
            match asked.format:
                case Form.JSONL:
                    lines = await carrying.json_lines(tx, *given)
                    return Download("articles.jsonl", "application/jsonl", lines.encode(), fresh=True)
                case Form.MARKDOWN:
                    texts = await carrying.markdown(tx, *given)
                case Form.XLSX:
                    table = Table(carrying.layout) if asked.empty else await carrying.table(tx, *given)
        if asked.format is Form.MARKDOWN:
            return Download("articles.zip", ZIP_TYPE, await asyncio.to_thread(_packed, texts), fresh=True)
        return Download("articles.xlsx", XLSX_TYPE, await asyncio.to_thread(workbook, [table]), fresh=True)

    async def take(self, call: Call) -> BringView:
        """All in one transaction: what is wrong with any of it keeps all of it back."""
        form = call.form(CarryForm)
        read = await asyncio.to_thread(self._read, call.uploads)
        matters = {matter.code for matter in self._ticketing.queries.matters()}
        async with self._database.transaction() as tx:
            incoming = await self._carrying.check(tx, read.sheet, matters, call.principal)
            loaded = not form.dry_run and not read.problems
            if loaded:
                await self._carrying.bring(tx, incoming, call.principal)
        new = [BroughtView(each.id, each.title, "added") for each in incoming.added]
        new += [BroughtView(each.id, each.title, "changed") for each in incoming.changed]
        many = len(incoming.added), len(incoming.changed), len(incoming.unchanged)
        faults = _faults(read, self._carrying.layout)
        return BringView(form.dry_run, loaded, *many, new[:SHOWN], len(faults), faults[:SHOWN_FAULTS])

    def _read(self, uploads: Sequence[Upload]) -> _Read:
        """The rows of what was handed in, told by its name; a ZIP holds Markdown files."""
        files = [(each.name, each.data) for each in uploads]
        problems: list[Problem] = []
        kinds = {PurePosixPath(name).suffix.lower() for name, _ in files}
        if not files:
            raise Invalid({"file": "missing"})
        if kinds == {JSON_LINES}:
            if len(files) > 1:
                raise Invalid({"file": "too_many_files"})
            text = read_texts(files, JSON_LINES)[0][1]
            return _Read(self._carrying.read_json_lines(text, problems), problems)
        if kinds <= {MARKDOWN, ".zip"}:
            texts = read_texts(files, MARKDOWN)
            sheet = self._carrying.read_markdown([text for _, text in texts], problems)
            return _Read(sheet, problems, [name for name, _ in texts])
        layout = self._carrying.layout
        return _Read(read_sheet(layout, _grid(layout, read_files(files).grids), problems), problems, tabular=True)


def _packed(texts: Mapping[str, str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for id_, text in texts.items():
            entry = zipfile.ZipInfo(f"{id_}{MARKDOWN}", MADE)
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _grid(layout: Layout, grids: Sequence[Grid]) -> Grid:
    """The only sheet there is, or the one that is called so."""
    named = [each for each in grids if each.title.strip().lower() in {layout.name, layout.label}]
    found = named or list(grids)
    if len(found) != 1:
        raise Invalid({"file": "sheet_not_found"})
    return found[0]


def _faults(read: _Read, layout: Layout) -> Sequence[FaultView]:
    """Of each cell the first fault, told by row and column, one of a Markdown file by the file's name."""
    first = {(each.row, each.column or each.code): each for each in reversed(read.problems)}
    shown = sorted(first.values(), key=lambda each: each.row)
    if not read.names:
        # Only a table has cells with letters.
        places = {layout.name: read.sheet.places} if read.tabular else {}
        return [fault_view(each, {layout.name: layout}, places) for each in shown]
    layouts = {name: replace(layout, name=name, label=name) for name in read.names}
    named = [replace(each, sheet=read.names[each.row - 1], row=0) if each.row else each for each in shown]
    return [fault_view(each, layouts, {}) for each in named]


def routes(api: ArticleDataApi) -> list[Route]:
    """The routes of entries in files."""
    root = "/api/v1/knowledge"
    return [
        Route("GET", f"{root}/export", api.give, May.SEE_VERSIONS, "导出知识条目", query=CarryQuery, gives=Download),
        Route(
            "POST",
            f"{root}/import",
            api.take,
            May.EDIT_KNOWLEDGE,
            "检查或导入知识条目",
            body=CarryForm,
            gives=BringView,
            takes_files=True,
        ),
    ]
