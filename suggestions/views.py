"""What pages are told of suggestions; to the public and to units personal data are masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from directory.lookup import Lookup
from kernel.errors import NotFound
from kernel.labels import Labelled
from kernel.privacy import mask_text
from suggestions.model import Decision, Suggestion


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """A suggestion as anybody may read it."""

    number: str
    title: str
    text: str
    area: str
    area_name: str
    state: str
    state_label: str
    supports: int
    published_at: datetime | None
    unit_name: str
    decision: Decision
    note: str


@dataclass(frozen=True, slots=True)
class SuggestionPage:
    """A list."""

    items: Sequence[SuggestionRow]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """A near-equal suggestion."""

    number: str
    title: str
    supports: int


@dataclass(frozen=True, slots=True)
class SimilarPage:
    """A list."""

    items: Sequence[SimilarRow]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class OpenedSuggestion:
    """What its author is told at once."""

    number: str
    query_code: str
    state: str
    state_label: str
    similar: Sequence[SimilarRow]


@dataclass(frozen=True, slots=True)
class OwnSuggestion:
    """What its author sees later; ``can`` are the actions open to them."""

    suggestion: SuggestionRow
    opened_at: datetime
    due: datetime
    can: Sequence[str]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of an action's form."""

    name: str
    label: str
    type: str
    required: bool


@dataclass(frozen=True, slots=True)
class ActionView:
    """A button."""

    action: str
    label: str
    fields: Sequence[FieldView]


@dataclass(frozen=True, slots=True)
class StaffSuggestion:
    """A suggestion for staff, with what they may do to it."""

    suggestion: SuggestionRow
    opened_at: datetime
    due: datetime
    unit: str
    similar: Sequence[str]
    actions: Sequence[ActionView]


@dataclass(frozen=True, slots=True)
class StaffPage:
    """A list."""

    items: Sequence[StaffSuggestion]
    next: str | None = None


class Field(Labelled):
    """The fields an action may ask for."""

    REASON = "reason", "说明或理由"
    BASIS = "basis", "政策依据"
    PLAN = "plan", "下一步安排"
    COST = "cost", "预计费用"
    PERIOD = "period", "完成期限"
    UNIT = "unit", "承办单位"


def row(s: Suggestion, lookup: Lookup, *, whole: bool = False) -> SuggestionRow:
    """The suggestion, masked unless ``whole``."""
    return SuggestionRow(
        number=s.number,
        title=s.title if whole else mask_text(s.title),
        text=s.text if whole else mask_text(s.text),
        area=s.area,
        area_name=_area_name(s.area, lookup),
        state=s.state,
        state_label=s.state.label,
        supports=s.supports,
        published_at=s.published_at,
        unit_name=_unit_name(s, lookup),
        decision=s.decision,
        note=s.note,
    )


def _unit_name(s: Suggestion, lookup: Lookup) -> str:
    """Who has it in hand; once it is decided on, who decided."""
    code = s.unit if s.decision.reason else lookup.heir(s.unit) or s.unit
    return lookup.unit(code).name if code else ""


def similar(s: Suggestion) -> SimilarRow:
    """A line to choose, masked."""
    return SimilarRow(s.number, mask_text(s.title), s.supports)


def _area_name(code: str, lookup: Lookup) -> str:
    try:
        return lookup.area(code).name if code else ""
    except NotFound:
        return code
