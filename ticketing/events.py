"""What ticketing states: every move of a ticket, every request, every look at an identity."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from kernel.calls import CallHeard, CallResult
from ticketing.model.labels import (
    Actor,
    ClockKind,
    Outcome,
    RequestKind,
    Score,
    SideAction,
    Solved,
    State,
    TicketKind,
    Urgency,
)
from ticketing.model.privacy import Purpose


@dataclass(frozen=True, slots=True)
class _AboutTicket:
    """``by`` is an id, never a name; ``units`` are the member units concerned."""

    CHAINED: ClassVar[bool] = True

    number: str
    at: datetime
    actor: Actor
    by: str
    units: tuple[str, ...]

    @property
    def subject(self) -> str:
        """The ticket."""
        return f"ticket:{self.number}"


@dataclass(frozen=True, slots=True)
class TicketMoved(_AboutTicket):
    """It went from one state to another; ``action`` is an Action's value, ``why`` holds no personal data."""

    action: str
    before: State
    after: State
    version: int
    why: str


@dataclass(frozen=True, slots=True)
class TicketOpened(TicketMoved):
    """It was taken in; ``repeat``: the same person had told of it before."""

    kind: TicketKind
    urgency: Urgency
    matter: str
    area: str
    channel: str
    repeat: bool


@dataclass(frozen=True, slots=True)
class TicketDispatched(TicketMoved):
    """A unit got it; ``automatic``: no person decided. ``duty_item`` is the basis."""

    unit: str
    automatic: bool
    confidence: float
    duty_item: str


@dataclass(frozen=True, slots=True)
class TicketReplied(TicketMoved):
    """The citizen was given a reply; ``unit`` answers for it, empty for the hotline itself. ``due`` is when the first
    reply was due, ``first_due`` when it was before any extension was granted."""

    unit: str
    due: datetime | None = None
    first_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class TicketClosed(TicketMoved):
    """It ended; ``lawful_refusal``: the call-back worker confirmed that the law forbids what was asked."""

    outcome: Outcome | None
    matter: str
    lawful_refusal: bool = False


@dataclass(frozen=True, slots=True)
class TicketRated(_AboutTicket):
    """The citizen voted, or changed the vote (``again``); ``unit`` is the one voted on. ``noted``: a call-back worker
    put it down for somebody who had given none themselves."""

    score: Score
    solved: Solved
    unit: str
    again: bool = False
    noted: bool = False


@dataclass(frozen=True, slots=True)
class TalkUnproven(_AboutTicket):
    """Somebody put down what a citizen told them and no relayed call stands behind it: a call-back worker a talk, an
    agent a withdrawal. ``unit`` is the one it is about."""

    FORMERLY: ClassVar[str] = "CallBackUnproven"

    unit: str


@dataclass(frozen=True, slots=True)
class TicketNoted(_AboutTicket):
    """Something was done without moving it."""

    what: SideAction
    version: int
    state: State
    why: str


@dataclass(frozen=True, slots=True)
class _AboutRequest(_AboutTicket):
    request: str
    kind: RequestKind
    unit: str


@dataclass(frozen=True, slots=True)
class RequestAsked(_AboutRequest):
    """A lead unit asked for something, to be decided by ``decide_by``."""

    decide_by: datetime
    version: int
    why: str


@dataclass(frozen=True, slots=True)
class RequestDisputed(_AboutRequest):
    """Units disagree: the supervisor rules."""

    version: int
    why: str


@dataclass(frozen=True, slots=True)
class RequestDecided(_AboutRequest):
    """It was granted or refused."""

    granted: bool
    version: int
    why: str


@dataclass(frozen=True, slots=True)
class RequestAgreed(_AboutRequest):
    """The first of two reviewers agrees; another one decides."""

    version: int
    why: str


@dataclass(frozen=True, slots=True)
class CitizenContacted(_AboutTicket):
    """The unit got in touch with the citizen for the first time, at ``contacted`` as it says; ``counted`` is when that
    counts from. ``call`` is the relayed call it rests on; ``unproven``: neither a call nor a message is behind it."""

    unit: str
    contacted: datetime
    counted: datetime
    call: str = ""
    unproven: bool = False


@dataclass(frozen=True, slots=True)
class ContactTakenBack(_AboutTicket):
    """What was logged as the first contact was none."""

    unit: str


@dataclass(frozen=True, slots=True)
class CitizenCalled(_AboutTicket):
    """An officer had themselves put through to the citizen; ``seconds`` is how long they talked."""

    unit: str
    result: CallResult
    seconds: int


@dataclass(frozen=True, slots=True)
class CallJudged(_AboutTicket):
    """The officer of ``unit`` says who picked up a relayed call; ``before`` is what they had said by mistake."""

    unit: str
    heard: CallHeard
    before: CallHeard | None = None


@dataclass(frozen=True, slots=True)
class IdentityShown(_AboutTicket):
    """Somebody saw who the citizen is, for a stated purpose; ``fields`` are what was shown, ``role`` and ``unit`` in
    what part they looked, ``reason`` the purpose of the list."""

    purpose: str
    fields: tuple[str, ...]
    reason: Purpose = Purpose.OTHER
    role: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class SpanDecided(_AboutTicket):
    """A person let a doubtful span of a report pass to the units, or did not; its words are not told."""

    shown: bool
    role: str


@dataclass(frozen=True, slots=True)
class LeakOpened(_AboutTicket):
    """A leak is suspected: from now on nobody sees who the citizen is."""

    leak: str
    notify_by: datetime


