"""Imports a city's files: all of them or none, as often as one likes."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from directory.events import DirectoryChanged
from directory.lookup import TOPIC
from directory.model import CityData
from directory.rules.cityfiles import FILES, Problem, read_city_files
from directory.store import reference
from kernel.database import Tx
from kernel.errors import Invalid
from kernel.room import Floor


class CityFilesWrong(Invalid):
    """The files cannot be loaded; ``problems`` says by file, row and column why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__({p.where: p.code for p in problems}, code="city_files_wrong", count=len(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did: the version now, and how many rows changed by table (empty when all was so already)."""

    version: int
    changed: Mapping[str, int]


class Importer:
    """Brings files into the database."""

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

    async def keep(self, tx: Tx, data: CityData) -> ImportReport:
        """Make the database say what checked ``data`` say; states DirectoryChanged when it did not before."""
        changed = await reference.save(tx, data)
        if not changed:
            return ImportReport(await reference.version(tx), {})
        now = self._clock.now()
        version = await reference.next_version(tx, now)
        await self._journal.state(tx, DirectoryChanged(version, changed, now))
        tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))
        return ImportReport(version, changed)


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
            unreadable.append(Problem(name, 0, "", "file_unreadable"))
    if unreadable:
        raise CityFilesWrong(tuple(unreadable))
    data, problems = read_city_files(texts)
    if problems:
        raise CityFilesWrong(problems)
    return data
