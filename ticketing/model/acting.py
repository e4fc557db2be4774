"""Who acts on a ticket, with what form, and what stays of it."""

from dataclasses import dataclass
from datetime import datetime

from kernel.messages import Attachment, GeoPoint
from ticketing.model.duties import DispatchDecision
from ticketing.model.labels import (
    Actor,
    Cause,
    ErrandKind,
    Flag,
    Outcome,
    RequestKind,
    ReviewCheck,
    Score,
    Solved,
    State,
    TicketKind,
    Urgency,
)
from ticketing.model.ticket import SensitiveHit


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What somebody fills in to act on a ticket; which fields an action needs is said by the tables of rules.

    ``reason_code`` is the value of one of the reason enums; ``unit`` a lead unit; ``request`` and ``assignment`` ids.
    """

    reason: str = ""
    reason_code: str = ""
    text: str = ""
    question: str = ""
    evidence: tuple[Attachment, ...] = ()
    # what it is about
    kind: TicketKind | None = None
    urgency: Urgency | None = None
    title: str = ""
    matter: str = ""
    area: str = ""
    place: str = ""
    point: GeoPoint | None = None
    flags: frozenset[Flag] = frozenset()
    parent: str = ""
    # answering, declining, handing over
    citations: tuple[str, ...] = ()
    status_query: bool = False
    legal_basis: str = ""
    right_road: str = ""
    platform: str = ""
    live_person: str = ""
    # dispatching
    unit: str = ""
    supporting: tuple[str, ...] = ()
    duty_item: str = ""
    basis: str = ""
    decision: DispatchDecision | None = None
    assignment: str = ""
    # requests
    request: str = ""
    request_kind: RequestKind | None = None
    clause: str = ""
    suggested_unit: str = ""
    new_due: datetime | None = None
    # working
    contacted_at: datetime | None = None
    relayed_call: str = ""
    # how the citizen was reached where no relayed call proves it; what is sent to them as the first contact
    contact_how: str = ""
    contact_text: str = ""
    no_contact_reason: str = ""
    plan: str = ""
    owner: str = ""
    review_at: datetime | None = None
    public_text: str = ""
    findings: str = ""
    measures: str = ""
    handler: str = ""
    phone: str = ""
    outcome: Outcome | None = None
    dissent: str = ""
    # reviewing, rating, calling back
    checked: frozenset[ReviewCheck] = frozenset()
    score: Score | None = None
    solved: Solved | None = None
    contacted: bool | None = None
    channel: str = ""
    reached: bool | None = None
    # somebody else than the citizen picked up
    other_person: bool = False
    # why no relayed call proves a talk
    no_call_reason: str = ""
    supervisor: str = ""
    # what the named supervisor is called; no screen sends it
    supervisor_name: str = ""
    # why a unit is to lead where it is not in charge of the place
    beyond_area: str = ""
    # sensitive words just found
    sensitive: tuple[SensitiveHit, ...] = ()
    # what rules recognised: ids of dangers, and what raises supervision
    dangers: tuple[str, ...] = ()
    causes: frozenset[Cause] = frozenset()


@dataclass(frozen=True, slots=True)
class Doer:
    """Who acts, and in which part. ``unit`` is the member unit of unit staff, else empty; ``instead_of`` names
    whoever is away and whose part it is."""

    actor: Actor
    id: str
    unit: str = ""
    name: str = ""
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing the service carries out after a change."""

    kind: ErrandKind
    unit: str = ""
    level: int = 0
    text: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A field that a step changed, in codes; both empty for words, of which only that they changed is kept."""

    field: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a ticket's history. ``what`` is the value of an Action, SideAction or RequestMove; ``instead_of``
    names whoever was away and in whose part it was done."""

    ticket: str
    version: int
    at: datetime
    what: str
    actor: Actor
    by: str
    unit: str
    before: State
    after: State
    why: str
    changes: tuple[Change, ...] = ()
    instead_of: str = ""
