"""The staff's accounts as administrators see them: added, changed, shut, unlocked; and the demo's, made at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from directory.events import StaffAccountChanged, StaffLockedOut, StaffSignedIn
from directory.model import Account, AccountState, OpenSession, Staff
from directory.passwords import Passwords
from directory.rules.demo import DEMO_PASSWORD, Post, demo_posts
from directory.rules.lockout import login_key
from directory.rules.staffing import changed, said, wrong_fields
from directory.store import accounts as rows
from directory.store import reference
from directory.store.accounts import Wanted
from directory.store.staff import StaffStore
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotFound
from kernel.ids import new_id
from kernel.journal import Recorded
from kernel.people import SYSTEM, Principal, Role
from kernel.room import Floor

# No hash at all: whatever is compared with it does not fit.
NO_PASSWORD = "!"  # noqa: S105 - it is none


@dataclass(frozen=True, slots=True)
class NewStaff:
    """An account to be added; people of a member unit name its code."""

    login: str
    name: str
    roles: frozenset[Role]
    unit: str = ""
    outsourced: bool = False


@dataclass(frozen=True, slots=True)
class Edited:
    """What an account is to be from now on; ``version`` is that it was read with."""

    name: str
    roles: frozenset[Role]
    unit: str
    outsourced: bool
    version: int


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; of ``units_like`` the unit's name fits ``q``."""

    q: str = ""
    units_like: Sequence[str] = ()
    unit: str = ""
    role: Role | None = None
    state: AccountState | None = None
    outsourced: bool | None = None


OF_STATE: Mapping[AccountState | None, Wanted] = {
    AccountState.ACTIVE: Wanted(active=True),
    AccountState.SHUT: Wanted(active=False),
    AccountState.NEVER: Wanted(active=True, never=True),
    AccountState.RENEW: Wanted(active=True, renew=True),
}


