"""What ticketing states: every move of a ticket, every request, every look at an identity."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ticketing.model import (
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
    """The citizen was given a reply; ``unit`` answers for it, empty for the hotline itself."""

    unit: str


@dataclass(frozen=True, slots=True)
class TicketClosed(TicketMoved):
    """It ended."""

    outcome: Outcome | None
    matter: str


@dataclass(frozen=True, slots=True)
class TicketRated(_AboutTicket):
    """The citizen voted, or changed the vote; ``unit`` is the one voted on."""

    score: Score
    solved: Solved
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
class IdentityShown(_AboutTicket):
    """Somebody saw who the citizen is, for a stated purpose; ``fields`` are what was shown."""

    purpose: str
    fields: tuple[str, ...]


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
    """The catalogue of matters has a new version."""

    CHAINED: ClassVar[bool] = True

    version: int
    matters: int
    at: datetime

    @property
    def subject(self) -> str:
        """The catalogue."""
        return "matters"


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
    IdentityShown,
    SupervisionRaised,
    UnitEscalated,
    DispatchMistaken,
    PrecedentSet,
    TicketLate,
    TicketMinimised,
    MattersChanged,
    TicketWatched,
)
