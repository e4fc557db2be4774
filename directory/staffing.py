"""The staff's accounts as administrators see them: added, shut, opened; and the demo's, made at once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from directory.events import StaffAccountChanged
from directory.model import Staff
from directory.passwords import Passwords
from directory.rules.demo import DEMO_PASSWORD, Post, demo_posts
from directory.store import reference
from directory.store.staff import StaffStore
from kernel.database import Tx
from kernel.errors import Conflict, Invalid
from kernel.ids import new_id
from kernel.people import SYSTEM, UNIT_ROLES, Principal, Role
from kernel.room import Floor

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
_NAME_LONGEST = 60
# No hash at all: whatever is compared with it does not fit.
NO_PASSWORD = "!"  # noqa: S105 - it is none


@dataclass(frozen=True, slots=True)
class NewStaff:
    """An account to be added; people of a member unit name its code."""

    login: str
    name: str
    roles: frozenset[Role]
    unit: str = ""


class Staffing:
    """Adds and shuts accounts."""

    def __init__(self, floor: Floor, staff: StaffStore, passwords: Passwords) -> None:
        self._clock = floor.clock
        self._journal = floor.journal
        self._staff = staff
        self._passwords = passwords

    async def everyone(self, tx: Tx) -> list[Staff]:
        """All accounts by login, shut ones too."""
        return await self._staff.everyone(tx)

    async def add(self, tx: Tx, new: NewStaff, hashed: str, by: Principal) -> Staff:
        """A new account under a hashed password; Invalid names what is wrong, Conflict("login_taken")."""
        member = Staff(new_id(), new.login.strip().casefold(), new.name.strip(), new.roles, new.unit)
        known = {unit.code for unit in (await reference.load_units(tx)) if unit.active}
        wrong = _wrong_fields(member, known)
        if wrong:
            raise Invalid(wrong)
        await self._keep(tx, member, hashed, by)
        return member

    async def set_active(self, tx: Tx, staff_id: str, active: bool, by: Principal) -> Staff:
        """Shut an account, which ends its sessions at once, or open it again; NotFound, Conflict("own_account")."""
        member = await self._staff.by_id(tx, staff_id)
        if staff_id == by.id:
            raise Conflict("own_account")
        if member.active != active:
            await self._staff.set_active(tx, staff_id, active)
            await self._staff.end_sessions_of(tx, staff_id)
            change = "opened" if active else "shut"
            await self._journal.state(tx, StaffAccountChanged(staff_id, self._clock.now(), change, by.id))
        return await self._staff.by_id(tx, staff_id)

    async def make_demo_accounts(self, tx: Tx) -> tuple[Staff, ...]:
        """Add the demo's accounts that are not there yet; gives those added.

        All share one password and its hash, which is why nobody but the house in demo mode may call this.
        """
        taken = {member.login for member in await self._staff.everyone(tx)}
        posts = [post for post in demo_posts(await reference.load_units(tx)) if post.login not in taken]
        return await self._fill(tx, posts, await self._passwords.hash(DEMO_PASSWORD)) if posts else ()

    async def rehearse(self, tx: Tx, posts: Iterable[tuple[str, str, Role, str]]) -> tuple[Staff, ...]:
        """Accounts (login, name, role, unit) for a rehearsal: nobody can sign in, there is no password that fits."""
        return await self._fill(tx, [Post(*post) for post in posts], NO_PASSWORD)

    async def _fill(self, tx: Tx, posts: Iterable[Post], hashed: str) -> tuple[Staff, ...]:
        made = [Staff(new_id(), post.login, post.name, frozenset({post.role}), post.unit) for post in posts]
        for member in made:
            await self._keep(tx, member, hashed, SYSTEM)
        return tuple(made)

    async def _keep(self, tx: Tx, member: Staff, hashed: str, by: Principal) -> None:
        now = self._clock.now()
        await self._staff.add(tx, member, hashed, now)
        await self._journal.state(tx, StaffAccountChanged(member.id, now, "added", by.id))


def _wrong_fields(member: Staff, units: set[str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not _LOGIN.fullmatch(member.login):
        wrong["login"] = "login_malformed"
    if not member.name or len(member.name) > _NAME_LONGEST:
        wrong["name"] = "missing" if not member.name else "too_long"
    if not member.roles:
        wrong["roles"] = "missing"
    if member.unit and member.unit not in units:
        wrong["unit"] = "unknown"
    elif member.roles & UNIT_ROLES and not member.unit:
        wrong["unit"] = "missing"
    elif member.unit and not member.roles <= UNIT_ROLES:
        wrong["roles"] = "role_not_of_a_unit"
    return wrong
