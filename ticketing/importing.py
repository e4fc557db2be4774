"""Imports a city's matters.csv: all of it or nothing, as often as one likes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from directory.lookup import Lookup
from kernel.errors import Invalid, NotFound
from kernel.room import Floor
from ticketing.catalogue import TOPIC, Catalogue
from ticketing.events import MattersChanged
from ticketing.model import Matter
from ticketing.rules.matterfile import FILE, Problem, read_matters
from ticketing.store import matters as matter_rows


class MatterFileWrong(Invalid):
    """The file cannot be loaded; ``problems`` says by row and column why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__({p.where: p.code for p in problems}, code="matter_file_wrong", count=len(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class MatterReport:
    """What an import did: the version now, how many matters there are, and whether anything changed."""

    version: int
    matters: int
    changed: bool


class MatterImporter:
    """Brings the file into the database."""

    def __init__(self, floor: Floor, lookup: Lookup, catalogue: Catalogue) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._bell = floor.bell
        self._lookup = lookup
        self._catalogue = catalogue

    async def import_folder(self, folder: Path) -> MatterReport:
        """Read ``folder``/matters.csv and make the catalogue say the same; MatterFileWrong, and nothing is loaded."""
        report = await self._keep(await self.read_folder(folder))
        await self._catalogue.refresh()
        return report

    async def read_folder(self, folder: Path) -> tuple[Matter, ...]:
        """The matters of ``folder``/matters.csv; MatterFileWrong.

        The directory's data must be loaded before: functions and powers are checked against it.
        """
        try:
            text = await asyncio.to_thread((folder / FILE).read_text, "utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise MatterFileWrong((Problem(0, "", "file_unreadable"),)) from error
        found, problems = read_matters(text, self._is_function, self._is_power)
        if problems:
            raise MatterFileWrong(problems)
        return found

    async def _keep(self, found: tuple[Matter, ...]) -> MatterReport:
        async with self._database.transaction() as tx:
            if await matter_rows.all_matters(tx) == found:
                return MatterReport(await matter_rows.version(tx), len(found), changed=False)
            now = self._clock.now()
            version = await matter_rows.replace_all(tx, found, now)
            await self._journal.state(tx, MattersChanged(version, len(found), now))
            tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))
        return MatterReport(version, len(found), changed=True)

    def _is_function(self, code: str) -> bool:
        return _is_named(self._lookup.function_name, code)

    def _is_power(self, code: str) -> bool:
        return _is_named(self._lookup.power_name, code)


def _is_named(name_of: Callable[[str], str], code: str) -> bool:
    try:
        name_of(code)
    except NotFound:
        return False
    return True
