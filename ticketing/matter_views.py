"""What the administrators' pane of the catalogue shows and takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from directory.model import Level
from ticketing.model.duties import Matter, NamedLead
from ticketing.model.labels import TicketKind, Urgency
from ticketing.row_views import OptionView
from ticketing.rules.matterchanges import ChangeKind, MatterOrder


@dataclass(frozen=True, slots=True)
class LeadForm:
    """In an area another unit leads, because a ruling said so."""

    area: str
    unit: str
    supporting: list[str] = field(default_factory=list)
    basis: str = ""
    precedent: str = ""


@dataclass(frozen=True, slots=True)
class MatterForm:
    """A matter as somebody typed it."""

    level1: str
    level2: str
    name: str
    keywords: list[str]
    kind: TicketKind
    function: str
    owner_level: Level
    needs_power: str = ""
    supports: list[str] = field(default_factory=list)
    urgency: Urgency = Urgency.P2
    examples: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    basis: list[str] = field(default_factory=list)
    leads: list[LeadForm] = field(default_factory=list)

    def matter(self, code: str) -> Matter:
        """The matter it is."""
        return Matter(
            code,
            self.level1,
            self.level2,
            self.name,
            tuple(self.keywords),
            tuple(self.examples),
            self.kind,
            self.function,
            self.owner_level,
            self.needs_power,
            tuple(self.supports),
            self.urgency,
            tuple(self.asks),
            tuple(self.basis),
            tuple(NamedLead(e.area, e.unit, tuple(e.supporting), e.basis, e.precedent) for e in self.leads),
        )


@dataclass(frozen=True, slots=True)
class OrderForm:
    """A change that is wanted: add or edit with a matter, retire with a successor; ``version`` as it was previewed."""

    kind: ChangeKind
    code: str
    valid_from: date
    why: str = ""
    matter: MatterForm | None = None
    successor: str = ""
    version: int = 0

    def order(self) -> MatterOrder:
        """The order it is."""
        after = self.matter.matter(self.code) if self.matter else None
        return MatterOrder(self.kind, self.code, after, self.valid_from, self.why, self.successor)


@dataclass(frozen=True, slots=True)
class UndoForm:
    """Why the last change goes back."""

    why: str
    version: int


@dataclass(frozen=True, slots=True)
class VerdictForm:
    """Whether a ruling is taken over; why not, if not."""

    adopt: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class CatalogueQuery:
    """Matters whose code, name, group or keyword holds ``q``."""

    q: str = ""
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A matter in the tree, with how many changes wait and rulings are to be decided on."""

    code: str
    level1: str
    level2: str
    name: str
    waiting: int
    candidates: int
    retired: bool = False


@dataclass(frozen=True, slots=True)
class CatalogueView:
    """The matters found, in the order of the catalogue; ``total`` is how many are in use in all."""

    version: int
    total: int
    items: Sequence[MatterRow]
    candidates: int
    next: str | None


@dataclass(frozen=True, slots=True)
class CodeName:
    """A code with its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class LeadView:
    """An exception: in this area this unit leads."""

    area: str
    area_name: str
    unit: str
    unit_name: str
    supporting: Sequence[str]
    supporting_names: Sequence[str]
    basis: str
    precedent: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """What a change made of one field, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class MatterChangeView:
    """A change of a matter."""

    id: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    valid_from: datetime
    at: datetime
    by_name: str
    why: str
    fields: Sequence[FieldView]
    successor_name: str


@dataclass(frozen=True, slots=True)
class CandidateRuling:
    """A ruling that says otherwise than the catalogue."""

    id: str
    ticket: str
    matter: str
    matter_name: str
    area_name: str
    lead_name: str
    now_names: Sequence[str]
    supporting_names: Sequence[str]
    reason: str
    clause: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MatterDetail:
    """A matter with who leads it where, what was done to it and what waits."""

    version: int
    code: str
    level1: str
    level2: str
    name: str
    keywords: Sequence[str]
    examples: Sequence[str]
    kind: str
    kind_label: str
    function: str
    function_name: str
    owner_level: str
    owner_level_label: str
    needs_power: str
    power_name: str
    supports: Sequence[CodeName]
    urgency: str
    urgency_label: str
    asks: Sequence[str]
    basis: Sequence[str]
    leads: Sequence[LeadView]
    led_by: Sequence[str]
    history: Sequence[MatterChangeView]
    rulings: Sequence[CandidateRuling]
    can_undo: bool
    retired: bool = False
    successor_name: str = ""


@dataclass(frozen=True, slots=True)
class FlowRow:
    """Tickets that would have gone to another unit."""

    before_name: str
    after_name: str
    open: int
    closed: int


@dataclass(frozen=True, slots=True)
class MatterPreview:
    """What an order comes to; it is refused while a town is in ``nobody`` or ``several``."""

    version: int
    fields: Sequence[FieldView]
    nobody: Sequence[str]
    several: Sequence[str]
    flows: Sequence[FlowRow]
    tickets: int
    days: int
    learns: bool
    led_by: Sequence[str]


@dataclass(frozen=True, slots=True)
class MatterOptions:
    """What may be chosen in a matter's form."""

    today: date
    functions: Sequence[CodeName]
    powers: Sequence[CodeName]
    levels: Sequence[OptionView]
    kinds: Sequence[OptionView]
    urgencies: Sequence[OptionView]
    level1: Sequence[str]


@dataclass(frozen=True, slots=True)
class RulingsView:
    """Rulings to decide on, the newest first."""

    items: Sequence[CandidateRuling]
    next: str | None
