"""Imports a city's files or sheets: all of them or none, as often as one likes."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from directory.events import DirectoryChanged
from directory.lookup import TOPIC
from directory.model import City, CityData
from directory.rules.cityfiles import (
    CITY_FILE,
    FILES,
    read_city_files,
    read_city_sheets,
    read_settings_file,
    read_settings_sheet,
)
from directory.rules.citysheets import CITY, LAYOUTS, city_tables
from directory.store import reference
from kernel.database import Tx
from kernel.errors import Invalid
from kernel.loading import Plan
from kernel.people import SYSTEM, Principal
from kernel.room import Floor
from kernel.sheets import Problem, Sheet, Table


class CityFilesWrong(Invalid):
    """The files cannot be loaded; ``problems`` says by file, row and column why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        fields = {f"{_file_of(p.sheet)}:{p.row}:{p.column}": p.code for p in problems}
        super().__init__(fields, code="city_files_wrong", count=len(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: the version now, and how many rows changed by table (empty when all was so already)."""

    version: int
    changed: Mapping[str, int]


class Importer:
    """Brings files and sheets into the database."""

    layouts = LAYOUTS

    def __init__(self, floor: Floor) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._bell = floor.bell

    async def import_folder(self, folder: Path) -> ImportReport:
        """Read the files of a city and make the database say the same; CityFilesWrong, and nothing is loaded."""
        data = await asyncio.to_thread(read_city, folder)
        async with self._database.transaction() as tx:
            return await self.keep(tx, data)

    async def keep(self, tx: Tx, data: CityData, by: Principal = SYSTEM) -> ImportReport:
        """Make the database say what checked ``data`` say; states DirectoryChanged when it did not before."""
        changed = await reference.save(tx, data)
        if not changed:
            return ImportReport(await reference.version(tx), {})
        now = self._clock.now()
        version = await reference.next_version(tx, now)
        await self._journal.state(tx, DirectoryChanged(version, changed, now, by.id))
        tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))
        return ImportReport(version, changed)

    async def tables(self, tx: Tx) -> tuple[Table, ...]:
        """The sheets as the database has them."""
        return city_tables(await reference.load(tx))

    async def lock(self, tx: Tx) -> None:
        """Let no other import begin to save before this transaction ends."""
        await reference.lock(tx)

    async def plan(
        self, tx: Tx, sheets: Mapping[str, Sheet], settings_file: str | None, problems: list[Problem]
    ) -> Plan[CityData]:
        """What loading all the sheets of ``layouts`` would do. ``settings_file`` is the text of a city.toml in place of
        the sheet of settings; ``problems`` what was wrong with the sheets already."""
        now = await reference.load(tx)
        return await asyncio.to_thread(self._plan, now, sheets, settings_file, problems)

    def _plan(
        self, now: CityData, sheets: Mapping[str, Sheet], settings_file: str | None, problems: list[Problem]
    ) -> Plan[CityData]:
        city = _city(sheets[CITY.name], settings_file, problems)
        data, found = read_city_sheets(sheets, city, problems)
        # Functions and powers are never taken away: matters and tickets name them.
        after = replace(data, functions={**data.functions, **now.functions, **data.functions},
                        powers={**data.powers, **now.powers, **data.powers})  # fmt: skip

        async def keep(tx: Tx, by: Principal) -> None:
            await self.keep(tx, data, by)

        return Plan(data, found, city_tables(now), city_tables(after), keep)


def _city(sheet: Sheet, settings_file: str | None, problems: list[Problem]) -> City | None:
    if settings_file is not None:
        return read_settings_file(settings_file, problems)
    return read_settings_sheet(sheet, problems)


def _file_of(sheet: str) -> str:
    return CITY_FILE if sheet == CITY.name else f"{sheet}.csv"


def read_city(folder: Path) -> CityData:
    """The checked data of the files in ``folder``; CityFilesWrong."""
    texts: dict[str, str] = {}
    unreadable: list[Problem] = []
    for name in FILES:
        try:
            texts[name] = (folder / name).read_text("utf-8-sig")
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError):
            unreadable.append(Problem(name.partition(".")[0], 0, "", "file_unreadable"))
    if unreadable:
        raise CityFilesWrong(tuple(unreadable))
    data, problems = read_city_files(texts)
    if problems:
        raise CityFilesWrong(problems)
    return data
