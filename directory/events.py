"""What the directory states: the reference data changed, staff signed in and out, a contact was kept."""

from dataclasses import dataclass
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
    """An account was added, given another password, shut or opened again; ``by`` is who did it."""

    change: str
    by: str


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


FACTS: tuple[type, ...] = (
    DirectoryChanged,
    StaffSignedIn,
    StaffSignedOut,
    StaffLockedOut,
    StaffAccountChanged,
    CitizenContactKept,
)
