"""What the screens are told of a ticket in full; every text of a citizen in it is masked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ticketing.dispatch_views import DangerView, DecisionView, PrecedentView, RepeatView
from ticketing.purpose_showing import PurposeView
from ticketing.row_views import FileView, OptionView, StepView, VoteView
from ticketing.track_views import RatingView, ReplyView


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of a form; ``value`` is what stands in it at first, ``value_label`` what people read of a code.
    ``when`` says beside what else it is required. A unit is looked for ``near`` an area, ``first`` among these; one
    that is ``barred`` cannot be chosen, its label says why."""

    name: str
    label: str
    type: str
    required: bool
    options: Sequence[OptionView]
    hint: str
    value: str = ""
    value_label: str = ""
    when: str = ""
    near: str = ""
    first: Sequence[str] = ()
    barred: Sequence[OptionView] = ()


@dataclass(frozen=True, slots=True)
class ActionView:
    """A button, and what it asks for; ``instead_of`` names whoever is away and whose part it is."""

    action: str
    label: str
    primary: bool
    danger: bool
    fields: Sequence[FieldView]
    instead_of: str = ""


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
    """What a unit asked for. ``names_supervisor``: why whoever looks grants it in a supervisor's name; empty where none
    is needed."""

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
    can_rule: bool
    names_supervisor: str


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
class ContactView:
    """The unit's first contact with the citizen: when it was by its own word; ``counted`` is later if it was written
    down late and no relayed call proves it. ``rests_on``: call, message, or the officer's word (``word``, then ``how``
    says how the citizen was reached and ``unproven`` holds); empty where it was logged before any was kept."""

    at: datetime
    counted: datetime
    rests_on: str = ""
    how: str = ""
    unproven: bool = False


@dataclass(frozen=True, slots=True)
class HiddenWaitView:
    """Words of a secret ticket that its reader does not see yet: until when it is to be decided about them; ``late``:
    that is over and the supervisors know."""

    until: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One attempt of a call-back; ``unproven``: no relayed call stands behind the talk, for ``no_call_reason``.
    ``told`` is the vote that was heard and does not count beside the citizen's own. ``other``: somebody else than the
    citizen picked up."""

    at: datetime
    channel: str
    reached: bool
    by: str
    note: str
    unproven: bool
    no_call_reason: str
    told: str
    other: bool


@dataclass(frozen=True, slots=True)
class CallBackView:
    """How far a call-back has come: attempts, days and channels needed, then those there are; ``points`` are what the
    citizen asked for, one by one. ``to_confirm`` is what they said better than their own vote and have not confirmed,
    which they can until ``confirm_until``; ``confirm_sent``: there was somewhere to write to them. ``writes_on`` is the
    channel on which a try writes to them, empty if there is none."""

    attempts_needed: int
    days_needed: int
    channels_needed: int
    attempts: int
    days: int
    channels: int
    points: Sequence[str]
    to_confirm: str
    confirm_until: datetime | None
    confirm_sent: bool
    writes_on: str


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
class ApproversView:
    """Who could approve the result that waits: names, and the unit above where they are not of the lead; both empty
    where nobody could. ``own``: the reader wrote the result."""

    names: Sequence[str]
    above: str
    own: bool


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
    moves: int
    moves_used_up: bool
    rehandles: int
    second_awaited: bool
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
    purposes: Sequence[PurposeView]
    frozen: bool
    can_unmask: bool
    merged: Sequence[MergedView]
    attempts: Sequence[AttemptView]
    call_back: CallBackView | None
    votes: Sequence[VoteRow]
    sensitive: Sequence[SensitiveView]
    dangers: Sequence[DangerView]
    hidden_wait: HiddenWaitView | None = None
    refusal: RefusalView | None = None
    contact: ContactView | None = None
    approval: ApproversView | None = None


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
