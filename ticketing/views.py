"""What the screens are told of tickets; every text of a citizen in them is masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OptionView:
    """A value and the word for it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of a form; ``value`` is what stands in it at first, ``value_label`` what people read of a code."""

    name: str
    label: str
    type: str
    required: bool
    options: Sequence[OptionView]
    hint: str
    value: str = ""
    value_label: str = ""


@dataclass(frozen=True, slots=True)
class ActionView:
    """A button, and what it asks for."""

    action: str
    label: str
    primary: bool
    danger: bool
    fields: Sequence[FieldView]


@dataclass(frozen=True, slots=True)
class FileView:
    """A file with the link it is read by."""

    id: str
    url: str
    media: str
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class StepView:
    """What somebody has to do next, and how long there is for it: 签收, 还剩28分钟."""

    label: str
    due_at: datetime
    light: str
    remaining_text: str


@dataclass(frozen=True, slots=True)
class VoteView:
    """The citizen's vote, shortly."""

    label: str
    bad: bool


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket in a list. ``light`` is none while nothing counts; ``step`` is None where the whole is all there is."""

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


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A list of tickets."""

    items: Sequence[TicketRow]
    next: str | None


@dataclass(frozen=True, slots=True)
class RequesterView:
    """The citizen, masked; nothing at all where the report is secret."""

    name: str
    phone: str
    channel: str
    secret: bool


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """The part of one unit."""

    id: str
    unit: str
    unit_name: str
    role: str
    role_label: str
    state: str
    state_label: str
    opened_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    due_at: datetime
    light: str
    remaining_text: str
    result: str
    dissent: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class RequestView:
    """What a unit asked for."""

    id: str
    kind: str
    kind_label: str
    state: str
    state_label: str
    unit: str
    unit_name: str
    reason: str
    clause: str
    suggested_unit: str
    suggested_unit_name: str
    asked_at: datetime
    decide_by: datetime
    new_due: datetime | None
    decided_at: datetime | None
    decision: str
    attachments: Sequence[FileView]
    can_decide: bool


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock of the ticket."""

    kind: str
    label: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    light: str
    remaining_text: str


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
    """Where a ticket should go and why."""

    lines: Sequence[str]
    candidates: Sequence[CandidateView]
    automatic: bool
    conflicts: Sequence[OptionView] = ()
    threshold: float = 1.0


@dataclass(frozen=True, slots=True)
class ResultView:
    """What the unit found and did."""

    findings: str
    measures: str
    basis: str
    handler: str
    phone: str
    outcome: str
    outcome_label: str
    at: datetime


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
class RefusalView:
    """What somebody would decline a ticket with, before a second person agrees."""

    reason_label: str
    legal_basis: str
    right_road: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of the history."""

    at: datetime
    who: str
    action: str
    label: str
    from_label: str
    to_label: str
    note: str


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
class NoticeView:
    """A line for the unit's inbox."""

    at: datetime
    unit_name: str
    text: str


@dataclass(frozen=True, slots=True)
class MergedView:
    """A ticket that was merged into this one."""

    number: str
    title: str
    received_at: datetime | None
    state_label: str
    version: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One attempt of a call-back."""

    at: datetime
    channel: str
    reached: bool
    by: str
    note: str


@dataclass(frozen=True, slots=True)
class CallBackView:
    """How far a call-back has come: attempts, days and channels needed, then those there are; ``points`` are what the
    citizen asked for, one by one."""

    attempts_needed: int
    days_needed: int
    channels_needed: int
    attempts: int
    days: int
    channels: int
    points: Sequence[str]


@dataclass(frozen=True, slots=True)
class DangerView:
    """A danger the words tell of: the number to hand it over to first, and what to say."""

    number: str
    text: str


@dataclass(frozen=True, slots=True)
class SensitiveView:
    """A sensitive word in a ticket's text; ``set_aside`` when a person found it means nothing."""

    word: str
    kind_label: str
    set_aside: bool


@dataclass(frozen=True, slots=True)
class VoteRow:
    """The vote on one reply: how and by whom it was given or changed last. ``who`` is empty for the citizen."""

    round: int
    score_label: str
    solved_label: str
    way_label: str
    who: str
    first_at: datetime
    at: datetime
    changes: int


@dataclass(frozen=True, slots=True)
class TicketView:
    """A ticket in full, with what its reader may do now."""

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
    step: StepView | None
    vote: VoteView | None
    text: str
    where_text: str
    when_text: str
    wanted: str
    requester: RequesterView
    secrecy: str
    secrecy_label: str
    conversation: str
    parent: str
    basis: Sequence[str]
    asks: Sequence[str]
    assignments: Sequence[AssignmentView]
    requests: Sequence[RequestView]
    clocks: Sequence[ClockView]
    decision: DecisionView
    repeats: Sequence[RepeatView]
    precedents: Sequence[PrecedentView]
    notices: Sequence[NoticeView]
    result: ResultView | None
    reply: ReplyView | None
    rating: RatingView | None
    outcome_label: str
    attachments: Sequence[FileView]
    proof: Sequence[FileView]
    timeline: Sequence[LineView]
    actions: Sequence[ActionView]
    can_request: Sequence[ActionView]
    purposes: Sequence[OptionView]
    frozen: bool
    can_unmask: bool
    merged: Sequence[MergedView]
    attempts: Sequence[AttemptView]
    call_back: CallBackView | None
    votes: Sequence[VoteRow]
    sensitive: Sequence[SensitiveView]
    dangers: Sequence[DangerView]
    refusal: RefusalView | None = None


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
    """A ticket for whoever holds its link: no name, no phone."""

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
    attachments: Sequence[FileView]
    text: str
    where_text: str
    wanted: str
    can: Sequence[str]
    looks: Sequence[TrackLook]


@dataclass(frozen=True, slots=True)
class MatterView:
    """A matter of the catalogue."""

    code: str
    name: str
    level1: str
    level2: str
    function: str
    urgency: str
    kind: str
    asks: Sequence[str]


@dataclass(frozen=True, slots=True)
class MatterPage:
    """A list of matters; ``total`` of all pages."""

    items: Sequence[MatterView]
    next: str | None = None
    total: int = 0


@dataclass(frozen=True, slots=True)
class IdentityView:
    """Who the citizen is; after ``seconds`` a screen masks it again."""

    name: str
    phone: str
    address: str
    text: str
    seconds: int = 0


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


@dataclass(frozen=True, slots=True)
class LinkView:
    """The path of a tracking page."""

    link: str
