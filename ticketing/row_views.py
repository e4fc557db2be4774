"""What lists tell of tickets; every text of a citizen in them is masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OptionView:
    """A value and the word for it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FileView:
    """A file with the link it is read by; ``again``: the very same content was uploaded before."""

    id: str
    url: str
    media: str
    media_type: str
    name: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class StepView:
    """What somebody has to do next, and how long there is for it: 签收, 还剩28分钟. ``decides``: about a request."""

    label: str
    due_at: datetime
    light: str
    remaining_text: str
    decides: bool = False


@dataclass(frozen=True, slots=True)
class VoteView:
    """The citizen's vote, shortly."""

    label: str
    bad: bool


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket in a list. ``light`` is none while nothing counts; ``step`` is None where the whole is all there is.
    ``moves``: how often another unit was made its lead; ``moves_used_up``: from the next one on a supervisor is
    named. ``rehandles``: how often it was to be handled again. ``second_awaited``: somebody of the hotline would refuse
    it, and another is to agree."""

    number: str
    title: str
    kind: str
    kind_label: str
    urgency: str
    urgency_label: str
    state: str
    state_label: str
    matter: str
    matter_name: str
    area: str
    area_name: str
    unit: str
    unit_name: str
    received_at: datetime | None
    due_at: datetime | None
    light: str
    remaining_text: str
    flags: Sequence[OptionView]
    supervision: int
    version: int
    part_label: str
    step: StepView | None = None
    vote: VoteView | None = None
    moves: int = 0
    moves_used_up: bool = False
    rehandles: int = 0
    second_awaited: bool = False


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A list of tickets."""

    items: Sequence[TicketRow]
    next: str | None
