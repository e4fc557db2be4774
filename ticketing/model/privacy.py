"""Looks at who citizens are, and suspected leaks."""

from dataclasses import dataclass
from datetime import datetime

from kernel.labels import Labelled


class Purpose(Labelled):
    """What somebody needs to know for who a citizen is."""

    CONTACT = "contact", "联系诉求人办理"
    VERIFY = "verify", "核实情况与现场"
    CALL_BACK = "call_back", "回访"
    SUPERVISE = "supervise", "督办核查"
    INSPECT = "inspect", "隐私检查与泄露调查"
    OTHER = "other", "其他"
    TALK = "talk", "正在与诉求人对话"


# What somebody may name; that a talk goes on is seen, not said.
NAMED_PURPOSES = tuple(each for each in Purpose if each is not Purpose.TALK)


class LookKind(Labelled):
    """How somebody looked at a ticket whose citizen is to be protected, or at a citizen's talk."""

    VIEW = "view", "打开工单"
    TALK = "talk", "打开会话"
    UNMASK = "unmask", "查看身份信息"
    EXPORT = "export", "导出"


@dataclass(frozen=True, slots=True)
class Access:
    """One look: who (an id, never a name), in which role and unit, what for; ``fields`` are what was shown.

    ``talk`` is the conversation where it was no ticket that was looked at; ``number`` is then what it is called.
    """

    id: str
    number: str
    kind: LookKind
    at: datetime
    by: str
    role: str
    unit: str
    purpose: Purpose | None = None
    note: str = ""
    fields: tuple[str, ...] = ()
    talk: str = ""


@dataclass(frozen=True, slots=True)
class Leak:
    """A suspected leak: while it is not closed nobody sees who the citizen is, and they are told by ``notify_by``."""

    id: str
    number: str
    opened_at: datetime
    opened_by: str
    why: str
    notify_by: datetime
    notified_at: datetime | None = None
    notified_by: str = ""
    notice: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    conclusion: str = ""

    @property
    def open(self) -> bool:
        """Whether the identity is frozen."""
        return self.closed_at is None
