"""What the privacy officer's screens are told, and ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ticketing.model.privacy import LookKind


@dataclass(frozen=True, slots=True)
class SpanView:
    """A doubtful span with the words around it; ``shown`` is None until a person has decided."""

    mark: str
    kind_label: str
    before: str
    text: str
    after: str
    shown: bool | None


@dataclass(frozen=True, slots=True)
class SpansView:
    """The doubtful spans of one ticket; while some wait, by when they are to be decided about, the light and the words
    of that. ``urgency_label`` is empty for what is not urgent."""

    number: str
    title: str
    state_label: str
    unit_name: str
    items: Sequence[SpanView]
    urgency_label: str
    due_at: datetime | None
    light: str
    remaining_text: str


@dataclass(frozen=True, slots=True)
class SpanQueue:
    """Tickets that wait for a decision, P0 and P1 first, then the longest waiting."""

    items: Sequence[SpansView]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class PartQuery:
    """A page of a list."""

    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class SpanForm:
    """Whether units may read it."""

    shown: bool


@dataclass(frozen=True, slots=True)
class LookView:
    """One look. ``who`` is a name: for those who guard privacy, never for the citizen."""

    id: str
    number: str
    kind: LookKind
    kind_label: str
    at: datetime
    who: str
    role_label: str
    unit_name: str
    purpose_label: str
    note: str
    fields: Sequence[str]


@dataclass(frozen=True, slots=True)
class LookPage:
    """Looks, the newest first."""

    items: Sequence[LookView]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class TraceQuery:
    """Looks in a stretch of time, at most 92 days; ``person`` is a member of staff's id."""

    since: datetime
    until: datetime
    number: str = ""
    person: str = ""
    unit: str = ""
    kind: LookKind | None = None
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class LeakForm:
    """A leak is suspected."""

    number: str
    why: str


@dataclass(frozen=True, slots=True)
class NotifyForm:
    """What the citizen is, or was, told."""

    text: str


@dataclass(frozen=True, slots=True)
class CloseForm:
    """What came of it."""

    conclusion: str


@dataclass(frozen=True, slots=True)
class LeakView:
    """A suspected leak; ``late``: its citizen was not told in time. ``writable``: they can be written to."""

    id: str
    number: str
    opened_at: datetime
    opened_by: str
    why: str
    notify_by: datetime
    notified_at: datetime | None
    notified_by: str
    notice: str
    closed_at: datetime | None
    closed_by: str
    conclusion: str
    late: bool
    writable: bool


@dataclass(frozen=True, slots=True)
class LeakPage:
    """Leaks, the open ones first."""

    items: Sequence[LeakView]
    next: str | None = None
