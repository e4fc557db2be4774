"""A conversation with one citizen on one channel, and whose turn it is."""

from dataclasses import dataclass
from datetime import datetime

from kernel.labels import Labelled
from kernel.messages import Address


class Turn(Labelled):
    """Who is to speak to the citizen."""

    BOT = "bot", "智能客服"
    WAITING = "waiting", "等待人工"
    AGENT = "agent", "人工服务"
    CLOSED = "closed", "已结束"


class Reason(Labelled):
    """Why a conversation went to a person."""

    ASKED = "asked", "市民要求人工"
    FAILED = "failed", "连续未能解答"
    ANGRY = "angry", "市民不满"
    EMERGENCY = "emergency", "紧急情况"
    SENSITIVE = "sensitive", "敏感内容"
    UNCERTAIN = "uncertain", "需人工判断"
    ERROR = "error", "系统异常"
    RETURNED = "returned", "坐席离席退回"
    TRANSFERRED = "transferred", "转其他坐席"


class Presence(Labelled):
    """Whether an agent takes conversations."""

    ONLINE = "online", "在线"
    BREAK = "break", "小休"
    OFFLINE = "offline", "离线"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One stretch of talk with an address, from its first message until it is closed.

    ``first_seq`` is where it begins in the mailbox's thread; the words themselves lie there and nowhere else.
    """

    id: str
    address: Address
    citizen_id: str
    turn: Turn
    first_seq: int
    opened_at: datetime
    last_at: datetime
    dialogue: str = ""
    last_text: str = ""
    unread: int = 0
    reason: str = ""
    agent_id: str = ""
    waiting_since: datetime | None = None
    first_reply_due: datetime | None = None
    first_replied_at: datetime | None = None
    tickets: tuple[str, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class Rung:
    """A call to the hotline that is over, as the exchange tells it: ``id`` is the exchange's own; ``offered_at`` when
    it began to wait for a person, past announcement and menu; ``answered_at`` when one took it, None when none did."""

    id: str
    offered_at: datetime
    ended_at: datetime
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AgentState:
    """An agent as the distribution sees them: how many conversations they hold, when their screen last spoke."""

    staff_id: str
    presence: Presence
    seen_at: datetime
    load: int
    last_given_at: datetime | None = None
