"""Accounts made many at once from a sheet: checked as a whole, made as a whole, each under a password given out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from directory.model import Staff
from directory.passwords import Passwords, issue_password
from directory.rules.staffsheet import GIVEN_SHEET, STAFF_SHEET, Units, read_staff, sheet_for
from directory.staffing import NewStaff, Staffing
from directory.store import reference
from kernel.database import Database, Tx
from kernel.errors import Conflict
from kernel.people import Principal, Role
from kernel.sheets import Grid, Problem, Sheet, Table, read_sheet, table


@dataclass(frozen=True, slots=True)
class Made:
    """An account that was made, and the password its holder is given."""

    staff: Staff
    password: str


@dataclass(frozen=True, slots=True)
class StaffChecked:
    """What a sheet comes to: the accounts it asks for, those made, and what is wrong with it. ``given`` is what is to
    be handed to their holders."""

    sheet: Sheet
    wanted: tuple[Staff, ...]
    problems: tuple[Problem, ...]
    made: tuple[Made, ...] = ()
    given: Table | None = None


class StaffImporter:
    """Checks and makes."""

    layout = STAFF_SHEET

    def __init__(self, database: Database, staffing: Staffing, passwords: Passwords) -> None:
        self._database = database
        self._staffing = staffing
        self._passwords = passwords

    async def check(self, grid: Grid) -> StaffChecked:
        """What a grid comes to; nothing is made."""
        async with self._database.reading() as tx:
            return await self._check(tx, grid)

    async def load(self, grid: Grid, by: Principal) -> StaffChecked:
        """Make all the accounts of a grid, or none when anything is wrong; Conflict("login_taken") when somebody made
        one of them meanwhile."""
        checked = await self.check(grid)
        if checked.problems:
            return checked
        passwords = [issue_password() for _ in checked.wanted]
        # One after the other, so that whoever signs in meanwhile does not wait for all of them.
        hashed = [await self._passwords.hash(password) for password in passwords]
        made = []
        async with self._database.transaction() as tx:
            for wanted, password, kept in zip(checked.wanted, passwords, hashed, strict=True):
                new = NewStaff(wanted.login, wanted.name, wanted.roles, wanted.unit, wanted.outsourced)
                made.append(Made(await self._add(tx, new, kept, by), password))
            names = {unit.code: unit.name for unit in await reference.load_units(tx)}
        return replace(checked, made=tuple(made), given=_handed_out(made, names))

    async def _add(self, tx: Tx, new: NewStaff, hashed: str, by: Principal) -> Staff:
        try:
            return await self._staffing.add(tx, new, hashed, by)
        except Conflict as conflict:
            raise Conflict("login_taken_meanwhile", login=new.login) from conflict

    async def _check(self, tx: Tx, grid: Grid) -> StaffChecked:
        problems: list[Problem] = []
        sheet = read_sheet(STAFF_SHEET, grid, problems)
        units = Units.of(await reference.load_units(tx))
        taken = {member.login for member in await self._staffing.everyone(tx)}
        wanted = read_staff(sheet, units, taken, problems)
        problems.sort(key=lambda each: each.row)
        return StaffChecked(sheet, tuple(wanted), tuple(problems))

    async def template(self, *, gaps: bool) -> Table:
        """The sheet to be filled in; with ``gaps`` a liaison stands in it for each unit that has none."""
        if not gaps:
            return Table(STAFF_SHEET)
        async with self._database.reading() as tx:
            alone = set(await self._staffing.units_without(tx, Role.LIAISON))
            units = [unit for unit in await reference.load_units(tx) if unit.code in alone]
            taken = {member.login for member in await self._staffing.everyone(tx)}
        return sheet_for(units, taken)


def _handed_out(made: Sequence[Made], units: Mapping[str, str]) -> Table:
    rows = [
        (
            each.staff.login,
            each.staff.name,
            "、".join(role.label for role in Role if role in each.staff.roles),
            units.get(each.staff.unit, ""),
            each.password,
        )
        for each in made
    ]
    return table(GIVEN_SHEET, rows)
