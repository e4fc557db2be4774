"""The directory's routes: the site, areas, member units, staff accounts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from directory.accounts import Accounts
from directory.lookup import Lookup
from directory.model import Area, Level, Staff, Unit
from directory.passwords import Passwords, issue_password
from directory.staffing import NewStaff, Staffing
from kernel.database import Database
from kernel.errors import NotFound
from kernel.pages import part
from kernel.people import May, Role
from kernel.room import Call, Route

ALL = "/api/v1"


@dataclass(frozen=True, slots=True)
class NamedArea:
    """An area to choose."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class SiteView:
    """What every page needs to know of the city; ``texts`` are the city's own words."""

    city: str
    short: str
    hotline: str
    districts: Sequence[NamedArea]
    demo: bool
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class AreaQuery:
    """Areas of one level, directly below one area."""

    parent: str | None = None
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class AreaView:
    """An area in a list."""

    code: str
    name: str
    level: Level
    level_label: str
    parent: str


@dataclass(frozen=True, slots=True)
class AreaPage:
    """A list of areas."""

    items: Sequence[AreaView]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class UnitQuery:
    """Units whose code or name, now or before, holds ``q``, in an area, charged with a function."""

    q: str = ""
    area: str = ""
    function: str = ""
    cursor: str = ""
    limit: int = 100


@dataclass(frozen=True, slots=True)
class UnitView:
    """A member unit in a list."""

    code: str
    name: str
    short_name: str
    level: Level
    level_label: str
    area: str
    area_name: str


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A list of units; ``total`` of all pages."""

    items: Sequence[UnitView]
    next: str | None = None
    total: int = 0


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role with its name."""

    value: Role
    label: str


@dataclass(frozen=True, slots=True)
class StaffView:
    """A staff account in a list."""

    id: str
    login: str
    name: str
    roles: Sequence[RoleView]
    unit: str
    unit_name: str
    active: bool


@dataclass(frozen=True, slots=True)
class StaffPage:
    """A list of accounts."""

    items: Sequence[StaffView]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class StaffForm:
    """An account to be added."""

    login: str
    name: str
    roles: list[Role] = field(default_factory=list)
    unit: str = ""


@dataclass(frozen=True, slots=True)
class AddedStaff:
    """A new account and its first password, shown this once."""

    staff: StaffView
    password: str


@dataclass(frozen=True, slots=True)
class StaffChange:
    """Shut an account or open it again."""

    active: bool


@dataclass(frozen=True, slots=True)
class PasswordForm:
    """One's own password, old and new."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Done:
    """It is done."""

    ok: bool = True


class DirectoryApi:
    """Reads, asks the use cases, shows."""

    def __init__(
        self,
        database: Database,
        lookup: Lookup,
        accounts: Accounts,
        staffing: Staffing,
        passwords: Passwords,
        *,
        demo: bool,
    ) -> None:
        self._database = database
        self._lookup = lookup
        self._accounts = accounts
        self._staffing = staffing
        self._passwords = passwords
        self._demo = demo

    async def site(self, call: Call) -> SiteView:
        city = self._lookup.city()
        districts = [NamedArea(area.code, area.name) for area in self._lookup.areas(Level.DISTRICT)]
        return SiteView(city.name, city.short, city.hotline, districts, self._demo, city.texts)

    async def areas(self, call: Call) -> AreaPage:
        asked = call.asked(AreaQuery)
        return AreaPage([_area_view(area) for area in self._lookup.areas(asked.level, asked.parent)])

    async def units(self, call: Call) -> UnitPage:
        asked = call.asked(UnitQuery)
        found = part([unit for unit in self._lookup.units() if self._fits(unit, asked)], asked.cursor, asked.limit)
        return UnitPage([self._unit_view(unit) for unit in found.items], found.next, found.total)

    async def staff(self, call: Call) -> StaffPage:
        async with self._database.reading() as tx:
            return StaffPage(list(self._staff_views(await self._staffing.everyone(tx))))

    async def add_staff(self, call: Call) -> AddedStaff:
        form = call.form(StaffForm)
        password = issue_password()
        hashed = await self._passwords.hash(password)
        new = NewStaff(form.login, form.name, frozenset(form.roles), form.unit)
        async with self._database.transaction() as tx:
            member = await self._staffing.add(tx, new, hashed, call.principal)
        return AddedStaff(self._staff_view(member), password)

    async def change_staff(self, call: Call) -> StaffView:
        change = call.form(StaffChange)
        async with self._database.transaction() as tx:
            member = await self._staffing.set_active(tx, call.path["id"], change.active, call.principal)
        return self._staff_view(member)

    async def change_password(self, call: Call) -> Done:
        form = call.form(PasswordForm)
        await self._accounts.change_password(call.principal.id, form.old, form.new)
        return Done()

    def _fits(self, unit: Unit, asked: UnitQuery) -> bool:
        wanted = asked.q.strip().casefold()
        if wanted and not any(wanted in name.casefold() for name in self._lookup.names_of(unit.code)):
            return False
        if asked.area and not any(self._lookup.lies_in(area, asked.area) for area in unit.areas):
            return False
        return not asked.function or asked.function in unit.functions

    def _unit_view(self, unit: Unit) -> UnitView:
        area = self._lookup.area(unit.area).name
        return UnitView(unit.code, unit.name, unit.short_name, unit.level, unit.level.label, unit.area, area)

    def _staff_views(self, members: Iterable[Staff]) -> Iterable[StaffView]:
        return (self._staff_view(member) for member in members)

    def _staff_view(self, member: Staff) -> StaffView:
        roles = [RoleView(role, role.label) for role in Role if role in member.roles]
        return StaffView(
            member.id, member.login, member.name, roles, member.unit, self._unit_name(member.unit), member.active
        )

    def _unit_name(self, code: str) -> str:
        try:
            return self._lookup.unit(code).name if code else ""
        except NotFound:
            return code


def _area_view(area: Area) -> AreaView:
    return AreaView(area.code, area.name, area.level, area.level.label, area.parent)


def routes(api: DirectoryApi) -> list[Route]:
    """The table of the directory's routes."""
    manage = May.MANAGE_STAFF
    return [
        Route("GET", f"{ALL}/site", api.site, May.READ_SITE, "城市与热线信息", gives=SiteView),
        Route("GET", f"{ALL}/areas", api.areas, May.READ_SITE, "行政区划", query=AreaQuery, gives=AreaPage),
        Route("GET", f"{ALL}/units", api.units, May.READ_DIRECTORY, "成员单位", query=UnitQuery, gives=UnitPage),
        Route("GET", f"{ALL}/staff", api.staff, manage, "工作人员账号", gives=StaffPage),
        Route("POST", f"{ALL}/staff", api.add_staff, manage, "新增账号", body=StaffForm, gives=AddedStaff, status=201),
        Route(
            "PATCH",
            f"{ALL}/staff/{{id}}",
            api.change_staff,
            manage,
            "停用或启用账号",
            body=StaffChange,
            gives=StaffView,
        ),
        Route(
            "POST",
            f"{ALL}/session/password",
            api.change_password,
            May.USE_OWN_SESSION,
            "修改本人密码",
            body=PasswordForm,
            gives=Done,
        ),
    ]
