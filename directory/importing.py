"""Imports a city's files: all of them or none, as often as one likes."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from directory.calendars import give_back, kept_by_hand
from directory.events import DirectoryChanged
from directory.lookup import TOPIC
from directory.model import CityData, Unit, UnitChange, UnitChangeKind
from directory.rules.cityfiles import CITY_FILE, COORDINATES_FILE, FILES, read_city_files
from directory.rules.citysheets import CITY
from directory.rules.reorganising import from_files, retired_by, undone_by
from directory.store import changes, reference
from directory.store.spots import load_spots
from kernel.database import Tx
from kernel.errors import Conflict, Invalid
from kernel.ids import new_id
from kernel.people import SYSTEM, Principal
from kernel.room import Floor
from kernel.sheets import Problem

# How many tickets each of some units has open work on.
Held = Callable[[Tx, Collection[str]], Awaitable[Mapping[str, int]]]
OVERRIDE = "城市数据文件覆盖了管理页面的调整"


async def nothing_held(_tx: Tx, _units: Collection[str]) -> Mapping[str, int]:
    """No tickets: for whoever imports a city before there are any."""
    return {}


class CityFilesWrong(Invalid):
    """The files cannot be loaded; ``problems`` says by file, row and column why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        fields = {f"{_file_of(p.sheet)}:{p.row}:{p.column}": p.code for p in problems}
        super().__init__(fields, code="city_files_wrong", count=len(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: the version now, how many rows changed by table (empty when all was so already), and which
    units that were changed by hand are what the files say again."""

    version: int
    changed: Mapping[str, int]
    undone: tuple[str, ...] = ()


class Importer:
    """Brings files into the database."""

    def __init__(self, floor: Floor) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._bell = floor.bell

    async def import_folder(self, folder: Path, held: Held = nothing_held, *, files_win: bool = False) -> ImportReport:
        """Read the files of a city and make the database say the same, or raise, and nothing is loaded.

        CityFilesWrong for files with faults. Conflict("files_undo_changes") when units that were changed by hand would
        become what they were, unless ``files_win``; Conflict("units_hold_tickets") whenever a unit would go that has
        open tickets, with no unit to take them. Both name the units.
        """
        data = await asyncio.to_thread(read_city, folder)
        own_spots = await asyncio.to_thread((folder / COORDINATES_FILE).exists)
        async with self._database.transaction() as tx:
            if not own_spots:
                data = replace(data, spots=await load_spots(tx))
            return await self.keep(tx, data, held, files_win=files_win)

    async def keep(
        self, tx: Tx, data: CityData, held: Held = nothing_held, *, files_win: bool = False, by: Principal = SYSTEM
    ) -> ImportReport:
        """Make the database say what checked ``data`` say; states DirectoryChanged when it did not before."""
        await reference.lock(tx)
        if not files_win:
            data = await kept_by_hand(tx, data)
        now, units = self._clock.now(), await reference.load_units(tx)
        if holding := await held_by(tx, retired_by(units, data.units), held):
            counts = {unit.code: count for unit, count in holding}
            raise Conflict("units_hold_tickets", current=counts, units="、".join(told(*each) for each in holding))
        undone = undone_by(units, data.units, await changes.touched(tx))
        if undone and not files_win:
            raise Conflict("files_undo_changes", units=_named(undone))
        data = replace(data, units=from_files(units, data.units, now))
        changed = await reference.save(tx, data)
        if not changed:
            return ImportReport(await reference.version(tx), {})
        version = await reference.next_version(tx, now)
        if files_win:
            await give_back(tx, version, now)
        if undone:
            await self._keep_override(tx, undone, data, version, by)
        await self._journal.state(tx, DirectoryChanged(version, changed, now, by.id))
        tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))
        return ImportReport(version, changed, tuple(unit.name for unit in undone))

    async def _keep_override(self, tx: Tx, undone: Sequence[Unit], data: CityData, version: int, by: Principal) -> None:
        """The history shows that files took back what was changed by hand."""
        codes = {unit.code for unit in undone}
        after = tuple(unit for unit in data.units if unit.code in codes)
        gone = tuple(replace(unit, active=False) for unit in retired_by(undone, data.units))
        kind, now = UnitChangeKind.IMPORT, self._clock.now()
        change = UnitChange(new_id(), kind, now, by.id, OVERRIDE, version, tuple(undone), (*after, *gone))
        await changes.add(tx, change)


async def held_by(tx: Tx, gone: Sequence[Unit], held: Held) -> list[tuple[Unit, int]]:
    """Those of the units that have open tickets, and how many."""
    counts = await held(tx, [unit.code for unit in gone]) if gone else {}
    return [(unit, counts[unit.code]) for unit in gone if counts.get(unit.code)]


def told(unit: Unit, count: int) -> str:
    """A unit with its open tickets, in words."""
    return f"{unit.name}（{unit.code}）{count}件"


def _named(units: Sequence[Unit]) -> str:
    return "、".join(f"{unit.name}（{unit.code}）" for unit in units)


def _file_of(sheet: str) -> str:
    return CITY_FILE if sheet == CITY.name else f"{sheet}.csv"


def read_city(folder: Path) -> CityData:
    """The checked data of the files in ``folder``; CityFilesWrong."""
    texts: dict[str, str] = {}
    unreadable: list[Problem] = []
    for name in (*FILES, COORDINATES_FILE):
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
