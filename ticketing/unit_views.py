"""What administrators are told of member units: rows of the list, what a change would come to, what was changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from directory.model import Level, Part, UnitChangeKind, UnitOrder


@dataclass(frozen=True, slots=True)
class NamedView:
    """A code with its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class OptionsView:
    """What may be chosen in a unit's form."""

    functions: Sequence[NamedView]
    powers: Sequence[NamedView]
    levels: Sequence[NamedView]


@dataclass(frozen=True, slots=True)
class UnitsQuery:
    """Units whose code or name, now or before, holds ``q``; ``retired`` asks for those that are no more."""

    q: str = ""
    level: Level | None = None
    area: str = ""
    function: str = ""
    retired: bool = False
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class FormerView:
    """What a unit was called until then."""

    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit in the list. ``depth`` is how far below the top it hangs; ``tickets`` how many it has open work on."""

    code: str
    name: str
    short_name: str
    level: Level
    level_label: str
    areas: Sequence[NamedView]
    functions: Sequence[NamedView]
    powers: Sequence[NamedView]
    parent: NamedView | None
    hours: str
    active: bool
    successor: NamedView | None
    former: Sequence[FormerView]
    depth: int
    tickets: int
    people: int


@dataclass(frozen=True, slots=True)
class UnitRowPage:
    """A page of the list, and how many there are in all."""

    items: Sequence[UnitRow]
    total: int
    next: str | None = None


@dataclass(frozen=True, slots=True)
class OrderForm:
    """A change an administrator wants; fields as ``directory.model.UnitOrder``."""

    kind: UnitChangeKind
    units: list[str]
    into: list[Part]
    why: str
    default: str = ""
    staff: Mapping[str, str] = field(default_factory=dict)

    def order(self) -> UnitOrder:
        """The order."""
        return UnitOrder(self.kind, tuple(self.units), tuple(self.into), self.why, self.default, self.staff)


@dataclass(frozen=True, slots=True)
class CarryOutForm:
    """The order that was previewed on ``version``."""

    order: OrderForm
    version: int


@dataclass(frozen=True, slots=True)
class FateView:
    """What becomes of one unit: ``fate`` is new, renamed, changed or retired."""

    code: str
    name: str
    before: str
    fate: str
    gained: Sequence[str]
    lost: Sequence[str]
    parent_name: str


@dataclass(frozen=True, slots=True)
class PersonView:
    """An account of a unit that changes, and the unit it would belong to."""

    id: str
    login: str
    name: str
    active: bool
    unit_name: str
    to: str
    to_name: str


@dataclass(frozen=True, slots=True)
class FlowView:
    """How many tickets, or matters times towns, go from one unit to another."""

    unit_name: str
    to_name: str
    many: int


@dataclass(frozen=True, slots=True)
class BrokenView:
    """A matter that would lose its lead, or get several (``leads``), and in which towns."""

    matter: str
    matter_name: str
    leads: Sequence[str]
    towns: Sequence[str]


@dataclass(frozen=True, slots=True)
class PreviewView:
    """What a change would come to on the directory's ``version``; it is refused while anything is ``broken``.
    ``coordinated`` is what would be left to who coordinates the place.

    ``alone`` names units nobody would have an account of.
    """

    version: int
    units: Sequence[FateView]
    people: Sequence[PersonView]
    tickets: int
    flows: Sequence[FlowView]
    shifts: Sequence[FlowView]
    broken: Sequence[BrokenView]
    coordinated: Sequence[BrokenView]
    alone: Sequence[str]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change that was made; ``left`` tickets have still to follow."""

    id: str
    kind: UnitChangeKind
    kind_label: str
    at: datetime
    by: str
    why: str
    units: Sequence[FateView]
    staff: int
    tickets: int
    left: int


@dataclass(frozen=True, slots=True)
class ChangesQuery:
    """A page of the history."""

    cursor: str = ""
    limit: int = 30


@dataclass(frozen=True, slots=True)
class ChangePage:
    """Changes, the newest first."""

    items: Sequence[ChangeView]
    next: str | None = None
