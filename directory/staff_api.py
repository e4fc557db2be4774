"""The administrators' routes for accounts and roles."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from directory.lookup import Lookup
from directory.model import AccountState
from directory.passwords import Passwords, issue_password
from directory.staff_views import (
    GapView,
    HistoryView,
    RoleDetail,
    StaffDetail,
    StaffShowing,
    StaffView,
    role_detail,
)
from directory.staffing import Edited, NewStaff, Search, Staffing
from kernel import cursors, pages
from kernel.database import Database, Tx
from kernel.errors import Invalid
from kernel.pages import PageQuery
from kernel.people import May, Role
from kernel.room import Call, Route

LONGEST_PAGE = 200
LONGEST_Q = 60


@dataclass(frozen=True, slots=True)
class StaffQuery:
    """Accounts by login. ``q`` is looked for in login, name and unit; ``cursor`` is the page's before ``next``."""

    q: str = ""
    unit: str = ""
    role: Role | None = None
    state: AccountState | None = None
    outsourced: bool | None = None
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class StaffPage:
    """A page of accounts."""

    items: Sequence[StaffView]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class StaffForm:
    """An account to be added."""

    login: str
    name: str
    roles: list[Role] = field(default_factory=list)
    unit: str = ""
    outsourced: bool = False


@dataclass(frozen=True, slots=True)
class StaffEdit:
    """What an account is to be; ``version`` as it was last read."""

    name: str
    roles: list[Role]
    version: int
    unit: str = ""
    outsourced: bool = False


@dataclass(frozen=True, slots=True)
class StaffChange:
    """Shut an account or open it again."""

    active: bool


@dataclass(frozen=True, slots=True)
class GivenPassword:
    """An account and a password its holder has to replace, shown this once."""

    staff: StaffView
    password: str


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """What became of an account, the newest first."""

    items: Sequence[HistoryView]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class GapPage:
    """Units in use that have no active liaison."""

    items: Sequence[GapView]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class RolePage:
    """All roles, and what may be done under them. They are part of the program and are not changed here."""

    items: Sequence[RoleDetail]


