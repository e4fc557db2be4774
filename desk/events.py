"""What the desk states: conversations begin, are answered, change hands, end."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class _AboutConversation:
    CHAINED: ClassVar[bool] = False

    conversation: str
    channel: str
    at: datetime

    @property
    def subject(self) -> str:
        """The conversation."""
        return f"conversation:{self.conversation}"


@dataclass(frozen=True, slots=True)
class ConversationOpened(_AboutConversation):
    """A citizen began to write."""


@dataclass(frozen=True, slots=True)
class CitizenSpoke(_AboutConversation):
    """A citizen wrote; ``turn`` tells who is to answer."""

    turn: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class BotAnswered(_AboutConversation):
    """The bot spoke; ``articles`` are the entries it quoted, ``tickets`` those it opened, ``question`` the id of the
    message it answers (empty in older facts)."""

    articles: tuple[str, ...] = ()
    tickets: tuple[str, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class HandedOver(_AboutConversation):
    """The conversation waits for a person."""

    reason: str


@dataclass(frozen=True, slots=True)
class AgentTook(_AboutConversation):
    """An agent has it."""

    agent: str


@dataclass(frozen=True, slots=True)
class AgentReplied(_AboutConversation):
    """An agent wrote; ``waited_seconds`` since the hand-over when it was the first time."""

    agent: str
    waited_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ConversationClosed(_AboutConversation):
    """It is over; ``by`` is a staff id, or empty when it ended by itself. ``handed``: it had waited for a person."""

    by: str = ""
    handed: bool = False


@dataclass(frozen=True, slots=True)
class CallerShown(_AboutConversation):
    """Somebody was shown who the citizen is; ``purpose`` what for, ``fields`` what of it."""

    by: str
    purpose: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CallEnded:
    """A call to the hotline is over. ``at`` is when it was offered to people, so that it counts on that day whenever
    the exchange tells of it; ``waited_seconds`` until it was answered, None when it never was."""

    CHAINED: ClassVar[bool] = False

    call: str
    at: datetime
    ended_at: datetime
    answered_at: datetime | None = None
    waited_seconds: float | None = None
    channel: str = "phone"

    @property
    def subject(self) -> str:
        """The call."""
        return f"call:{self.call}"


FACTS: tuple[type, ...] = (
    ConversationOpened,
    CitizenSpoke,
    BotAnswered,
    HandedOver,
    AgentTook,
    AgentReplied,
    ConversationClosed,
    CallerShown,
    CallEnded,
)
