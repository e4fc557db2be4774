"""What the directory states: data and units changed, staff signed in and out, a contact was kept."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class DirectoryChanged:
    """The reference data have a new ``version``; ``changed`` counts rows by table, ``by`` is who loaded them."""

    CHAINED: ClassVar[bool] = True

    version: int
    changed: dict[str, int]
    at: datetime
    by: str = ""

    @property
    def subject(self) -> str:
        """The directory."""
        return "directory"


@dataclass(frozen=True, slots=True)
class CitizensJudged:
    """A person said whether two citizens are the same, or took it back (an empty ``verdict``)."""

    CHAINED: ClassVar[bool] = False

    citizen: str
    other: str
    verdict: str
    by: str
    at: datetime

    @property
    def subject(self) -> str:
        """The citizen who was spoken with."""
        return f"citizen:{self.citizen}"


@dataclass(frozen=True, slots=True)
class CalendarChanged:
    """The working calendar was changed by hand: these days (ISO), years announced, whether the hours; ``by`` whom."""

    CHAINED: ClassVar[bool] = True

    change: str
    days: tuple[str, ...]
    announced: tuple[int, ...]
    hours: bool
    by: str
    why: str
    at: datetime

    @property
    def subject(self) -> str:
        """The calendar."""
        return "calendar"


@dataclass(frozen=True, slots=True)
class CalendarYearMissing:
    """The days of a year should be known by now and are not; Monday to Friday are counted meanwhile."""

    CHAINED: ClassVar[bool] = True

    year: int
    at: datetime

    @property
    def subject(self) -> str:
        """The year."""
        return f"calendar:{self.year}"


@dataclass(frozen=True, slots=True)
class _AboutUnit:
    """``change`` is the change it belongs to, ``by`` who made it, ``why`` the reason given."""

    CHAINED: ClassVar[bool] = True

    unit: str
    change: str
    by: str
    why: str
    at: datetime

    @property
    def subject(self) -> str:
        """The unit."""
        return f"unit:{self.unit}"


@dataclass(frozen=True, slots=True)
class UnitAdded(_AboutUnit):
    """There is a new unit."""

    name: str


@dataclass(frozen=True, slots=True)
class UnitRenamed(_AboutUnit):
    """It is called ``name`` now and was called ``before``."""

    name: str
    before: str


@dataclass(frozen=True, slots=True)
class UnitDutiesChanged(_AboutUnit):
    """It is charged with these functions and powers in these areas, and belongs to ``parent`` now."""

    functions: tuple[str, ...]
    powers: tuple[str, ...]
    areas: tuple[str, ...]
    parent: str


@dataclass(frozen=True, slots=True)
class UnitSucceeded(_AboutUnit):
    """Its open work goes on with ``heirs`` by function and area, else with ``successor``; perhaps it is no more."""

    successor: str
    heirs: tuple[str, ...]
    retired: bool


@dataclass(frozen=True, slots=True)
class _AboutStaff:
    CHAINED: ClassVar[bool] = True

    staff: str
    at: datetime

    @property
    def subject(self) -> str:
        """The account."""
        return f"staff:{self.staff}"


@dataclass(frozen=True, slots=True)
class StaffSignedIn(_AboutStaff):
    """A session began."""


@dataclass(frozen=True, slots=True)
class StaffSignedOut(_AboutStaff):
    """A session was ended by its holder."""


@dataclass(frozen=True, slots=True)
class StaffLockedOut(_AboutStaff):
    """Too many wrong passwords; nobody gets in under this login before ``until``."""

    until: datetime


@dataclass(frozen=True, slots=True)
class StaffAccountChanged(_AboutStaff):
    """An account was added, changed, given another password, unlocked, shut, opened again or moved; ``by`` is who did
    it, ``before`` and ``after`` what it was and is, of what has changed, ``order`` the change of units it moved by."""

    change: str
    by: str
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    order: str = ""


@dataclass(frozen=True, slots=True)
class CitizenContactKept:
    """A citizen left or changed ``fields`` of name, phone, address; what they are is not told."""

    CHAINED: ClassVar[bool] = False

    citizen: str
    fields: tuple[str, ...]
    at: datetime

    @property
    def subject(self) -> str:
        """The citizen."""
        return f"citizen:{self.citizen}"


@dataclass(frozen=True, slots=True)
class _AboutKey:
    """``by`` is who did it."""

    CHAINED: ClassVar[bool] = True

    key: str
    at: datetime
    by: str

    @property
    def subject(self) -> str:
        """The key."""
        return self.key


@dataclass(frozen=True, slots=True)
class ApiKeyMade(_AboutKey):
    """Another program may act under it within ``scopes``, for ``unit`` when there is one."""

    name: str
    scopes: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class ApiKeyFollowed(_AboutKey):
    """``successor`` takes its place; it opens what it opened ``until`` then."""

    successor: str
    until: datetime


@dataclass(frozen=True, slots=True)
class ApiKeyRevoked(_AboutKey):
    """It opens nothing any more."""


FACTS: tuple[type, ...] = (
    DirectoryChanged,
    UnitAdded,
    UnitRenamed,
    UnitDutiesChanged,
    UnitSucceeded,
    StaffSignedIn,
    StaffSignedOut,
    StaffLockedOut,
    StaffAccountChanged,
    CitizenContactKept,
    CitizensJudged,
    CalendarChanged,
    CalendarYearMissing,
    ApiKeyMade,
    ApiKeyFollowed,
    ApiKeyRevoked,
)
