"""What the directory knows: areas, places, member units, the working calendar, citizens, staff."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from kernel.labels import Labelled
from kernel.messages import GeoPoint
from kernel.people import KeyScope, Role


class Level(Labelled):
    """The four levels of areas, and of the units that serve them."""

    CITY = "city", "市"
    DISTRICT = "district", "区"
    TOWN = "town", "镇街"
    VILLAGE = "village", "村居"


class PlaceKind(Labelled):
    """What a named place is."""

    LANDMARK = "landmark", "地标"
    PARK = "park", "公园"
    MARKET = "market", "市场商圈"
    STATION = "station", "车站"
    METRO = "metro", "地铁站"
    HOSPITAL = "hospital", "医院"
    SCHOOL = "school", "学校"
    ROAD = "road", "道路"
    ESTATE = "estate", "住宅小区"


class DayKind(Labelled):
    """How a calendar day differs from its weekday."""

    HOLIDAY = "holiday", "放假"
    MAKEUP = "makeup", "调休上班"


@dataclass(frozen=True, slots=True)
class City:
    """The city the program serves. ``business_hours`` are local sessions ("08:30", "12:00"), ascending.

    ``calendar_years`` are the years whose holidays are announced; ``texts`` what the program says in its name;
    ``bounds`` south, west, north and east of it in WGS-84, None where nobody said.
    """

    name: str
    short: str
    area_code: str
    hotline: str
    zone: str
    ticket_prefix: str
    business_hours: tuple[tuple[str, str], ...]
    calendar_years: tuple[int, ...]
    texts: Mapping[str, str] = field(default_factory=dict)
    bounds: tuple[float, float, float, float] | None = None

    def holds(self, point: GeoPoint) -> bool:
        """Whether a point may lie in it."""
        if self.bounds is None:
            return True
        south, west, north, east = self.bounds
        return south <= point.latitude <= north and west <= point.longitude <= east


@dataclass(frozen=True, slots=True)
class Area:
    """An area by its statistical code; an inactive one is kept for what was recorded in it."""

    code: str
    name: str
    level: Level
    parent: str
    aliases: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A road, park, station … and the town it lies in; ``owner`` is the code of the unit that owns or runs it."""

    name: str
    kind: PlaceKind
    town: str
    aliases: tuple[str, ...] = ()
    owner: str = ""


