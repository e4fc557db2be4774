"""Builds the directory."""

from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher

from directory.accounts import Accounts
from directory.api import DirectoryApi, routes
from directory.calendar_api import CalendarApi
from directory.calendar_api import routes as calendar_routes
from directory.calendars import CalendarKeeping
from directory.citizens import Citizens
from directory.importing import Held, Importer, ImportReport, nothing_held
from directory.jobs import jobs
from directory.key_api import KeyApi
from directory.key_api import routes as key_routes
from directory.keys import Keys
from directory.loading import CityLoader
from directory.lookup import TOPIC, Lookup
from directory.model import Staff
from directory.passwords import Passwords
from directory.reorganising import Reorganising
from directory.staff_api import StaffApi
from directory.staff_api import routes as staff_routes
from directory.staff_importing import StaffImporter
from directory.staffing import Staffing
from directory.store.citizens import CitizenStore
from directory.store.keys import KeyStore
from directory.store.staff import StaffStore
from kernel.database import Tx
from kernel.room import Check, Floor, Loop, Room

# A ring may be lost; then a process works with old reference data for so many seconds.
RELOAD_IDLE = 5.0


@dataclass(frozen=True, slots=True)
class DirectoryRoom:
    """The directory: its doors, the staff's sessions and the keys for the host, the import for the command line."""

    room: Room
    lookup: Lookup
    accounts: Accounts
    staffing: Staffing
    importer: Importer
    loader: CityLoader
    reorganising: Reorganising
    calendars: CalendarKeeping
    keys: Keys
    staff_importer: StaffImporter

    async def import_city(self, folder: Path, held: Held = nothing_held, *, files_win: bool = False) -> ImportReport:
        """Import a city's files and know them in this process at once; raises as the importer does."""
        report = await self.importer.import_folder(folder, held, files_win=files_win)
        await self.lookup.load()
        return report

    async def make_demo_accounts(self, tx: Tx) -> tuple[Staff, ...]:
        """Add the demo's accounts that are missing. Only for the house in demo mode: all share a known password."""
        return await self.staffing.make_demo_accounts(tx)


def build(floor: Floor, hasher: PasswordHasher | None = None) -> DirectoryRoom:
    """The directory over the floor; ``hasher`` only where another price of passwords is wanted (tests)."""
    staff = StaffStore()
    lookup = Lookup(floor.database, Citizens(CitizenStore(floor.vault), floor.clock, floor.journal), staff)
    passwords = Passwords(hasher or PasswordHasher())
    accounts = Accounts(floor, staff, passwords)
    staffing = Staffing(floor, staff, passwords)
    keys = Keys(floor, KeyStore())
    api = DirectoryApi(floor.database, lookup, accounts, demo=floor.settings.server.demo)
    calendars = CalendarKeeping(floor, lookup)
    room = Room(
        "directory",
        routes=[
            *routes(api),
            *staff_routes(StaffApi(floor.database, lookup, staffing, passwords)),
            *calendar_routes(CalendarApi(floor.database, lookup, calendars)),
            *key_routes(KeyApi(floor.database, floor.clock, lookup, keys)),
        ],
        jobs=jobs(accounts, calendars, keys),
        loops=[Loop("directory.reload", lookup.refresh, [TOPIC], idle=RELOAD_IDLE, in_web=True)],
        checks=[Check("directory", lookup.check)],
        starting=[passwords.prepare, lookup.load],
        gauges={"calendar_years_missing": lambda: len(calendars.missing())},
    )
    importer = Importer(floor)
    loader = CityLoader(importer)
    doors = room, lookup, accounts, staffing
    people = StaffImporter(floor.database, staffing, passwords)
    return DirectoryRoom(*doors, importer, loader, Reorganising(floor), calendars, keys, people)