@dataclass(frozen=True, slots=True)
class LeakNotified(_AboutTicket):
    """The citizen was told of it; ``written``: on the channel they wrote from."""

    leak: str
    written: bool


@dataclass(frozen=True, slots=True)
class LeakNoticeLate(_AboutTicket):
    """The citizen was not told in time."""

    leak: str


@dataclass(frozen=True, slots=True)
class RulingLate(_AboutTicket):
    """A dispute was not ruled on in time."""

    request: str
    decide_by: datetime


@dataclass(frozen=True, slots=True)
class LeakClosed(_AboutTicket):
    """It was looked into; who the citizen is may be seen again."""

    leak: str


@dataclass(frozen=True, slots=True)
class LooksExported:
    """Somebody took a list of looks away."""

    CHAINED: ClassVar[bool] = True

    at: datetime
    by: str
    since: datetime
    until: datetime
    rows: int

    @property
    def subject(self) -> str:
        """All lists."""
        return "looks"


@dataclass(frozen=True, slots=True)
class SupervisionRaised(_AboutTicket):
    """Supervision stands at ``level`` now."""

    level: int
    why: str


@dataclass(frozen=True, slots=True)
class UnitEscalated(_AboutTicket):
    """The unit above handles it again."""

    unit: str
    previous: str


@dataclass(frozen=True, slots=True)
class DispatchMistaken(_AboutTicket):
    """The unit it had gone to was the wrong one."""

    unit: str
    duty_item: str


@dataclass(frozen=True, slots=True)
class MatterCorrected(_AboutTicket):
    """A person says it is about ``matter``, not about ``previous``."""

    matter: str
    previous: str


@dataclass(frozen=True, slots=True)
class PrecedentSet(_AboutTicket):
    """A dispute was ruled on: a candidate to amend the duty catalogue."""

    request: str
    unit: str


@dataclass(frozen=True, slots=True)
class TicketLate(_AboutTicket):
    """A due time has passed: 0 at once, 1 notice to the head, 2 level two, 3 circular."""

    clock: ClockKind
    due: datetime
    level: int


@dataclass(frozen=True, slots=True)
class TicketMinimised(_AboutTicket):
    """Who the citizen was is forgotten here."""


@dataclass(frozen=True, slots=True)
class TicketWatched(_AboutTicket):
    """Somebody opened it or closed it, or began to fill in the form of ``doing``: news for other screens."""

    CHAINED: ClassVar[bool] = False

    doing: str


@dataclass(frozen=True, slots=True)
class MattersChanged:
    """The catalogue of matters has a new version; ``by`` is who loaded it."""

    CHAINED: ClassVar[bool] = True

    version: int
    matters: int
    at: datetime
    by: str = ""

    @property
    def subject(self) -> str:
        """The catalogue."""
        return "matters"


@dataclass(frozen=True, slots=True)
class HistoryImported:
    """Closed tickets of another system were taken in; ``by`` is who did it."""

    CHAINED: ClassVar[bool] = True

    source: str
    added: int
    changed: int
    at: datetime
    by: str

    @property
    def subject(self) -> str:
        """The history."""
        return "history"


@dataclass(frozen=True, slots=True)
class LimitsChanged:
    """There is a new version of the limits, in force from ``valid_from``; ``keys`` are the values it changes,
    ``beyond`` those it sets above what the rules allow, and ``beyond_why`` what for."""

    CHAINED: ClassVar[bool] = True

    version: int
    valid_from: datetime
    keys: tuple[str, ...]
    by: str
    why: str
    at: datetime
    beyond: tuple[str, ...] = ()
    beyond_why: str = ""

    @property
    def subject(self) -> str:
        """The limits."""
        return "limits"


@dataclass(frozen=True, slots=True)
class SensitiveWordsChanged:
    """The lists of sensitive words have a new version: so many entries are new or changed."""

    CHAINED: ClassVar[bool] = True

    version: int
    entries: int
    by: str
    why: str
    at: datetime

    @property
    def subject(self) -> str:
        """The lists."""
        return "sensitive_words"


@dataclass(frozen=True, slots=True)
class MatterChanged:
    """One matter of the catalogue was changed, added or retired, or will be from ``valid_from`` on."""

    CHAINED: ClassVar[bool] = True

    change: str
    matter: str
    kind: str
    valid_from: datetime
    by: str
    why: str
    at: datetime

    @property
    def subject(self) -> str:
        """The matter."""
        return f"matter:{self.matter}"


FACTS: tuple[type, ...] = (
    TicketMoved,
    TicketOpened,
    TicketDispatched,
    TicketReplied,
    TicketClosed,
    TicketRated,
    TicketNoted,
    RequestAsked,
    RequestDisputed,
    RequestDecided,
    CitizenCalled,
    CallJudged,
    IdentityShown,
    SupervisionRaised,
    UnitEscalated,
    DispatchMistaken,
    MatterCorrected,
    PrecedentSet,
    TicketLate,
    TicketMinimised,
    MattersChanged,
    HistoryImported,
    LimitsChanged,
    SpanDecided,
    LeakOpened,
    LeakNotified,
    LeakNoticeLate,
    RulingLate,
    LeakClosed,
    LooksExported,
    RequestAgreed,
    CitizenContacted,
    ContactTakenBack,
    TalkUnproven,
    TicketWatched,
    SensitiveWordsChanged,
    MatterChanged,
)
