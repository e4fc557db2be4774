"""Plans and does the loading of a book: every room checks its sheets, and all of them are kept in one transaction."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from directory.room import DirectoryRoom
from hotline.data.books import Book
from kernel.database import Database, Tx
from kernel.errors import Conflict
from kernel.loading import Plan
from kernel.people import Principal
from kernel.sheets import Grid, Layout, Problem, Sheet, Table, read_sheet, sheet_of
from knowledge.room import KnowledgeRoom
from ticketing.room import Ticketing

SETTINGS = "city"
NEEDED = frozenset({SETTINGS, "areas"})


@dataclass(frozen=True, slots=True)
class Checked:
    """What loading a book would do. ``given`` names the sheets it holds; the others stay as they are.

    ``basis`` tells the state of the database that was checked against, ``undone`` names what was changed by hand.
    """

    problems: tuple[Problem, ...]
    before: tuple[Table, ...]
    after: tuple[Table, ...]
    given: frozenset[str]
    places: Mapping[str, Mapping[str, int]]
    basis: str
    plans: tuple[Plan[Any], ...]
    undone: tuple[str, ...] = ()
    loaded: bool = False


@dataclass(slots=True)
class _Sheets:
    """The sheets to be checked, and what reading each has found wrong."""

    by_name: dict[str, Sheet]
    problems: dict[str, list[Problem]]
    given: set[str] = field(default_factory=set)
    stray: list[Problem] = field(default_factory=list)


class CityData:
    """The data of directory, ticketing and knowledge as one set of sheets."""

    def __init__(
        self, database: Database, directory: DirectoryRoom, ticketing: Ticketing, knowledge: KnowledgeRoom
    ) -> None:
        self._database = database
        self._directory = directory
        self._ticketing = ticketing
        self._knowledge = knowledge
        city, matters, articles = directory.loader.layouts, ticketing.importer.layout, knowledge.loader.layout
        self.layouts: tuple[Layout, ...] = (*city, matters, articles)

    async def tables(self) -> tuple[Table, ...]:
        """All data as they are now, in the order of ``layouts``."""
        async with self._database.reading() as tx:
            return await self._tables(tx)

    async def check(self, book: Book) -> Checked:
        """What is wrong with a book and what loading it would change; nothing is loaded."""
        async with self._database.reading() as tx:
            now = await self._tables(tx)
            sheets = await self._sheets(book, now)
            plans = await self._plan(tx, sheets, book.settings_file)
            problems = [*sheets.stray, *(problem for plan in plans for problem in plan.problems)]
            if any(problem.sheet not in sheets.given for problem in problems):
                problems = await self._without_old(tx, problems, sheets.given, now)
        return Checked(
            tuple(problems),
            tuple(table for plan in plans for table in plan.before),
            tuple(table for plan in plans for table in plan.after),
            frozenset(sheets.given),
            {name: sheet.places for name, sheet in sheets.by_name.items() if name in sheets.given},
            _basis(now),
            plans,
            tuple(name for plan in plans for name in plan.undone),
        )

    async def load(self, book: Book, by: Principal, basis: str = "") -> Checked:
        """Load a book unless something is wrong with it; all of it or, whatever happens, nothing.

        Conflict("data_changed") when the data are no longer those of ``basis``, which an earlier check gave.
        """
        checked = await self.check(book)
        if basis and basis != checked.basis:
            raise Conflict("data_changed")
        if checked.problems:
            return checked
        async with self._database.transaction() as tx:
            await self._directory.loader.lock(tx)
            if _basis(await self._tables(tx)) != checked.basis:
                raise Conflict("data_changed")
            for plan in checked.plans:
                await plan.keep(tx, by)
        await self._directory.lookup.load()
        return Checked(**{name: getattr(checked, name) for name in Checked.__slots__} | {"loaded": True})

    async def know(self) -> None:
        """Let this process know at once what was loaded: the others follow their bells."""
        await self._ticketing.catalogue.refresh()
        await self._knowledge.shelf.refresh()

    async def _tables(self, tx: Tx) -> tuple[Table, ...]:
        return (
            *await self._directory.loader.tables(tx),
            await self._ticketing.importer.table(tx),
            await self._knowledge.loader.table(tx),
        )

    def _no_sheets(self) -> _Sheets:
        # The directory tells all that is wrong with its sheets in one list.
        of_city: list[Problem] = []
        return _Sheets(
            {}, {each.name: of_city for each in self._directory.loader.layouts} | {"matters": [], "articles": []}
        )

    async def _sheets(self, book: Book, now: Sequence[Table]) -> _Sheets:
        found = self._no_sheets()
        await asyncio.to_thread(self._read, book.grids, found)
        if book.articles is not None and "articles" not in found.given:
            table = await self._knowledge.loader.table_of_folder(book.articles, found.problems["articles"])
            found.by_name["articles"] = sheet_of(table, found.problems["articles"])
            found.given.add("articles")
        if book.settings_file is not None:
            found.given.add(SETTINGS)
        for table in now:
            name = table.layout.name
            if name in found.by_name:
                found.by_name[name] = _refuse_losses(found.by_name[name], table, found.problems[name])
            elif name in NEEDED and not table.rows and name not in found.given:
                found.stray.append(Problem(name, 0, "", "sheet_missing"))
                found.by_name[name] = Sheet(table.layout, whole=False)
            else:
                found.by_name[name] = sheet_of(table, found.problems[name])
        return found

    def _read(self, grids: Sequence[Grid], found: _Sheets) -> None:
        for grid in grids:
            title = grid.title.strip().lower()
            layout = next((each for each in self.layouts if title in {each.name, each.label.lower()}), None)
            if layout is None:
                found.stray.append(Problem(grid.title, 0, "", "sheet_unknown"))
            elif layout.name in found.given:
                found.stray.append(Problem(layout.name, 0, "", "sheet_repeated"))
            else:
                found.given.add(layout.name)
                found.by_name[layout.name] = read_sheet(layout, grid, found.problems[layout.name])

    async def _plan(self, tx: Tx, sheets: _Sheets, settings_file: str | None) -> tuple[Plan[Any], ...]:
        named, problems = sheets.by_name, sheets.problems
        held = self._ticketing.following.held
        city = await self._directory.loader.plan(tx, named, settings_file, problems[SETTINGS], held)
        matters = await self._ticketing.importer.plan(tx, named, city.data, problems["matters"])
        articles = await self._knowledge.loader.plan(tx, named, problems["articles"])
        return city, matters, articles

    async def _without_old(
        self, tx: Tx, problems: Sequence[Problem], given: set[str], now: Sequence[Table]
    ) -> list[Problem]:
        """The problems without those of sheets that were not given and have them already: the book is not to blame."""
        present = self._no_sheets()
        for table in now:
            present.by_name[table.layout.name] = sheet_of(table, present.problems[table.layout.name])
        old = {problem for plan in await self._plan(tx, present, None) for problem in plan.problems}
        return [problem for problem in problems if problem.sheet in given or problem not in old]


def _refuse_losses(sheet: Sheet, before: Table, problems: list[Problem]) -> Sheet:
    """Note what is more likely a mishap than meant: a sheet without rows, codes whose leading zeros are gone."""
    if not sheet.whole or not before.rows:
        return sheet
    if not sheet.rows:
        problems.append(Problem(before.layout.name, 0, "", "sheet_empty"))
        return Sheet(sheet.layout, whole=False)
    known = {row[0] for row in before.rows} if before.layout.key == ("code",) else set()
    padded = {code.lstrip("0"): code for code in known if code.startswith("0")}
    for row in sheet.rows if padded else ():
        code = row.raw("code")
        if code not in known and code.lstrip("0") in padded:
            row.wrong("code", "zeros_lost", padded[code.lstrip("0")])
    return sheet


def _basis(tables: Sequence[Table]) -> str:
    said = [[table.layout.name, table.rows] for table in tables]
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:32]
