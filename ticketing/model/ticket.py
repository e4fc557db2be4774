"""A ticket with its assignments, requests, clocks and replies, and the draft one is opened from."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.messages import Address, Attachment, GeoPoint
from ticketing.model.labels import (
    AssignmentRole,
    AssignmentState,
    Awaited,
    Cause,
    ClockKind,
    Flag,
    LimitUnit,
    Outcome,
    RequestKind,
    RequestState,
    Score,
    Secrecy,
    Solved,
    State,
    TicketKind,
    Urgency,
    VoteAwaits,
    VoteWay,
    WordEffect,
    WordKind,
)


@dataclass(frozen=True, slots=True)
class Limit:
    """A stretch of time a rule allows; ``amount`` is 0 for the same day."""

    unit: LimitUnit
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which a clock stood still; ``until`` is None while it still does."""

    since: datetime
    until: datetime | None
    reason: State


@dataclass(frozen=True, slots=True)
class Clock:
    """One measured limit. ``due`` already holds what ended pauses and extensions added; all moments in UTC."""

    kind: ClockKind
    started: datetime
    limit: Limit
    due: datetime
    ceiling_due: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    extended: timedelta = timedelta(0)
    stopped: datetime | None = None

    @property
    def running(self) -> bool:
        """Not stopped; a paused clock still runs in this sense."""
        return self.stopped is None

    @property
    def paused(self) -> bool:
        """Standing still now."""
        return self.running and bool(self.pauses) and self.pauses[-1].until is None


@dataclass(frozen=True, slots=True)
class Result:
    """What a unit found and did; ``phone`` is the handler's office telephone."""

    findings: str
    measures: str
    basis: str
    handler: str
    phone: str
    outcome: Outcome
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """The unit that had an assignment until it was reorganised."""

    unit: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """The work of one unit. ``parent`` is the assignment it was handed down from, empty for lead and supporting;
    ``held`` are the units that had it before, where one was merged, split or closed meanwhile."""

    id: str
    ticket: str
    unit: str
    role: AssignmentRole
    state: AssignmentState
    opened: datetime
    clock: Clock
    parent: str = ""
    accepted: datetime | None = None
    ended: datetime | None = None
    result: str = ""
    dissent: str = ""
    held: tuple[Held, ...] = ()

    @property
    def open(self) -> bool:
        """Whether the unit still has work to do."""
        return self.state in OPEN_ASSIGNMENT

    def unit_at(self, moment: datetime) -> str:
        """The unit that had it then."""
        return next((each.unit for each in self.held if moment < each.until), self.unit)


OPEN_ASSIGNMENT = frozenset({AssignmentState.DISPATCHED, AssignmentState.ACCEPTED, AssignmentState.WORKING})


AWAITED = {RequestKind.RETURN: Awaited.RETURN, RequestKind.EXCLUSION: Awaited.EXCLUSION}


@dataclass(frozen=True, slots=True)
class Request:
    """What a lead unit asked for. ``due_then`` is the due time at the asking, ``used`` whether its grant was;
    ``agreed_by`` is the first reviewer of what takes two."""

    id: str
    ticket: str
    kind: RequestKind
    state: RequestState
    unit: str
    asked_by: str
    asked_at: datetime
    decide_by: datetime
    due_then: datetime
    reason_code: str = ""
    reason: str = ""
    clause: str = ""
    evidence: tuple[Attachment, ...] = ()
    suggested_unit: str = ""
    new_due: datetime | None = None
    decided_by: str = ""
    decided_at: datetime | None = None
    decision: str = ""
    used: bool = False
    agreed_by: str = ""
    agreed_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it waits for a decision."""
        return self.state in {RequestState.OPEN, RequestState.DISPUTED}

    @property
    def awaited(self) -> Awaited:
        """What it waits for while it is open."""
        if self.state is RequestState.DISPUTED:
            return Awaited.DISPUTE
        if self.agreed_by:
            return Awaited.SECOND
        return AWAITED.get(self.kind, Awaited.OTHER)


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a ticket is suspended or shelved, until when, and what the citizen is told."""

    reason_code: str
    reason: str
    since: datetime
    review_at: datetime
    plan: str = ""
    owner: str = ""
    public_text: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the citizen reads in the end, on what basis, and who answers for it; ``road`` is where to go instead with
    what was declined."""

    text: str
    at: datetime
    by: str
    basis: str = ""
    unit: str = ""
    citations: tuple[str, ...] = ()
    road: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """The citizen's vote on one reply. ``contacted``: whether the unit got in touch, None when not said; ``noted_by``
    the call-back worker who put it down for a citizen who had given none themselves. ``former`` is kept of older
    tickets: the citizen's own vote where what they said in a call-back took its place."""

    score: Score
    solved: Solved
    at: datetime
    contacted: bool | None = None
    comment: str = ""
    channel: str = ""
    former: "Rating | None" = None
    noted_by: str = ""

    @property
    def bad(self) -> bool:
        """不满意, 非常不满意 or 没解决."""
        return self.solved is Solved.NO or self.score in {Score.DISSATISFIED, Score.VERY_DISSATISFIED}


