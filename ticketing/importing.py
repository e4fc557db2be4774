"""Imports a city's matters from its file or its sheet: all of them or nothing, as often as one likes."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from directory.lookup import Lookup
from directory.model import CityData
from kernel.database import Tx
from kernel.errors import Invalid, NotFound
from kernel.loading import Plan
from kernel.people import SYSTEM, Principal
from kernel.room import Floor
from kernel.sheets import Codes, Grid, Problem, Row, Sheet, Table, read_sheet, split_parts
from ticketing.catalogue import TOPIC, Catalogue
from ticketing.events import MattersChanged
from ticketing.model.duties import Matter
from ticketing.rules.coverage import gaps, named
from ticketing.rules.dispatch import COORDINATION
from ticketing.rules.matterfile import FILE, LAYOUT, matter_table, read_matter_sheet, read_matters
from ticketing.store import matterchanges as change_rows
from ticketing.store import matters as matter_rows

# What is said of leads stands and falls with these cells of a unit.
_DECIDING = ("code", "level", "area", "also", "functions", "powers")


class MatterFileWrong(Invalid):
    """The file cannot be loaded; ``problems`` says by row and column why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        fields = {f"{FILE}:{p.row}:{p.column}": p.code for p in problems}
        super().__init__(fields, code="matter_file_wrong", count=len(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class MatterReport:
    """What an import did: the version now, how many matters there are, and whether anything changed."""

    version: int
    matters: int
    changed: bool


class MatterImporter:
    """Brings the file or the sheet into the database."""

    layout = LAYOUT

    def __init__(self, floor: Floor, lookup: Lookup, catalogue: Catalogue) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._bell = floor.bell
        self._lookup = lookup
        self._catalogue = catalogue

    async def import_folder(self, folder: Path) -> MatterReport:
        """Read ``folder``/matters.csv and make the catalogue say the same; MatterFileWrong, and nothing is loaded."""
        found = await self.read_folder(folder)
        async with self._database.transaction() as tx:
            report = await self.keep(tx, found)
        await self._catalogue.refresh()
        return report

    async def read_folder(self, folder: Path) -> tuple[Matter, ...]:
        """The matters of ``folder``/matters.csv; MatterFileWrong.

        The directory's data must be loaded before: functions and powers are checked against it.
        """
        try:
            text = await asyncio.to_thread((folder / FILE).read_text, "utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise MatterFileWrong((Problem(LAYOUT.name, 0, "", "file_unreadable"),)) from error
        found, problems = read_matters(text, self._is_function, self._is_power)
        if problems:
            raise MatterFileWrong(problems)
        return found

    def read_grids(self, grids: Sequence[Grid]) -> tuple[Matter, ...]:
        """The matters of a workbook's sheet of that name, or of the only sheet there is; MatterFileWrong."""
        named = [each for each in grids if each.title.strip().lower() in {LAYOUT.name, LAYOUT.label}]
        chosen = named or (list(grids) if len(grids) == 1 else [])
        if len(chosen) != 1:
            raise MatterFileWrong((Problem(LAYOUT.name, 0, "", "sheet_repeated" if chosen else "sheet_missing"),))
        problems: list[Problem] = []
        read = read_matter_sheet(read_sheet(LAYOUT, chosen[0], problems), self._is_function, self._is_power)
        if not read and not problems:
            problems.append(Problem(LAYOUT.name, 0, "", "sheet_empty"))
        if problems:
            raise MatterFileWrong(tuple(problems))
        return tuple(matter for _, matter in read)

    async def keep(self, tx: Tx, found: tuple[Matter, ...], by: Principal = SYSTEM) -> MatterReport:
        """Make the catalogue say what checked matters say; states MattersChanged when it did not before."""
        before = await matter_rows.all_matters(tx)
        # Sheets do not speak of rulings: what was taken over stays with its matter.
        rulings = {matter.code: matter.leads for matter in before}
        found = tuple(replace(matter, leads=rulings.get(matter.code, matter.leads)) for matter in found)
        if before == found:
            return MatterReport(await matter_rows.version(tx), len(found), changed=False)
        now = self._clock.now()
        codes = {matter.code for matter in found}
        for gone in await change_rows.all_retired(tx):
            if gone.matter.code in codes:
                await change_rows.revive(tx, gone.matter.code)
        version = await matter_rows.replace_all(tx, found, now)
        await self._journal.state(tx, MattersChanged(version, len(found), now, by.id))
        tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))
        return MatterReport(version, len(found), changed=True)

    async def table(self, tx: Tx) -> Table:
        """The catalogue as its sheet."""
        return matter_table(await matter_rows.all_matters(tx))

    async def plan(
        self, tx: Tx, sheets: Mapping[str, Sheet], city: CityData, problems: list[Problem]
    ) -> Plan[tuple[Matter, ...]]:
        """What loading the sheet of matters would do beside ``city``, the directory's data as they would be.

        ``sheets`` are all the sheets, ``problems`` what was wrong with that of matters already.
        """
        now = await matter_rows.all_matters(tx)
        return await asyncio.to_thread(self._plan, now, sheets, city, problems)

    def _plan(
        self, now: Sequence[Matter], sheets: Mapping[str, Sheet], city: CityData, problems: list[Problem]
    ) -> Plan[tuple[Matter, ...]]:
        functions, powers = Codes(sheets["functions"]), Codes(sheets["powers"])
        read = read_matter_sheet(sheets[LAYOUT.name], functions.__contains__, powers.__contains__)
        if sheets["units"].whole and sheets["areas"].whole:
            _refuse_gaps(read, city, sheets["units"])
        matters = tuple(matter for _, matter in read)

        async def keep(tx: Tx, by: Principal) -> None:
            await self.keep(tx, matters, by)

        found = tuple(sorted(problems, key=lambda problem: problem.row))
        return Plan(matters, found, (matter_table(now),), (matter_table(matters),), keep)

    def _is_function(self, code: str) -> bool:
        return _is_named(self._lookup.function_name, code)

    def _is_power(self, code: str) -> bool:
        return _is_named(self._lookup.power_name, code)


def _refuse_gaps(read: Sequence[tuple[Row, Matter]], city: CityData, units: Sheet) -> None:
    """Note where a matter has no lead or several, unless a unit whose row is wrong may be the reason."""
    wrong = [row for row in units.rows if any(row.is_faulty(column) for column in _DECIDING)]
    doubtful = {function for row in wrong for function in split_parts(row.raw("functions"))}
    rows = {matter.code: row for row, matter in read}
    sound = [matter for row, matter in read if not (row.is_faulty("function") or row.is_faulty("needs_power"))]
    for gap in gaps([matter for matter in sound if matter.function not in doubtful], city):
        if gap.several:
            rows[gap.matter.code].wrong("function", "several_leads", named(gap.several))
        elif COORDINATION not in doubtful:
            rows[gap.matter.code].wrong("function", "no_lead", named(gap.nobody))


def _is_named(name_of: Callable[[str], str], code: str) -> bool:
    try:
        name_of(code)
    except NotFound:
        return False
    return True