class Staffing:
    """Adds, changes and shuts accounts."""

    def __init__(self, floor: Floor, staff: StaffStore, passwords: Passwords) -> None:
        self._clock = floor.clock
        self._journal = floor.journal
        self._vault = floor.vault
        self._security = floor.settings.security
        self._staff = staff
        self._passwords = passwords

    # -- looking ----------------------------------------------------------------------------------------

    async def everyone(self, tx: Tx) -> list[Staff]:
        """All accounts by login, shut ones too."""
        return await self._staff.everyone(tx)

    async def page(self, tx: Tx, search: Search, after: str, limit: int) -> list[Account]:
        """Accounts that fit, by login, behind the login ``after``."""
        found = await rows.page(tx, await self._wanted(tx, search), after, limit)
        return await self._with_locks(tx, found)

    async def one(self, tx: Tx, staff_id: str) -> Account:
        """One account, also a shut one; NotFound."""
        found = await rows.one(tx, staff_id)
        if found is None:
            raise NotFound("staff")
        return (await self._with_locks(tx, [found]))[0]

    async def history(self, tx: Tx, staff_id: str) -> list[Recorded]:
        """What became of an account, the newest first; when its holder came and went is left out but for the last
        time somebody came."""
        facts = await self._journal.about(tx, f"staff:{staff_id}")
        came = [each for each in facts if isinstance(each.fact, StaffSignedIn)]
        told = StaffAccountChanged | StaffLockedOut
        shown = [each for each in facts if isinstance(each.fact, told) or each in came[-1:]]
        return sorted(shown, key=lambda each: (each.at, each.id), reverse=True)

    async def sessions(self, tx: Tx, staff_id: str) -> list[OpenSession]:
        """The sessions somebody has open, the last used first."""
        now = self._clock.now()
        idle = timedelta(minutes=self._security.idle_minutes)
        return await self._staff.sessions_of(tx, staff_id, now, now - idle)

    async def holders(self, tx: Tx) -> Mapping[Role, int]:
        """How many active accounts hold each role."""
        return await rows.holders(tx)

    async def units_without(self, tx: Tx, role: Role) -> list[str]:
        """Units in use, in the order of the files, that have no active account of a role."""
        have = await rows.units_with(tx, role)
        return [unit.code for unit in await reference.load_units(tx) if unit.active and unit.code not in have]

    async def _wanted(self, tx: Tx, search: Search) -> Wanted:
        found = OF_STATE.get(search.state, Wanted())
        if search.state is AccountState.LOCKED:
            found = Wanted(logins=await self._locked_logins(tx))
        if search.state is AccountState.STRAY:
            found = Wanted(units_in_use=await self._units(tx))
        q, like = search.q.strip(), search.units_like
        return replace(found, q=q, units_like=like, unit=search.unit, role=search.role, outsourced=search.outsourced)

    async def _locked_logins(self, tx: Tx) -> list[str]:
        locks = await self._staff.locks(tx, self._clock.now())
        if not locks:
            return []
        return [login for login in await rows.logins(tx) if login_key(self._vault, login) in locks]

    async def _with_locks(self, tx: Tx, found: Sequence[Account]) -> list[Account]:
        keys = {login_key(self._vault, each.staff.login): each for each in found}
        locks = await self._staff.locks(tx, self._clock.now(), keys) if keys else {}
        return [replace(each, locked_until=locks.get(key)) for key, each in keys.items()]

    # -- changing ---------------------------------------------------------------------------------------

    async def add(self, tx: Tx, new: NewStaff, hashed: str, by: Principal) -> Staff:
        """A new account under a password given out; Invalid names what is wrong, Conflict("login_taken")."""
        member = staff_of(new)
        wrong = wrong_fields(member, await self._units(tx))
        if wrong:
            raise Invalid(wrong)
        await self._keep(tx, member, hashed, by)
        return member

    async def edit(self, tx: Tx, staff_id: str, edited: Edited, by: Principal) -> Staff:
        """Another name, other roles, another unit, with effect on sessions that are open.

        Invalid names what is wrong; Conflict("account_changed") when somebody else has changed it since, "own_roles"
        for one's own account, "last_admin" when nobody would be left to manage accounts.
        """
        before = await self._staff.by_id(tx, staff_id)
        name, unit = edited.name.strip(), edited.unit.strip()
        after = replace(before, name=name, roles=edited.roles, unit=unit, outsourced=edited.outsourced)
        if edited.version != before.version:
            raise Conflict("account_changed")
        was, is_ = changed(before, after)
        if not was:
            return before
        if staff_id == by.id and was.keys() - {"name"}:
            raise Conflict("own_roles")
        wrong = wrong_fields(after, await self._units(tx))
        if wrong:
            raise Invalid(wrong)
        if Role.ADMIN not in after.roles:
            await self._spare_last_admin(tx, before)
        saved = await self._staff.save(tx, after)
        await self._tell(tx, staff_id, "edited", by, was, is_)
        return saved

    async def set_active(self, tx: Tx, staff_id: str, active: bool, by: Principal) -> Staff:
        """Shut an account, which ends its sessions at once, or open it again.

        NotFound; Conflict("own_account"), ("last_admin"); Invalid when its unit is no more.
        """
        member = await self._staff.by_id(tx, staff_id)
        if staff_id == by.id:
            raise Conflict("own_account")
        if member.active == active:
            return member
        if active and (wrong := wrong_fields(member, await self._units(tx))):
            raise Invalid(wrong)
        if not active:
            await self._spare_last_admin(tx, member)
        saved = await self._staff.save(tx, replace(member, active=active))
        await self._staff.end_sessions_of(tx, staff_id)
        await self._tell(tx, staff_id, "opened" if active else "shut", by)
        return saved

    async def reset_password(self, tx: Tx, staff_id: str, hashed: str, by: Principal) -> Staff:
        """Another password, given out by ``by``; sessions end, a lock is lifted. Conflict("own_password")."""
        member = await self._staff.by_id(tx, staff_id)
        if staff_id == by.id:
            raise Conflict("own_password")
        await self._staff.set_password(tx, staff_id, hashed, renew=True)
        await self._staff.end_sessions_of(tx, staff_id)
        await self._staff.forgive(tx, login_key(self._vault, member.login))
        await self._tell(tx, staff_id, "reset", by)
        return replace(member, renew=True)

    async def unlock(self, tx: Tx, staff_id: str, by: Principal) -> None:
        """Let somebody try again who had too many failures; NotFound."""
        member = await self._staff.by_id(tx, staff_id)
        key = login_key(self._vault, member.login)
        if await self._staff.locks(tx, self._clock.now(), [key]):
            await self._staff.forgive(tx, key)
            await self._tell(tx, staff_id, "unlocked", by)

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

    async def _spare_last_admin(self, tx: Tx, member: Staff) -> None:
        if Role.ADMIN in member.roles and member.active and await rows.lock_admins(tx) <= {member.id}:
            raise Conflict("last_admin")

    async def _units(self, tx: Tx) -> set[str]:
        return {unit.code for unit in (await reference.load_units(tx)) if unit.active}

    async def _keep(self, tx: Tx, member: Staff, hashed: str, by: Principal) -> None:
        await self._staff.add(tx, member, hashed, self._clock.now())
        await self._tell(tx, member.id, "added", by, after=said(member))

    async def _tell(
        self,
        tx: Tx,
        staff_id: str,
        change: str,
        by: Principal,
        before: Mapping[str, str] | None = None,
        after: Mapping[str, str] | None = None,
    ) -> None:
        now: datetime = self._clock.now()
        fact = StaffAccountChanged(staff_id, now, change, by.id, dict(before or {}), dict(after or {}))
        await self._journal.state(tx, fact)


def staff_of(new: NewStaff) -> Staff:
    """The account to be, with a password that has to be replaced."""
    login, name = new.login.strip().casefold(), new.name.strip()
    return Staff(new_id(), login, name, new.roles, new.unit.strip(), outsourced=new.outsourced, renew=True)