class StaffApi:
    """Lists, adds, changes, shuts."""

    def __init__(self, database: Database, lookup: Lookup, staffing: Staffing, passwords: Passwords) -> None:
        self._database = database
        self._lookup = lookup
        self._staffing = staffing
        self._passwords = passwords
        self._showing = StaffShowing(lookup)

    async def browse(self, call: Call) -> StaffPage:
        asked = call.asked(StaffQuery)
        if len(asked.q) > LONGEST_Q:
            raise Invalid({"q": "too_long"})
        limit = max(1, min(asked.limit, LONGEST_PAGE))
        search = Search(asked.q, self._units_like(asked.q), asked.unit, asked.role, asked.state, asked.outsourced)
        async with self._database.reading() as tx:
            found = await self._staffing.page(tx, search, asked.cursor, limit + 1)
        more = found[limit - 1].staff.login if len(found) > limit else None
        return StaffPage([self._showing.account(each) for each in found[:limit]], more)

    def _units_like(self, q: str) -> list[str]:
        wanted = q.strip().casefold()
        if not wanted:
            return []
        return [
            unit.code
            for unit in self._lookup.units(retired=True)
            if any(wanted in name.casefold() for name in (unit.code, unit.name, unit.short_name))
        ]

    async def show(self, call: Call) -> StaffDetail:
        async with self._database.reading() as tx:
            account = await self._staffing.one(tx, call.path["id"])
            sessions = await self._staffing.sessions(tx, account.staff.id)
        return self._showing.detail(account, sessions)

    async def history(self, call: Call) -> HistoryPage:
        asked = call.asked(PageQuery)
        async with self._database.reading() as tx:
            account = await self._staffing.one(tx, call.path["id"])
            facts = await self._staffing.history(tx, account.staff.id)
            page = cursors.part(facts, lambda each: (each.at, each.id), asked.cursor, asked.limit, falling=True)
            names = await self._lookup.staff_names(tx, {getattr(each.fact, "by", "") for each in page.items})
        return HistoryPage(self._showing.history(page.items, names), page.total, page.next)

    async def add(self, call: Call) -> GivenPassword:
        form = call.form(StaffForm)
        password = issue_password()
        hashed = await self._passwords.hash(password)
        new = NewStaff(form.login, form.name, frozenset(form.roles), form.unit, form.outsourced)
        async with self._database.transaction() as tx:
            member = await self._staffing.add(tx, new, hashed, call.principal)
            return GivenPassword(await self._view(tx, member.id), password)

    async def edit(self, call: Call) -> StaffView:
        form = call.form(StaffEdit)
        edited = Edited(form.name, frozenset(form.roles), form.unit, form.outsourced, form.version)
        async with self._database.transaction() as tx:
            member = await self._staffing.edit(tx, call.path["id"], edited, call.principal)
            return await self._view(tx, member.id)

    async def change(self, call: Call) -> StaffView:
        change = call.form(StaffChange)
        async with self._database.transaction() as tx:
            member = await self._staffing.set_active(tx, call.path["id"], change.active, call.principal)
            return await self._view(tx, member.id)

    async def reset(self, call: Call) -> GivenPassword:
        password = issue_password()
        hashed = await self._passwords.hash(password)
        async with self._database.transaction() as tx:
            member = await self._staffing.reset_password(tx, call.path["id"], hashed, call.principal)
            return GivenPassword(await self._view(tx, member.id), password)

    async def unlock(self, call: Call) -> StaffView:
        async with self._database.transaction() as tx:
            await self._staffing.unlock(tx, call.path["id"], call.principal)
            return await self._view(tx, call.path["id"])

    async def gaps(self, call: Call) -> GapPage:
        asked = call.asked(PageQuery)
        async with self._database.reading() as tx:
            codes = await self._staffing.units_without(tx, Role.LIAISON)
            everyone = await self._staffing.everyone(tx)
        taken = {member.login for member in everyone}
        page = pages.part(codes, asked.cursor, asked.limit)
        people = Counter(member.unit for member in everyone if member.active)
        return GapPage([self._showing.gap(code, people[code], taken) for code in page.items], page.total, page.next)

    async def roles(self, _call: Call) -> RolePage:
        async with self._database.reading() as tx:
            holders = await self._staffing.holders(tx)
        return RolePage([role_detail(role, holders.get(role, 0)) for role in Role])

    async def _view(self, tx: Tx, staff_id: str) -> StaffView:
        return self._showing.account(await self._staffing.one(tx, staff_id))


def routes(api: StaffApi) -> list[Route]:
    """The table of the accounts' routes."""
    may, all_, one = May.MANAGE_STAFF, "/api/v1/staff", "/api/v1/staff/{id}"
    return [
        Route("GET", all_, api.browse, may, "工作人员账号", query=StaffQuery, gives=StaffPage),
        Route("POST", all_, api.add, may, "新增账号", body=StaffForm, gives=GivenPassword, status=201),
        Route("GET", one, api.show, may, "一个账号及其权限", gives=StaffDetail),
        Route("PUT", one, api.edit, may, "修改账号的姓名、角色与单位", body=StaffEdit, gives=StaffView),
        Route("PATCH", one, api.change, may, "停用或启用账号", body=StaffChange, gives=StaffView),
        Route("GET", f"{one}/history", api.history, may, "账号变更记录", query=PageQuery, gives=HistoryPage),
        Route("POST", f"{one}/password", api.reset, may, "重置密码", gives=GivenPassword),
        Route("POST", f"{one}/unlock", api.unlock, may, "解除登录锁定", gives=StaffView),
        Route("GET", "/api/v1/staff-gaps", api.gaps, may, "没有联络员的单位", query=PageQuery, gives=GapPage),
        Route("GET", "/api/v1/roles", api.roles, may, "角色与权限", gives=RolePage),
    ]
