"""Loads the directory's sheets: an administrator's, who may undo what was changed by hand but leave no ticket alone."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from directory.importing import Held, Importer, held_by, told
from directory.model import City, CityData
from directory.rules.cityfiles import read_city_sheets, read_settings_file, read_settings_sheet
from directory.rules.citysheets import CITY, LAYOUTS, UNITS, city_tables
from directory.rules.reorganising import retired_by, undone_by
from directory.store import changes, reference
from kernel.database import Tx
from kernel.loading import Plan
from kernel.people import Principal
from kernel.sheets import Problem, Sheet, Table


@dataclass(frozen=True, slots=True)
class CityLoader:
    """Brings sheets into the database through the importer."""

    importer: Importer
    layouts = LAYOUTS

    async def tables(self, tx: Tx) -> tuple[Table, ...]:
        """The sheets as the database has them."""
        return city_tables(await reference.load(tx))

    async def lock(self, tx: Tx) -> None:
        """Let no other import begin to save before this transaction ends."""
        await reference.lock(tx)

    async def plan(
        self, tx: Tx, sheets: Mapping[str, Sheet], settings_file: str | None, problems: list[Problem], held: Held
    ) -> Plan[CityData]:
        """What loading all the sheets of ``layouts`` would do. ``settings_file`` is the text of a city.toml in place of
        the sheet of settings, ``problems`` what was wrong with the sheets already; ``held`` counts open tickets."""
        now, touched = await reference.load(tx), await changes.touched(tx)
        data, found = await asyncio.to_thread(_read, sheets, settings_file, problems)
        if sheets[UNITS.name].whole:
            holding = await held_by(tx, retired_by(now.units, data.units), held)
            found = (*found, *(Problem(UNITS.name, 0, "", "unit_holds_tickets", told(*each)) for each in holding))
        undone = undone_by(now.units, data.units, touched)
        # Functions and powers are never taken away: matters and tickets name them.
        functions = {**data.functions, **now.functions, **data.functions}
        after = replace(data, functions=functions, powers={**data.powers, **now.powers, **data.powers})

        async def keep(tx: Tx, by: Principal) -> None:
            await self.importer.keep(tx, data, held, files_win=True, by=by)

        names = tuple(unit.name for unit in undone)
        return Plan(data, found, city_tables(now), city_tables(after), keep, names)


def _read(
    sheets: Mapping[str, Sheet], settings_file: str | None, problems: list[Problem]
) -> tuple[CityData, tuple[Problem, ...]]:
    return read_city_sheets(sheets, _city(sheets[CITY.name], settings_file, problems), problems)


def _city(sheet: Sheet, settings_file: str | None, problems: list[Problem]) -> City | None:
    if settings_file is not None:
        return read_settings_file(settings_file, problems)
    return read_settings_sheet(sheet, problems)
