"""What the agent's screen is told: conversations, their messages, what may help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.rules.showing import shown
from kernel.mailbox import Entry
from kernel.messages import Author, Choice, Citation


@dataclass(frozen=True, slots=True)
class FileView:
    """A file with the link it is read by."""

    id: str
    url: str
    media: str
    media_type: str
    name: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """One line of the talk. ``delivery`` is empty for what came in."""

    id: str
    seq: int
    author: str
    author_label: str
    author_name: str
    text: str
    at: datetime
    choices: Sequence[Choice]
    citations: Sequence[Citation]
    attachments: Sequence[FileView]
    delivery: str = ""
    delivery_label: str = ""
    delivery_reason: str = ""


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation in a list."""

    id: str
    channel: str
    channel_label: str
    citizen_name: str
    state: str
    state_label: str
    waiting_since: datetime | None
    first_reply_due: datetime | None
    last_text: str
    last_at: datetime
    unread: int
    agent_id: str
    agent_name: str
    reason: str
    reason_label: str
    tickets: Sequence[str]


@dataclass(frozen=True, slots=True)
class TicketBrief:
    """A ticket of the citizen, in a line."""

    number: str
    title: str
    state: str
    state_label: str
    unit_name: str
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """A list."""

    items: Sequence[ConversationRow]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Until when the platform lets us write, where it limits that."""

    reply_until: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class Option:
    """What can be chosen."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class CallerView:
    """Who the citizen is; after ``seconds`` a screen masks it again."""

    name: str
    phone: str
    address: str
    seconds: int


@dataclass(frozen=True, slots=True)
class AlikeView:
    """Another citizen who left the same number, masked; ``verdict`` yes, no or empty while nobody has said."""

    citizen: str
    name: str
    channels: Sequence[str]
    tickets: int
    verdict: str
    verdict_label: str
    by_name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation in full; ``purposes`` are what its citizen may be asked about for, ``alike`` who else may be the
    same person. ``tickets`` are also those of whom a person said that it is the same."""

    conversation: ConversationRow
    messages: Sequence[MessageView]
    slots: Mapping[str, str]
    tickets: Sequence[TicketBrief]
    window: Window
    purposes: Sequence[Option]
    alike: Sequence[AlikeView]


@dataclass(frozen=True, slots=True)
class ArticleHit:
    """An entry that may answer."""

    id: str
    title: str
    short: str
    score: float
    owner: str
    owner_name: str
    verified_on: str
    why: Sequence[str]


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A unit that may lead."""

    unit: str
    name: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """Where a ticket would go and why."""

    lines: Sequence[str]
    candidates: Sequence[CandidateView]
    automatic: bool


@dataclass(frozen=True, slots=True)
class DraftView:
    """A ticket form already filled in; personal data masked."""

    kind: str
    title: str
    text: str
    where_text: str
    area: str
    area_name: str
    when_text: str
    name_masked: str
    phone_masked: str
    matter: str
    matter_name: str
    urgency: str


@dataclass(frozen=True, slots=True)
class AlikeLine:
    """An open ticket that tells the same, which the citizen may follow instead."""

    number: str
    persons: int
    or_more: bool
    what: str
    where: str


@dataclass(frozen=True, slots=True)
class AssistView:
    """What stands beside a conversation."""

    articles: Sequence[ArticleHit]
    draft: DraftView
    decision: DecisionView
    alike: AlikeLine | None = None


@dataclass(frozen=True, slots=True)
class OpenedTicket:
    """A ticket the agent has just opened."""

    number: str
    query_code: str
    link: str
    state: str
    state_label: str
    unit_name: str
    decision: DecisionView | None


@dataclass(frozen=True, slots=True)
class ProposedView:
    """The draft that came of an agent's answer; ``owner_name`` is empty when the editors have to find the unit."""

    id: str
    version: int
    title: str
    state: str
    state_label: str
    owner_name: str


@dataclass(frozen=True, slots=True)
class PresenceView:
    """What an agent said of themselves last."""

    state: str
    state_label: str


# The bot and the system say again what the citizen said; what an agent or a unit wrote is theirs.
REPEATING = frozenset({Author.BOT, Author.SYSTEM})


def message_view(entry: Entry, urls: Mapping[str, str], delivery_labels: Mapping[str, str]) -> MessageView:
    """A line of the thread as the screen shows it, the citizen's words masked; ``urls`` by attachment id."""
    if entry.inbound is not None:
        came = entry.inbound
        text = shown(came.text or (f"[位置] {came.place.label}" if came.place else ""))
        files = [FileView(a.id, urls[a.id], a.media, a.media_type, a.name) for a in came.attachments]
        return MessageView(
            came.id, entry.seq, Author.CITIZEN, Author.CITIZEN.label, "", text, came.sent_at, (), (), files
        )
    if entry.outbound is None:
        raise ValueError("an entry is in or out")
    went = entry.outbound
    return MessageView(
        id=went.id,
        seq=entry.seq,
        author=went.author,
        author_label=Author(went.author).label,
        author_name=went.author_name,
        text=shown(went.text) if went.author in REPEATING else went.text,
        at=went.created_at,
        choices=went.choices,
        citations=went.citations,
        attachments=[FileView(a.id, urls[a.id], a.media, a.media_type, a.name) for a in went.attachments],
        delivery=entry.state,
        delivery_label=delivery_labels.get(entry.state, ""),
        delivery_reason=entry.reason,
    )
