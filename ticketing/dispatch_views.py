"""What whoever writes down or dispatches a ticket is told: where it should go and why, and what is like it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ticketing.row_views import OptionView


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A unit that may lead."""

    unit: str
    name: str
    score: float
    reason: str
    duty_item: str = ""
    has_power: bool = True
    covers_area: bool = True
    duty: str = ""


@dataclass(frozen=True, slots=True)
class DecisionView:
    """Where a ticket should go and why; ``precedents`` are the numbers of tickets whose rulings it is held to."""

    lines: Sequence[str]
    candidates: Sequence[CandidateView]
    automatic: bool
    conflicts: Sequence[OptionView] = ()
    threshold: float = 1.0
    precedents: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PastView:
    """A closed ticket of another system, masked; names as we call them, or as the other system did."""

    source: str
    number: str
    title: str
    text: str
    matter: str
    matter_name: str
    area: str
    area_name: str
    place: str
    unit: str
    unit_name: str
    received_at: datetime | None
    replied_at: datetime | None
    closed_at: datetime | None
    outcome_label: str
    reply: str
    returned: int


@dataclass(frozen=True, slots=True)
class PrecedentView:
    """A closed ticket beside a new one; ``likeness`` in percent."""

    ticket: PastView
    likeness: int
    same_caller: bool


@dataclass(frozen=True, slots=True)
class RepeatView:
    """A ticket that looks like the same matter."""

    number: str
    reason: str
    likeness: int


@dataclass(frozen=True, slots=True)
class DangerView:
    """A danger the words tell of: the number to hand it over to first, and what to say."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class AlikeView:
    """An open ticket that tells the same as the one being written down; ``persons`` told of it, ``or_more`` when they
    were not counted to the end."""

    number: str
    persons: int
    or_more: bool
    what: str
    where: str
    since: datetime
    state_label: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class OpenedView:
    """A ticket that was just opened."""

    number: str
    query_code: str
    link: str
    state: str
    state_label: str
    unit_name: str
    decision: DecisionView
    urgency: str
    urgency_label: str
    flags: Sequence[OptionView]
    dangers: Sequence[DangerView]
    raised: str
    parent: str = ""
