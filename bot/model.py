"""What the bot knows of a talk, what it understood, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from kernel.labels import Labelled
from kernel.messages import Address, Attachment, Choice, Citation, GeoPoint
from ticketing.model.labels import Action, Score, SideAction
from ticketing.model.ticket import Alike


class Intent(Labelled):
    """What a citizen wants with a message."""

    CONSULT = "consult", "咨询"
    COMPLAIN = "complain", "投诉"
    HELP = "help", "求助"
    REPORT = "report", "举报"
    SUGGEST = "suggest", "建议"
    PRAISE = "praise", "表扬"
    PROGRESS = "progress", "查进度"
    PERSON = "person", "转人工"
    GREETING = "greeting", "问候"
    RATING = "rating", "评价"
    CONFIRM = "confirm", "确认"
    DENY = "deny", "否认"
    OTHER = "other", "其他"


@dataclass(frozen=True, slots=True)
class Meaning:
    """One message understood: intents with their probabilities (best first) and the parts that were named.

    ``asks`` is how likely it asks what can be known instead of telling a matter, 0 to 1.
    """

    text: str
    intents: tuple[tuple[Intent, float], ...]
    slots: Mapping[str, str] = field(default_factory=dict)
    asks: float = 1.0

    @property
    def intent(self) -> Intent:
        """The likeliest intent."""
        return self.intents[0][0] if self.intents else Intent.OTHER

    @property
    def confidence(self) -> float:
        """How likely it is, 0 to 1."""
        return self.intents[0][1] if self.intents else 0.0


class Reader(Protocol):
    """Turns text into meaning."""

    @property
    def version(self) -> str:
        """What it was trained on, by name and digest."""
        ...

    async def read(self, text: str) -> Meaning:
        """What ``text`` says; raises kernel.errors.Unavailable when the engine does not answer."""
        ...


@dataclass(frozen=True, slots=True)
class Slots:
    """What has been gathered for a ticket, in the citizen's own words; ``when_meant`` is the day theirs mean."""

    kind: str = ""
    what: str = ""
    matter: str = ""
    where: str = ""
    area: str = ""
    area_name: str = ""
    area_certain: bool = False
    when: str = ""
    when_meant: str = ""
    contact: str = ""
    name: str = ""
    secret: bool = False
    anonymous: bool = False
    point: GeoPoint | None = None
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The state of a talk; it survives restarts as JSON. ``flow`` and ``step`` name what is asked for now.

    ``tickets`` were opened in it, the last one at ``opened``. ``same_as`` is the number of the ticket that was offered
    to be followed, ``alone`` that none is wanted. ``more`` are the matters that wait to be registered, after what was
    said of all of them, ``more_at`` when that was. ``laid`` is a ticket begun in an earlier talk, ``laid_told`` that
    the citizen knows it waits; ``nudged`` that they were asked whether they are still there. ``passed`` are the parts
    of the ticket they cannot tell. ``trouble`` is the kind of ticket the ``question`` would be, where it tells of one.
    """

    flow: str = ""
    step: str = ""
    slots: Slots = Slots()
    subject: str = ""
    question: str = ""
    failures: int = 0
    asked: int = 0
    offered: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    opened: datetime | None = None
    same_as: str = ""
    alone: bool = False
    more: tuple[str, ...] = ()
    more_at: datetime | None = None
    laid: Slots | None = None
    laid_told: bool = False
    nudged: bool = False
    passed: tuple[str, ...] = ()
    trouble: str = ""

    def afresh(self) -> "Dialogue":
        """With nothing under way, and the tickets that came of it."""
        return Dialogue(tickets=self.tickets, opened=self.opened, laid=self.laid, laid_told=self.laid_told)

    @property
    def waits(self) -> bool:
        """Whether a ticket is begun and not submitted."""
        return self.flow == "ticket" and bool(self.slots.what)

    def left(self) -> "Dialogue | None":
        """What another talk with the same citizen may go on with: the ticket that was begun; None without one."""
        laid = self.slots if self.waits else self.laid
        return Dialogue(laid=laid, more=self.more, more_at=self.more_at) if laid else None


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A ticket of the caller, as far as the bot may speak of it."""

    number: str
    title: str
    state: str
    state_label: str
    unit_name: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Caller:
    """Who writes: the citizen behind the address and their latest tickets. ``phone`` is masked, empty if unknown."""

    citizen_id: str
    address: Address
    conversation: str
    phone: str = ""
    tickets: tuple[OpenTicket, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing the bot says; ``files`` are ids of those that go with it."""

    text: str
    choices: tuple[Choice, ...] = ()
    citations: tuple[Citation, ...] = ()
    link: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HandOver:
    """The talk goes to a person; ``reason`` is a value of desk's Reason: asked, failed, angry, emergency, uncertain."""

    reason: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of one message: the new state, what is said, whether a person is fetched, tickets opened."""

    dialogue: Dialogue
    replies: tuple[Reply, ...] = ()
    hand_over: HandOver | None = None
    tickets: tuple[str, ...] = ()


# What ``Slots.contact`` holds when it is no number: the one already known, or none wanted.
KNOWN_CONTACT = "known"
NO_CONTACT = "none"


@dataclass(frozen=True, slots=True)
class Entry:
    """A knowledge entry as far as the bot speaks of it; ``parts`` are its fields by name, empty ones left out,
    ``files`` ids of its attachments."""

    id: str
    title: str
    text: str
    owner: str
    verified_on: str
    parts: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What a short question asks of the entry spoken of: a field by name, for whom, whether it names a place."""

    part: str = ""
    who: str = ""
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What the library gave for a question: entries best first, and whether the first answers it.

    With ``follow`` the only entry is the one spoken of, or its counterpart for the place or the person named.
    """

    entries: tuple[Entry, ...] = ()
    confidence: float = 0.0
    certain: bool = False
    follow: FollowUp | None = None


@dataclass(frozen=True, slots=True)
class Ballot:
    """A replied ticket of the caller that waits for their vote; ``version`` is what the vote is cast on."""

    number: str
    title: str
    action: Action | SideAction
    version: int


class Composes(Protocol):
    """Puts an entry into other words."""

    @property
    def is_on(self) -> bool:
        """Whether there is anybody to ask."""
        ...

    async def compose(self, asked: str, entry: Entry) -> str:
        """The entry in words that answer what was asked; empty when nothing of them is borne out. Unavailable."""
        ...


@dataclass(frozen=True, slots=True)
class Heard:
    """One message with all that was looked up for it; all a flow may know.

    ``danger`` is the text shown first in an emergency, ``crisis`` that nothing else may be. ``towns`` are names to
    choose from where the place is still open, ``unit`` the name of the unit a complete ticket surely goes to.
    ``links`` are tracking links by ticket number. ``progress`` is the ticket asked for by number and code, ``joins``
    the number of the ticket a photo without words still belongs to, ``ballots`` what can be voted on, ``alike`` what
    others told already of the same. ``matters`` are the several matters of this message after what holds for all,
    ``waiting`` the same of those that wait; ``at`` is when it was written, in the city's time.
    """

    meaning: Meaning
    at: datetime | None = None
    matters: tuple[Meaning, ...] = ()
    waiting: tuple[Meaning, ...] = ()
    event: str = ""
    attachments: tuple[Attachment, ...] = ()
    point: GeoPoint | None = None
    danger: str = ""
    crisis: bool = False
    found: Found | None = None
    beside: tuple[Entry, ...] = ()
    left_open: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    unit: str = ""
    alike: Alike | None = None
    joins: str = ""
    ballots: tuple[Ballot, ...] = ()
    progress: OpenTicket | None = None
    progress_asked: bool = False
    links: Mapping[str, str] = field(default_factory=dict)
    phone: str = ""
    tickets: tuple[OpenTicket, ...] = ()


@dataclass(frozen=True, slots=True)
class Say:
    """Write to the citizen."""

    reply: Reply


@dataclass(frozen=True, slots=True)
class Fetch:
    """Fetch a person."""

    reason: str


@dataclass(frozen=True, slots=True)
class OpenTicketAct:
    """Open the ticket that was read back, to follow the one of the number ``same_as`` where there is one.

    ``then`` is where the talk goes on once it is open.
    """

    slots: Slots
    same_as: str = ""
    then: "Step | None" = None


@dataclass(frozen=True, slots=True)
class OpenSuggestion:
    """Open a suggestion."""

    text: str
    area: str


@dataclass(frozen=True, slots=True)
class Urge:
    """Urge a ticket of the caller."""

    number: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Withdraw a ticket of the caller; ``reason`` are their words."""

    number: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AddToTicket:
    """Add words or what came without words to a ticket of the caller."""

    number: str
    text: str = ""
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Rate:
    """Cast the caller's vote on a reply."""

    ballot: Ballot
    score: Score
    comment: str = ""


@dataclass(frozen=True, slots=True)
class RecordUnanswered:
    """Note a question the library has no answer for."""

    question: str
    area: str


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """Note whether an answer helped."""

    article: str
    question: str
    solved: bool


Act = (
    Say
    | Fetch
    | OpenTicketAct
    | OpenSuggestion
    | Urge
    | Withdraw
    | AddToTicket
    | Rate
    | RecordUnanswered
    | RecordOutcome
)


@dataclass(frozen=True, slots=True)
class Step:
    """What one message leads to: the new state and what is to be done, in order."""

    dialogue: Dialogue
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class Thought:
    """What was thought outside of any transaction; ``before`` is the state it was thought in."""

    before: Dialogue
    step: Step
