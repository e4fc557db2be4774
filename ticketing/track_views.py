"""What the citizen is told of a ticket by its link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ticketing.row_views import FileView


@dataclass(frozen=True, slots=True)
class ReplyView:
    """What the citizen was told."""

    text: str
    basis: str
    unit_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RatingView:
    """The citizen's vote."""

    score: str
    score_label: str
    solved: str
    solved_label: str
    comment: str
    at: datetime
    former: str = ""


@dataclass(frozen=True, slots=True)
class TrackLine:
    """One line of the history in the citizen's words."""

    at: datetime
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class TrackLook:
    """Somebody saw who the citizen is: their role and unit, never their name."""

    at: datetime
    role: str
    unit_name: str
    purpose: str


@dataclass(frozen=True, slots=True)
class TrackView:
    """A ticket for whoever holds its link: no name, no phone. ``awaits`` is what a bad vote waits for (a value of
    VoteAwaits, empty without one), ``told`` what the citizen is to confirm they said in a call-back."""

    number: str
    kind_label: str
    title: str
    state: str
    state_label: str
    step: int
    steps: Sequence[str]
    unit_name: str
    due_at: datetime | None
    received_at: datetime | None
    remaining_text: str
    hops: int
    timeline: Sequence[TrackLine]
    reply: ReplyView | None
    rating: RatingView | None
    awaits: str
    told: str
    attachments: Sequence[FileView]
    text: str
    where_text: str
    wanted: str
    can: Sequence[str]
    looks: Sequence[TrackLook]


@dataclass(frozen=True, slots=True)
class LinkView:
    """The path of a tracking page."""

    link: str
