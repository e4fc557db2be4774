"""What a relayed call is: two people called from a number of ours, neither seeing the other's."""

from dataclasses import dataclass, field
from datetime import datetime

from kernel.labels import Labelled


class CallState(Labelled):
    """How far a relayed call is."""

    ASKED = "asked", "正在拨号"
    CALLING = "calling", "正在呼叫您"
    CONNECTING = "connecting", "正在呼叫市民"
    TALKING = "talking", "通话中"
    ENDED = "ended", "已结束"


class CallResult(Labelled):
    """How a relayed call ended."""

    ANSWERED = "answered", "已接通"
    OFFICER_AWAY = "officer_away", "您未接听"
    BUSY = "busy", "市民忙线"
    NO_ANSWER = "no_answer", "市民未接听"
    UNREACHABLE = "unreachable", "号码无法接通"
    GIVEN_UP = "given_up", "已挂断"
    FAILED = "failed", "呼叫失败"
    UNCLEAR = "unclear", "结果不明"


class CallHeard(Labelled):
    """Who picked up, as the officer says: a line that is answered by a machine is answered too."""

    REACHED = "reached", "已与市民通话"
    OTHER = "other", "他人接听"
    NOBODY = "nobody", "接通但无人应答"
    VOICEMAIL = "voicemail", "语音信箱"


@dataclass(frozen=True, slots=True)
class CallOrder:
    """Whom to call: first ``officer``, then ``citizen``."""

    id: str
    officer: str = field(repr=False)
    citizen: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class RelayedCall:
    """A call as everybody may see it: no number in it. ``heard`` is the officer's word on a call that was answered,
    said at ``judged_at``; ``heard_before`` what they had said by mistake."""

    id: str
    subject: str
    asked_by: str
    state: CallState
    result: CallResult | None
    reason: str
    asked_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    seconds: int
    heard: CallHeard | None = None
    judged_at: datetime | None = None
    heard_before: CallHeard | None = None