@dataclass(frozen=True, slots=True)
class Vote:
    """The one vote on the ``round``-th reply: as it is now, when it was first given, how often it was changed, who
    gave or noted it last (an id)."""

    round: int
    score: Score
    solved: Solved
    way: VoteWay
    by: str
    first_at: datetime
    at: datetime
    changes: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """What somebody of the hotline would decline a ticket with, or end its call-back with over a bad vote, without a
    reason of the list and another road; another one has to agree."""

    reason_code: str
    legal_basis: str
    right_road: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CallAttempt:
    """One attempt of a call-back. ``call`` is the relayed call that proves the talk; without one ``no_call_reason``
    says why there is none. ``invited``: the house wrote to the citizen on that channel meanwhile. ``told`` is
    the vote the worker heard where the citizen's own stands; ``to_confirm``: the citizen was asked to change their own
    if it is so. ``other``: somebody else than the citizen picked up."""

    at: datetime
    channel: str
    reached: bool
    by: str
    note: str = ""
    call: str = ""
    no_call_reason: str = ""
    told: Rating | None = None
    to_confirm: bool = False
    invited: bool = False
    other: bool = False

    @property
    def unproven(self) -> bool:
        """A talk, or a try, that neither a relayed call nor a message stands behind."""
        return not self.call and not self.invited


@dataclass(frozen=True, slots=True)
class ContactProof:
    """What a first contact rests on: the relayed call, a message the house sent that moment, or else the officer's word
    of how and when the citizen was reached."""

    call: str = ""
    messaged: bool = False
    how: str = ""

    @property
    def unproven(self) -> bool:
        """A contact that neither a relayed call nor a message stands behind."""
        return not self.call and not self.messaged


@dataclass(frozen=True, slots=True)
class SensitiveHit:
    """A sensitive word of a ticket's text, and what it raised then. ``set_aside``: a person found it means nothing."""

    word: str
    kind: WordKind
    effects: frozenset[WordEffect]
    at: datetime
    supervision: int = 0
    urgency: Urgency | None = None
    set_aside: bool = False


@dataclass(frozen=True, slots=True)
class Counters:
    """How often what should be rare has happened."""

    returns: int = 0
    bounces: int = 0
    rehandles: int = 0
    urges: int = 0
    extensions: int = 0
    reassigns: int = 0
    appeals: int = 0
    reopened: int = 0


