"""The directory's routes: the site, areas, member units, one's own password."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from directory.accounts import Accounts
from directory.lookup import Lookup
from directory.model import Area, Level, Unit
from directory.rules.finding import Wanted, found
from kernel.database import Database
from kernel.errors import NotFound
from kernel.pages import part
from kernel.people import May
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
    cursor: str = ""
    limit: int = 50


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
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class UnitQuery:
    """Units whose code or name, now or before, or its initials in Pinyin hold ``q``, in an area, charged with a
    function. Before all others come likely ones, ``first`` (codes with commas between), then those of the area ``near``
    and the areas around it."""

    q: str = ""
    area: str = ""
    function: str = ""
    near: str = ""
    first: str = ""
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
        *,
        demo: bool,
    ) -> None:
        self._database = database
        self._lookup = lookup
        self._accounts = accounts
        self._demo = demo

    async def site(self, call: Call) -> SiteView:
        city = self._lookup.city()
        districts = [NamedArea(area.code, area.name) for area in self._lookup.areas(Level.DISTRICT)]
        return SiteView(city.name, city.short, city.hotline, districts, self._demo, city.texts)

    async def areas(self, call: Call) -> AreaPage:
        asked = call.asked(AreaQuery)
        page = part(self._lookup.areas(asked.level, asked.parent), asked.cursor, asked.limit)
        return AreaPage([_area_view(area) for area in page.items], page.total, page.next)

    async def units(self, call: Call) -> UnitPage:
        asked = call.asked(UnitQuery)
        units = [unit for unit in self._lookup.units() if self._fits(unit, asked)]
        wanted = Wanted(asked.q, [code for code in asked.first.split(",") if code], self._around(asked.near))
        page = part(found(units, wanted, self._lookup.names_of), asked.cursor, asked.limit)
        return UnitPage([self._unit_view(unit) for unit in page.items], page.next, page.total)

    async def change_password(self, call: Call) -> Done:
        form = call.form(PasswordForm)
        await self._accounts.change_password(call.principal.id, form.old, form.new)
        return Done()

    def _fits(self, unit: Unit, asked: UnitQuery) -> bool:
        if asked.area and not any(self._lookup.lies_in(area, asked.area) for area in unit.areas):
            return False
        return not asked.function or asked.function in unit.functions

    def _around(self, area: str) -> list[str]:
        """An area and those it lies in, the smallest first; empty for one nobody knows."""
        around = list[str]()
        try:
            while area:
                around.append(area)
                area = self._lookup.area(area).parent
        except NotFound:
            return []
        return around

    def _unit_view(self, unit: Unit) -> UnitView:
        area = self._lookup.area(unit.area).name
        return UnitView(unit.code, unit.name, unit.short_name, unit.level, unit.level.label, unit.area, area)


def _area_view(area: Area) -> AreaView:
    return AreaView(area.code, area.name, area.level, area.level.label, area.parent)


def routes(api: DirectoryApi) -> list[Route]:
    """The table of the directory's routes."""
    return [
        Route("GET", f"{ALL}/site", api.site, May.READ_SITE, "城市与热线信息", gives=SiteView),
        Route("GET", f"{ALL}/areas", api.areas, May.READ_SITE, "行政区划", query=AreaQuery, gives=AreaPage),
        Route("GET", f"{ALL}/units", api.units, May.READ_DIRECTORY, "成员单位", query=UnitQuery, gives=UnitPage),
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