class Datum(Labelled):
    """What the degrees of a sheet are measured in: the world's, or that of maps drawn in China."""

    WGS84 = "wgs84", "WGS-84"
    GCJ02 = "gcj02", "GCJ-02"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a place is, WGS-84; ``area`` is the town or village it lies in, ``source`` who says so. A long road has
    several."""

    place: str
    area: str
    latitude: float
    longitude: float
    source: str


@dataclass(frozen=True, slots=True)
class Nearby:
    """The place nearest to a point: so many metres off, in ``area`` (a village or town of ``town``).

    ``certain``: it is near, and nothing known about as near lies in another town. A proposal otherwise.
    """

    place: str
    area: str
    town: str
    metres: int
    certain: bool


class UnitChangeKind(Labelled):
    """How member units change."""

    RENAME = "rename", "更名"
    MERGE = "merge", "合并"
    SPLIT = "split", "拆分"
    CLOSE = "close", "撤销"
    IMPORT = "import", "文件导入"


@dataclass(frozen=True, slots=True)
class FormerName:
    """What a unit was called until a moment."""

    name: str
    short_name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Heir:
    """A unit that goes on with a part of another's work: these functions, in these areas."""

    unit: str
    functions: tuple[str, ...]
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A member unit: what it is charged with (``functions``), may enforce (``powers``) and where (``area``, ``also``).

    ``parent`` is the unit above it; ``hours`` are empty for the city's business hours, or "24x7". Of one that is no
    longer active ``successor`` goes on with the work, and ``heirs`` with the parts that went elsewhere. ``approval``:
    results pass through the unit's leader, unless the unit sets it otherwise.
    """

    code: str
    name: str
    short_name: str
    level: Level
    area: str
    functions: tuple[str, ...] = ()
    powers: tuple[str, ...] = ()
    parent: str = ""
    hours: str = ""
    active: bool = True
    also: tuple[str, ...] = ()
    former: tuple[FormerName, ...] = ()
    successor: str = ""
    heirs: tuple[Heir, ...] = ()
    approval: bool = False

    @property
    def areas(self) -> tuple[str, ...]:
        """Every area it serves, its own first."""
        return (self.area, *self.also)

    def name_at(self, moment: datetime) -> str:
        """What it was called then."""
        return next((each.name for each in self.former if moment < each.until), self.name)


@dataclass(frozen=True, slots=True)
class Part:
    """A unit as an administrator wants it after a change.

    Of a unit that there is, ``functions``, ``powers`` and ``also`` are what it takes over, and an empty name stays;
    of the unit that is split they are all it keeps.
    """

    code: str
    name: str = ""
    short_name: str = ""
    level: Level | None = None
    area: str = ""
    also: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()
    powers: tuple[str, ...] = ()
    parent: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class UnitOrder:
    """A change an administrator orders: ``units`` become ``into``.

    ``default`` takes what no part of a split is charged with; ``staff`` says of single accounts (by id) where they go.
    """

    kind: UnitChangeKind
    units: tuple[str, ...]
    into: tuple[Part, ...]
    why: str
    default: str = ""
    staff: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Route:
    """Where the work of a unit goes on: with the heir whose function and area it is, else with ``default``."""

    default: str
    heirs: tuple[Heir, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A change that was made: the units concerned as they were and as they are, and where open work goes on.

    ``version`` is that of the directory it led to, ``staff`` how many accounts and ``tickets`` how many tickets moved.
    """

    id: str
    kind: UnitChangeKind
    at: datetime
    by: str
    why: str
    version: int
    before: tuple[Unit, ...]
    after: tuple[Unit, ...]
    routes: Mapping[str, Route] = field(default_factory=dict)
    staff: int = 0
    tickets: int = 0


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that is worked or not against its weekday."""

    date: date
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class CityData:
    """All reference data of the city, as the files give them and the database keeps them.

    ``functions`` and ``powers`` map codes to names.
    """

    city: City | None = None
    areas: tuple[Area, ...] = ()
    places: tuple[Place, ...] = ()
    functions: Mapping[str, str] = field(default_factory=dict)
    powers: Mapping[str, str] = field(default_factory=dict)
    units: tuple[Unit, ...] = ()
    days: tuple[CalendarDay, ...] = ()
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A place found in a text: ``text[start:end]`` speaks of it.

    ``area`` is the code of the town or village (of the district when nothing finer is named), ``town`` the town's
    or empty, ``district`` the district's. ``kind`` is a Level's or a PlaceKind's value. ``certain``: one may go by
    it without asking back. ``owner`` is the code of the unit that owns or runs the place, if one is known.
    """

    area: str
    town: str
    district: str
    name: str
    start: int
    end: int
    kind: str
    certain: bool
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Citizen:
    """A person who has written or called, by our id; the rest is sealed."""

    id: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Contact:
    """How a citizen can be reached, unsealed; empty where unknown."""

    name: str = ""
    phone: str = ""
    address: str = ""


class SamePerson(Labelled):
    """What somebody found of two citizens that left the same number."""

    YES = "yes", "同一人"
    NO = "no", "不是同一人"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether ``other`` is the same person, by whom and when it was said."""

    other: str
    verdict: SamePerson
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Staff:
    """A staff account; ``unit`` is a member unit's code, empty for the hotline's own people.

    ``outsourced`` people work for a contractor. ``renew``: the password was given out and has to be replaced.
    """

    id: str
    login: str
    name: str
    roles: frozenset[Role]
    unit: str = ""
    active: bool = True
    outsourced: bool = False
    renew: bool = False
    version: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """An account as administrators see it; ``signed_in`` is when somebody last came in under it."""

    staff: Staff
    created: datetime
    signed_in: datetime | None = None
    locked_until: datetime | None = None


class AccountState(Labelled):
    """What accounts may be looked for by."""

    ACTIVE = "active", "在用"
    SHUT = "shut", "已停用"
    LOCKED = "locked", "已锁定"
    NEVER = "never", "从未登录"
    RENEW = "renew", "待改初始密码"
    STRAY = "stray", "所属单位已撤并"


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session somebody has open; ``device`` says in a word where."""

    id: str
    device: str
    created: datetime
    seen: datetime
    current: bool = False


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key another program acts under. ``prefix`` is its beginning, by which people know it; ``unit`` the member unit
    it acts for, if any; ``purpose`` says what for. ``follows`` is the key it takes the place of."""

    id: str
    name: str
    prefix: str
    scopes: frozenset[KeyScope]
    unit: str
    per_minute: int
    made_by: str
    made: datetime
    used: datetime | None = None
    revoked: datetime | None = None
    expires: datetime | None = None
    purpose: str = ""
    follows: str = ""