@dataclass(frozen=True, slots=True)
class Ticket:
    """One matter of one citizen, from the draft to the archive.

    ``text`` and ``place`` are masked; ``contact`` is sealed and unreadable here; ``address`` is where replies go.
    ``place`` is empty only with ``placeless``. ``wanted`` is what the citizen is asked to add,
    ``handed_to`` the platform that has it, ``told_due`` the later due time the citizen was told of before a change of
    the calendar moved it forward. ``refusal`` waits for a second person's word; ``appeal_filed`` is when the citizen
    appealed, ``appeal_upheld`` the supervisor who upheld the appeal. ``dangers`` are the ids of the dangers its words
    told of, until a person lowers the urgency.
    """

    id: str
    kind: TicketKind
    urgency: Urgency
    state: State
    state_since: datetime
    text: str
    created: datetime
    updated: datetime
    number: str = ""
    query_code: str = ""
    version: int = 0
    title: str = ""
    matter: str = ""
    area: str = ""
    place: str = ""
    placeless: bool = False
    point: GeoPoint | None = None
    happened: str = ""
    citizen: str = ""
    contact: str = ""
    address: Address | None = None
    conversation: str = ""
    secrecy: Secrecy = Secrecy.NORMAL
    flags: frozenset[Flag] = frozenset()
    evidence: tuple[Attachment, ...] = ()
    received: datetime | None = None
    replied: datetime | None = None
    closed: datetime | None = None
    first_contact: datetime | None = None
    contact_counted: datetime | None = None
    contact_proof: ContactProof | None = None
    duty_item: str = ""
    basis: str = ""
    wanted: str = ""
    handed_to: str = ""
    hold: Hold | None = None
    result: Result | None = None
    proof: tuple[Attachment, ...] = ()
    reply: Reply | None = None
    rating: Rating | None = None
    lawful_refusal: bool = False
    refusal: Refusal | None = None
    appeal_pending: bool = False
    appeal_upheld: str = ""
    appeal_filed: datetime | None = None
    attempts: tuple[CallAttempt, ...] = ()
    outcome: Outcome | None = None
    counters: Counters = Counters()
    supervision: int = 0
    supervisor: str = ""
    parent: str = ""
    clocks: tuple[Clock, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    requests: tuple[Request, ...] = ()
    told_due: datetime | None = None
    sensitive: tuple[SensitiveHit, ...] = ()
    dangers: tuple[str, ...] = ()
    supervised_for: frozenset[Cause] = frozenset()

    @property
    def asks(self) -> bool:
        """Whether somebody of the hotline has to decide about it: a request, a proposal to decline it, an appeal."""
        return self.appeal_pending or self.refusal is not None or any(request.open for request in self.requests)

    @property
    def channel(self) -> str:
        """The channel the citizen wrote from, empty when there is none."""
        return self.address.channel if self.address else ""

    @property
    def own_vote(self) -> Rating | None:
        """The vote the citizen gave themselves; what a call-back worker put down is none."""
        if self.rating is None or self.rating.noted_by:
            return None
        return self.rating.former or self.rating

    @property
    def to_confirm(self) -> CallAttempt | None:
        """The last call in which the citizen spoke better of it than their own vote does, and which they have not
        answered by that vote since."""
        own = self.own_vote
        asked = [call for call in self.attempts if call.to_confirm and own is not None and call.at >= own.at]
        return asked[-1] if asked else None

    @property
    def awaits(self) -> VoteAwaits | None:
        """What a bad vote waits for in a call-back; None where there is none."""
        if self.state is not State.CALL_BACK or self.rating is None or not self.rating.bad:
            return None
        return VoteAwaits.CONFIRMING if self.to_confirm else VoteAwaits.CALLING

    @property
    def round(self) -> int:
        """The how-manieth reply this is, or will be: one more with each rehandling."""
        return self.counters.rehandles + 1

    @property
    def lead(self) -> Assignment | None:
        """The lead assignment at work, or else the last one that was done."""
        leads = [a for a in self.assignments if a.role is AssignmentRole.LEAD]
        at_work = [a for a in leads if a.open]
        done = [a for a in leads if a.state is AssignmentState.DONE]
        return next(iter([*reversed(at_work), *reversed(done)]), None)

    def clock(self, kind: ClockKind) -> Clock | None:
        """The last clock of ``kind``; for UNIT the lead's."""
        if kind is ClockKind.UNIT:
            return self.lead.clock if self.lead else None
        return next((c for c in reversed(self.clocks) if c.kind is kind), None)

    def runs(self, kind: ClockKind) -> bool:
        """Whether a clock of ``kind`` runs."""
        clock = self.clock(kind)
        return clock is not None and clock.running


@dataclass(frozen=True, slots=True)
class Draft:
    """What ``tickets.open`` takes. ``contact`` is plain here (a telephone number) and sealed when saved.

    ``name`` and ``contact`` None were not said: what the citizen told before is taken; empty means none is wanted.
    ``followed_elsewhere``: whoever brought it asks by itself how it stands, no other way to reach anybody is needed.
    ``same_as``: the number of an open ticket that whoever tells it takes for the same and wants to follow.
    """

    kind: TicketKind
    text: str
    title: str = ""
    urgency: Urgency = Urgency.P2
    matter: str = ""
    area: str = ""
    place: str = ""
    placeless: bool = False
    point: GeoPoint | None = None
    happened: str = ""
    citizen: str = ""
    name: str | None = None
    contact: str | None = None
    address: Address | None = None
    conversation: str = ""
    secrecy: Secrecy = Secrecy.NORMAL
    flags: frozenset[Flag] = frozenset()
    evidence: tuple[Attachment, ...] = ()
    followed_elsewhere: bool = False
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class Alike:
    """An open ticket of the same matter. ``what`` and ``where`` are the catalogue's and the directory's names, no
    words of a citizen; ``persons`` told of it, ``or_more`` when they were not counted to the end; ``own``: the citizen
    of the draft told it."""

    number: str
    persons: int
    or_more: bool
    what: str
    where: str
    since: datetime
    own: bool
